"""Keys of a queue that nobody tells its callers of: what is said while they wait does not name them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ivr.menus.digits import key_word
from ivr.rules.fault import Fault, FaultKind, fault
from ivr.rules.lint.menu_words import keys_spoken
from ivr.rules.model import Location, Queue, RuleSet

_SIGNS = {
    "*": re.compile(r"\b(stjerne\w*|star|asterisk)\b", re.IGNORECASE),
    "#": re.compile(r"\b(firkant\w*|hash|pound|number sign)\b", re.IGNORECASE),
}


def lint_exit_keys(rules: RuleSet) -> Iterator[Fault]:
    """Queues with keys, whose callers hear nothing but music and their place."""
    for queue in rules.queues.values():
        if queue.exits and not queue.say:
            keys = _listed(queue.exits)
            message = f"no caller who waits in queue {queue.name} is told of its {keys}"
            yield fault(FaultKind.EXIT_KEY_UNTOLD, _at(queue), message, _hint(queue))


def check_exit_keys(rules: RuleSet, words: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
    """Queues whose messages leave keys out. `words` has, by language, what each prompt says.

    Where the words of one of them are not known, nothing is said.
    """
    for queue in rules.queues.values():
        for language in rules.languages:
            said = words.get(language, {})
            if not queue.say or any(one not in said for one in queue.say):
                continue
            told = {key for one in queue.say for key in _told(said[one], language)}
            left_out = [key for key in queue.exits if key not in told]
            if left_out:
                message = f"what callers hear in queue {queue.name} leaves out its {_listed(left_out)} in {language}"
                yield fault(FaultKind.EXIT_KEY_UNTOLD, _at(queue), message, _hint(queue))


def _told(text: str, language: str) -> Iterator[str]:
    yield from keys_spoken(text, language)
    yield from (key for key, sign in _SIGNS.items() if sign.search(text))


def _listed(keys: Mapping[str, object] | list[str]) -> str:
    words = [key_word(key) for key in keys]
    return f"{'key' if len(words) == 1 else 'keys'} {', '.join(words)}"


def _hint(queue: Queue) -> str:
    if queue.say:
        return f"record {queue.say[-1]} anew so that it names them, or add another prompt to say"
    example = f"wait.{queue.name}" if queue.name.isidentifier() else "wait.keys"
    return f"write say: [{example}], and record in it what each key does"


def _at(queue: Queue) -> Location:
    return next(iter(queue.exits.values())).at
