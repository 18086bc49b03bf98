"""The words of menus and questions."""

from __future__ import annotations

from typing import Annotated

from ivr.rules.parsed.attendance import Breaks, Elsewhere
from ivr.rules.parsed.words import Words
from ivr.rules.values import amounts, fields, plain
from ivr.rules.values.fields import (
    Flag,
    LanguageTag,
    MenuKeyText,
    Name,
    Prompt,
    SpokenWord,
    To,
)


class Choice(Words):
    """What a key of a menu does; `queue bergen` is short for `{to: queue bergen}`."""

    needed = {"to": "to: menu main"}

    language: LanguageTag | None = None
    """From here on the voice speaks this language; one of `languages`."""
    to: To | None = None
    """Where the call goes."""
    words: dict[LanguageTag, Annotated[list[SpokenWord], fields.one_or_more()]] = {}
    """What callers may say for this key, in each language, beside the words of its department."""


class MenuWords(Words):
    """A menu: what it says, its keys, and what becomes of those who choose nothing."""

    needed = {
        "say": "say: [welcome]",
        "keys": "keys: {1: department kundeservice}",
        "nothing_chosen": "nothing_chosen: department kundeservice (a caller without keys must get on too)",
    }
    greeting: Annotated[list[Prompt], fields.one_or_more()] = []
    """Prompts that are said first, once in a call: not when callers come back here."""
    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    """The prompts, in their order."""
    keys: dict[MenuKeyText, Annotated[Choice, fields.short_for("to")]] | None = None
    """What each key does."""
    wait: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 6.0
    """How long to wait for the first key."""
    between: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 3.0
    """How long to wait for the next digit of a key with several."""
    tries: Annotated[int, fields.count(1, 10)] = 3
    """How often the menu is read."""
    no_input: Prompt = "no_input"
    """What a caller hears who keyed nothing."""
    no_match: Prompt = "no_match"
    """What a caller hears who keyed something else."""
    barge_in: Flag = True
    """Whether a key stops the voice."""
    speech: Flag = False
    """Whether callers may say the words of a key or of its department, or the key's digit."""
    minimum: Annotated[float, fields.text(amounts.percent)] = 0.0
    """How sure it must be what was said, or the caller is asked back."""
    hours: Name | None = None
    """When callers are let in; one of `hours`. At any time when left out."""
    breaks: Breaks = {}
    """Parts of the hours with words of their own, such as lunch; each one of `hours`."""
    closed: Elsewhere | None = None
    """Where callers go outside the hours, and what they hear before that."""
    nothing_chosen: To | None = None
    """Where a caller goes who has chosen nothing in all tries."""


class QuestionWords(Words):
    """Digits that a caller is asked for, and what they find."""

    needed = {"say": "say: ask.postcode", "digits": "digits: 4"}

    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    """The prompts that ask."""
    digits: Annotated[int, fields.count(1, 12)] | None = None
    """How many digits an answer has."""
    confirm: Flag = False
    """Whether the answer is read back."""
    wait: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 6.0
    """How long to wait for the first digit."""
    between: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 3.0
    """How long to wait for each of the next."""
    tries: Annotated[int, fields.count(1, 10)] = 2
    """How often it is asked."""
    no_input: Prompt = "no_input"
    """What a caller hears who keyed nothing."""
    no_match: Prompt = "no_match"
    """What a caller hears whose answer is not understood."""
    speech: Flag = False
    """Whether callers may say the digits; they are read back then, whatever `confirm` says."""
    finds: Annotated[str, fields.text(plain.one_of("what an answer finds", "site"))] | None = None
    """What the answer tells: `site`, by its postcodes."""
    to: To | None = None
    """Where the call goes when a rule has sent it here."""
