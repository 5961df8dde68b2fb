"""File names fit to be shown and sent: no paths, no control or direction characters, at most 255 bytes."""

import re
import unicodedata

from django.utils.translation import gettext as _

LONGEST = 255
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_UNWANTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Extensions a reader could take for the file's kind; the content has the last word.
_EXTENSIONS = frozenset(
    (
        *("pdf", "doc", "docx", "docm", "dot", "dotx", "dotm", "xls", "xlsx", "xlsm", "xlsb", "xltx"),
        *("xltm", "ppt", "pptx", "pptm", "wps", "et", "png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp"),
        *("tif", "tiff", "webp", "ico", "svg", "svgz", "eps", "ps", "htm", "html", "xhtml", "mht"),
        *("shtml", "xml", "js", "mjs", "vbs", "php", "phtml", "jsp", "asp", "aspx", "exe", "dll", "com"),
        *("scr", "bat", "cmd", "ps1", "msi", "lnk", "url", "hta", "jar", "apk", "sh", "py", "zip", "rar"),
        *("7z", "gz", "tar", "iso", "txt", "rtf", "csv", "swf"),
    )
)


def clean_name(name: str, extension: str) -> str:
    """Return ``name`` made safe, ending in ``.extension`` whatever it ended in before."""
    name = "".join(c for c in name if unicodedata.category(c) not in _UNWANTED)
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = _FORBIDDEN.sub("_", " ".join(name.split())).strip(". ")
    while "." in stem and stem.rsplit(".", 1)[1].strip().lower() in _EXTENSIONS:
        stem = stem.rsplit(".", 1)[0].rstrip(". ")
    if stem.lower() in _EXTENSIONS and name.lstrip().startswith("."):
        stem = ""
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    stem = _shorten(stem, LONGEST - len(extension) - 1) or _("Attachment")
    return f"{stem}.{extension}"


def _shorten(stem: str, room: int) -> str:
    while len(stem.encode()) > room:
        cut = len(stem) - 1
        # A letter without its accent would be another letter: both go.
        while cut > 0 and unicodedata.combining(stem[cut]):
            cut -= 1
        stem = stem[:cut]
    return stem.rstrip(". ")
