"""Word and Excel files: packed anew without properties, names of authors, paths and the settings of printers.

ECMA-376. Authors of comments and of tracked changes become 作者1, 作者2 and so on: who answered whom stays clear.
"""

import io
import re
import zipfile

from lxml import etree

from . import pictures
from .problems import Unknown

_NS = "http://schemas.openxmlformats.org"
_EMPTY = {
    "docprops/core.xml": f'<cp:coreProperties xmlns:cp="{_NS}/package/2006/metadata/core-properties"/>',
    "docprops/app.xml": f'<Properties xmlns="{_NS}/officeDocument/2006/extended-properties"/>',
    "docprops/custom.xml": f'<Properties xmlns="{_NS}/officeDocument/2006/custom-properties"/>',
}
_DROPPED = re.compile(
    r"docprops/(?!core\.xml|app\.xml|custom\.xml).*|docmetadata/.*|customxml/.*|.*/printersettings/.*|xl/revisions/.*"
    r"|.*/people\.xml",
    re.IGNORECASE,
)
_NAMING = {"author", "initials", "userName", "refreshedBy", "lastModifiedBy"}
_GONE = {"rsids", "attachedTemplate", "docVars", "mailMerge", "absPath", "fileSharing", "docId"}
_PICTURES = {b"\xff\xd8\xff": pictures.jpg, b"\x89PNG": pictures.png}
_TELLING = (b"II*\0", b"MM\0*", b"RIFF", b"8BPS", b"\xc5\xd0\xd3\xc6", b"%!PS", b"%PDF")
_PRINTER = f"{{{_NS}/officeDocument/2006/relationships}}id"
_COLON = re.compile("[:：]")
_ZIP = b"PK\x03\x04"


def strip(data: bytes) -> bytes:
    target = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
            names = Names()
            gone = {i.filename.lower() for i in source.infolist() if _DROPPED.fullmatch(i.filename)}
            for info in source.infolist():
                if info.is_dir() or info.filename.lower() in gone:
                    continue
                body = _part(info.filename.lower(), source.read(info), gone, names)
                copy.writestr(zipfile.ZipInfo(info.filename), body, zipfile.ZIP_DEFLATED)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, RuntimeError, EOFError) as error:
        raise Unknown(str(error)) from None
    return target.getvalue()


class Names:
    """Gives every author of the file a number, and keeps it through its parts."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, name: str) -> str:
        return self._known.setdefault(name, f"作者{len(self._known) + 1}") if name.strip() else name

    def known(self, name: str) -> str | None:
        return self._known.get(name)


def _part(name: str, body: bytes, gone: set[str], names: Names) -> bytes:
    kind = "docprops/core.xml" if name.endswith(".psmdcp") else name
    if kind in _EMPTY:
        return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{_EMPTY[kind]}'.encode()
    if body.startswith(_ZIP):
        return strip(body)
    for head, clean in _PICTURES.items():
        if body.startswith(head):
            return clean(body)
    if body.startswith(_TELLING):
        raise Unknown(f"{name} is of a kind that is not known here")
    if name.endswith((".xml", ".rels", ".svg")):
        return _markup(name, body, gone, names)
    return body


def _markup(name: str, body: bytes, gone: set[str], names: Names) -> bytes:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    root = etree.fromstring(body, parser)
    if name.endswith(".rels"):
        _relations(root, name, gone)
    elif name == "[content_types].xml":
        for element in list(root):
            if element.get("PartName", "").lstrip("/").lower() in gone:
                root.remove(element)
    elif "/persons/" in name:
        _persons(root, names)
    else:
        _authors(
            root, names, signs=name.startswith("xl/comments"), gone=_GONE | ({"metadata"} if "svg" in name else set())
        )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _relations(root: etree._Element, name: str, gone: set[str]) -> None:
    """Let go of what leads to a part that is no longer there, or to the template on somebody's disk."""
    base = name.rpartition("_rels/")[0]
    for element in list(root):
        is_template = element.get("Type", "").endswith("/attachedTemplate")
        target = element.get("Target", "")
        inside = element.get("TargetMode") != "External" and _resolved(base, target) in gone
        if is_template or inside:
            root.remove(element)


def _resolved(base: str, target: str) -> str:
    parts: list[str] = []
    for part in (target if target.startswith("/") else base + target).lower().split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _persons(root: etree._Element, names: Names) -> None:
    """Excel lists by name whoever wrote in a thread of comments."""
    for element in root.iter("{*}person"):
        number = names.of(element.get("displayName", ""))
        element.set("displayName", number)
        if "userId" in element.attrib:
            element.set("userId", number)


def _authors(root: etree._Element, names: Names, *, signs: bool, gone: set[str]) -> None:
    for element in list(root.iter(etree.Element)):
        kind = etree.QName(element).localname
        if kind in gone:
            _remove(element)
            continue
        for key, value in element.attrib.items():
            if etree.QName(key).localname in _NAMING:
                element.set(key, names.of(value))
        if kind == "pageSetup":
            element.attrib.pop(_PRINTER, None)
        if signs and kind == "author" and element.text:
            element.text = names.of(element.text)
        elif signs and kind == "t":
            _signed(element, names)
    for comment in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
        _remove(comment)


def _signed(element: etree._Element, names: Names) -> None:
    """Excel begins a comment with its author's name and a colon."""
    text = (element.text or "").lstrip()
    name = _COLON.split(text, maxsplit=1)[0]
    if name != text and (number := names.known(name)):
        element.text = text.replace(name, number, 1)


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
