"""Changes of the rules in force: who asked for them, when and why; at once, later, or back again."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog
from msgspec.structs import replace

from ivr import ids
from ivr.clock import Clock
from ivr.control import Apply, CallOff, Changed, Rollback
from ivr.errors import ChangeRefused, ConfigRefused, IvrError, StoreFailed
from ivr.records.changes import HOW_FAR_BACK, SHORTEST, ChangeState, HowChanged, Ledger, RulesChange
from ivr.rulebook.earlier_rules import EarlierRules
from ivr.rulebook.file import WatchedFile
from ivr.rulebook.in_force import Rulebook, RulesInForce
from ivr.rulebook.moment import moment_ahead
from ivr.rulebook.refusals import Refusals
from ivr.rulebook.text import RulesText
from ivr.rulebook.timed_changes import TimedChanges
from ivr.store.door import Texts

log = structlog.get_logger()


class Changes:
    """Takes changes one after another; each is read completely and written down before it is taken.

    `file` is what the server was started with: an edit of it is a change, too.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        ledger: Ledger,
        texts: Texts,
        clock: Clock,
        file: WatchedFile,
    ) -> None:
        self.latest: RulesChange | None = None
        self.timed = TimedChanges(ledger, clock, self._take_timed)
        self.refusals = Refusals()
        self._file = file
        self._rulebook = rulebook
        self._ledger = ledger
        self._texts = texts
        self._earlier = EarlierRules(rulebook, ledger, texts)
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    @property
    def warning(self) -> str | None:
        """Set while a restart would bring other rules than those in force."""
        return self._file.warning(self._rulebook.present.rules.revision)

    @property
    def text_of_file(self) -> RulesText:
        """What was read from the file last."""
        return self._file.text

    async def begin(self) -> None:
        """At the start the file is the truth: write it down, and say so where something else was in force before."""
        present = self._rulebook.present
        self._keep(present)
        await self.timed.begin()
        taken = [one for one in await self._ledger.changes(HOW_FAR_BACK) if one.state == "taken"]
        if taken and taken[0].revision == present.rules.revision:
            self.latest = taken[0]
            return
        if taken:
            log.warning(
                "rules differ from those in force before the start",
                file=str(self._file.path),
                revision=present.rules.revision[:12],
                before=taken[0].revision[:12],
                author=taken[0].author,
                why=taken[0].why,
            )
        why = "the file as the server found it at its start"
        change = self._change("start", self._file.author, why, present)
        self.latest = self._settled(change, "taken")
        await self._ledger.put_changes(self.latest)

    async def apply(self, asked: Apply, author: str) -> Changed:
        """See Controls. Raises RulesRefused, ChangeRefused, StoreFailed."""
        if not asked.why.strip():
            message = "say why, with -m: it is kept in the history"
            raise ChangeRefused(message)
        async with self._one_at_a_time:
            new = await self._rulebook.read(RulesText.sent(asked.file, asked.text, asked.included))
            _require_same(asked.planned, new.rules.revision)
            if asked.at is None:
                await self._meet_file(new)
            before = self._rulebook.present
            change = self._change("apply", author, asked.why, new)
            if asked.at is not None:
                due = moment_ahead("--at", asked.at, new.rules.timezone, self._clock.now())
                change = replace(change, due_at=due)
                self._keep(new)
                await self.timed.add(change)
            else:
                change = await self._take(change, new)
        return self._changed(change, before, new)

    async def rollback(self, asked: Rollback, author: str) -> Changed:
        """See Controls. Raises RulesRefused, ChangeRefused, StoreFailed."""
        async with self._one_at_a_time:
            await self._meet_file()
            before = self._rulebook.present
            earlier = await self._earlier.change(asked.revision, before.rules.revision)
            new = await self._earlier.read(earlier)
            why = asked.why.strip() or f"back to {earlier.revision[:12]}"
            change = await self._take(self._change("rollback", author, why, new), new)
        return self._changed(change, before, new)

    async def call_off(self, asked: CallOff, author: str) -> Changed:
        """See Controls. Raises ChangeRefused, StoreFailed."""
        async with self._one_at_a_time:
            change = self.timed.named(asked.change)
            reason = f"called off by {author}"
            settled = replace(self._settled(change, "called_off"), reason=reason)
            await self._ledger.put_changes(settled)
            self.timed.forget(change)
            log.info("planned rules called off", revision=change.revision[:12], by=author)
        return Changed(change=settled, before=self._rulebook.present.rules.revision)

    async def is_file_another(self) -> bool:
        """Whether the file says something else than what was read from it last."""
        try:
            return await self._rulebook.text(self._file.path) != self._file.text
        except ConfigRefused:
            return True

    async def file_edited(self) -> None:
        """The file was written anew: take it if it is right; if not, say so and change nothing."""
        async with self._one_at_a_time:
            try:
                await self._take_file(await self._rulebook.text(self._file.path))
            except ConfigRefused as error:
                self._refuse_file(error)

    async def prompts_changed(self) -> None:
        """Recordings came, went or are others: the next call hears them, with the rules that are in force.

        What the rules cannot do without is not taken away from them: the recordings stay as they were known, and a
        call that meets a file which is gone plays another in its place. That is told until it is mended. A file that
        was refused is looked at again: it may have waited for just these recordings.
        """
        async with self._one_at_a_time:
            present = self._rulebook.present
            try:
                new = await self._rulebook.read(present.written)
            except IvrError as error:
                folder = str(present.prompts_folder)
                self.refusals.add("recordings", folder, error, self._clock.now())
                return
            self.refusals.forget("recordings")
            if not new.prompts.is_as(present.prompts):
                await self._rulebook.swap(new)
                log.info("recordings taken", recordings=len(new.prompts.recordings))
            if self._file.is_watched and self.refusals.has("edit"):
                await self._take_file(self._file.text)

    def _keep(self, read: RulesInForce) -> None:
        self._texts.keep(read.rules.revision, read.written.to_keep())

    async def _meet_file(self, sent: RulesInForce | None = None) -> None:
        """What the file said when a change was asked for came before it, though the watcher has not looked since.

        Else that would be taken after the change, and undo it. Where the file says what was `sent`, it is one change.
        """
        try:
            text = await self._rulebook.text(self._file.path)
        except ConfigRefused:
            return  # the watcher will say so
        if sent is not None and text.says_what(sent.written):
            self._file.text, self._file.revision = text, sent.rules.revision
            self.refusals.forget("edit")
        elif self._file.is_watched and text != self._file.text:
            await self._take_file(text)

    async def _take_file(self, text: RulesText) -> None:
        """Take what the file says, if it is right and an edit: what is settled was only written or touched again."""
        self._file.text = text
        try:
            new = await self._rulebook.read(text)
            self._file.revision = new.rules.revision
            present = self._rulebook.present
            is_as_before = new.rules.revision == present.rules.revision
            if not is_as_before and self._file.is_settled:
                log.warning("rules file touched, and not taken", warning=self.warning)
                new, is_as_before = await self._rulebook.read(present.written), True
        except IvrError as error:
            self._refuse_file(error)
            return
        if is_as_before:
            self._file.settle()
            await self._rulebook.swap(new)
            log.info("rules and recordings read again", revision=new.rules.revision[:12])
        else:
            await self._take_edit(new)
        self.refusals.forget("edit")

    def _refuse_file(self, error: IvrError) -> None:
        self._file.revision = None
        self.refusals.add("edit", str(self._file.path), error, self._clock.now())

    async def _take(self, change: RulesChange, new: RulesInForce) -> RulesChange:
        """Write it down, then take it: what is in force stands in the history."""
        self._keep(new)
        settled = self._settled(change, "taken")
        await self._ledger.put_changes(settled)
        await self._swap(settled, new)
        return settled

    async def _take_edit(self, new: RulesInForce) -> None:
        """Whoever edits a file cannot be told no: a history that cannot be written stops no edit."""
        change = self._change("edit", self._file.author, f"{self._file.path} was edited", new)
        try:
            await self._take(change, new)
        except StoreFailed as error:
            log.warning("rules taken, and not written down", error=str(error))
            await self._swap(self._settled(change, "taken"), new)

    async def _swap(self, settled: RulesChange, new: RulesInForce) -> None:
        await self._rulebook.swap(new)
        self._file.settle()
        self.latest = settled
        self.refusals.forget("apply")
        log.info(
            "rules taken",
            revision=settled.revision[:12],
            how=settled.how,
            author=settled.author,
            why=settled.why,
        )

    async def _take_timed(self, change: RulesChange) -> None:
        """What was right when it was asked for may have lost a recording since: then it is refused, and told."""
        async with self._one_at_a_time:
            if change not in self.timed.waiting:
                return  # called off while another change was taken
            self.timed.forget(change)
            try:
                await self._meet_file()
                new = await self._earlier.read(change)
                await self._take(change, new)
            except IvrError as error:
                self.refusals.add("apply", change.file, error, self._clock.now())
                refused = replace(self._settled(change, "refused"), reason=str(error))
                with suppress(StoreFailed):
                    await self._ledger.put_changes(refused)

    def _change(self, how: HowChanged, author: str, why: str, new: RulesInForce) -> RulesChange:
        now = self._clock.now()
        return RulesChange(
            change_id=ids.new("chg"),
            asked_at=now,
            due_at=now,
            how=how,
            author=author,
            why=why.strip(),
            revision=new.rules.revision,
            file=new.file,
            state="planned",
        )

    def _settled(self, change: RulesChange, state: ChangeState) -> RulesChange:
        return replace(change, state=state, settled_at=self._clock.now())

    def _changed(self, change: RulesChange, before: RulesInForce, new: RulesInForce) -> Changed:
        differs = self.warning if change.state == "taken" else None
        warnings = (*new.findings, differs) if differs else new.findings
        return Changed(change=change, before=before.rules.revision, warnings=warnings)


def _require_same(planned: str | None, found: str) -> None:
    """Refuse rules that are not those which were looked at before."""
    if planned is None or (len(planned) >= SHORTEST and found.startswith(planned)):
        return
    message = (
        f"these rules are revision {found[:12]}, and {planned[:12]} was planned: the file was changed since. Look at "
        "what it would do now with `ivr plan`, then apply it with the revision that it says"
    )
    raise ChangeRefused(message)
