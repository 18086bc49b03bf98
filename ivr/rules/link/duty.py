"""How agents' days go: parsed form → RuleSet."""

from __future__ import annotations

from ivr.rules.fault import FaultKind, slip_of
from ivr.rules.link.references import References
from ivr.rules.model import DutyRules, PhoneCode
from ivr.rules.parsed import RulesFile
from ivr.rules.reading.source import WordPath
from ivr.rules.values import duty


def link_duty(parsed: RulesFile, references: References) -> DutyRules:
    """What the rules say, or what holds without a word."""
    words = parsed.duty
    if words is None:
        return DutyRules()
    references.once(words.pause_reasons, ("duty", "pause_reasons"))
    references.not_empty(
        words.pause_reasons, ("duty", "pause_reasons"), "pause_reasons: [lunch, training]"
    )
    return DutyRules(
        by_code=words.sign_in == "by code",
        pause_reasons=tuple(dict.fromkeys(words.pause_reasons)),
        missed=words.missed,
        codes=_codes(parsed, references),
    )


def _codes(parsed: RulesFile, references: References) -> dict[str, PhoneCode]:
    """By what is dialled, however it is written."""
    words = parsed.duty
    codes: dict[str, PhoneCode] = {}
    if words is None:
        return codes
    reasons = list(dict.fromkeys(words.pause_reasons))
    # What is wrong with the reasons has been said; which of them there are is not known then.
    here: WordPath = ("duty", "pause_reasons")
    are_known = references.source.is_sound(here)
    for written, meaning in words.codes.items():
        path: WordPath = ("duty", "codes", written)
        dialled = duty.phone_code(written)
        if dialled in codes:
            message = f"{written} is {dialled}, which stands here already"
            references.refuse(FaultKind.DUPLICATE_KEY, path, message, "keep one of them")
            continue
        if meaning.act in {"take", "leave"} and meaning.what is not None:
            references.refer("queues", meaning.what, path)
        if meaning.act == "pause" and are_known and meaning.what not in {None, *reasons}:
            message = f"there is no reason called {meaning.what!r}"
            hint = slip_of(meaning.what or "", reasons)
            if hint is None:  # it is new
                told = reasons if references.source.has(here) else []
                hint = f"write pause_reasons: [{', '.join([*told, meaning.what or ''])}]"
            references.refuse(FaultKind.REFERENCE, path, message, hint)
        codes[dialled] = PhoneCode(dialled, meaning, references.source.key(path))
    return codes
