"""What is known of a file that was taken."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PNG = "png"
    JPG = "jpg"


MIMES = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.PNG: "image/png",
    Kind.JPG: "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class Checked:
    """``size`` in bytes; ``clean_name`` ends in the kind's own extension."""

    kind: Kind
    mime: str
    size: int
    clean_name: str
    sha256: str
