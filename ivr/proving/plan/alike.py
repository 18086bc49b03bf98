"""Sites that two rule sets treat alike, but for their names and those of the queues that only they have.

Of numbers and answers that belong alike one is tried. What comes of it has a mark, `@1`, for each name that only its
own site has; the names that stand for the mark elsewhere are kept beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cached_property

from ivr.numbers import PhoneNumber
from ivr.proving.moments import days_of_site
from ivr.proving.outcomes import Outcome
from ivr.rules.model import LocalDepartment, Location, RuleSet, Site, ToQueue

_OF_ENTRY = frozenset({"number", "title", "site", "at"})
_OF_SITE = frozenset({"name", "title", "at", "departments", "postcodes", "phone", "at_most"})
_OF_QUEUE = frozenset({"name", "at"})
_NOT_OF_CORE = frozenset(
    {
        "revision",
        "file",
        "files",
        "numbers",
        "anything_else",
        "sites",
        "queues",
        "agents",
        "postcodes",
    }
)


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where calls belong under one rule set: the site, what is alike about it, and the marks for names of its own."""

    site: str | None
    shape: Hashable
    marks: Mapping[str, str]
    dates: frozenset[date]

    def marked(self, outcome: Outcome) -> Outcome:
        """The outcome with marks for names."""
        kind, _, name = outcome.ends.partition(" ")
        mark = self.marks.get(name) if kind == "queue" else None
        return replace(outcome, ends=f"queue {mark}") if mark else outcome


NOWHERE = Belonging(None, None, {}, frozenset())


class Likeness:
    """What one rule set treats alike."""

    def __init__(self, rules: RuleSet, today: date) -> None:
        self.rules = rules
        self._today = today
        self._known: dict[str | None, Belonging] = {None: NOWHERE}

    def entry(self, number: PhoneNumber) -> Hashable:
        """What is alike about a number, whatever its site."""
        entry = self.rules.numbers.get(number, self.rules.anything_else)
        return bare(entry, _OF_ENTRY)

    def of_number(self, number: PhoneNumber) -> Belonging:
        """Where callers of a number belong."""
        entry = self.rules.numbers.get(number, self.rules.anything_else)
        return self.of_site(entry.site if entry else None)

    def of_site(self, name: str | None) -> Belonging:
        """Where callers of a site belong."""
        if name not in self._known:
            self._known[name] = self._belonging(self.rules.sites[str(name)])
        return self._known[name]

    @cached_property
    def core(self) -> Hashable:
        """What all calls meet. Queues that one site alone has are not among it, nor are numbers and sites."""
        # How long a site is asked for is of no use where nobody is asked.
        left_out = _NOT_OF_CORE if self.rules.questions else {*_NOT_OF_CORE, "local_until"}
        names = (one.name for one in fields(self.rules) if one.name not in left_out)
        shared = {
            name: one for name, one in self.rules.queues.items() if name not in self._own_queues
        }
        tables = tuple((name, bare(getattr(self.rules, name))) for name in names)
        return tables, bare(shared), self._with_shares

    @property
    def _with_shares(self) -> Hashable:
        """How sites take their shares of queues, whoever calls."""
        named = {site for queue in self.rules.queues.values() for site in queue.split}
        found = (site for name, site in self.rules.sites.items() if name in named)
        return tuple((site.name, site.phone, site.at_most) for site in found)

    @cached_property
    def _own_queues(self) -> frozenset[str]:
        """Queues that one site sends calls to, and nothing else in the rules does."""
        sites = Counter(
            name
            for site in self.rules.sites.values()
            for name in {_queue_of(local) for local in site.departments.values()}
        )
        elsewhere = {
            one.name for one in _parts_of(replace(self.rules, sites={})) if isinstance(one, ToQueue)
        }
        return frozenset(name for name, count in sites.items() if count == 1) - elsewhere - {""}

    @cached_property
    def _lists_of_sites(self) -> tuple[frozenset[str], ...]:
        """Where rules name some of the sites: their notices, say."""
        parts = _parts_of((self.rules.notices, self.rules.holidays))
        found = (getattr(one, "sites", None) for one in parts)
        return tuple(names for names in found if isinstance(names, frozenset) and names)

    def _belonging(self, site: Site) -> Belonging:
        marks: dict[str, str] = {}
        shapes = []
        for name, local in sorted(site.departments.items()):
            queue = _queue_of(local)
            to: Hashable = bare(local.local)
            if queue in self._own_queues:
                mark = marks.setdefault(queue, f"@{len(marks) + 1}")
                to = mark, bare(self.rules.queues[queue], _OF_QUEUE)
            rest = bare(self._as_of_today(local), {"local", "at", "migrated_at"})
            shapes.append((name, to, rest))
        named = tuple(site.name in names for names in self._lists_of_sites)
        shape = tuple(shapes), named, bare(site, _OF_SITE)
        dates = frozenset(day for day in days_of_site(site) if day >= self._today)
        return Belonging(site.name, shape, marks, dates)

    def _as_of_today(self, local: LocalDepartment) -> LocalDepartment:
        """What has moved by now has moved, whenever that was."""
        has_moved = local.migrated is not None and local.migrated <= self._today
        return replace(local, migrated=date.min) if has_moved and not local.ramp else local


def are_alike(
    before: Belonging, after: Belonging, queues: tuple[Iterable[str], Iterable[str]]
) -> Hashable:
    """The same for two that both rule sets treat alike, and that keep or change their names in the same way.

    `queues` are those that the rule sets have: a name of a site's own under one of them may be anybody's under the
    other, and is nobody else's then.
    """
    kept = tuple(
        (mark, other.marks.get(name, name if name in names else None))
        for one, other, names in ((before, after, queues[1]), (after, before, queues[0]))
        for name, mark in one.marks.items()
    )
    sites = before.site, after.site
    moved: object = sites[0] is None if sites[0] == sites[1] else sites
    return before.shape, after.shape, kept, moved


def bare(value: object, without: Iterable[str] = ()) -> Hashable:
    """What a value of the model says, and not where it stands; fields named in `without` are left out."""
    if isinstance(value, Location):
        return None
    if isinstance(value, PhoneNumber):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        names = (one.name for one in fields(value) if one.name not in without)
        return (type(value).__name__, *(bare(getattr(value, name)) for name in names))
    if isinstance(value, Mapping):
        return tuple((key, bare(one)) for key, one in value.items())
    if isinstance(value, tuple | list):
        return tuple(bare(one) for one in value)
    return value if isinstance(value, Hashable) else repr(value)


def _queue_of(local: LocalDepartment) -> str:
    """The queue that a site sends a department's calls to; "" where it is something else."""
    to = local.local.to
    return to.name if isinstance(to, ToQueue) else ""


def _parts_of(value: object) -> Iterator[object]:
    """The value and all that it is made of."""
    yield value
    if is_dataclass(value) and not isinstance(value, type | Location | PhoneNumber):
        for one in fields(value):
            yield from _parts_of(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _parts_of(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _parts_of(part)
