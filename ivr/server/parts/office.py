"""The office: the rules in force, those who change them, and the desk that leads calls to people by them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Self

from ivr.call import Music
from ivr.desk import Desk, Logbook
from ivr.rulebook.changes import Changes
from ivr.rulebook.file import WatchedFile
from ivr.rulebook.in_force import Rulebook, RulesInForce
from ivr.rulebook.overrides import Overrides
from ivr.rules.model import RuleSet
from ivr.server.asterisk import AsteriskInUse
from ivr.server.books import Books
from ivr.server.control import owner_of
from ivr.server.parts.ground import Ground
from ivr.store.door import Store


@dataclass(frozen=True, slots=True)
class Office:
    """Where it is decided what becomes of a call."""

    desk: Desk
    books: Books
    rulebook: Rulebook
    changes: Changes
    overrides: Overrides
    music: Music

    @classmethod
    async def on(cls, ground: Ground) -> Self:
        in_force, ledger, clock = ground.in_force, ground.kept.ledger, ground.clock
        desk = Desk(in_force.rules, await Logbook(ledger, clock).opened())
        books, music = Books.of(clock), Music()
        rulebook = Rulebook(
            in_force,
            desk,
            prepare=partial(_prepare, ground.asterisk, music, books, ground.store),
            refuse=ground.asterisk.refuse,
        )
        is_watched = ground.settings.rules.watch
        file = WatchedFile(ground.asked.rules, in_force, owner_of, is_watched=is_watched)
        changes = Changes(rulebook, ledger, ground.store.texts, clock, file)
        return cls(
            desk,
            books,
            rulebook,
            changes,
            Overrides(rulebook, ledger, clock, desk.closings_changed),
            music,
        )

    def rules(self) -> RuleSet:
        """Those in force now."""
        return self.rulebook.present.rules


async def _prepare(
    asterisk: AsteriskInUse, music: Music, books: Books, store: Store, new: RulesInForce
) -> None:
    """What new rules need is there before the first call meets them; who waits already hears the new music."""
    music.begin_anew(await asterisk.prepare(new))
    await books.prepare(store, new.rules)
