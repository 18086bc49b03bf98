"""Certificates of ours: whether a file is one, whether the key is its key, and when it ends."""

from __future__ import annotations

import os
import ssl
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ivr.errors import ConfigRefused
from ivr.regular_file import open_regular, read_regular

_MOST_TURNS = 10
_MOST_READS = 3


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A certificate of ours with its key: when it ends (aware), and both as one PEM text, which is a secret."""

    ends: datetime
    pem: str = field(repr=False)


def open_own(
    key: str, certificate: Path, private_key: Path | None, key_of_key: str
) -> OwnCertificate:
    """Read both as they are at one moment: whoever renews them writes one after the other. Blocks.

    Raises ConfigRefused as `until` does, and where they change again and again.
    """
    for _ in range(_MOST_READS):
        until(key, certificate, private_key, key_of_key)
        try:
            pem = _together(certificate, private_key)
            ends = until(key, certificate, private_key, key_of_key)
            if pem == _together(certificate, private_key):
                return OwnCertificate(ends, pem)
        except FileNotFoundError:
            continue
    wanted = "a certificate that nobody is writing at this moment: ask once more"
    raise ConfigRefused(key, str(certificate), wanted)


def _together(certificate: Path, private_key: Path | None) -> str:
    files = (certificate, *((private_key,) if private_key else ()))
    return "\n".join(read_regular(file).decode("ascii", "replace") for file in files)


def until(key: str, certificate: Path, private_key: Path | None, key_of_key: str) -> datetime:
    """When the certificate ends. Blocks. `key` and `key_of_key` are the settings that name the files.

    Raises ConfigRefused for a file that cannot be read or is none, a key that others may read or that is not the
    certificate's, and a certificate that has ended or has not begun.
    """
    _refuse_unreadable(key, certificate)
    if private_key is not None:
        _refuse_unreadable(key_of_key, private_key)
    holder, named = (private_key, key_of_key) if private_key else (certificate, key)
    if stat.S_IMODE(holder.stat().st_mode) & 0o077:
        wanted = f"a file that nobody else may read, since the key is in it: `chmod 600 {holder}`"
        raise ConfigRefused(named, str(holder), wanted)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        ours.load_cert_chain(certificate, private_key, password=_no_password)
    except (ssl.SSLError, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error)
        wanted = f"PEM files of a certificate and of its own key, without a password ({reason})"
        raise ConfigRefused(key, str(certificate), wanted) from error
    try:
        ends = _told_to_a_client(ours, certificate)
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", None) or error.reason
        wanted = f"a certificate that phones can take: {reason}"
        raise ConfigRefused(key, str(certificate), wanted) from error
    return ends


def _told_to_a_client(ours: ssl.SSLContext, certificate: Path) -> datetime:
    """Shake hands with ourselves: whoever verifies a certificate is told what stands in it."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    theirs.check_hostname = False
    theirs.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    theirs.load_verify_locations(certificate)
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = theirs.wrap_bio(to_client, to_server, server_side=False)
    server = ours.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(_MOST_TURNS):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            if side is client and (told := client.getpeercert()):
                ends = ssl.cert_time_to_seconds(str(told["notAfter"]))
                return datetime.fromtimestamp(ends, UTC)
    message = "no certificate was shown"
    raise ssl.SSLError(message)


def _refuse_unreadable(key: str, file: Path) -> None:
    try:
        with open_regular(file) as opened:
            os.fstat(opened.fileno())
    except OSError as error:
        wanted = f"the path of a file that this user may read ({error.strerror})"
        raise ConfigRefused(key, str(file), wanted) from error


def _no_password() -> str:
    """Else OpenSSL would ask at the terminal."""
    return ""
