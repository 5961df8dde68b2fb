"""Stand-alone program: reads a PDF from standard input, prints one word of verdict; needs pypdf only."""

import io
import json
import logging
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
_SCRIPT_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
_FILE_KEYS = {"/EF", "/EmbeddedFiles"}
_DEEPEST = 60


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
        action = thing.raw_get("/S") if "/S" in thing else None
        if _SCRIPT_KEYS & thing.keys() or (isinstance(action, str) and action in _SCRIPTS):
            return "script"
        if _FILE_KEYS & thing.keys() or thing.get("/Type") == "/EmbeddedFile":
            return "embedded"
        children = [thing.raw_get(key) for key in thing]
    elif isinstance(thing, ArrayObject):
        children = list(thing)
    else:
        return ""
    return next((found for child in children if (found := _look(child, depth + 1))), "")


if __name__ == "__main__":
    main()
