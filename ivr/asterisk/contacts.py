"""Phones that have signed in at Asterisk: where each is and what it says of itself. Only its console tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.console import say
from ivr.asterisk.interface import interface

_KEPT = re.compile(r"^/registrar/contact/(?P<id>\S+): (?P<fields>\{.*\})", re.MULTILINE)
_SHOWN = re.compile(
    r"^\s*Contact:\s+(?P<account>[a-z0-9_-]+)/sips?:\S+\s+(?P<hash>[0-9a-f]{10})\s+"
    r"(?P<status>\S+)\s+(?P<milliseconds>[0-9.]+|nan)",
    re.MULTILINE,
)
_HOST = re.compile(r"sips?:(?:[^@]*@)?(?P<host>\[[0-9a-fA-F:.]+\]|[^:;>]+)(?::(?P<port>\d+))?")


class PhoneContact(msgspec.Struct, frozen=True, kw_only=True):
    """Where an account's phone is. `host` and `port` are where its requests came from.

    `answers`: whether it answered when it was last asked (OPTIONS), within so many milliseconds; None: not asked yet.
    `contact_id` is Asterisk's own name for it.
    """

    account: str
    contact_id: str
    host: str
    port: int
    transport: str
    user_agent: str
    expires: datetime
    answers: bool | None = None
    round_trip_milliseconds: float | None = None


class _KeptContact(msgspec.Struct, frozen=True):
    """What Asterisk keeps of a contact, as far as it is read here."""

    uri: str
    endpoint: str
    expiration_time: str
    user_agent: str = ""


def read(kept: str, shown: str) -> Mapping[str, PhoneContact]:
    """By account, from what the console said of its store, and of how the contacts answer."""
    answers = {row["hash"]: (row["status"], row["milliseconds"]) for row in _SHOWN.finditer(shown)}
    found = {}
    for row in _KEPT.finditer(kept):
        with suppress(msgspec.DecodeError, msgspec.ValidationError, ValueError):
            contact = _contact(
                row["id"], msgspec.json.decode(row["fields"], type=_KeptContact), answers
            )
            found[contact.account] = contact
    return found


async def contacts(blueprint: Blueprint) -> Mapping[str, PhoneContact]:
    """By account, the phones that are signed in. Empty where the console does not answer."""
    kept = await say(blueprint, "database show registrar/contact")
    return read(kept, await say(blueprint, "pjsip show contacts"))


async def sign_phone_out(blueprint: Blueprint, contact: PhoneContact) -> None:
    """Forget where the phone is; it must sign in anew. Raises aiohttp.ClientError where Asterisk does not."""
    place = f"asterisk/config/dynamic/res_pjsip/contact/{quote(contact.contact_id, safe='')}"
    async with interface(blueprint) as ari, ari.delete(place) as answer:
        if answer.status != 404:
            answer.raise_for_status()


def _contact(
    contact_id: str, kept: _KeptContact, answers: Mapping[str, tuple[str, str]]
) -> PhoneContact:
    found = _HOST.match(kept.uri)
    if found is None:
        raise ValueError(kept.uri)
    status, milliseconds = answers.get(contact_id.rpartition("@")[2][:10], ("", "nan"))
    answered = {"Avail": True, "Unavail": False}.get(status)
    transport = re.search(r";transport=(\w+)", kept.uri, re.IGNORECASE)
    return PhoneContact(
        account=kept.endpoint,
        contact_id=contact_id,
        host=found["host"].strip("[]"),
        port=int(found["port"] or 5060),
        transport=transport[1].upper() if transport else "UDP",
        user_agent=kept.user_agent,
        expires=datetime.fromtimestamp(int(kept.expiration_time), UTC),
        answers=answered,
        round_trip_milliseconds=float(milliseconds) if answered else None,
    )
