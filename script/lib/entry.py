"""Start one of the operational commands; runs before any package is installed, so standard library only."""

import importlib
import sys
from pathlib import Path

COMMANDS = ("server", "manage", "test", "messages", "ci", "fresh")


def main() -> int:
    # The folder of this file would shadow nothing today, but must never shadow a library of the same name.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        print(f"usage: entry.py {{{'|'.join(COMMANDS)}}} [arguments]", file=sys.stderr)
        return 2
    from script.lib.failure import Failure, stop_on_signals

    stop_on_signals()
    try:
        return importlib.import_module(f"script.lib.command_{sys.argv[1]}").main(sys.argv[2:])
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return failure.code
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
