"""`script/server`: the whole portal on this machine, until Ctrl-C."""

import argparse
import contextlib
import hashlib
import http.client
import os
import time
from pathlib import Path

from script.lib import environment, locks, paths, ports, processes, servers
from script.lib.failure import Failure, Terminated, ignore_signals

SEEDED = paths.VAR / "seeded"
SITE = paths.RUN / "site.json"


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    began = time.monotonic()
    paths.prepare()
    with _only_one():
        if options.fresh:
            servers.start_over()
        environment.set_up()
        with servers.running() as addresses:
            port = ports.pick(options.port, "the portal")
            mail_port = ports.pick(environment.MAIL_PORT, "the mail sink")
            variables = environment.for_running(addresses, port, mail_port)
            with processes.Record("prepare") as record:
                prepare_portal(record, variables)
            return _serve(port, mail_port, variables, began)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description="Run the portal on this machine.")
    parser.add_argument("--fresh", action="store_true", help="delete this project's data and start over")
    parser.add_argument("--port", type=int, default=environment.PORT, help="preferred port (default 8000)")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65535:
        parser.error("--port takes a number from 1 to 65535")
    return options


@contextlib.contextmanager
def _only_one():
    lock = locks.take("server")
    if lock is None:
        site = processes.read_json(SITE) or {}
        where = f" at {site['url']}" if "url" in site else ""
        raise Failure(f"The portal of this project already runs{where}. Stop it there with Ctrl-C first.")
    with lock:
        yield


def prepare_portal(record: processes.Record, variables: dict[str, str]) -> None:
    """Bring tables, static files and, once, the sample programme up to date."""
    _manage(record, ["migrate", "--noinput", "-v", "0"], variables)
    collected = Path(variables["PORTAL_VAR"]) / "static"
    stamp, now = paths.RUN / "static.stamp", f"{_static_fingerprint()} {collected}"
    if not collected.is_dir() or not stamp.exists() or stamp.read_text(encoding="utf-8") != now:
        _manage(record, ["collectstatic", "--noinput", "-v", "0"], variables)
        stamp.write_text(now, encoding="utf-8")
    if "DATABASE_URL" in servers.outside() or SEEDED.exists():
        return
    if not has_command("seed_demo"):
        print("There is no sample programme yet, so none is loaded.", flush=True)
        return
    print("Loading the sample programme (about a minute, only this once)", flush=True)
    began = time.monotonic()
    _manage(record, ["seed_demo", "--if-empty"], variables)
    SEEDED.touch()
    print(f"Loaded after {time.monotonic() - began:.1f} s.", flush=True)


def has_command(name: str) -> bool:
    """Whether one of the project's packages brings this management command."""
    return any(paths.ROOT.glob(f"*/management/commands/{name}.py"))


def _manage(record: processes.Record, arguments: list[str], variables: dict[str, str]) -> None:
    command = [str(paths.PYTHON), "manage.py", *arguments]
    if record.run(arguments[0], command, cwd=paths.ROOT, env=variables) != 0:
        raise Failure(f"manage.py {arguments[0]} failed; the lines above say why.")


def _static_fingerprint() -> str:
    digest = hashlib.sha256((paths.ROOT / "requirements.txt").read_bytes())
    folders = [paths.ROOT / "static", *paths.ROOT.glob("*/static")]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    for path in files:
        facts = path.stat()
        digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def services(port: int, mail_port: int) -> dict[str, list]:
    """What runs for the portal besides its servers: name → command."""
    python = str(paths.PYTHON)
    celery = [python, "-m", "celery", "-A", "portal"]
    return {
        "mail": [python, "-m", "script.lib.smtp_sink", "--port", mail_port, "--folder", paths.MAIL],
        "web": [
            *[python, "-m", "gunicorn", "portal.wsgi:application", "--workers", "2", "--timeout", "60"],
            *["--preload", "--bind", f"127.0.0.1:{port}", "--access-logfile", "-", "--no-control-socket"],
        ],
        "worker": [*celery, "worker", "-c", "1", "-l", "info", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "-l", "info", "--pidfile=", "-s", paths.RUN / "beat-schedule"],
    }


def _serve(port: int, mail_port: int, variables: dict[str, str], began: float) -> int:
    record = processes.Record("server")
    try:
        for name, command in services(port, mail_port).items():
            if name == "mail" and os.environ.get("PORTAL_EMAIL_URL"):
                continue
            record.start(name, command, paths.LOG / f"{name}.log", cwd=paths.ROOT, env=variables)
            if name == "web":
                _wait_for_web(port, record)
        processes.write_json(SITE, {"url": f"http://127.0.0.1:{port}/", "port": port, "mail_port": mail_port})
        _introduce(record, port, variables, time.monotonic() - began)
        while True:
            _check(record)
            time.sleep(0.5)
    except (KeyboardInterrupt, Terminated):
        print("\nStopping.", flush=True)
        return 0
    finally:
        ignore_signals()
        record.close()
        SITE.unlink(missing_ok=True)


def _wait_for_web(port: int, record: processes.Record, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while True:
        _check(record)
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            client.request("GET", "/")
            status = client.getresponse().status
        except OSError:
            status = 0
        finally:
            client.close()
        if status >= 500:
            print(f"The front page answers {status}; {paths.LOG / 'web.log'} says why.", flush=True)
        if status:
            return
        if time.monotonic() > end:
            raise Failure(f"The portal did not answer within {seconds:.0f} s; see {paths.LOG / 'web.log'}.")
        time.sleep(0.1)


def _check(record: processes.Record) -> None:
    name = record.ended()
    if name is not None:
        log: Path = paths.LOG / f"{name}.log"
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
        raise Failure(f"The {name} process ended by itself; the end of {log}:\n{tail}")


def _introduce(record: processes.Record, port: int, variables: dict[str, str], seconds: float) -> None:
    print(f"\nThe portal is at http://127.0.0.1:{port}/ (ready after {seconds:.1f} s).")
    if not os.environ.get("PORTAL_EMAIL_URL"):
        print(f"Mails lie in {paths.MAIL}, logs in {paths.LOG}.", flush=True)
    if has_command("sample_sign_ins"):
        # In a database without the sample programme the command says so; the portal serves all the same.
        command = [str(paths.PYTHON), "manage.py", "sample_sign_ins"]
        record.run("sign-ins", command, cwd=paths.ROOT, env=variables)
    print("Ctrl-C stops it.", flush=True)
