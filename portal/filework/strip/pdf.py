"""PDF: written anew from what its pages reach, without descriptions, authors of notes and data of programs.

ISO 32000-1: 14.3 metadata, 14.5 page-piece dictionaries, 12.5.6.2 markup annotations, 12.8 signatures.
"""

import io
from collections.abc import Iterator

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from . import pictures
from .problems import Unknown

_ANYWHERE = ("/Metadata", "/PieceInfo", "/LastModified", "/CreatorInfo", "/Thumb", "/SigFlags")
_AT_THE_ROOT = ("/Perms", "/DSS", "/Legal", "/Collection", "/SpiderInfo")
_OF_NOTES = ("/T", "/M", "/CreationDate", "/NM", "/Subj", "/RC")


def strip(data: bytes) -> bytes:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unknown("protected by a password")
        writer = PdfWriter(clone_from=reader)
        writer.metadata = None
        for key in _AT_THE_ROOT:
            writer.root_object.pop(key, None)
        for thing in _dictionaries(writer):
            _clean(thing)
        writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
        target = io.BytesIO()
        writer.write(target)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError) as error:
        raise Unknown(str(error)) from None
    return target.getvalue()


def _dictionaries(writer: PdfWriter) -> Iterator[DictionaryObject]:
    """Yield every dictionary of the file once; references are objects of their own."""
    waiting = [thing for thing in writer._objects if thing is not None]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, DictionaryObject):
            yield thing
            waiting.extend(thing.raw_get(key) for key in list(thing))
        elif isinstance(thing, ArrayObject):
            waiting.extend(thing)
        # an IndirectObject leads to something that is on the list itself


def _clean(thing: DictionaryObject) -> None:
    for key in _ANYWHERE:
        thing.pop(key, None)
    kind = _at(thing, "/Subtype")
    if "/Rect" in thing and kind != "/Widget":
        for key in _OF_NOTES:
            thing.pop(key, None)
    value = _at(thing, "/V")
    if isinstance(value, DictionaryObject) and "/ByteRange" in value:
        del thing["/V"]  # a signature names its signer, and does not hold for a copy that was written anew
    if isinstance(thing, StreamObject) and kind == "/Image":
        _picture(thing)


def _picture(stream: StreamObject) -> None:
    """A photograph keeps its camera's words inside a document too."""
    filters = _at(stream, "/Filter")
    if isinstance(filters, ArrayObject) and len(filters) == 1:
        filters = filters[0]
    if filters == NameObject("/DCTDecode"):
        stream._data = pictures.jpg(stream._data)
    elif isinstance(filters, ArrayObject) and "/DCTDecode" in filters:
        raise Unknown("a photograph is packed twice")


def _at(holder: DictionaryObject, key: str) -> object:
    """Return an entry with its reference followed."""
    entry = holder.raw_get(key) if key in holder else None
    return entry.get_object() if isinstance(entry, IndirectObject) else entry
