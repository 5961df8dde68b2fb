"""Stand-alone program: reads a PDF from standard input, prints one word of verdict; needs pypdf only."""

import io
import json
import logging
import re
import resource
import sys

_SCRIPTS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/GoToE",
    "/SubmitForm",
}
_PLAYERS = {"/RichMedia", "/Screen", "/Movie", "/Sound"}
_SCRIPT_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
_FILE_KEYS = {"/EF", "/EmbeddedFiles"}
_DEEPEST = 60
# A network share is written //host/share, \\host\share or, in PDF's own way, /host/share; /c/ is a local drive.
_AWAY = re.compile(r"\s*(?:[\\/](?![a-z][\\/])|[a-z][a-z0-9+.-]+:)", re.IGNORECASE)


def main() -> None:
    limits = json.loads(sys.argv[1])
    data = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"] + len(data) * 3,) * 2)
    logging.disable(logging.CRITICAL)
    try:
        print(verdict(data, limits["pages"]))
    except (MemoryError, RecursionError):
        print("too_complex")


def verdict(data: bytes, most_pages: int) -> str:
    """Return "fine" or the reason's code."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return "encrypted"
        if not 1 <= len(reader.pages) <= most_pages:
            return "pages"
        return _walk(reader)
    except DependencyError:
        return "encrypted"
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, AssertionError):
        return "damaged"


def _walk(reader) -> str:
    """Look at every object the file declares, reachable or not: a viewer may reach what we do not."""
    from pypdf.generic import IndirectObject

    numbers = {(number, gen) for gen, table in reader.xref.items() for number in table if number}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(numbers):
        found = _look(IndirectObject(number, generation, reader).get_object(), 0)
        if found:
            return found
    return _look(reader.trailer, 0) or "fine"


def _look(thing, depth: int) -> str:
    """Return the code of what is wrong inside one object; references are objects of their own."""
    from pypdf.generic import ArrayObject, DictionaryObject

    if depth > _DEEPEST:
        return "too_complex"
    if isinstance(thing, DictionaryObject):
        if _SCRIPT_KEYS & thing.keys() or _is_one(thing, "/S", _SCRIPTS) or _is_one(thing, "/Subtype", _PLAYERS):
            return "script"
        if _FILE_KEYS & thing.keys() or thing.get("/Type") == "/EmbeddedFile":
            return "embedded"
        if _opens(_at(thing, "/OpenAction"), set()) or _reacts(_at(thing, "/AA")):
            return "opens"
        children = [thing.raw_get(key) for key in thing]
    elif isinstance(thing, ArrayObject):
        children = list(thing)
    else:
        return ""
    return next((found for child in children if (found := _look(child, depth + 1))), "")


def _at(holder, key):
    """Return a name, a text or a holder with its references followed; a ring of them ends at the limit of time."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    entry = holder.raw_get(key) if key in holder else None
    while isinstance(entry, IndirectObject):
        entry = entry.get_object()
    return entry if isinstance(entry, str | bytes | DictionaryObject | ArrayObject) else None


def _is_one(holder, key, names: set[str]) -> bool:
    entry = _at(holder, key)
    return isinstance(entry, str) and entry in names


def _reacts(events) -> bool:
    from pypdf.generic import DictionaryObject

    return isinstance(events, DictionaryObject) and any(_opens(_at(events, event), set()) for event in events)


def _opens(action, seen: set[int]) -> bool:
    """Tell whether an action nobody clicked leaves the file, itself or in those that follow it."""
    from pypdf.generic import ArrayObject, DictionaryObject

    if not isinstance(action, DictionaryObject) or id(action) in seen:
        return False
    seen.add(id(action))
    kind = _at(action, "/S")
    if kind == "/URI" or (kind in ("/GoToR", "/Thread") and _is_away(_at(action, "/F"))):
        return True
    following = _at(action, "/Next")
    steps = following if isinstance(following, ArrayObject) else [following]
    return any(_opens(step.get_object(), seen) for step in steps if step is not None)


def _is_away(place) -> bool:
    """Tell whether a file specification names an address or a share instead of a file close by."""
    from pypdf.generic import DictionaryObject

    if isinstance(place, DictionaryObject):
        names = [_at(place, key) for key in ("/F", "/UF", "/DOS", "/Unix", "/Mac")]
        return _at(place, "/FS") == "/URL" or any(_is_away(name) for name in names if name is not None)
    text = place.decode("latin-1") if isinstance(place, bytes) else str(place or "")
    return bool(_AWAY.match(text.replace("\0", "")))


if __name__ == "__main__":
    main()
