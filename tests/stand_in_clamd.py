"""A small server that speaks clamd's INSTREAM: it takes a stream in chunks and answers as it is told to."""

import socketserver
import struct
import threading
from contextlib import contextmanager

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        server = self.server
        command = self.rfile.read(len(b"zINSTREAM\0"))
        assert command == b"zINSTREAM\0"
        heard = b""
        while True:
            (length,) = struct.unpack(">I", self.rfile.read(4))
            if not length:
                break
            heard += self.rfile.read(length)
        server.heard.append(heard)
        if server.answer is None:
            server.silent.wait(30)
            return
        self.wfile.write(server.answer(heard))


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


def verdict(heard: bytes) -> bytes:
    return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in heard else b"stream: OK\0"


@contextmanager
def clamd(path=None, *, answer=verdict):
    """Run the server; yield it with ``where`` it listens and what it ``heard``. ``answer=None``: it keeps silent."""
    server = _Unix(str(path), _Handler) if path else _Tcp(("127.0.0.1", 0), _Handler)
    server.heard, server.answer, server.silent = [], answer, threading.Event()
    server.where = f"unix:{path}" if path else f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.silent.set()
        server.shutdown()
        server.server_close()
        thread.join()
