"""Tokens of programs that ask the API: kept as digests in the home folder, so that nobody can read one there."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import structlog

from ivr.clock import Clock
from ivr.control import ApiToken, Scope
from ivr.errors import ChangeRefused, ConfigRefused
from ivr.private_file import one_at_a_time, write_private

log = structlog.get_logger()

FILE = "tokens.json"

BEGINNING = "sentralbord_"
"""Of every token: who finds one in a repository or a log knows what it opens."""

SECRET_BYTES = 32

_Stamp = tuple[int, int, int]


class TokenBook:
    """Those that were made and not revoked. A server sees at once what a command has changed."""

    def __init__(self, home: Path, clock: Clock) -> None:
        self._file = home / FILE
        self._clock = clock
        self._stamp: _Stamp | None = None
        self._kept: tuple[ApiToken, ...] = ()

    def add(self, name: str, scopes: Iterable[Scope], days: int) -> tuple[ApiToken, str]:
        """A new one, and its secret, which is kept nowhere. Raises ChangeRefused, ConfigRefused."""
        if not name or len(name) > 60 or not name.isprintable():
            message = "a token's name says who has it: at most 60 characters on one line"
            raise ChangeRefused(message)
        secret = BEGINNING + secrets.token_urlsafe(SECRET_BYTES)
        now = self._clock.now().replace(microsecond=0)
        token = ApiToken(
            name=name,
            digest=_digest(secret),
            scopes=tuple(sorted(set(scopes))),
            made_at=now,
            expires_at=now + timedelta(days=days),
        )
        with one_at_a_time(self._file.parent):
            kept = self.kept()
            if any(one.name == name for one in kept):
                message = (
                    f'there is a token "{name}" already; revoke it first, or take another name'
                )
                raise ChangeRefused(message)
            self._write((*kept, token))
        return token, secret

    def revoke(self, name: str) -> ApiToken:
        """Take one away. Raises ChangeRefused where there is none of this name, ConfigRefused."""
        with one_at_a_time(self._file.parent):
            kept = self.kept()
            for one in kept:
                if one.name == name:
                    self._write(other for other in kept if other is not one)
                    return one
        there = ", ".join(one.name for one in kept) or "none"
        message = f'there is no token "{name}"; there are: {there}'
        raise ChangeRefused(message)

    def kept(self) -> tuple[ApiToken, ...]:
        """All, those that have expired too. Raises ConfigRefused where the file cannot be read."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=tuple[ApiToken, ...])
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            wanted = f"a list of tokens ({error}); take the file away, and make the tokens anew"
            raise ConfigRefused("--home", str(self._file), wanted) from error

    def find(self, secret: str) -> ApiToken | None:
        """The token with this secret, expired or not. A file that cannot be read has none, and that is logged."""
        digest = _digest(secret)
        return next((one for one in self._present() if one.digest == digest), None)

    def is_over(self, token: ApiToken) -> bool:
        return token.expires_at <= self._clock.now()

    def _present(self) -> tuple[ApiToken, ...]:
        stamp = self._stamp_now()
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._kept = self.kept()
            except ConfigRefused as error:
                log.warning("tokens cannot be read", because=str(error))
                self._kept = ()
        return self._kept

    def _stamp_now(self) -> _Stamp | None:
        try:
            found = self._file.stat()
        except OSError:
            return None
        return (found.st_ino, found.st_size, found.st_mtime_ns)

    def _write(self, tokens: Iterable[ApiToken]) -> None:
        text = msgspec.json.format(msgspec.json.encode(tuple(tokens)), indent=1).decode()
        try:
            write_private(self._file, text + "\n")
        except OSError as error:
            wanted = f"a folder that this user may write to ({error.strerror})"
            raise ConfigRefused("--home", str(self._file.parent), wanted) from error


def _digest(secret: str) -> str:
    """No salt and no slow function: a token is 256 random bits, and nobody can guess one."""
    return hashlib.sha256(secret.encode()).hexdigest()


def expiry_told(token: ApiToken, now: datetime) -> str:
    """`until 2027-02-24`, or that it is over."""
    day = f"{token.expires_at:%Y-%m-%d}"
    return f"until {day}" if token.expires_at > now else f"expired {day}"
