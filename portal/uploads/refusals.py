"""Why a file is not taken."""


class Refused(Exception):
    """``message`` says in words what is wrong and how to right it; ``code`` is for tests and counters."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
