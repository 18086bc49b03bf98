"""What is closed by hand: a site, a department or a queue, until a time, whatever the rules say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import get_args

import structlog
from msgspec.structs import replace

from ivr import ids
from ivr.clock import Clock
from ivr.control import Close, Open, Overridden
from ivr.errors import ChangeRefused
from ivr.records.changes import Ledger, OverrideKept, OverrideKind
from ivr.rulebook.in_force import Rulebook, RulesInForce
from ivr.rulebook.moment import moment_ahead
from ivr.rulebook.timed_changes import LOOK_AGAIN_SECONDS
from ivr.rules.decision import Override
from ivr.rules.fault import did_you_mean
from ivr.rules.model import RuleSet

log = structlog.get_logger()

_KINDS: tuple[OverrideKind, ...] = get_args(OverrideKind)


@dataclass(frozen=True, slots=True)
class _Named:
    """What a name stands for, and which other kinds of things have it too."""

    kind: OverrideKind
    name: str
    others: tuple[OverrideKind, ...]


class Overrides:
    """Keeps them in the ledger, and in `present` as facts for `decide`. They end by themselves."""

    def __init__(
        self,
        rulebook: Rulebook,
        ledger: Ledger,
        clock: Clock,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_change` is called when something was closed or opened, or its time was over."""
        self.kept: tuple[OverrideKept, ...] = ()
        self.present: tuple[Override, ...] = ()
        self._rulebook = rulebook
        self._ledger = ledger
        self._clock = clock
        self._on_change = on_change
        self._one_at_a_time = asyncio.Lock()
        self._has_changed = asyncio.Event()

    async def begin(self) -> None:
        """Those that an earlier server was told of."""
        self._hold(await self._ledger.overrides(self._clock.now()))
        for kept in self.kept:
            _tell("closed by hand, as before the start", kept)

    async def close(self, asked: Close, author: str) -> Overridden:
        """See Controls. What is closed already gets the new end. Raises ChangeRefused, StoreFailed."""
        async with self._one_at_a_time:
            in_force, now = self._rulebook.present, self._clock.now()
            zone = in_force.rules.timezone
            named = _named(asked.name, _names_in(in_force.rules))
            until = moment_ahead("--until", asked.until, zone, now)
            warnings = (*_also(named, "close"), *_check_prompt(asked.say, in_force))
            new = OverrideKept(
                override_id=ids.new("ovr"),
                kind=named.kind,
                name=named.name,
                say=asked.say,
                why=asked.why.strip(),
                author=author,
                set_at=now,
                until=until,
            )
            await self._put(new, lifted=self._of(named), by=author)
            _tell("closed by hand", new)
        return Overridden(overrides=(new,), zone=zone.key, warnings=warnings)

    async def reopen(self, asked: Open, author: str) -> Overridden:
        """See Controls. What the rules do not have any more can be opened too. Raises ChangeRefused, StoreFailed."""
        async with self._one_at_a_time:
            zone = self._rulebook.present.rules.timezone
            closed: dict[OverrideKind, set[str]] = {kind: set() for kind in _KINDS}
            for kept in self.kept:
                closed[kept.kind].add(kept.name)
            if not self.kept:
                message = "nothing is closed by hand, so there is nothing to open"
                raise ChangeRefused(message)
            named = _closed_one(asked.name, closed, self._rulebook.present.rules)
            lifted = self._of(named)
            await self._put(None, lifted=lifted, by=author)
            for kept in lifted:
                _tell("opened by hand", replace(kept, author=author))
        return Overridden(overrides=lifted, zone=zone.key, warnings=_also(named, "open"))

    async def run(self) -> None:
        """Let each end when its time has come, until cancelled."""
        while True:
            self._has_changed.clear()
            now = self._clock.now()
            for kept in self.kept:
                if not kept.holds(now):
                    _tell("override ended by itself", kept)
            self._hold([kept for kept in self.kept if kept.holds(now)])
            ends = min((kept.until for kept in self.kept), default=None)
            seconds = (
                None
                if ends is None
                else min((ends - now).total_seconds() + 0.001, LOOK_AGAIN_SECONDS)
            )
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._has_changed.wait()

    def _of(self, named: _Named) -> tuple[OverrideKept, ...]:
        return tuple(
            kept for kept in self.kept if (kept.kind, kept.name) == (named.kind, named.name)
        )

    async def _put(
        self, new: OverrideKept | None, *, lifted: tuple[OverrideKept, ...], by: str
    ) -> None:
        now = self._clock.now()
        ended = [replace(kept, lifted_at=now, lifted_by=by) for kept in lifted]
        await self._ledger.put_overrides(*ended, *([] if new is None else [new]))
        stay = [kept for kept in self.kept if kept not in lifted]
        self._hold([*stay, *([] if new is None else [new])])
        self._has_changed.set()

    def _hold(self, kept: Collection[OverrideKept]) -> None:
        self.kept = tuple(sorted(kept, key=lambda one: (one.until, one.override_id)))
        before, self.present = self.present, as_facts_of(self.kept)
        if self.present != before:
            self._on_change()


