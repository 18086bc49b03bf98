"""Where a PostgreSQL server is, and as whom we come: never with a password in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from ivr.disk import MEND
from ivr.errors import StoreFailed
from ivr.regular_file import first_line
from ivr.settings import load_settings

PASSWORD = "IVR_STORE_PASSWORD"  # noqa: S105 - the name of a variable
"""The variable that may hold the password, where no file does."""

_VARIABLES = ("IVR_STORE__URL", "IVR_STORE__PASSWORD_FILE")

CONNECT_SECONDS = 4

_SESSION = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "synchronous_commit": "on",
        "statement_timeout": "5s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "10s",
        "tcp_keepalives_idle": "5",
        "tcp_keepalives_interval": "2",
        "tcp_keepalives_count": "3",
        "timezone": "UTC",
    }.items()
)


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """`url` is `postgresql://USER@HOST:PORT/DATABASE`; the first line of `password_file` is the password.

    Without a file it is in the variable IVR_STORE_PASSWORD, or wherever PostgreSQL's own programs find it.
    """

    url: str
    password_file: Path | None = None

    @property
    def words(self) -> dict[str, Any]:
        """What a connection is opened with; the password is read anew each time. Raises StoreFailed."""
        given = dict(parse_qsl(self.url.partition("?")[2]))
        usual = {"connect_timeout": CONNECT_SECONDS, "application_name": "sentralbord"}
        words: dict[str, Any] = {
            "conninfo": self.url,
            **{name: value for name, value in usual.items() if name not in given},
            # What the address says comes last, and counts.
            "options": f"{_SESSION} {given.get('options', '')}".rstrip(),
        }
        if (password := self._password()) is not None:
            words["password"] = password
        return words

    @property
    def told(self) -> str:
        """For logs and people."""
        return self.url.partition("?")[0]

    def _password(self) -> str | None:
        if self.password_file is None:
            return os.environ.get(PASSWORD)
        try:
            password = first_line(self.password_file)
        except OSError as error:
            raise self._unread((error.strerror or str(error)).lower()) from error
        except UnicodeDecodeError as error:
            raise self._unread("what stands there is no text (UTF-8)") from error
        if not password.strip():  # the driver would look elsewhere, or come without one
            raise self._unread("its first line is empty")
        return password

    def _unread(self, why: str) -> StoreFailed:
        message = (
            f"the password of {self.told} cannot be read in {self.password_file}: {why}{MEND}put it on the first line "
            "of that file, readable by this user only (it is read anew at each try)"
        )
        return StoreFailed(message)


def address_in(environment: Mapping[str, str]) -> PostgresAddress | None:
    """What the environment says, by the names of the settings. Raises ConfigRefused, as the settings do."""
    said = {name: environment[name] for name in _VARIABLES if environment.get(name)}
    found = load_settings(None, said).store
    return PostgresAddress(found.url, found.password_file) if found.url else None
