"""What a trunk over TLS needs of files: who vouches for the carrier, and who we are. And what is wrong with its TLS."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ivr.certificates import OwnCertificate, open_own
from ivr.errors import ConfigRefused
from ivr.regular_file import read_regular
from ivr.settings.trunk import SipHost, TrunkSettings

DEFAULT_PORT = 5061

SHAKING_SECONDS = 5.0

SYSTEMS_OWN = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
"""Where Debian and Red Hat keep the list of those who vouch for everybody."""


@dataclass(frozen=True, slots=True)
class TrunkTls:
    """Paths of PEM files. `mark` is another one when what is in them is; `own` is what lies in `certificate`."""

    ca: Path
    mark: str
    certificate: Path | None = None
    key: Path | None = None
    own: OwnCertificate | None = None


def open_tls(said: TrunkSettings) -> TrunkTls | None:
    """The files of a trunk over TLS, each read. Blocks. Raises ConfigRefused, which names trunk and key."""
    if said.transport != "tls":
        return None
    key = f"trunk.{said.name}"
    ca = said.ca_file.absolute() if said.ca_file else _of_the_system(key)
    certificate = said.certificate_file.absolute() if said.certificate_file else None
    private = said.key_file.absolute() if said.key_file else certificate
    own = None
    if certificate is not None:
        own_key = said.key_file.absolute() if said.key_file else None
        own = open_own(f"{key}.certificate_file", certificate, own_key, f"{key}.key_file")
    try:
        vouching = read_regular(ca)
        text = vouching.decode("ascii", "replace")
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=text)
    except (OSError, ValueError) as error:  # an SSLError is one, too
        why = getattr(error, "strerror", None) or "no certificate is in it"
        wanted = f"the path of a PEM file of certificates that this user may read ({why})"
        raise ConfigRefused(f"{key}.ca_file", str(ca), wanted) from error
    mark = hashlib.sha256(vouching + (own.pem.encode() if own else b"")).hexdigest()[:8]
    return TrunkTls(ca, mark, certificate, private, own)


async def tls_trouble(host: SipHost, address: str, tls: TrunkTls, own_host: str) -> str | None:
    """Why a carrier's machine at this address cannot be talked to over TLS, as a handshake shows; None where it can."""
    context = believing(tls)
    try:
        async with asyncio.timeout(SHAKING_SECONDS):
            _, writer = await asyncio.open_connection(
                address,
                host.port or DEFAULT_PORT,
                ssl=context,
                server_hostname=host.host,
                local_addr=(own_host, 0),
            )
    except TimeoutError:
        return f"{host} does not answer over TLS"
    except OSError as error:
        return trouble_in(error, host)
    writer.transport.abort()
    return None


def believing(tls: TrunkTls) -> ssl.SSLContext:
    """As Asterisk has it: who vouches for the carrier, and who we are. Blocks for a moment: files are read."""
    context = ssl.create_default_context(cafile=str(tls.ca))
    if tls.certificate:
        context.load_cert_chain(tls.certificate, tls.key)
    return context


def end_of(certificate: Mapping[str, object] | None) -> datetime | None:
    """When a certificate ends that the other side showed and that was believed; None without TLS."""
    told = (certificate or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told)), UTC) if told else None


def trouble_in(error: OSError, host: SipHost) -> str:
    """What a connection that was not made says of the other side."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {host} is not believed: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"no TLS with {host}: {error.reason}"
    return f"no connection to {host}: {error.strerror or error}"


def _of_the_system(key: str) -> Path:
    known = ssl.get_default_verify_paths().cafile
    for file in (known, *SYSTEMS_OWN):
        if file and Path(file).is_file():
            return Path(file)
    wanted = "the path of a PEM file: this system has no list of those who vouch for certificates"
    raise ConfigRefused(f"{key}.ca_file", None, wanted)
