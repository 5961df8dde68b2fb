"""TCP ports on this machine."""

import socket

from script.lib.failure import Failure


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def pick(preferred: int, purpose: str, host: str = "127.0.0.1", tries: int = 100) -> int:
    """The preferred port, or the next free one, which is then said."""
    for port in range(preferred, min(preferred + tries, 65536)):
        if is_free(port, host):
            if port != preferred:
                print(f"Port {preferred} is busy: {purpose} takes {port}.", flush=True)
            return port
    raise Failure(f"No free port for {purpose} from {preferred} to {preferred + tries - 1}.")
