"""A private PostgreSQL cluster on a Unix socket, for running (kept) and for tests (thrown away)."""

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from script.lib import processes
from script.lib.failure import Failure
from script.lib.paths import VAR, slug

SOCKET_FOLDER = "/tmp/ecity-pg-"  # noqa: S108  a socket's path may have 107 bytes, so TMPDIR is not asked
OLDEST = 15
USER = "portal"
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def home() -> Path:
    """The folder of the kept cluster: outside the project for root, whose server runs as another user."""
    return Path("/var/lib") / slug() if os.geteuid() == 0 else VAR


def binaries(version: int | None = None) -> Path:
    """The newest installed server's programs, or those of the version that made the data."""
    found = {}
    for path in glob.glob("/usr/lib/postgresql/*/bin/initdb"):
        name = Path(path).parts[-3]
        if name.isdigit() and int(name) >= OLDEST:
            found[int(name)] = Path(path).parent
    if version is not None and version not in found:
        raise Failure(
            f"The data in {home() / 'pg'} was made by PostgreSQL {version}, which is not installed.\n"
            f"Install postgresql-{version}, or start over with script/server --fresh."
        )
    if not found:
        raise Failure(f"No PostgreSQL of version {OLDEST} or later is installed under /usr/lib/postgresql.")
    return found[max(found) if version is None else version]


def url(socket: Path, database: str = USER) -> str:
    """The address in the form that DATABASE_URL takes."""
    return f"postgres://{USER}@/{database}?host={quote(str(socket), safe='/')}"


class Cluster:
    """One data folder and the server over it; `durable=False` trades safety after a power cut for speed."""

    def __init__(self, data: Path, log: Path, *, durable: bool = True) -> None:
        self.data, self.log, self.durable = data, log, durable
        self.socket: Path | None = None
        self.pid = 0
        self.born: str | None = None
        self._account = _server_account()

    def start(self) -> None:
        """Start the server, or take over the one that a killed script left running on this data."""
        self._initialise()
        if self._adopt():
            return
        programs = binaries(int((self.data / "PG_VERSION").read_text(encoding="ascii")))
        self.socket = Path(tempfile.mkdtemp(prefix=SOCKET_FOLDER))
        self._give(self.socket)
        options = [f"unix_socket_directories={self.socket}", "listen_addresses=", "timezone=UTC"]
        options += () if self.durable else UNSAFE_BUT_FAST
        command = [str(programs / "postgres"), "-D", str(self.data)]
        command += [part for option in options for part in ("-c", option)]
        with self.log.open("ab") as out:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self._as_server(),
            )
        self.pid, self.born = child.pid, processes.birth(child.pid)
        self._wait_ready(child)

    def stop(self) -> None:
        """End sessions and shut down cleanly; more forcefully only when that takes over half a minute."""
        for number, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10)):
            if processes.alive(self.pid, self.born):
                os.kill(self.pid, number)
                processes.wait_gone(self.pid, self.born, patience)
        self._remove_socket()

    def _remove_socket(self) -> None:
        if self.socket is not None and str(self.socket).startswith(SOCKET_FOLDER):
            shutil.rmtree(self.socket, ignore_errors=True)
        self.socket = None

    def ask(self, statement: str, database: str = "postgres") -> subprocess.CompletedProcess:
        """Run one statement through the socket; the answer is in `stdout`."""
        command = [
            binaries() / "psql",
            "-XAtq",
            "-h",
            self.socket,
            "-U",
            USER,
            "-d",
            database,
            "-c",
            statement,
        ]
        return subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            env=_environment(),
            cwd="/",
        )

    def stop_leftover(self) -> None:
        """Stop the server that a killed script left running on this data, if there is one."""
        if self._adopt():
            self.stop()

    def remove(self) -> None:
        """Delete the data; only after `stop`."""
        shutil.rmtree(self.data, ignore_errors=True)

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        self.data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.data.parent != VAR:
            self._give(self.data.parent)
        unfinished = self.data.with_name(self.data.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        command = [binaries() / "initdb", "-D", unfinished, "-U", USER, "-A", "trust", "-E", "UTF8"]
        command += ["--locale=C.UTF-8", "--no-instructions", *([] if self.durable else ["--no-sync"])]
        done = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **self._as_server(),
        )
        if done.returncode != 0:
            raise Failure(f"The database cluster could not be made:\n{done.stderr.strip()}")
        unfinished.rename(self.data)

    def _adopt(self) -> bool:
        """Whether a server of ours already runs here; a pid file that names somebody else is put away."""
        path = self.data / "postmaster.pid"
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        self.pid = int(lines[0]) if lines and lines[0].isdigit() else 0
        self.born = processes.birth(self.pid) if self.pid else None
        self.socket = Path(lines[4]) if len(lines) > 4 and lines[4] else None
        if self.born is None or not self._is_ours(self.pid):
            # PostgreSQL itself sees that a process is gone, but not that its number went to another one.
            if self.born is not None:
                path.unlink()
            self._remove_socket()
            return False
        if self.socket is not None and self._answers():
            self._ensure_database()
            return True
        self.stop()
        return False

    def _is_ours(self, pid: int) -> bool:
        arguments = processes.command_line(pid)
        return bool(arguments) and Path(arguments[0]).name == "postgres" and str(self.data) in arguments

    def _answers(self) -> bool:
        answer = self.ask("SHOW data_directory")
        if answer.returncode != 0:
            return False
        where = Path(answer.stdout.strip())
        if where != self.data.resolve():
            raise Failure(f"A PostgreSQL over {where} answers where the one over {self.data} was expected.")
        return True

    def _wait_ready(self, child: subprocess.Popen, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not self._answers():
            if child.poll() is not None or time.monotonic() > end:
                self.stop()
                tail = "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
                raise Failure(f"PostgreSQL did not start; the end of {self.log}:\n{tail}")
            time.sleep(0.1)
        self._ensure_database()

    def _ensure_database(self) -> None:
        if self.ask(f"SELECT 1 FROM pg_database WHERE datname = '{USER}'").stdout.strip() != "1":  # noqa: S608
            done = self.ask(f"CREATE DATABASE {USER}")
            if done.returncode != 0:
                raise Failure(f"The database could not be created: {done.stderr.strip()}")

    def _as_server(self) -> dict:
        options: dict = {"cwd": "/", "env": _environment(), "umask": 0o077}
        if self._account is not None:
            options |= {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}
        return options

    def _give(self, folder: Path) -> None:
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)


def _server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root hands it to the package's own account."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise Failure("The account postgres is missing; the package postgresql makes it.") from None


def _environment() -> dict[str, str]:
    """Nothing of the caller's PG* variables may lead to another server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
