"""Content credentials (C2PA): pictures signed on the way out with a certificate that says who made them.

Without a certificate of the person's own, one is made on this machine, the first time that it is needed. It proves that
a picture and its story have not been changed since; who "Limner on this machine" is, nobody outside can know.

Source: C2PA 2.2, "Certificate profile" (14.5.1) and "Actions" (18.15).
"""

from __future__ import annotations

import io
import json
import logging
import os
import threading
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.errors import CredentialError
from assistant.story import SOURCES, Story
from captioner.errors import first_line

LOG = logging.getLogger(__name__)
NAME = "credentials.pem"
YEARS = 20
"""How long a certificate made here is valid: as long as anyone may look at its pictures."""
SETTINGS = {
    # Nothing is asked of any other machine.
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
    "builder": {"thumbnail": {"enabled": False}},
}
SMALLEST = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\2\0\1H\xaf\xa4q"
    b"\0\0\0\0IEND\xaeB`\x82"
)
"""A PNG of one dot, to try a certificate with."""


@dataclass(frozen=True)
class Ingredient:
    """The picture that another was made from: its label and the bytes of its PNG."""

    label: str
    png: bytes


class Credentials:
    """Signs pictures. The certificate is read or made, and the library loaded, when first needed; safe for threads."""

    def __init__(
        self, folder: Path, program: str, version: str, certificate: Path | None = None, key: Path | None = None
    ):
        """`folder` keeps the certificate that is made here; `certificate` (a PEM chain) and `key` are one's own."""
        self._folder = folder
        self._program = {"name": program, "version": version}
        self._own = (certificate, key)
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def check(self) -> None:
        """Sign something, so that a certificate which cannot be used is known at once. Raises: CredentialError."""
        signed = self.sign(SMALLEST, "image/png", "check.png", Story("check", source="trainedAlgorithmicMedia"))
        library, _ = self._load()
        with library.c2pa.Reader("image/png", io.BytesIO(signed), context=library.context) as reader:
            failures = (reader.get_validation_results() or {}).get("activeManifest", {}).get("failure", [])
        # Whom to trust is for the reader of a picture to say.
        wrong = [one["explanation"] for one in failures if not one["code"].endswith("untrusted")]
        if wrong:
            raise CredentialError(f"The certificate cannot be used to sign pictures ({wrong[0]}); {self._advice()}.")

    def load(self) -> None:
        """Load the library and the certificate while something else is waited for. Raises: CredentialError."""
        with self._lock:
            self._load()

    def sign(self, data: bytes, media_type: str, title: str, story: Story, parents: Sequence[Ingredient] = ()) -> bytes:
        """Return a PNG, JPEG or WebP with its credentials: created by a model, or edited from its first parent.

        Raises:
            CredentialError: it cannot be signed with the person's own certificate, or not at all.
        """
        with self._lock:
            library, signer = self._load()
            try:
                return self._signed(library, signer, data, media_type, title, story, parents)
            except library.c2pa.C2paError as error:
                raise CredentialError(
                    f"The picture cannot be signed ({first_line(error)}); {self._advice()}."
                ) from error

    def _signed(
        self, library: Any, signer: Any, data: bytes, media_type: str, title: str, story: Story,
        parents: Sequence[Ingredient],
    ) -> bytes:  # fmt: skip
        c2pa = library.c2pa
        manifest = {"claim_generator_info": [self._program], "title": title, "format": media_type}
        source = {"digitalSourceType": SOURCES + story.source} if story.source else {}
        out = io.BytesIO()
        with c2pa.Builder(json.dumps(manifest), context=library.context) as builder:
            if parents:
                builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
                for at, parent in enumerate(parents):
                    relation = "componentOf" if at else "parentOf"
                    described = {"title": parent.label, "relationship": relation}
                    builder.add_ingredient(json.dumps(described), "image/png", io.BytesIO(parent.png))
                action = {"action": "c2pa.edited", "softwareAgent": self._program, **source}
                if story.change:
                    action["description"] = story.change
                builder.add_action(json.dumps(action))
            else:
                action = {"action": "c2pa.created", "softwareAgent": self._program, **source}
                builder.add_action(json.dumps(action))
            builder.sign(signer, media_type, io.BytesIO(data), out)
        return out.getvalue()

    def _load(self) -> tuple[Any, Any]:
        """Return the library and a signer, loaded once. Raises: CredentialError: the certificate cannot be used."""
        if self._loaded is None:
            library = _Library()
            chain, key = self._read_own() if any(self._own) else self._made_here()
            try:
                algorithm = _algorithm(chain, key)
                info = library.c2pa.C2paSignerInfo(algorithm, chain, key, None)
                self._loaded = library, library.c2pa.Signer.from_info(info)
            except (ValueError, library.c2pa.C2paError) as error:
                raise CredentialError(
                    f"The certificate cannot be used to sign pictures ({first_line(error)}); {self._advice()}."
                ) from error
        return self._loaded

    def _advice(self) -> str:
        if any(self._own):
            return "look at LIMNER_CERTIFICATE and LIMNER_CERTIFICATE_KEY"
        return f"remove {self._folder / NAME}, and another is made"

    def _read_own(self) -> tuple[bytes, bytes]:
        certificate, key = self._own
        if certificate is None or key is None:
            raise CredentialError(
                "A certificate needs its key; set LIMNER_CERTIFICATE and LIMNER_CERTIFICATE_KEY both."
            )
        try:
            return certificate.read_bytes(), key.read_bytes()
        except OSError as error:
            raise CredentialError(
                f"The certificate cannot be read ({error.filename}: {error.strerror}); look at LIMNER_CERTIFICATE and "
                "LIMNER_CERTIFICATE_KEY."
            ) from error

    def _made_here(self) -> tuple[bytes, bytes]:
        """Return this machine's certificate and key, made the first time; in memory only where they cannot be kept."""
        place = self._folder / NAME
        try:
            return _split(place.read_bytes())
        except FileNotFoundError:
            pass
        except OSError as error:
            LOG.warning("%s cannot be read (%s); pictures are signed with another certificate", place, error.strerror)
            return _make()
        chain, key = _make()
        temporary = self._folder / f".credentials-{uuid.uuid4().hex}"
        try:
            file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(file, "wb") as out:
                out.write(key + chain)
                out.flush()
                os.fsync(out.fileno())
            os.link(temporary, place)  # fails where another process was first: both then use that one's
        except FileExistsError:
            return _split(place.read_bytes())
        except OSError as error:
            LOG.warning("%s cannot be written (%s); its certificate ends with this process", place, error.strerror)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        return chain, key


