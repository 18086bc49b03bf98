"""The one way from text to a RuleSet: right, or refused with every fault that was found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import datetime

from ivr.collector import collecting_later
from ivr.errors import RulesRefused
from ivr.rules.fault import Fault, FaultKind, fault, in_reading_order
from ivr.rules.link import link
from ivr.rules.lint import lint, lint_past, lint_source
from ivr.rules.lint.exit_keys import check_exit_keys
from ivr.rules.lint.menu_words import check_spoken_keys
from ivr.rules.lint.numerals import check_parts
from ivr.rules.lint.prompts import (
    Sounds,
    check_prompts,
    check_sites_of_prompts,
    check_sounds,
)
from ivr.rules.lint.speech import check_asking_back
from ivr.rules.model import Location, RuleSet
from ivr.rules.reading.comments import keys_in_comments
from ivr.rules.reading.include import ReadsFiles, include
from ivr.rules.reading.source import Source
from ivr.rules.reading.text import read_tree
from ivr.rules.schema import parse

PromptsOnDisk = Mapping[str, Collection[str]]


def read_rules(
    text: bytes,
    file: str,
    prompts_on_disk: PromptsOnDisk | None = None,
    *,
    files: ReadsFiles | None = None,
    at: datetime | None = None,
    sounds: Sounds | None = None,
) -> tuple[RuleSet | None, tuple[Fault, ...]]:
    """The rule set, or None where a fault is an error; and all faults, warnings among them, from the top down.

    `file` is the name that the faults carry. With `prompts_on_disk` (the recordings' names by
    language) the prompts are checked too, with `sounds` the keys that they speak of, the music, and each file that
    callers do not hear. `files` reads what the rules include. With `at`
    (an aware moment) what is wholly past then is told too. Never raises.
    """
    # To look for what is not in use doubles the time of reading.
    with collecting_later():
        return _read(text, file, prompts_on_disk, files, at, sounds)


def _read(
    text: bytes,
    file: str,
    prompts_on_disk: PromptsOnDisk | None,
    files: ReadsFiles | None,
    at: datetime | None,
    sounds: Sounds | None,
) -> tuple[RuleSet | None, tuple[Fault, ...]]:
    tree, faults = read_tree(text, file)
    if tree is None:
        return None, in_reading_order(faults)
    if "tests" in tree.entries and "numbers" not in tree.entries:
        message, hint = (
            "this is a file of tests, not of rules",
            f"to make its calls: ivr test {file}",
        )
        return None, (fault(FaultKind.WORD_MISSING, Location(file, 1, 1, ""), message, hint),)
    of_comments = tuple(
        keys_in_comments(text, tree, file)
    )  # before the tree has other files' lines
    included, of_files = include(tree, file, files)
    source = Source(tree, file, included)
    revision = _revision(source)
    found = [*faults, *of_comments, *of_files, *lint_source(source)]
    parsed, of_words = parse(source)
    found += of_words
    if parsed is None:
        return None, in_reading_order(found)
    rules, of_references = link(parsed, source, revision)
    found += of_references
    is_sound = not any(one.severity == "error" for one in found)
    found += lint(rules, is_sound=is_sound)
    if at is not None:
        found += lint_past(rules, at)
    found = _without_twins(found)
    if prompts_on_disk is not None:
        found += check_prompts(rules, prompts_on_disk)
        found += check_asking_back(rules, prompts_on_disk)
        found += check_parts(rules, prompts_on_disk)
        found += check_sites_of_prompts(rules, prompts_on_disk)
    if sounds is not None:
        found += check_sounds(rules, sounds)
        found += check_spoken_keys(rules, sounds.words)
        found += check_exit_keys(rules, sounds.words)
    refused = any(one.severity == "error" for one in found)
    return (None if refused else rules), in_reading_order(found)


def load_rules(
    text: bytes,
    file: str,
    prompts_on_disk: PromptsOnDisk | None = None,
    *,
    files: ReadsFiles | None = None,
    sounds: Sounds | None = None,
) -> tuple[RuleSet, tuple[Fault, ...]]:
    """The rule set and its warnings. Raises RulesRefused with every finding."""
    rules, faults = read_rules(text, file, prompts_on_disk, files=files, sounds=sounds)
    if rules is None:
        raise RulesRefused(tuple(str(one) for one in faults))
    return rules, faults


_OF_WRITING = {
    kind.value for kind in (FaultKind.EMPTY_LIST, FaultKind.CURLY_QUOTE, FaultKind.YAML_1_1)
}


def _without_twins(found: list[Fault]) -> list[Fault]:
    """How a value is written that is refused at the same place: one of the two is enough."""
    refused = {_spot_of(one) for one in found if one.severity == "error"}
    return [one for one in found if one.code not in _OF_WRITING or _spot_of(one) not in refused]


def _spot_of(one: Fault) -> tuple[str, int, int]:
    return one.location.file, one.location.line, one.location.column


def _revision(source: Source) -> str:
    """The same for two texts that differ in layout, comments or the order of words only."""
    canonical = json.dumps(
        source.plain(), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
