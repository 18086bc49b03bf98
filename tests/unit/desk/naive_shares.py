"""Whose call it is where a queue is split, as one would tell of it: all that was given is a list, counted anew."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction


class Shares:
    """Whose call it is, in whole parts of a call."""

    def __init__(self, shares: dict[str, int], most: int) -> None:
        self.shares, self.most = shares, most
        self.had = dict.fromkeys(shares, 0)
        self.in_turn: list[str] = []
        self.owed = dict.fromkeys(shares, 0)
        self.made_up: set[str] = set()
        self.while_away: tuple[list[str], list[str]] = ([], [])

    def next(self, here: list[str]) -> str | None:
        """Give the next call."""
        if not here:
            return None
        due = [one for one in here if self.owed[one] >= 100 and one not in self.made_up]
        if due:
            site = max(due, key=lambda one: self.owed[one])
            self.made_up.add(site)
            self._outside_the_turns(site)
        elif len(here) == len(self.shares):
            site = whose_turn(self.shares, self.in_turn)
            self.in_turn.append(site)
            self.while_away = ([], [])
            self.made_up.discard(site)
        else:
            site = self._among(here)
            self.made_up.discard(site)
            self._outside_the_turns(site)
        self.had[site] += 1
        return site

    def move(self, before: str, here: list[str]) -> str | None:
        """The site that had the call cannot take it."""
        others = [one for one in here if one != before]
        if not others:
            return None
        site = self._among(others)
        self.had[before] -= 1
        self.had[site] += 1
        self.owed[before] += 100
        self.owed[site] -= 100
        self._let_go()
        return site

    def _among(self, here: list[str]) -> str:
        if self.while_away[0] != here:
            self.while_away = (here, [])
        site = whose_turn({one: self.shares[one] for one in here}, self.while_away[1])
        self.while_away[1].append(site)
        return site

    def _outside_the_turns(self, site: str) -> None:
        for one, parts in self.shares.items():
            self.owed[one] += parts
        self.owed[site] -= 100
        self._let_go()

    def _let_go(self) -> None:
        """More than so many calls are not made up; those who had them are forgiven as much, as their part of it is."""
        most = self.most * 100
        over = sum(max(0, parts - most) for parts in self.owed.values())
        if over:
            kept = {site: min(parts, most) for site, parts in self.owed.items()}
            debts = -sum(min(0, parts) for parts in kept.values())
            for site, parts in kept.items():
                if parts < 0:
                    kept[site] = parts + over * -parts // debts
            kept[min(kept, key=lambda one: kept[one])] -= sum(kept.values())
            self.owed = kept


def whose_turn(shares: dict[str, int], given: list[str]) -> str:
    """Tijdeman: of those who may have the next call, whose last moment for it comes first."""
    if len(shares) == 1:
        return next(iter(shares))
    whole, slack = sum(shares.values()), Fraction(1, 2 * len(shares) - 2)
    due = {one: Fraction(parts, whole) for one, parts in shares.items()}
    had, number = Counter(given), len(given) + 1
    may = [one for one in shares if due[one] * number - had[one] >= slack]
    return min(may, key=lambda one: (had[one] + 1 - slack) / due[one])
