"""Reading gettext catalogues, and the differences that make a translation unusable."""

import ast
import re
from dataclasses import dataclass, field

PERCENT = re.compile(r"%(?:\(\w+\))?[sdifr]")
BRACES = re.compile(r"\{\w*\}")


@dataclass
class Entry:
    """One message; `translations` has one text, or one for each plural form."""

    identifier: str = ""
    plural: str = ""
    context: str | None = None
    translations: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.identifier


def parse(text: str) -> list[Entry]:
    """The entries of a catalogue in their order, without its header and its obsolete entries."""
    entries, entry, target = [], Entry(), ""
    for line in [*text.splitlines(), ""]:
        keyword, quoted = _split(line)
        # A catalogue written by hand may lack the blank line between two messages.
        if entry.translations and (not quoted or keyword in ("msgid", "msgctxt")):
            if entry.identifier:
                entries.append(entry)
            entry = Entry()
        if quoted:
            target = keyword or target
            _append(entry, target, ast.literal_eval(quoted), fresh=bool(keyword))
        else:
            _comment(entry, line)
    return entries


def _comment(entry: Entry, line: str) -> None:
    if line.startswith("#:"):
        entry.places += line[2:].split()
    elif line.startswith("#,"):
        entry.fuzzy = entry.fuzzy or "fuzzy" in line


def _split(line: str) -> tuple[str, str]:
    if line.startswith("#") or '"' not in line:
        return "", ""
    position = line.index('"')
    return line[:position].strip(), line[position:].strip()


def _append(entry: Entry, target: str, text: str, *, fresh: bool) -> None:
    if target == "msgid":
        entry.identifier += text
    elif target == "msgid_plural":
        entry.plural += text
    elif target == "msgctxt":
        entry.context = (entry.context or "") + text
    elif fresh:
        entry.translations.append(text)
    elif entry.translations:
        entry.translations[-1] += text


def placeholders(text: str) -> list[str]:
    """The places that are filled when the text is shown, in a fixed order."""
    return sorted(PERCENT.findall(text.replace("%%", "")) + BRACES.findall(text))


def problems(wanted: list[Entry], translated: list[Entry]) -> list[str]:
    """A line for every message that has no translation, an unsure one, or one with other placeholders."""
    have = {entry.key: entry for entry in reversed(translated)}
    found = []
    for entry in wanted:
        where = entry.places[0] if entry.places else "?"
        answer = have.get(entry.key)
        if answer is None or not answer.translations or not all(answer.translations):
            found.append(f"{where}: no translation: {entry.identifier!r}")
        elif answer.fuzzy:
            found.append(f"{where}: fuzzy translation: {entry.identifier!r}")
        else:
            expected = [placeholders(entry.plural or entry.identifier), placeholders(entry.identifier)]
            found += [
                f"{where}: other placeholders: {entry.identifier!r} -> {text!r}"
                for text in answer.translations
                if placeholders(text) not in expected
            ]
    return found
