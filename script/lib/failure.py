"""Failures in words, and signals that unwind the stack so that everything started is stopped."""

import signal


class Failure(Exception):
    """What went wrong and how to right it, shown without a traceback; `code` becomes the exit code."""

    def __init__(self, words: str, code: int = 1) -> None:
        super().__init__(words)
        self.code = code


class Terminated(SystemExit):
    """Raised in the main thread by SIGTERM and SIGHUP."""


def stop_on_signals() -> None:
    """Turn Ctrl-C, SIGTERM and a closed terminal into exceptions, so that `finally` blocks run."""

    def terminate(number, frame):
        raise Terminated(128 + number)

    # A shell starts a background job with SIGINT ignored, which Python would keep.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, terminate)
    signal.signal(signal.SIGHUP, terminate)


def ignore_signals() -> None:
    """From here on only stopping goes on: a second Ctrl-C must not leave half of it undone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
