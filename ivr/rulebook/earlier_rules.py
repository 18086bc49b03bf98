"""Rules that were in force before, or are to be: which change is meant, and its rules from the text that was kept."""

from __future__ import annotations

from ivr.errors import ChangeRefused
from ivr.records.changes import HOW_FAR_BACK, Ledger, RulesChange
from ivr.rulebook.in_force import Rulebook, RulesInForce
from ivr.rulebook.text import RulesText
from ivr.store.door import Texts


class EarlierRules:
    """Finds changes in the history, and reads what was kept of them."""

    def __init__(self, rulebook: Rulebook, ledger: Ledger, texts: Texts) -> None:
        self._rulebook = rulebook
        self._ledger = ledger
        self._texts = texts

    async def change(self, named: str | None, present: str) -> RulesChange:
        """The one that brought the revision named so; without a name, the last one with other rules than `present`.

        Raises ChangeRefused, StoreFailed.
        """
        changes = await self._ledger.changes(HOW_FAR_BACK)
        if named is not None:
            revision = self._texts.named(named)
            found = [one for one in changes if one.revision == revision]
            message = f"the history does not know revision {revision[:12]}; `ivr history` lists those it does"
        else:
            found = [one for one in changes if one.state == "taken" and one.revision != present]
            message = "no other rules have been in force here, so there is nothing to go back to"
        if not found:
            raise ChangeRefused(message)
        return found[0]

    async def read(self, change: RulesChange) -> RulesInForce:
        """Its rules. Raises RulesRefused, and ChangeRefused where their text is gone or changed."""
        kept = await self._rulebook.run(self._texts.read, change)
        new = await self._rulebook.read(RulesText.kept(kept))
        if new.rules.revision != change.revision:
            message = f"{kept.file} is no longer the text of its revision: somebody changed it"
            raise ChangeRefused(message)
        return new
