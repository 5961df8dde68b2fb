"""Say in words what is wrong with the sample data; all faults of a file are told at once."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

AREAS = ("policy", "support", "infrastructure", "services", "applications")
SECTIONS = ("basis", "positioning", *AREAS, "projects", "steps", "safeguards")
RECORDS = {
    "leading_group": ("leader_post", "lead_department", "members", "founding_title", "founding_number"),
    "coordination": ("departments", "frequency", "arrangement"),
    "assessment": ("assessing_department", "assessed_departments", "frequency", "method", "accountability"),
    "summaries": ("frequency", "lead_department", "form", "recipients", "first_due"),
    "funds": ("amount", "sources", "people"),
}
DIMENSIONS = (*AREAS, "organisation", "assessment", "summaries")
FREQUENCIES = ("monthly", "quarterly", "half_yearly", "yearly")
INSTRUMENTS = ("regulation", "rule", "normative", "standard", "fiscal")
NOTE_KINDS = ("must", "suggestion", "question", "strength")
HANDLINGS = ("adopted", "partly", "not_adopted", "explained")
VERDICTS = ("solved", "still", "withdrawn")
LENGTHS = {"title": 120, "name": 60, "deliverable": 200, "place": 120, "schedule": 200, "post": 80, "source": 80}
REASON_LENGTH = 20
NOTE_LENGTH = 50


class SampleError(ValueError):
    """The sample data are wrong; ``problems`` lists every fault found."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _raise(problems: Iterator[str]) -> None:
    found = list(problems)
    if found:
        raise SampleError(found)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_number(text: str) -> bool:
    try:
        return Decimal(text) >= 0
    except InvalidOperation:
        return False


def sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[。；！？\n]", text) if part.strip()]


def repeated_sentences(texts: list[str], longer_than: int = 20) -> list[str]:
    """Return the sentences of more than ``longer_than`` characters that occur twice."""
    seen: set[str] = set()
    twice = []
    for text in texts:
        for sentence in sentences(text):
            if len(sentence) > longer_than and sentence in seen:
                twice.append(sentence)
            seen.add(sentence)
    return twice


def _rows(plan: dict[str, Any], where: str) -> Iterator[str]:
    names = {row["name"] for row in plan["indicators"]}
    for row in plan["indicators"]:
        if not (_is_number(row["baseline_value"]) and _is_number(row["target_value"])):
            yield f"{where}: indicator “{row['name']}”: values must be decimal strings"
        if row["target_year"] <= row["baseline_year"]:
            yield f"{where}: indicator “{row['name']}”: the target year must follow the baseline year"
    for row in plan["measures"]:
        label = f"{where}: measure “{row['title']}”"
        if row["due"] and not _is_date(row["due"]):
            yield f"{label}: due must be a date such as 2027-06-30"
        if row["money"] and not _is_number(row["money"]):
            yield f"{label}: money must be a number of 万元"
        if (row["kind"] == "soft") != (row["instrument"] in INSTRUMENTS):
            yield f"{label}: a soft measure names its instrument, a hard one has none"
        for name in row["indicators"]:
            if name not in names:
                yield f"{label}: indicator “{name}” is not in the table"
    for row in plan.get("milestones", []):
        if not (_is_date(row["starts"]) and _is_date(row["ends"]) and row["starts"] <= row["ends"]):
            yield f"{where}: milestone “{row['title']}”: begins and ends must be dates in order"
        if row["indicator"] and row["indicator"] not in names:
            yield f"{where}: milestone “{row['title']}”: indicator “{row['indicator']}” is not in the table"
    for table in ("indicators", "measures", "milestones"):
        for row in plan.get(table, []):
            if row["area"] not in AREAS or row["kind"] not in ("soft", "hard"):
                yield f"{where}: {table}: area and kind must be known: {row}"
            for field, limit in LENGTHS.items():
                if len(row.get(field, "")) > limit:
                    yield f"{where}: {table}: {field} is longer than {limit} characters: {row[field]}"


def _records(plan: dict[str, Any], where: str) -> Iterator[str]:
    for record, fields in RECORDS.items():
        for field in fields:
            if not plan.get(record, {}).get(field):
                yield f"{where}: {record} lacks {field}"
        if plan.get(record, {}).get("frequency", "yearly") not in FREQUENCIES:
            yield f"{where}: {record}: frequency must be one of {', '.join(FREQUENCIES)}"
    if plan.get("assessment", {}).get("in_annual_evaluation") is not True:
        yield f"{where}: the assessment must be part of the annual evaluation"
    dates = (plan["leading_group"]["founding_date"], plan["summaries"]["first_due"])
    for text in (*dates, *(row["held_on"] for row in plan["consultations"])):
        if not _is_date(text):
            yield f"{where}: “{text}” must be a date such as 2026-02-27"