def as_facts_of(kept: Iterable[OverrideKept]) -> tuple[Override, ...]:
    """The facts that the stored closings are."""
    return tuple(
        Override(one.kind, one.name, one.until, one.say, one.author, one.why, one.set_at)
        for one in kept
    )


def _names_in(rules: RuleSet) -> Mapping[OverrideKind, Collection[str]]:
    return {"site": rules.sites, "department": rules.departments, "queue": rules.queues}


def _named(text: str, known: Mapping[OverrideKind, Collection[str]]) -> _Named:
    """`bergen` is the site, if there is one; `queue bergen` is the queue. Raises ChangeRefused for neither."""
    first, _, rest = text.strip().partition(" ")
    kinds = [kind for kind in _KINDS if kind == first and rest] or list(_KINDS)
    name = rest.strip() if len(kinds) == 1 else text.strip()
    found = [kind for kind in kinds if name in known.get(kind, ())]
    if found:
        return _Named(found[0], name, tuple(found[1:]))
    nouns = kinds[0] if len(kinds) == 1 else "site, department or queue"
    advice = did_you_mean(name, {one for kind in kinds for one in known.get(kind, ())})
    message = f"there is no {nouns} called {name!r}" + (f"; {advice}" if advice else "")
    raise ChangeRefused(message)


def _closed_one(
    text: str, closed: Mapping[OverrideKind, Collection[str]], rules: RuleSet
) -> _Named:
    """What is to be opened. Raises ChangeRefused for what is not closed by hand, or is not there at all."""
    try:
        return _named(text, closed)
    except ChangeRefused:
        there = _named(
            text, {kind: {*names, *closed[kind]} for kind, names in _names_in(rules).items()}
        )
    known = ", ".join(f"{kind} {name}" for kind in _KINDS for name in sorted(closed[kind]))
    message = f"the {there.kind} {there.name} is not closed by hand; closed are: {known}"
    raise ChangeRefused(message)


def _also(named: _Named, verb: str) -> tuple[str, ...]:
    return tuple(
        f"there is a {kind} called {named.name} too: `ivr {verb} {kind} {named.name}` means that one"
        for kind in named.others
    )


def _check_prompt(say: str | None, in_force: RulesInForce) -> tuple[str, ...]:
    """Refuse a prompt without any recording; warn of one that some callers hear in another language."""
    if say is None:
        return ()
    names = in_force.prompts.names()
    languages = in_force.rules.languages
    missing = [language for language in languages if say not in names.get(language, ())]
    if len(missing) == len(languages):
        advice = did_you_mean(say, {one for found in names.values() for one in found})
        message = f"the prompt {say!r} has no recording" + (f"; {advice}" if advice else "")
        raise ChangeRefused(message)
    return tuple(f"the prompt {say!r} has no recording in {language}" for language in missing)


def _tell(what: str, kept: OverrideKept) -> None:
    log.info(
        what,
        closed=f"{kept.kind} {kept.name}",
        since=kept.set_at.isoformat(timespec="seconds"),
        until=kept.until.isoformat(timespec="seconds"),
        author=kept.author,
        why=kept.why,
    )
