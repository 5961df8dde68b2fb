import base64
import hashlib
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "static" / "vendor"
PACKAGES = json.loads((VENDOR / "vendor.json").read_text("utf-8"))["packages"]


def test_vendored_files_are_those_recorded():
    found = {
        f"{folder.name}/{path.name}": "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
        for folder in VENDOR.iterdir()
        if folder.is_dir()
        for path in folder.iterdir()
    }
    recorded = {
        f"{package['name']}-{package['version']}/{name}": integrity
        for package in PACKAGES
        for name, integrity in package["integrity"].items()
    }
    assert found == recorded
    assert len(recorded) >= 2


def test_every_package_names_its_licence_and_keeps_its_text():
    for package in PACKAGES:
        text = (VENDOR / f"{package['name']}-{package['version']}" / package["licence_file"]).read_text("utf-8")
        assert package["licence"] in text


def test_pages_use_the_recorded_versions():
    base = (ROOT / "templates" / "base.html").read_text("utf-8")
    used = set(re.findall(r"vendor/([^/']+)/([^']+)'", base))
    assert used == {("bootstrap-5.3.9", "bootstrap.min.css")}
    assert {f"{package['name']}-{package['version']}" for package in PACKAGES} == {"bootstrap-5.3.9"}
