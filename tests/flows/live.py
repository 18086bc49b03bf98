"""A switchboard whose rules can be changed under calls: the server's own parts, with twins behind every door."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from ivr.ari.exchange import NodeExchange
from ivr.ari.fake import FakeAsterisk, FakePhone
from ivr.ari.node import Node
from ivr.call import Ports
from ivr.control import Apply, Changed, Close, Open, Overridden, Rollback
from ivr.desk import Desk
from ivr.observe import Counts
from ivr.records.changes import Ledger
from ivr.records.record import CallRecord
from ivr.rulebook.changes import Changes
from ivr.rulebook.file import WatchedFile
from ivr.rulebook.in_force import Rulebook, take_rules
from ivr.rulebook.overrides import Overrides
from ivr.rules.lint.prompts import ENGINE_PROMPTS
from ivr.server.arrival import TimeOfCall
from ivr.server.left_behind import LeftBehind
from ivr.server.outgoing import OutgoingCalls
from ivr.server.phones import watch_phones
from ivr.server.supervisor import Supervisor
from ivr.server.trunks import TrunksInUse
from ivr.server.under_way import CallsUnderWay
from ivr.settings import Outgoing
from ivr.store.memory_journal import MemoryJournal
from ivr.store.open import open_store
from tests.clocks import LoopClock
from tests.flows.conftest import MONDAY_MORNING, PROMPTS, RULES, MessagesInMemory

P = ParamSpec("P")
T = TypeVar("T")

AT_BERGEN = RULES.replace("1: department kundeservice", "1: queue bergen")
"""As RULES, but key 1 leads to the queue of Bergen."""

WITHOUT_BERGEN = (
    RULES.replace("      2: queue bergen\n", "")
    .replace("{local: queue bergen, migrated: 2025-03-01}", "{local: queue kundeservice}")
    .replace("to: queue bergen}", "to: voicemail kundeservice}")
    .replace("queues: [bergen]}", "queues: [kundeservice]}")
    .replace(RULES[RULES.index("  bergen:\n    answer") : RULES.index("agents:")], "")
)
"""As RULES, but there is no queue of Bergen."""


async def at_once(function: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> T:
    """In place of a thread: on a loop whose time jumps, minutes would pass while a thread works."""
    return function(*given, **named)


class LiveSwitchboard:
    """As the server builds it, with one caller's and one agent's view of it for tests."""

    def __init__(
        self, folder: Path, ledger: Ledger, rules: str = RULES, *, is_watched: bool = True
    ) -> None:
        self.file = folder / "rules.yaml"
        self.file.write_text(rules)
        self.prompts = folder / "prompts"
        for name in (*PROMPTS, *ENGINE_PROMPTS):
            self.record(name)
        self.clock = LoopClock(MONDAY_MORNING)
        self.asterisk = FakeAsterisk()
        self.journal = MemoryJournal(
            clock=self.clock, monotonic_ns=lambda: int(asyncio.get_running_loop().time() * 1e9)
        )
        self.under_way = CallsUnderWay(self.journal, self.clock)
        self.node = Node(self.asterisk, app="ivr")
        in_force = take_rules(self.file, self.prompts)
        self.desk = Desk(in_force.rules)
        self.rulebook = Rulebook(in_force, self.desk, run=at_once)
        self.changes = Changes(
            self.rulebook,
            ledger,
            open_store(folder).texts,
            self.clock,
            WatchedFile(self.file, in_force, lambda _: "kari", is_watched=is_watched),
        )
        self.overrides = Overrides(self.rulebook, ledger, self.clock, self.desk.closings_changed)
        self.trunks = TrunksInUse(self.clock)
        self.outgoing = OutgoingCalls(
            Outgoing(),
            self.trunks,
            lambda: self.rulebook.present.rules.timezone,
            self.clock,
            Counts(),
        )
        self.supervisor = Supervisor(
            Ports(
                NodeExchange(self.node),
                in_force.prompts,
                self.under_way,
                Counts(),
                MessagesInMemory(),
            ),
            self.desk,
            lambda: self.rulebook.present.rules,
            TimeOfCall(self.clock),
            prompts=lambda: self.rulebook.present.prompts,
            overrides=lambda: self.overrides.present,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[LiveSwitchboard]:
        await self.changes.begin()
        await self.overrides.begin()
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self.supervisor.run()),
                group.create_task(watch_phones(self.node, self.desk)),
                group.create_task(LeftBehind(self.node, self.supervisor, self.under_way).run()),
                group.create_task(self.node.run()),
                group.create_task(self.changes.timed.run()),
                group.create_task(self.overrides.run()),
            ]
            await self.node.ready()
            yield self
            for task in tasks:
                task.cancel()

    def record(self, prompt: str) -> None:
        """Put a recording of a prompt into the folder of prompts."""
        for language in ("nb", "en"):
            (self.prompts / language).mkdir(parents=True, exist_ok=True)
            with wave.open(str(self.prompts / language / f"{prompt}.wav"), "wb") as recording:
                recording.setnchannels(1)
                recording.setsampwidth(2)
                recording.setframerate(8000)
                recording.writeframes(bytes(1600))

    async def signs_in(self, name: str, **behaviour: Any) -> FakePhone:
        phone = self.asterisk.phone(f"PJSIP/{name}", gone=True, **behaviour)
        phone.registers()
        await asyncio.sleep(0.1)
        return phone

    async def calls(self, *, keys: str = "") -> Any:
        """A caller who hears the welcome, and keys."""
        caller = self.asterisk.ring("+4790000001", dialled="+4755301000")
        await caller.hears("welcome")
        if keys:
            caller.keys(keys)
        return caller

    async def edits(self, rules: str) -> None:
        self.file.write_text(rules)
        await self.changes.file_edited()

    async def applies(self, rules: str, **more: Any) -> Changed:
        more.setdefault("why", "a new week")
        asked = Apply(file="/etc/new.yaml", text=rules, **more)
        return await self.changes.apply(asked, "ola")

    async def rolls_back(self, revision: str | None = None) -> Changed:
        return await self.changes.rollback(Rollback(revision=revision), "ola")

    async def closes(self, name: str, until: str, **more: Any) -> Overridden:
        return await self.overrides.close(Close(name=name, until=until, **more), "ola")

    async def opens(self, name: str) -> Overridden:
        return await self.overrides.reopen(Open(name=name), "ola")

    @property
    def revision(self) -> str:
        return self.rulebook.present.rules.revision

    @property
    def records(self) -> tuple[CallRecord, ...]:
        return self.journal.latest(5000)
