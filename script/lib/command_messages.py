"""`script/messages [--check]`: put the translations together, or find what is missing in them."""

import argparse

from script.lib import environment, messages
from script.lib.failure import Failure


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/messages")
    parser.add_argument("--check", action="store_true", help="fail when a message has no Chinese translation")
    options = parser.parse_args(arguments)
    environment.set_up_tools()
    count = messages.build()
    if not options.check:
        print(f"{count} messages compiled.")
        return 0
    problems = messages.check()
    if problems:
        raise Failure("\n".join(problems) + f"\n{len(problems)} messages are not translated as they should be.")
    print(f"Every message is translated ({count} in the catalogue).")
    return 0