def _plan(plan: dict[str, Any], where: str) -> Iterator[str]:
    if "示例" not in plan["title"]:
        yield f"{where}: the title must carry 示例"
    for area in AREAS:
        if not any(len(text) >= 60 for text in plan["sections"].get(area, [])):
            yield f"{where}: {area} needs a paragraph of at least 60 characters"
        if not any(row["area"] == area for row in plan["measures"]) and len(plan["measures"]) > 4:
            yield f"{where}: {area} has no measure of its own"
    for sentence in repeated_sentences([t for texts in plan["sections"].values() for t in texts]):
        yield f"{where}: said twice: {sentence}"
    yield from _rows(plan, where)
    yield from _records(plan, where)


def check_plan(plan: dict[str, Any], where: str) -> None:
    if tuple(plan["sections"]) != SECTIONS:
        raise SampleError([f"{where}: sections must be {', '.join(SECTIONS)}"])
    _raise(_plan(plan, where))


def check_revisions(versions: list[dict[str, Any]]) -> None:
    def problems() -> Iterator[str]:
        for version in versions:
            notes = [version["change_note"], *(edit["note"] for edit in version["edits"])]
            for note in notes:
                if not 0 < len(note) <= NOTE_LENGTH:
                    yield f"version {version['version']}: a change note has 1 to {NOTE_LENGTH} characters: {note}"

    _raise(problems())


def note_texts(note: dict[str, Any], plan: dict[str, Any]) -> list[str]:
    """Return the texts a note may quote: a section's paragraphs or the name of its row."""
    if "section" in note:
        return plan["sections"][note["section"]]
    if "measure" in note:
        return [row["title"] for row in plan["measures"] if row["title"] == note["measure"]]
    return [row["name"] for row in plan["indicators"] if row["name"] == note["indicator"]]


def _opinion(opinion: dict[str, Any], notes: list[dict[str, Any]]) -> Iterator[str]:
    where = f"opinion of round {opinion['round']}"
    if len(opinion["items"]) != len(opinion["responses"]):
        yield f"{where}: every item needs one response"
    for number, item in enumerate(opinion["items"], 1):
        if any(notes[index]["round"] != opinion["round"] for index in item["sources"]):
            yield f"{where}: item {number} has a source of another round"
    for number, answer in enumerate(opinion["responses"], 1):
        if answer["handling"] not in HANDLINGS or answer["verdict"] not in VERDICTS:
            yield f"{where}: response {number}: handling or verdict is unknown"
        if answer["handling"] in ("partly", "not_adopted") and len(answer["text"]) < REASON_LENGTH:
            yield f"{where}: response {number}: the reason needs at least {REASON_LENGTH} characters"
    placed = {index for item in opinion["items"] for index in item["sources"]}
    placed |= {line["annotation"] for line in opinion["declined"]}
    for index, note in enumerate(notes):
        if note["round"] == opinion["round"] and note["kind"] != "strength" and index not in placed:
            yield f"{where}: note {index} is neither placed nor declined"


def _reviews(reviews: dict[str, Any], versions: dict[int, dict[str, Any]]) -> Iterator[str]:
    for index, note in enumerate(reviews["annotations"]):
        found = sum(text.count(note["quote"]) for text in note_texts(note, versions[note["round"]]))
        if found != 1:
            yield f"note {index}: the quote must occur exactly once, found {found}: {note['quote']}"
        if note["kind"] not in NOTE_KINDS or note["author"] not in (1, 2, 3, 4):
            yield f"note {index}: kind or author is unknown"
    for opinion in reviews["opinions"]:
        yield from _opinion(opinion, reviews["annotations"])
    for sheet in reviews["maturity"]:
        where = f"maturity sheet of round {sheet['round']}, member {sheet['author']}"
        if tuple(sheet["dimensions"]) != DIMENSIONS:
            yield f"{where}: the eight dimensions must be {', '.join(DIMENSIONS)}"
        for name, finding in sheet["dimensions"].items():
            if finding["level"] not in range(5) or not finding["reason"]:
                yield f"{where}: {name} needs a level 0–4 and a reason"
            if finding["level"] >= 3 and not finding["evidence"]:
                yield f"{where}: {name}: levels 3 and 4 need evidence"


def check_reviews(reviews: dict[str, Any], versions: dict[int, dict[str, Any]]) -> None:
    _raise(_reviews(reviews, versions))


def check_cities(cities: list[dict[str, Any]]) -> None:
    def problems() -> Iterator[str]:
        codes = [city["code"] for city in cities]
        for city in cities:
            if codes.count(city["code"]) != 1 or not re.fullmatch(r"\d{4}00", city["code"]):
                yield f"{city['name']}: the code must be its own, six digits of a prefecture-level city"
            yield from _plan(city["plan"], city["name"])
        texts = [t for city in cities for paragraphs in city["plan"]["sections"].values() for t in paragraphs]
        for sentence in repeated_sentences(texts):
            yield f"cities: said twice: {sentence}"

    _raise(problems())
