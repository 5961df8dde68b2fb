"""The hand-written truth about moves and access, read into plain records.

Nothing here imports the portal: the tables must be able to contradict it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent

ACTORS = frozenset(
    {
        "city_lead",
        "city_editor",
        "channel_office",
        "local_drc",
        "group_office",
        "group_leader",
        "expert",
        "agency_handler",
        "agency_signer",
        "lead_handler",
        "lead_signer",
        "system_admin",
        "security_admin",
        "audit_admin",
        "anonymous",
    }
)
RELATIONS = frozenset({"own", "other", "recused"})
CAN_BE_RECUSED = frozenset({"expert", "group_office", "group_leader"})
STATES = frozenset(
    {
        "draft",
        "with_channel",
        "returned",
        "awaiting_discussion",
        "under_discussion",
        "opinion_drafting",
        "under_revision",
        "recheck",
        "maturing",
        "ready",
        "checking",
        "formal_review",
        "proposed",
        "cosigning",
        "approved",
        "withdrawn",
    }
)
BATCH_STATES = frozenset({"composing", "cosigning", "signed", "issued", "cancelled"})
MOVES = frozenset(
    {
        "submit",
        "submit_direct",
        "recall",
        "return_for_completion",
        "forward",
        "open_discussion",
        "close_discussion",
        "reopen_discussion",
        "send_opinion",
        "resubmit",
        "next_round",
        "find_mature",
        "keep_maturing",
        "file_formally",
        "return_formal",
        "accept",
        "recheck_filing",
        "propose",
        "send_to_cosign",
        "take_out",
        "approve",
        "rescind",
        "withdraw",
        "resume",
    }
)
BATCH_MOVES = frozenset({"freeze", "unfreeze", "close_signing", "reopen", "issue", "cancel"})
METHODS = frozenset({"GET", "POST"})
VERDICTS = frozenset({"allowed", "refused", "hidden"})
PARTS = frozenset(
    {"own private note", "another member's private note", "a published note", "an expert's name"},
)

DEFAULT_STATE = "under_discussion"
DEFAULT_BATCH = "cosigning"

TAG = re.compile(r"\s*\[(\w+): ([^\[\]]+)\]$")
PAGE = re.compile(r"/(?:[a-z0-9_-]+/|<[a-z]+>/)*")


class MalformedLine(ValueError):
    """A line of a golden table that cannot be read, with its place and what is wrong."""


@dataclass(frozen=True)
class MoveLine:
    number: int
    who: str
    whose: str
    state: str
    move: str
    batch: bool
    allowed: bool
    target: str
    why: str
    needs: str = ""


@dataclass(frozen=True)
class AccessLine:
    number: int
    who: str
    whose: str
    page: str
    method: str
    verdict: str
    why: str
    state: str = DEFAULT_STATE
    batch: str = DEFAULT_BATCH
    part: str = ""
    needs: str = ""


def load_moves(path: Path = HERE / "moves.txt") -> list[MoveLine]:
    return _load(path, parse_move, lambda row: (row.who, row.whose, row.state, row.batch, row.move, row.needs))


def load_access(path: Path = HERE / "access.txt") -> list[AccessLine]:
    return _load(
        path,
        parse_access,
        lambda row: (row.who, row.whose, row.page, row.method, row.state, row.batch, row.part, row.needs),
    )


def parse_move(number: int, text: str) -> MoveLine:
    who, whose, state, name, result, rest = _cells(text)
    why, tags = _tags(rest, {"needs"})
    _check_actor(who, whose)
    batch = name.startswith("batch:")
    move = name.removeprefix("batch:")
    states = BATCH_STATES if batch else STATES
    _one_of(state, states, "state")
    _one_of(move, BATCH_MOVES if batch else MOVES, "move")
    verdict, arrow, target = (piece.strip() for piece in result.partition("->"))
    if verdict == "allowed":
        if not arrow:
            raise ValueError("an allowed move names its target: allowed -> state")
        _one_of(target, states, "target state")
    elif verdict != "refused" or arrow:
        raise ValueError(f"the result is “allowed -> state” or “refused”, not “{result}”")
    return MoveLine(number, who, whose, state, move, batch, verdict == "allowed", target, why, **tags)


def parse_access(number: int, text: str) -> AccessLine:
    who, whose, page, method, verdict, rest = _cells(text)
    why, tags = _tags(rest, {"state", "batch", "part", "needs"})
    _check_actor(who, whose)
    if not PAGE.fullmatch(page):
        raise ValueError(f"“{page}” is not a path that begins and ends with a slash")
    _one_of(method, METHODS, "method")
    _one_of(verdict, VERDICTS, "verdict")
    _one_of(tags.get("state", DEFAULT_STATE), STATES, "state")
    _one_of(tags.get("batch", DEFAULT_BATCH), BATCH_STATES, "batch state")
    if "part" in tags:
        _one_of(tags["part"], PARTS, "part")
    return AccessLine(number, who, whose, page, method, verdict, why, **tags)


def _load(path, parse, key):
    rows, seen = [], {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip() or text.startswith("#"):
            continue
        try:
            row = parse(number, text)
            if key(row) in seen:
                raise ValueError(f"says again what line {seen[key(row)]} decides")
        except ValueError as error:
            raise MalformedLine(f"{path.name}:{number}: {error}") from error
        seen[key(row)] = number
        rows.append(row)
    return rows


def _cells(text: str) -> list[str]:
    cells = [cell.strip() for cell in text.split(" | ")]
    if len(cells) != 6:
        raise ValueError(f"six cells parted by “ | ” are needed, not {len(cells)}")
    if not all(cells):
        raise ValueError("a cell is empty")
    return cells


def _tags(text: str, known: set[str]) -> tuple[str, dict[str, str]]:
    tags: dict[str, str] = {}
    while match := TAG.search(text):
        name, value = match.groups()
        if name not in known or name in tags:
            raise ValueError(f"the tag “{name}” is unknown or stands twice")
        tags[name] = value.strip()
        text = text[: match.start()]
    if not text.strip() or "[" in text:
        raise ValueError("the reason is missing, or a tag in it is not closed")
    return text.strip(), tags


def _check_actor(who: str, whose: str) -> None:
    _one_of(who, ACTORS, "actor")
    _one_of(whose, RELATIONS, "relation")
    if whose == "recused" and who not in CAN_BE_RECUSED:
        raise ValueError(f"recusal covers members, office and leader, not {who}")


def _one_of(value: str, known: frozenset[str], what: str) -> None:
    if value not in known:
        raise ValueError(f"unknown {what} “{value}”")
