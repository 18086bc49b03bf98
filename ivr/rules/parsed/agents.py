"""The words of those who take calls: agents, and phones outside the queues."""

from __future__ import annotations

from typing import Annotated

from ivr.numbers import PhoneNumber
from ivr.rules.model import Account, SipAddress
from ivr.rules.parsed.words import Words
from ivr.rules.values import duty, fields, phones, plain
from ivr.rules.values.fields import Flag, LanguageTag, Level, Name, Title, To


class PhoneWords(Words):
    """A phone that calls are sent to; the number or account alone is short for `{phone: …}`."""

    needed = {"phone": "phone: +47 900 00 000"}

    phone: Annotated[Account | SipAddress | PhoneNumber, fields.text(phones.phone)] | None = None
    """What is rung."""
    ring_time: Annotated[float, fields.seconds(1, 180, "1s to 3m")] = 30.0
    """How long it rings."""
    music: Annotated[str, fields.text(plain.music_name)] | None = None
    """What the caller hears while it rings; the ringing tone when left out."""
    confirm: Flag = False
    """Whether whoever answers presses 1 before they hear the caller, so that a voicemail is no answer."""
    caller_id: (
        Annotated[str, fields.text(plain.one_of("what whom we call may see", "own", "caller"))]
        | None
    ) = None
    """Whose number is seen at a number outside: one of your `own`, or the `caller`'s."""
    no_answer: To | None = None
    """Where the call goes when nobody takes it."""


class AgentWords(Words):
    """A person who takes calls."""

    needed = {"phone": "phone: kari"}

    name: Title | None = None
    """What colleagues call this person."""
    phone: Annotated[Account | SipAddress, fields.text(phones.agent_phone)] | None = None
    """The phone that rings."""
    site: Name | None = None
    """Where this person sits; one of `sites`."""
    queues: Annotated[list[Name], fields.one_or_more()] = []
    """The queues whose callers this person gets."""
    number: Annotated[str, fields.text(duty.extension)] | None = None
    """What colleagues dial to reach this person, such as 21."""
    may_call: Annotated[list[Annotated[str, fields.text(duty.may_call)]], fields.one_or_more()] = []
    """The kinds of numbers outside that this person may call: national, mobile, or a country's code."""
    languages: Annotated[list[LanguageTag], fields.one_or_more()] = []
    """The languages this person speaks; all of the rules' when left out."""
    skills: dict[Name, Level] = {}
    """What this person is good at, and how good, from 1 to 10."""
