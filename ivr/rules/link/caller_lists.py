"""Lists of callers: parsed form → RuleSet. No caller stands on two that would do different things with a call."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from ivr.numbers import PhoneNumber
from ivr.rules.fault import FaultKind
from ivr.rules.link.references import AT_ARRIVAL, References, spelled_place
from ivr.rules.model import CallerList, Target, ToHangUp, ToRefuse
from ivr.rules.parsed import CallerWords, RulesFile
from ivr.rules.reading.source import WordPath

_NUMBERS = "numbers: [+47 55 97 00 00], or file: lists/vip.csv"


def link_callers(
    parsed: RulesFile, references: References, own: Collection[PhoneNumber]
) -> dict[str, CallerList]:
    """The lists of callers by name. `own` are the numbers that the rules route or ring."""
    linked: dict[str, CallerList] = {}
    met: dict[PhoneNumber | None, list[CallerList]] = {}
    for name, words in parsed.callers.items():
        linked[name] = one = _caller_list(name, words, references)
        _refuse_own(one, words, own, references)
        _refuse_differing(one, words, met, references)
        for caller in dict.fromkeys(words.numbers or ()):
            met.setdefault(caller, []).append(one)
    return linked


def _caller_list(name: str, words: CallerWords, references: References) -> CallerList:
    path: WordPath = ("callers", name)
    site = references.refer("sites", words.site, (*path, "site"))
    has = references.source.may_have
    if words.numbers is None and not has((*path, "numbers")) and not has((*path, "file")):
        message = f"the word 'numbers' is missing below {name!r}"
        references.refuse(FaultKind.WORD_MISSING, path, message, f"write {_NUMBERS}", of_key=True)
    callers = words.numbers or []
    _refuse_twins(name, words, references)
    return CallerList(
        name,
        frozenset(caller for caller in callers if caller is not None),
        site,
        references.source.key(path),
        withheld=None in callers,
        first_in_line=words.first_in_line,
        say=tuple(words.say or ()),
        target=_target(name, words, references),
        priority=words.priority,
    )


def _target(name: str, words: CallerWords, references: References) -> Target | None:
    """Where their calls go. What is said goes with it, and callers who are hung up on hear something."""
    path: WordPath = ("callers", name)
    refuse, together = references.refuse, FaultKind.WORDS_TOGETHER
    if words.first_in_line and words.priority is not None:
        message = f"callers of {name} are first in line, before all priorities"
        refuse(together, (*path, "priority"), message, "take one of the two out")
    if words.to is None:
        if words.say and not references.source.may_have((*path, "to")):
            message = f"what callers of {name} hear is said where their calls are led somewhere"
            refuse(together, (*path, "say"), message, "write to: queue vip, or to: hangup")
        return None
    if isinstance(words.to, ToRefuse) and words.say:
        message = "a call that is refused is not answered, so nothing is heard"
        refuse(together, (*path, "say"), message, "write to: hangup, or take `say` out")
    if (
        isinstance(words.to, ToHangUp)
        and not words.say
        and not references.source.may_have((*path, "say"))
    ):
        message = f"callers of {name} would be hung up on without a word"
        refuse(together, (*path, "to"), message, "write say: and a prompt, or to: refuse")
    if isinstance(words.to, ToHangUp | ToRefuse) and words.first_in_line:
        message = f"callers of {name} never wait, so they are first in no line"
        refuse(together, (*path, "first_in_line"), message, "take one of the two out")
    if isinstance(words.to, ToHangUp | ToRefuse) and words.priority is not None:
        message = f"callers of {name} never wait, so no priority is of use to them"
        refuse(together, (*path, "priority"), message, "take one of the two out")
    return references.target(words.to, (*path, "to"), AT_ARRIVAL)


def _refuse_twins(name: str, words: CallerWords, references: References) -> None:
    """A number that stands twice: in the rules a slip, in a file that was pasted a matter of course."""
    here = references.source.as_written(("callers", name, "numbers"))
    seen: dict[PhoneNumber | None, int] = {}
    in_file: list[tuple[str, WordPath]] = []
    for index, caller in enumerate(words.numbers or ()):
        if seen.setdefault(caller, index) == index:
            continue
        twin = references.source.value((*here, seen[caller]))
        place = references.source.value((*here, index))
        message = (
            f"{_shown(caller)} stands in {name} twice, and first at {spelled_place(twin, place)}"
        )
        if words.file is not None and place.file != references.source.key(here).file:
            in_file.append((message, (*here, index)))
        else:
            references.refuse(FaultKind.NUMBER_TWICE, (*here, index), message, "keep one")
    if in_file:
        message, path = in_file[0]
        references.refuse(
            FaultKind.LISTED_TWICE, path, message + _and_more(len(in_file)), "keep one of each"
        )


def _refuse_own(
    one: CallerList, words: CallerWords, own: Collection[PhoneNumber], references: References
) -> None:
    if not one.is_refused or not (one.numbers & set(own)):
        return
    here = references.source.as_written(("callers", one.name, "numbers"))
    for index, caller in enumerate(words.numbers or ()):
        if caller in own:
            message = f"{_shown(caller)} is a number of your own, and {one.name} would refuse it"
            hint = "take it out of the list"
            references.refuse(FaultKind.OWN_NUMBER_REFUSED, (*here, index), message, hint)


@dataclass(frozen=True, slots=True)
class _Clash:
    """A caller (the first of `count`) on two lists that do not go together: `path` is where it stands in the second."""

    kind: FaultKind
    caller: PhoneNumber | None
    path: WordPath
    other: CallerList
    differs: str
    count: int = 1


def _refuse_differing(
    one: CallerList,
    words: CallerWords,
    met: Mapping[PhoneNumber | None, list[CallerList]],
    references: References,
) -> None:
    found: dict[tuple[str, FaultKind], list[_Clash]] = {}
    for clash in _clashes(one, words, met, references):
        found.setdefault((clash.other.name, clash.kind), []).append(clash)
    for clashes in found.values():
        first = clashes[0]
        place = references.source.value(first.path)
        message = (
            f"{_shown(first.caller)} stands here and in {first.other.name} "
            f"({spelled_place(first.other.at, place)}), {first.differs}{_and_more(len(clashes))}"
        )
        references.refuse(first.kind, first.path, message, "keep it in one of the two")


def _clashes(
    one: CallerList,
    words: CallerWords,
    met: Mapping[PhoneNumber | None, list[CallerList]],
    references: References,
) -> Iterator[_Clash]:
    here = references.source.as_written(("callers", one.name, "numbers"))
    for index, caller in enumerate(words.numbers or ()):
        for other in met.get(caller, ()):
            path = (*here, index)
            if one.site is not None and other.site is not None and one.site != other.site:
                kind = FaultKind.AMBIGUOUS_SITE
                yield _Clash(kind, caller, path, other, "with another site")
            elif one.is_refused != other.is_refused:
                kind = FaultKind.ON_TWO_LISTS
                yield _Clash(kind, caller, path, other, "and one of the two refuses the call")
            elif one.target and other.target and one.target.to != other.target.to:
                differs = f"which leads to {other.target.to}, and this one to {one.target.to}"
                yield _Clash(FaultKind.ON_TWO_LISTS, caller, path, other, differs)


def _shown(caller: PhoneNumber | None) -> str:
    """Masked: findings are logged, and this is a person's number. The place tells which one is meant."""
    return caller.masked if caller is not None else "withheld"


def _and_more(count: int) -> str:
    return f"; and {count - 1} more" if count > 1 else ""
