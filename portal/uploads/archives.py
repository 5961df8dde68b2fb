"""Word and Excel files: judged from the zip directory and the first bytes of their parts."""

import io
import re
import stat
import struct
import zipfile
import zlib
from typing import BinaryIO

from django.utils.translation import gettext as _
from lxml import etree

from .limits import MEBIBYTE, Limits
from .refusals import Refused
from .results import Kind

_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": Kind.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": Kind.XLSX,
}
_FOLDER = {Kind.DOCX: "word/", Kind.XLSX: "xl/"}
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_DESCRIPTOR = 24
_PART = 4 * MEBIBYTE
_EMBEDDED = 10 * MEBIBYTE
_PROLOG = 64 * 1024
_WORDS = 20 * MEBIBYTE
_INSTRUCTION = 1000
_SMALL = MEBIBYTE
_MACROS = re.compile(r"vbaproject|vbadata|/macrosheets/|/activex/|/dialogsheets/", re.IGNORECASE)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"#!")
_SCRIPT = re.compile(r"(?:javascript|vbscript):", re.IGNORECASE)
_SHARE = re.compile(r"[\\/]{2}|file:(?:[\\/]{2}[^\\/]|[\\/]{4})", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?|ftp|mhtml|ms-[a-z]+):", re.IGNORECASE)
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u200b\u2060\ufeff]+")
_FOREIGN = (".html", ".htm", ".mht", ".hta", ".js", ".jse", ".vbs", ".wsf", ".ps1", ".bat", ".cmd", ".lnk", ".jar")
_FETCHING = ("word/", "xl/externallinks/")
_DDE = re.compile(r"\s*\\?\s*DDE(?:AUTO)?\b", re.IGNORECASE)
_ROOT = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*<[A-Za-z_]", re.DOTALL)
_ENCODING = re.compile(r"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)")
_ENCODINGS = {"utf-8", "utf-16", "us-ascii", "ascii"}


def check(stream: BinaryIO, limits: Limits, depth: int = 0) -> Kind:
    """Return the kind of an Office file, or raise Refused."""
    _directory(stream, limits)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            _entries(archive, stream, limits)
            kind = _main_part(archive)
            for info in archive.infolist():
                _part(archive, info, limits, depth)
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, UnicodeDecodeError, NotImplementedError):
        raise _damaged() from None
    except (etree.XMLSyntaxError, KeyError, RuntimeError, OSError, ValueError):
        raise _damaged() from None


def _damaged() -> Refused:
    return Refused("damaged", _("This document is damaged. Open it, save it again and upload the new file."))


def _bomb() -> Refused:
    return Refused(
        "bomb",
        _("This document unpacks to far more than it may. Remove large pictures or sheets and save it."),
    )


def _unsafe(what: str) -> Refused:
    messages = {
        "macros": _("This document contains macros or controls. Save it without macros and upload it again."),
        "embedded": _("This document carries other files inside. Replace them by pictures or text, then upload."),
        "path": _("The parts of this document bear unsafe names. Save it again in Word, Excel or WPS and upload."),
        "external": _("This document fetches parts from elsewhere. Break the links, save it and upload it again."),
        "script": _("This document holds a link that runs a script. Remove the link, save it and upload it again."),
        "entities": _("This document contains forbidden markup. Save it again in Word, Excel or WPS and upload."),
        "encrypted": _("This document is protected by a password. Take the password off and upload it again."),
        "not_office": _("This is an archive, not a Word or Excel document. Unpack it and upload the files singly."),
    }
    return Refused(what, messages[what])


def _directory(stream: BinaryIO, limits: Limits) -> None:
    """Bound the directory before any library reads it: a million entries cost memory merely to list."""
    size = stream.seek(0, io.SEEK_END)
    if size < _END.size:
        raise _damaged()
    stream.seek(size - _END.size)
    mark, _disk, _first, _here, count, length, offset, comment = _END.unpack(stream.read(_END.size))
    if mark != b"PK\x05\x06" or comment or offset + length + _END.size != size:
        raise _damaged()
    if count > limits.entries or length > limits.entries * 512:
        raise _bomb()


def _entries(archive: zipfile.ZipFile, stream: BinaryIO, limits: Limits) -> None:
    infos = archive.infolist()
    if len(infos) > limits.entries or sum(i.file_size for i in infos) > limits.unpacked:
        raise _bomb()
    names = [info.filename.lower() for info in infos]
    if len(set(names)) != len(names):
        raise _unsafe("path")
    for info in infos:
        if info.flag_bits & 1:
            raise _unsafe("encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged()
        if info.file_size > _SMALL and info.file_size > limits.ratio * max(1, info.compress_size):
            raise _bomb()
        mode = info.external_attr >> 16
        if _is_unsafe(info.orig_filename) or (stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR)):
            raise _unsafe("path")
        if _MACROS.search(info.filename):
            raise _unsafe("macros")
    _tiles(infos, archive.start_dir, stream)


def _is_unsafe(name: str) -> bool:
    parts = name.rstrip("/").split("/")
    odd = any(ord(c) < 32 or ord(c) == 127 or c in "\\:" for c in name)
    return odd or any(part in ("", ".", "..") for part in parts)


