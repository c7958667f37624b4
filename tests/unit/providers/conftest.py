"""What the provider tests share."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from desktop_app.providers.channel import Channel
from tests.fixtures.raw_server import RawServer, Talk

Serve = Callable[..., RawServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that end with the test: ``serve(behaviour, tls=None)``."""
    with ExitStack() as stack:

        def start(behave: Callable[[Talk], None], tls: ssl.SSLContext | None = None) -> RawServer:
            return stack.enter_context(RawServer(behave, tls))

        yield start


@pytest.fixture
def channel() -> Iterator[Channel]:
    """A channel with the product's own limits."""
    channel = Channel()
    yield channel
    channel.close()


@pytest.fixture
def make_certificate(tmp_path: Path) -> Callable[..., Path]:
    """Make a self-signed certificate with its key in one file: ``make_certificate(name, days)``."""

    def make(name: str = "127.0.0.1", days: int = 1) -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        alternative: x509.GeneralName = x509.IPAddress(IPv4Address(name)) if name[0].isdigit() else x509.DNSName(name)
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=10))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        path = tmp_path / f"{name}-{days}.pem"
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return path

    return make
