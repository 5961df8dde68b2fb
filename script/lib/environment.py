"""The variables that portal/settings.py reads, for each way of running it."""

import os
import secrets

from script.lib import messages, packages, packages_python, paths, processes
from script.lib.locks import alone

PORT = 8000
MAIL_PORT = 1025


def set_up(*, test: bool = False) -> None:
    """System packages, Python packages, folders and translations, each only when something is missing."""
    from script.lib.servers import outside

    paths.prepare()
    own_servers = set() if len(outside()) == 2 and not test else {"servers"}
    with alone("setup"):
        packages.ensure({"run"} | own_servers | ({"test"} if test else set()))
        packages_python.ensure("test" if test else "run")
        messages.build()
        processes.sweep()


def set_up_tools() -> None:
    """What the commands that need no server use; an environment with the test tools serves as well."""
    paths.prepare()
    with alone("setup"):
        packages.ensure({"run"})
        packages_python.ensure("run")


def for_running(addresses: dict[str, str], port: int, mail_port: int) -> dict[str, str]:
    """The caller's variables win over the defaults of this machine."""
    defaults = {
        "PORTAL_ENV": "dev",
        "PORTAL_SECRET_KEY": _secret_key(),
        "PORTAL_SITE_URL": f"http://127.0.0.1:{port}",
        "PORTAL_EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        "PORTAL_VAR": str(paths.VAR),
    }
    return defaults | os.environ | addresses | _python()


def for_tests(addresses: dict[str, str]) -> dict[str, str]:
    """Nothing of the caller's own portal may reach a test, so these win over the caller's variables."""
    return (
        os.environ
        | {
            "PORTAL_ENV": "test",
            "PORTAL_SECRET_KEY": secrets.token_urlsafe(48),
            "PORTAL_SITE_URL": "http://127.0.0.1:8000",
            "PORTAL_EMAIL_URL": "smtp://127.0.0.1:1",
        }
        | addresses
        | _python()
    )


def for_production_checks() -> dict[str, str]:
    """Values of the right form for checks that look at the production settings and open no connection."""
    return (
        os.environ
        | {
            "PORTAL_ENV": "production",
            "PORTAL_SECRET_KEY": secrets.token_urlsafe(64),
            "PORTAL_SITE_URL": "https://portal.example.cn",
            "PORTAL_EMAIL_URL": "smtp://127.0.0.1:25",
            "PORTAL_VAR": str(paths.VAR),
            "DATABASE_URL": "postgres://portal@/portal?host=/run/postgresql",
            "REDIS_URL": "unix:///run/redis/redis.sock?db=0",
        }
        | _python()
    )


def _python() -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PATH": f"{paths.PYTHON.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}",
        "PYTHONUNBUFFERED": "1",
    }


def _secret_key() -> str:
    path = paths.VAR / "secret-key"
    if not path.exists():
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(secrets.token_urlsafe(48), encoding="ascii")
        new.replace(path)
    return path.read_text(encoding="ascii").strip()
