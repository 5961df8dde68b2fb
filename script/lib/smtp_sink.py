"""A mail server for the sample set-up: it delivers nothing and keeps every mail as a file."""

import argparse
import itertools
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller


class Keeper:
    """Writes each mail whole under a name that sorts by arrival; the envelope goes on top."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  the name the library calls
        arrived = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        path = self.folder / f"{arrived}-{os.getpid()}-{next(self.numbers):05d}.eml"
        head = f"X-Envelope-From: {envelope.mail_from}\r\n"
        head += "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in envelope.rcpt_tos)
        unfinished = path.with_suffix(".part")
        unfinished.write_bytes(head.encode() + envelope.content)
        unfinished.rename(path)
        return f"250 kept as {path.name}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    ending = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    controller = Controller(
        Keeper(options.folder), hostname="127.0.0.1", port=options.port, data_size_limit=64 * 1024 * 1024
    )
    controller.start()
    print(f"Keeping mail from port {options.port} in {options.folder}", flush=True)
    signal.sigwait(ending)
    controller.stop()


if __name__ == "__main__":
    sys.exit(main())
