"""A private Redis on a Unix socket."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from script.lib import processes
from script.lib.failure import Failure


class Redis:
    """One data folder and the server over it; nothing is evicted, a restart loses nothing."""

    def __init__(self, data: Path, log: Path, *, durable: bool = True) -> None:
        self.data, self.log, self.durable = data, log, durable
        self.folder: Path | None = None
        self.pid = 0
        self.born: str | None = None

    @property
    def url(self) -> str:
        """The address in the form that REDIS_URL takes."""
        return f"unix://{self._socket}?db=0"

    @property
    def _socket(self) -> str:
        return f"{self.folder}/redis.sock"

    def start(self) -> None:
        """Start the server, or take over the one that a killed script left running on this data."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._adopt():
            return
        program = shutil.which("redis-server")
        if program is None:
            raise Failure("redis-server is not installed.")
        self.folder = Path(tempfile.mkdtemp(prefix="ecity-redis-", dir="/tmp"))  # noqa: S108  short path needed
        command = [program, "--port", "0", "--unixsocket", self._socket, "--unixsocketperm", "700"]
        command += ["--dir", ".", "--save", "", "--appendonly", "yes" if self.durable else "no"]
        command += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
        with self.log.open("ab") as out:
            child = subprocess.Popen(
                command,
                cwd=self.data,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid, self.born = child.pid, processes.birth(child.pid)
        processes.write_json(self._state, {"pid": self.pid, "born": self.born, "folder": str(self.folder)})
        self._wait_ready(child)

    def stop(self) -> None:
        """Shut down; an append-only file is complete at any moment."""
        processes.stop(self.pid, self.born)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
        self._state.unlink(missing_ok=True)

    def stop_leftover(self) -> None:
        """Stop the server that a killed script left running on this data, if there is one."""
        if self._adopt():
            self.stop()

    def remove(self) -> None:
        """Delete the data; only after `stop`."""
        shutil.rmtree(self.data, ignore_errors=True)

    @property
    def _state(self) -> Path:
        return self.data / "server.json"

    def _adopt(self) -> bool:
        state = processes.read_json(self._state)
        if not state:
            return False
        self.pid, self.born, self.folder = state["pid"], state["born"], Path(state["folder"])
        if processes.alive(self.pid, self.born) and self._answers():
            return True
        self.stop()
        return False

    def _wait_ready(self, child: subprocess.Popen, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not self._answers():
            if child.poll() is not None or time.monotonic() > end:
                self.stop()
                tail = "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-8:])
                raise Failure(f"Redis did not start; the end of {self.log}:\n{tail}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(2)
                client.connect(self._socket)
                client.sendall(b"PING\r\n")
                return client.recv(64).startswith(b"+PONG")
        except OSError:
            return False
