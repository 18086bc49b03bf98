"""The words of menus and questions."""

from __future__ import annotations

from typing import Annotated

from ivr.rules.parsed.words import Words
from ivr.rules.values import fields, plain
from ivr.rules.values.fields import Flag, LanguageTag, MenuKeyText, Prompt, To


class Choice(Words):
    """What a key of a menu does; `queue bergen` is short for `{to: queue bergen}`."""

    needed = {"to": "to: menu main"}

    language: LanguageTag | None = None
    to: To | None = None


class MenuWords(Words):
    """A menu: what it says, its keys, and what becomes of those who choose nothing."""

    needed = {
        "say": "say: [welcome]",
        "keys": "keys: {1: department kundeservice}",
        "nothing_chosen": "nothing_chosen: department kundeservice (a caller without keys must get on too)",
    }
    greeting: Annotated[list[Prompt], fields.one_or_more()] = []
    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    keys: dict[MenuKeyText, Annotated[Choice, fields.short_for("to")]] | None = None
    wait: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 6.0
    between: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 3.0
    tries: Annotated[int, fields.count(1, 10)] = 3
    no_input: Prompt = "no_input"
    no_match: Prompt = "no_match"
    barge_in: Flag = True
    speech: Flag = False
    nothing_chosen: To | None = None


class QuestionWords(Words):
    """Digits that a caller is asked for, and what they find."""

    needed = {"say": "say: ask.postcode", "digits": "digits: 4"}

    say: Annotated[list[Prompt], fields.one_or_more()] | None = None
    digits: Annotated[int, fields.count(1, 12)] | None = None
    confirm: Flag = False
    wait: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 6.0
    between: Annotated[float, fields.seconds(1, 60, "1s to 60s")] = 3.0
    tries: Annotated[int, fields.count(1, 10)] = 2
    no_input: Prompt = "no_input"
    no_match: Prompt = "no_match"
    finds: Annotated[str, fields.text(plain.one_of("what an answer finds", "site"))] | None = None
    to: To | None = None