def _tiles(infos: list[zipfile.ZipInfo], end: int, stream: BinaryIO) -> None:
    """Refuse overlapping parts (bombs) and room between them (hidden content)."""
    at = slack = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        if not at <= info.header_offset <= at + slack:
            raise _damaged()
        stream.seek(info.header_offset)
        fields = _LOCAL.unpack(stream.read(_LOCAL.size))
        if fields[0] != b"PK\x03\x04":
            raise _damaged()
        at = info.header_offset + _LOCAL.size + fields[9] + fields[10] + info.compress_size
        slack = _DESCRIPTOR if info.flag_bits & 8 else 0
    if not at <= end <= at + slack:
        raise _damaged()


def _parse(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    if info.file_size > most:
        raise _bomb()
    return archive.read(info)


def _main_part(archive: zipfile.ZipFile) -> Kind:
    """Return the kind the content types declare, when the declared main part is there."""
    names = set(archive.namelist())
    if "[Content_Types].xml" not in names:
        raise _unsafe("not_office")
    _clean_markup(archive, archive.getinfo("[Content_Types].xml"))
    root = _parse(_read(archive, archive.getinfo("[Content_Types].xml"), _PART))
    kinds = set()
    for element in root.iter("{*}Override", "{*}Default"):
        content = element.get("ContentType", "")
        if "macroEnabled" in content or "vbaProject" in content or "activeX" in content:
            raise _unsafe("macros")
        part = element.get("PartName", "").lstrip("/")
        if content in _MAIN and part in names and part.startswith(_FOLDER[_MAIN[content]]):
            kinds.add(_MAIN[content])
    if len(kinds) != 1:
        raise _unsafe("not_office")
    return kinds.pop()


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, depth: int) -> None:
    if info.is_dir():
        return
    name = info.filename.lower()
    with archive.open(info) as part:
        head = part.read(8)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        # The data of a chart is a workbook: one level of it is honest.
        if depth or "/embeddings/" not in name or not name.endswith(".xlsx"):
            raise _unsafe("embedded")
        if check(io.BytesIO(_read(archive, info, _EMBEDDED)), limits, depth + 1) is not Kind.XLSX:
            raise _unsafe("embedded")
    elif head.startswith(_PROGRAMS) or name.endswith(_FOREIGN):
        raise _unsafe("embedded")
    if name.endswith((".xml", ".rels", ".vml")):
        _clean_markup(archive, info)
    if name.endswith(".rels"):
        _relations(_parse(_read(archive, info, _PART)))
    elif name.endswith(".svg"):
        _drawing(_parse(_read(archive, info, _PART)))
    elif name.startswith(_FETCHING) and name.endswith(".xml"):
        _fields(archive, info)


def _clean_markup(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Refuse a document type declaration: it can only stand before the first element."""
    with archive.open(info) as part:
        head = part.read(_PROLOG)
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff") and len(head) % 2 == 0
    text = head.decode("utf-16" if wide else "utf-8-sig", "replace")
    declared = _ENCODING.match(text)
    if declared and declared.group(1).lower() not in _ENCODINGS:
        raise _unsafe("entities")
    if not _ROOT.match(text):
        raise _unsafe("entities")


def _relations(root: etree._Element) -> None:
    """Refuse what a reader's program would fetch or run; plain links and pictures linked on the web stay."""
    for element in root.iter("{*}Relationship"):
        kind = element.get("Type", "").strip().rpartition("/")[2]
        if kind == "aFChunk":
            raise _unsafe("embedded")
        if element.get("TargetMode", "").strip() != "External":
            continue
        # Programs skip white space when they follow an address, so it hides nothing here either.
        target = _BLANK.sub("", element.get("Target", ""))
        if _SCRIPT.match(target):
            raise _unsafe("script")
        if kind == "hyperlink":
            continue
        # A share is refused for pictures too: asking it gives away the reader's Windows sign-in.
        if _SHARE.match(target) or (kind != "image" and _ADDRESS.match(target)):
            raise _unsafe("external")


def _drawing(root: etree._Element) -> None:
    """Word keeps its icons as SVG; one that would run something in a browser is refused."""
    for element in root.iter():
        acts = any(name.startswith("on") or _SCRIPT.match(_BLANK.sub("", at)) for name, at in element.attrib.items())
        if acts or str(element.tag).endswith("}script") or element.tag == "script":
            raise _unsafe("script")


def _fields(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Refuse fields and links that start another program (DDE); no tree is kept of a part of any length."""
    if info.file_size > _WORDS:
        raise _bomb()
    parser = etree.XMLParser(target=_Fields(), resolve_entities=False, no_network=True, load_dtd=False)
    with archive.open(info) as part:
        while chunk := part.read(_PROLOG):
            parser.feed(chunk)
    parser.close()


class _Fields:
    """Gathers each instruction whole: Word cuts it into runs as it likes."""

    def __init__(self) -> None:
        self._instruction, self._inside = "", False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition("}")[2]
        self._inside = kind == "instrText"
        if kind == "fldChar":
            self._instruction = ""
        elif kind == "ddeLink":
            raise _unsafe("external")
        elif kind == "fldSimple":
            self._judge(next((at for name, at in attributes.items() if name.endswith("}instr")), ""))

    def data(self, text: str) -> None:
        if self._inside:
            self._instruction = (self._instruction + text)[:_INSTRUCTION]
            self._judge(self._instruction)

    def end(self, _tag: str) -> None:
        self._inside = False

    def close(self) -> None:
        pass

    def _judge(self, instruction: str) -> None:
        if _DDE.match(instruction):
            raise _unsafe("external")
