"""Text → destination: where a call goes, in two words or one."""

from __future__ import annotations

import re
from collections.abc import Callable

from ivr.rules.fault import FaultKind, shown, shown_masked, slip_of
from ivr.rules.model import (
    Destination,
    ToBack,
    ToDepartment,
    ToHangUp,
    ToMenu,
    ToPhone,
    ToQuestion,
    ToQueue,
    ToRefuse,
    ToRepeat,
    ToVoicemail,
)
from ivr.rules.norwegian import in_english
from ivr.rules.values.plain import ValueRefused, name

TO_A_NAME: dict[str, Callable[[str], Destination]] = {
    "menu": ToMenu,
    "department": ToDepartment,
    "queue": ToQueue,
    "voicemail": ToVoicemail,
    "phone": ToPhone,
    "question": ToQuestion,
}
_TO_ONE_WORD: dict[str, Destination] = {
    "hangup": ToHangUp(),
    "refuse": ToRefuse(),
    "repeat": ToRepeat(),
    "back": ToBack(),
}
_NUMBER = re.compile(r"\+?[0-9]{3,15}\Z", re.ASCII)
_TO_KNOWN = (*TO_A_NAME, *_TO_ONE_WORD)


def destination(text: str) -> Destination:
    """Where a call goes: `queue bergen`, `menu main`, `hangup`."""
    words = text.split(" ")
    kind = words[0]
    if kind in _TO_ONE_WORD and len(words) == 1:
        return _TO_ONE_WORD[kind]
    if kind in TO_A_NAME and len(words) == 2 and words[1]:
        return TO_A_NAME[kind](name(words[1]))
    told = shown_masked(text) if _NUMBER.match("".join(words)) else shown(text)
    message = f"{told} is not a destination"
    raise ValueRefused(FaultKind.DESTINATION, message, _destination_hint(words))


def _destination_hint(words: list[str]) -> str:
    kind = words[0]
    if kind in TO_A_NAME:
        return f"write {kind} and one name, such as {kind} bergen"
    if kind in _TO_ONE_WORD:
        return f"write {kind} alone"
    meant = in_english(" ".join(words), _TO_ONE_WORD) or in_english(kind, _TO_KNOWN)
    if meant is not None:
        name_of = f" {words[1]}" if meant in TO_A_NAME and len(words) == 2 else ""
        return f"did you mean '{meant}{name_of}'? The words of the rules are English"
    together = re.sub("[^a-z]", "", " ".join(words).lower())
    if together in _TO_ONE_WORD:
        return f"did you mean '{together}'?"
    near = slip_of(kind, _TO_KNOWN)
    if near and len(words) <= 2:
        is_alone = len(words) == 1 or near.split("'")[1] in _TO_ONE_WORD
        return near if is_alone else f"{near[:-2]} {words[1]}'?"
    return _meant_by_no_word_of_ours(words)


def _meant_by_no_word_of_ours(words: list[str]) -> str:
    if words[0] == "agent":
        return "callers reach agents by a queue: write queue and its name"
    if _NUMBER.match("".join(words)):
        return "write the number below phones, as duty: {phone: …}, and here: phone duty"
    parted = "".join(words[:2])
    if parted in TO_A_NAME and len(words) == 3:
        return f"did you mean '{parted} {words[2]}'?"
    return "write two words such as queue bergen or menu main, or hangup, repeat or back"


SERVE = "serve those waiting"


def at_closing_time(text: str) -> Destination | None:
    """Where those who wait go when a department closes; None for `serve those waiting`."""
    return None if text == SERVE else destination(text)