class _Library:
    """c2pa, which is large, and its settings."""

    def __init__(self) -> None:
        import c2pa

        self.c2pa: Any = c2pa
        self.context = c2pa.Context.from_dict(SETTINGS)


def _split(pem: bytes) -> tuple[bytes, bytes]:
    """Return the certificates and the key of a PEM file that has the key first."""
    key, mark, chain = pem.partition(b"-----BEGIN CERTIFICATE-----")
    return mark + chain, key


def _algorithm(chain: bytes, key: bytes) -> bytes:
    """Return C2PA's name of the signature that a key makes.

    Raises:
        ValueError: it can make none, or is not the key of the chain's first certificate.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(key, None)
    except TypeError as error:
        raise ValueError("the key is locked with a password") from error
    if x509.load_pem_x509_certificate(chain).public_key() != private.public_key():
        raise ValueError("the key is not that of the certificate")
    match private:
        case ec.EllipticCurvePrivateKey(curve=ec.SECP256R1()):
            return b"es256"
        case ec.EllipticCurvePrivateKey(curve=ec.SECP384R1()):
            return b"es384"
        case ec.EllipticCurvePrivateKey(curve=ec.SECP521R1()):
            return b"es512"
        case ed25519.Ed25519PrivateKey():
            return b"ed25519"
        case rsa.RSAPrivateKey():
            return b"ps256"
    raise ValueError("the key is none of P-256, P-384, P-521, Ed25519 and RSA")


def _make() -> tuple[bytes, bytes]:
    """Return a certificate chain and a key, in PEM: a root whose key is thrown away, and what it signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def named(name: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Limner"),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )

    def usage(*which: str) -> x509.KeyUsage:
        every = (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        )  # fmt: skip
        return x509.KeyUsage(**{name: name in which for name in every})

    began = datetime.now(UTC) - timedelta(days=1)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = named("Limner, a root made on this machine")

    def begun(name: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder(root_name, name, public, x509.random_serial_number())
            .not_valid_before(began)
            .not_valid_after(began + timedelta(days=365 * YEARS))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        )

    root = (
        begun(root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        begun(named("Limner on this machine"), key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    chain = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in (leaf, root))
    return chain, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
