"""The words of how agents' days go."""

from __future__ import annotations

from typing import Annotated

from ivr.rules.model.duty import CodeMeaning
from ivr.rules.parsed.words import Words
from ivr.rules.values import amounts, duty, fields, plain
from ivr.rules.values.fields import PauseReason, PhoneCodeText


class DutyWords(Words):
    """How agents sign in, pause and are left alone."""

    sign_in: Annotated[
        str, fields.text(plain.one_of("a way to sign in", "by phone", "by code"))
    ] = "by phone"
    """Whether a phone that is there is enough, or its agent must say so."""
    pause_reasons: Annotated[list[PauseReason], fields.one_or_more()] = ["pause"]
    """Why an agent may pause, in the words of the reports."""
    codes: dict[PhoneCodeText, Annotated[CodeMeaning, fields.text(duty.code_meaning)]] = {}
    """What agents dial on their phones, such as star 11, and what it does."""
    missed: Annotated[int, fields.text(amounts.missed)] | None = None
    """After how many calls in a row that an agent did not take they are paused."""
