"""The passwords of an installation: made once, kept in the home folder, readable by us only."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from ivr.errors import ConfigRefused
from ivr.private_file import new_private_folder, one_at_a_time, write_private

# People type these into phones: no letters that look like others. 16 of 31 are 79 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_FILE = "secrets.json"
_PASSWORD = re.compile(r"[A-Za-z0-9_.-]{12,}")
_GENERATED = re.compile(rf"[{_LETTERS}]{{4}}(?:-[{_LETTERS}]{{4}}){{3}}")
_LONG = 20
_FEW_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Passwords:
    """The password of ARI, and one for each phone account."""

    ari: str = field(repr=False)
    phones: Mapping[str, str] = field(repr=False)


def keep_passwords(home: Path, accounts: Iterable[str]) -> Passwords:
    """Those in `home/secrets.json`, with new ones for the accounts that have none yet.

    An account that is no longer named keeps its password too: an agent who comes back finds the
    phone working.
    """
    with _changing(home) as kept:
        ari = kept.get("ari") or _fresh()
        phones = dict(cast("dict[str, str]", kept.get("phones") or {}))
        for account in accounts:
            phones.setdefault(account, _fresh())
        for password in (ari, *phones.values()):
            refuse_password(f"password in {_FILE}", str(password))
        kept.update({"ari": ari, "phones": phones})
    return Passwords(str(ari), phones)


def renew_password(home: Path, account: str) -> str:
    """A new one for this account, in place of what it had."""
    keep_passwords(home, ())
    password = _fresh()
    with _changing(home) as kept:
        kept["phones"] = {**cast("dict[str, str]", kept["phones"]), account: password}
    return password


def refuse_password(key: str, password: str) -> None:
    """Refuse a password that is short or could break a line. The password is not shown."""
    if not _PASSWORD.fullmatch(password):
        raise ConfigRefused(key, "(not shown)", "12 characters or more of A-Z a-z 0-9 _ . -")


def refuse_guessable(account: str, password: str) -> None:
    """Refuse what was not generated and is not as long, where others than this machine may try. It is not shown."""
    is_generated = _GENERATED.fullmatch(password) is not None
    is_long = len(password) >= _LONG and not (len(account) > 2 and account in password.lower())
    if (is_generated or is_long) and len(set(password)) >= _FEW_LETTERS:
        return
    wanted = (
        "a generated one, since SIP listens beyond loopback (`ivr agents credentials AGENT --renew` makes it), or "
        f"{_LONG} characters or more without the account's name"
    )
    raise ConfigRefused(f"password of the phone {account}", "(not shown)", wanted)


def keep_token(home: Path) -> str:
    """The token in `home/secrets.json` with which commands ask the running server; a new one where there is none."""
    with _changing(home) as kept:
        token = kept.get("control")
        if not isinstance(token, str) or not token:
            token = secrets.token_urlsafe(32)
            kept["control"] = token
    return token


@contextmanager
def _changing(home: Path) -> Iterator[dict[str, object]]:
    """What is kept, to be changed in the scope; it is written where it was."""
    _read(home / _FILE)  # what cannot be read is told before a folder is made
    new_private_folder(home)
    with one_at_a_time(home):
        before = _read(home / _FILE)
        kept = dict(before)
        yield kept
        if kept != before:
            write_private(home / _FILE, json.dumps(kept, indent=1) + "\n")


def _read(path: Path) -> dict[str, object]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except PermissionError as error:
        wanted = "a file that this user may read; ask as the user that the server runs as"
        raise ConfigRefused(str(path), "(not shown)", wanted) from error
    except (ValueError, OSError) as broken:
        kept = broken
    if not isinstance(kept, dict) or not isinstance(kept.get("phones", {}), dict):
        wanted = "the JSON that this server wrote; mend it, or remove it and new passwords are made"
        raise ConfigRefused(str(path), "(not shown)", wanted)
    return kept


def _fresh() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
