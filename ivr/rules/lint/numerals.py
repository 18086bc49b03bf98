"""Numbers that callers are to hear, and whether the parts that they are put together from are recorded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ivr.numerals import MINUTE_PARTS, PLACE_PARTS, READ_BACK_PARTS, WAIT_PARTS, spells
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.model import Location, RuleSet


@dataclass(frozen=True, slots=True)
class SpokenNumbers:
    """Numbers that the rules have said, at the first place that does so. `lost` is what callers miss without them."""

    parts: Sequence[str]
    at: Location
    lost: str
    needs_grammar: bool

    def is_said_in(self, language: str) -> bool:
        """Whether numbers are put together in this language at all."""
        return spells(language) or not self.needs_grammar


def numbers_spoken(rules: RuleSet) -> Iterator[SpokenNumbers]:
    """What is put together from parts; each kind once."""
    telling = [queue for queue in rules.queues.values() if queue.say_place_seconds is not None]
    if telling:
        lost = f"callers in queue {telling[0].name} are not told their place"
        yield SpokenNumbers(PLACE_PARTS, telling[0].at, lost, needs_grammar=True)
    foretelling = [queue for queue in rules.queues.values() if queue.say_wait is not None]
    if foretelling:
        lost = f"callers in queue {foretelling[0].name} are not told how long they wait"
        yield SpokenNumbers(WAIT_PARTS, foretelling[0].at, lost, needs_grammar=True)
    whispering = [queue for queue in rules.queues.values() if "waited" in queue.whisper]
    if whispering:
        lost = f"agents of queue {whispering[0].name} are not told how long the caller has waited"
        yield SpokenNumbers(MINUTE_PARTS, whispering[0].at, lost, needs_grammar=True)
    reading = [
        question for question in rules.questions.values() if question.confirm or question.speech
    ]
    if reading:
        lost = f"the answer to question {reading[0].name} is not read back"
        yield SpokenNumbers(READ_BACK_PARTS, reading[0].at, lost, needs_grammar=False)


def spoken_parts(rules: RuleSet) -> Mapping[str, Location]:
    """Every part that callers may hear, and where the rules have it said first."""
    parts: dict[str, Location] = {}
    for numbers in numbers_spoken(rules):
        for part in numbers.parts:
            parts.setdefault(part, numbers.at)
    return parts


def check_parts(rules: RuleSet, on_disk: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    """Findings for parts without a recording. `on_disk` has, for each language, the names of the recordings."""
    for numbers in numbers_spoken(rules):
        for language in rules.languages:
            if not numbers.is_said_in(language):
                message = (
                    f"{numbers.lost} in {language}: how numbers are put together there is not known"
                )
                hint = "callers hear it in nb, nn and en; in other languages they hear music only"
                yield fault(FaultKind.PARTS_MISSING, numbers.at, message, hint)
                continue
            recorded = on_disk.get(language, ())
            missing = [part for part in numbers.parts if part not in recorded]
            if missing:
                lacking = f"the recording {missing[0]} is missing"
                if len(missing) > 1:
                    lacking = f"{missing[0]} and {len(missing) - 1} more recordings are missing"
                message = f"{numbers.lost} in {language}: {lacking}"
                hint = "run: ivr prompts stand-ins --numbers; then record them"
                yield fault(FaultKind.PARTS_MISSING, numbers.at, message, hint)
