import os
import sys
from types import SimpleNamespace

import pytest

from script.lib import packages, packages_python
from script.lib.packages import Package
from script.lib.paths import ROOT


def test_package_list_names_each_package_once_with_a_known_purpose():
    listed = packages.parse((ROOT / "script" / "apt-packages.txt").read_text(encoding="utf-8"))
    names = [package.name for package in listed]
    assert len(names) == len(set(names))
    assert {package.purpose for package in listed} == {"start", "run", "servers", "test"}


def test_package_is_missing_only_for_its_purpose_and_without_its_file(tmp_path):
    there = tmp_path / "program"
    there.touch()
    listed = [
        Package("no-such-package-one", "run", str(tmp_path / "absent")),
        Package("no-such-package-two", "run", str(there)),
        Package("no-such-package-three", "test", str(tmp_path / "absent")),
    ]
    assert packages.missing({"run"}, listed) == ["no-such-package-one"]


def test_lock_is_compared_by_normal_names_and_conditions():
    lock = (
        "django==5.2.1 \\\n    --hash=sha256:aa\n"
        "Typing_Extensions==4.1 \\\n"
        "colorama==0.4 ; sys_platform == 'win32' \\\n"
        "kombu[redis]==5.6 \\\n"
    )
    installed = {"Django": "5.2.1", "typing-extensions": "4.0", "kombu": "5.6"}
    assert packages_python.differing(lock, installed) == ["Typing_Extensions==4.1"]


def test_locks_name_no_index_and_hash_every_package():
    for lock in packages_python.LOCKS.values():
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        blocks = [line for line in text.splitlines() if "==" in line and not line.startswith(" ")]
        assert len(blocks) > 50
        assert all(line.endswith("\\") for line in blocks)


@pytest.mark.parametrize(("answer", "expected"), [(0, ["sudo", "-n"]), (1, None)])
def test_sudo_asks_for_its_password_where_somebody_is_there(tmp_path, monkeypatch, answer, expected):
    """A sudo of our own on the path: it refuses to go without a password and says ``answer`` when it may ask."""
    fake = tmp_path / "sudo"
    fake.write_text(f'#!/bin/sh\n[ "$1" = -n ] && exit 1\n[ "$1" = -v ] && exit {answer}\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert packages._as_root() is None  # a test has no terminal: nobody is asked
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True, write=len, flush=lambda: None))
    assert packages._as_root() == expected
