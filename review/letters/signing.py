"""Signing a finished letter. The sample key is self-made and says so; an official seal is another signer's business."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .awaiting import finish

KEY, CERTIFICATE, ROOT = "letter-key.pem", "letter-certificate.pem", "letter-root.pem"
FIELD = "LetterSignature"
YEARS = 10


class Signer(Protocol):
    """What a letter is signed with; ``is_production`` decides whether it is printed as a specimen."""

    is_production: bool

    def sign(self, pdf: bytes) -> bytes:
        """Return the signed file; nothing may be written into it afterwards."""
        ...


class LocalX509Signer:
    """A key and certificate in a folder only the signing process may read."""

    def __init__(self, folder: Path, *, is_production: bool):
        self.folder = folder
        self.is_production = is_production

    def sign(self, pdf: bytes) -> bytes:
        """Add an invisible certification signature that permits no change at all (DocMDP 1)."""
        from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
        from pyhanko.sign import signers
        from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

        signer = signers.SimpleSigner.load(
            str(self.folder / KEY), str(self.folder / CERTIFICATE), ca_chain_files=(str(self.folder / ROOT),)
        )
        if signer is None:
            raise ValueError("the signing key cannot be read")
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            subfilter=SigSeedSubFilter.PADES,
        )
        file = IncrementalPdfFileWriter(io.BytesIO(pdf))
        return finish(signers.async_sign_pdf(file, meta, signer=signer)).getvalue()


def signer_from(folder: Path | str, *, is_production: bool = False) -> LocalX509Signer | None:
    """Return the signer of the key in ``folder``, or ``None`` when it is not complete: then nothing is issued."""
    folder = Path(folder)
    if not all((folder / name).is_file() for name in (KEY, CERTIFICATE, ROOT)):
        return None
    return LocalX509Signer(folder, is_production=is_production)


def make_sample_key(folder: Path | str) -> Path:
    """Make a root and a signing certificate marked 示例 in ``folder``; an existing key is never overwritten."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / KEY).exists():
        raise FileExistsError(f"{folder / KEY} exists already")
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, name = _name("示例根证书（不具效力）"), _name("示例签名证书（不具效力）")
    root = _certificate(root_name, root_name, root_key.public_key(), root_key, is_root=True)
    leaf = _certificate(name, root_name, key.public_key(), root_key, is_root=False)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / ROOT).write_bytes(root.public_bytes(serialization.Encoding.PEM))
    (folder / CERTIFICATE).write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    (folder / KEY).touch(mode=0o600)
    (folder / KEY).write_bytes(secret)
    return folder


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(subject, issuer, public_key, signing_key, *, is_root: bool) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=366 * YEARS))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=0 if is_root else None), critical=True)
        .add_extension(usage, critical=True)
    )
    if not is_root:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(signing_key, hashes.SHA256())
