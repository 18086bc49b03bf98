"""Ways of keying, by the key that leads on: who presses 9 for English and then 1 has keyed 1 as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from ivr.proving.plan.changes import WRONG_KEY, KeyedRow

NO_KEY = ""


def named(
    rows: Iterable[KeyedRow], tried: Iterable[KeyedRow], idle: Collection[str]
) -> tuple[str, ...]:
    """The shortest ways to key these; `()` where it makes no difference what is keyed.

    `tried` are all that were keyed, `idle` those after which a caller stands in a menu and keys nothing more: NO_KEY
    stands for all of them, WRONG_KEY for those that end with a wrong one.
    """
    keyed = {row.keys: row for row in rows if not row.said}
    all_ways = {row.unanswered for row in tried if not row.said}
    has_menu = any(row.menu for row in all_ways)
    if not has_menu or keyed.keys() >= {row.keys for row in all_ways}:
        return ()
    found: set[str] = set()
    for sort, some in _sorts(all_ways, idle).items():
        if some.keys() <= keyed.keys():
            chosen = min(some.values(), key=lambda row: (len(row.chosen), row.chosen)).chosen
            found.add(sort if sort in {NO_KEY, WRONG_KEY} else chosen)
            keyed = {keys: row for keys, row in keyed.items() if keys not in some}
    found |= {row.chosen for row in keyed.values()}
    return tuple(sorted(found, key=lambda one: (one in {NO_KEY, WRONG_KEY}, len(one), one)))


def _sorts(rows: Iterable[KeyedRow], idle: Collection[str]) -> dict[str, dict[str, KeyedRow]]:
    """Rows that end with the same key of the same menu, by their keys."""
    found: dict[str, dict[str, KeyedRow]] = defaultdict(dict)
    for row in rows:
        if row.key == WRONG_KEY:
            found[WRONG_KEY][row.keys] = row
        elif row.keys in idle:
            found[NO_KEY][row.keys] = row
        else:
            found[f"{row.menu} {row.key}"][row.keys] = row
    return found
