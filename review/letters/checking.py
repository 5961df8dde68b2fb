"""Is this file a letter of ours, whole and unchanged? Decided on the signature's bottom line and on its coverage."""

import io
import logging
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from .awaiting import finish
from .signing import ROOT

logging.getLogger("pyhanko_certvalidator").setLevel(logging.ERROR)

# What reading a damaged or hostile file can raise beside the reader's own errors.
DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    EOFError,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """``authentic`` only for a file signed by our key, covered to its last byte; ``reason`` says what is wrong."""

    authentic: bool
    reason: str = ""
    signed_by: str = ""


def check_file(pdf: bytes, trust: Path | str) -> FileVerdict:
    """Check the bytes against the root certificate in the key folder ``trust``."""
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_pem_x509_certificate
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    root_file = Path(trust) / ROOT
    if not root_file.is_file():
        return FileVerdict(False, _("The portal's certificate is not installed; the file cannot be checked now."))
    root = x509.Certificate.load(load_pem_x509_certificate(root_file.read_bytes()).public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        signatures = reader.embedded_signatures
        if len(signatures) != 1:
            return FileVerdict(False, _("The file does not carry exactly one signature of a letter."))
        status = finish(async_validate_pdf_signature(signatures[0], signer_validation_context=context))
    except (PdfError, SignatureValidationError, *DAMAGE):
        return FileVerdict(False, _("The file is damaged or is not a letter."))
    signer = status.signing_cert.subject.native.get("common_name", "")
    if status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return FileVerdict(False, _("Something was added to the file after it was signed."), signer)
    if not status.bottom_line:
        return FileVerdict(
            False, _("The file was changed after it was signed, or was not signed by the portal."), signer
        )
    return FileVerdict(True, "", signer)
