"""Settings read once more: wholly taken, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import cast

import pytest

from ivr.ari.link import Address
from ivr.asterisk.registrations import SignIn
from ivr.errors import ChangeRefused, ConfigRefused
from ivr.observe import Counts
from ivr.rulebook.in_force import RulesInForce
from ivr.server.asterisk import AsteriskInUse
from ivr.server.outgoing import OutgoingCalls
from ivr.server.settings_in_force import SettingsInForce
from ivr.server.signals import StopSignals
from ivr.server.trunks import TrunksInUse
from ivr.server.watcher import Watcher
from ivr.settings import Settings, SettingsSource
from ivr.trunks import CarrierName, LooksUp, Machine, NameBook, NameUnknown, Trunk, open_trunk
from ivr.trunks.names import AFTER_FAILURE_SECONDS, EVERY_SECONDS
from tests.flows.live import at_once
from tests.unit.server.test_trunks import StoppedClock

TELIA = '[[trunk]]\nname = "telia"\naddresses = ["192.0.2.1"]\n'
LYSE = '[[trunk]]\nname = "lyse"\naddresses = ["192.0.2.2"]\n'


@dataclass(slots=True, kw_only=True)
class Twin(AsteriskInUse):
    """Takes every trunk but `deaf_to`."""

    deaf_to: str = ""
    has: tuple[Trunk, ...] = ()
    tried: list[str] = field(default_factory=list)
    look: LooksUp = lambda _: ()

    @property
    def trunks(self) -> tuple[Trunk, ...]:
        return self.has

    @property
    def not_taken(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.has if one.name == self.deaf_to)

    async def sign_in_again(self, names: Iterable[str]) -> None:
        self.tried += names

    async def take(self, settings: Settings, rules: Callable[[], RulesInForce]) -> tuple[str, ...]:
        self.has = tuple(open_trunk(one, self.look) for one in settings.trunk)
        return ()


@dataclass(slots=True)
class TwinOfNames:
    """Name servers: what each name means, and how often they were asked."""

    says: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: int = 0
    is_silent: bool = False

    async def __call__(self, name: CarrierName) -> tuple[Machine, ...]:
        self.asked += 1
        if self.is_silent:
            await asyncio.Event().wait()
        if name.host not in self.says:
            raise NameUnknown("nobody knows it")
        return (Machine(name.host, None, self.says[name.host]),)


@dataclass(slots=True)
class Live:
    """Settings in force, and their file."""

    file: Path
    twin: Twin
    name_servers: TwinOfNames = field(default_factory=TwinOfNames)
    names: NameBook = field(init=False)
    settings: SettingsInForce = field(init=False)

    def __post_init__(self) -> None:
        source = SettingsSource(lambda: self.file if self.file.exists() else None)
        self.names = NameBook(self.name_servers, StoppedClock(), self.file.with_name("names.json"))
        trunks = TrunksInUse(StoppedClock(), lambda: self.twin.trunks, self.names.unresolved)
        present = source.read()
        outgoing = OutgoingCalls(present.outgoing, trunks, lambda: UTC, StoppedClock(), Counts())
        self.twin.look = self.names.look
        self.twin.has = tuple(open_trunk(one, self.names.look) for one in present.trunk)
        rules = cast("Callable[[], RulesInForce]", lambda: None)
        self.settings = SettingsInForce(
            present,
            source,
            self.twin,
            trunks,
            outgoing,
            rules,
            StoppedClock(),
            self.names,
            run=at_once,
        )

    def write(self, text: str) -> None:
        self.file.write_text(text)


@pytest.fixture
def live(tmp_path: Path) -> Live:
    file = tmp_path / "ivr.toml"
    file.write_text(TELIA)
    return Live(file, Twin(address=Address("127.0.0.1", 1, "", ""), application="ivr", sip=""))


async def test_what_came_changed_and_went_is_told_by_name(live: Live) -> None:
    live.write(TELIA + "calls_at_once = 3\n" + LYSE + "[outgoing]\ncalls_each_minute = 3\n")
    first = await live.settings.reload("kari")

    assert (first.added, first.changed, first.removed) == (("lyse",), ("telia",), ())
    assert first.others == ("outgoing",)
    assert live.settings.outgoing.said.calls_each_minute == 3

    live.write(LYSE)
    second = await live.settings.reload("kari")
    assert (second.added, second.changed, second.removed) == ((), (), ("telia",))


async def test_another_order_of_trial_is_told(live: Live) -> None:
    live.write(TELIA + LYSE)
    await live.settings.reload("kari")
    live.write(LYSE + TELIA)

    assert (await live.settings.reload("kari")).others == ("the order of trunks",)


async def test_what_asterisk_did_not_take_is_told_by_name(live: Live) -> None:
    live.twin.deaf_to = "lyse"
    live.write(TELIA + LYSE)

    assert (await live.settings.reload("kari")).not_taken == ("lyse",)


async def test_a_fault_changes_nothing_and_is_a_problem_until_it_is_mended(live: Live) -> None:
    live.write(LYSE + "calls_at_once = many\n")
    with pytest.raises(ConfigRefused, match="line 4"):
        await live.settings.reload("kari")

    assert [one.name for one in live.twin.trunks] == ["telia"]
    (problem,) = live.settings.problems()
    assert "line 4" in problem

    live.write(TELIA)
    await live.settings.reload("kari")
    assert list(live.settings.problems()) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[sip]\naddress = "127.0.0.1:5999"\n', "sip.address"),
        ('[web]\naddress = "127.0.0.1:8081"\n', "web.address"),
        ("[rules]\nwatch = false\n", "rules.watch"),
        ("[calls]\ndrain_seconds = 1\n", "calls.drain_seconds"),
    ],
)
async def test_what_needs_a_restart_is_refused_with_every_key(
    live: Live, text: str, key: str
) -> None:
    live.write(text + "[test]\ncall_time_header = true\n" + LYSE)

    with pytest.raises(ChangeRefused, match=r"Restart it") as refused:
        await live.settings.reload("kari")

    assert f"{key}, test.call_time_header changed" in str(refused.value)
    assert [one.name for one in live.twin.trunks] == ["telia"]


async def test_a_signal_reloads_and_a_fault_waits_for_the_next(live: Live) -> None:
    told = StopSignals()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(live.settings.reload_when_told(told.reload, Watcher()))
        live.write("[sip")
        told.hang_up(terminal_is_gone=False)
        async with asyncio.timeout(5):
            while live.settings.refused is None:  # noqa: ASYNC110 - another task's state
                await asyncio.sleep(0)
        live.write(LYSE)
        told.hang_up(terminal_is_gone=False)
        async with asyncio.timeout(5):
            while [one.name for one in live.twin.trunks] != ["lyse"]:  # noqa: ASYNC110
                await asyncio.sleep(0)
        task.cancel()


async def test_a_terminal_that_is_closed_stops_the_server() -> None:
    told = StopSignals()
    told.hang_up(terminal_is_gone=True)

    assert told.orderly.is_set()
    assert not told.reload.is_set()


NAMED = '[[trunk]]\nname = "telia"\naddresses = ["sip.telia.example"]\n'


async def test_names_are_asked_for_at_a_reload_and_what_they_mean_goes_live_by_itself(
    live: Live,
) -> None:
    live.name_servers.says["sip.telia.example"] = ("192.0.2.1",)
    live.write(NAMED)
    await live.settings.reload("kari")
    assert [host.host for host in live.twin.trunks[0].hosts] == ["192.0.2.1"]

    live.name_servers.says["sip.telia.example"] = ("192.0.2.7",)
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(live.settings.watch_names())
        async with asyncio.timeout(100 * EVERY_SECONDS):
            while live.twin.trunks[0].hosts[0].host != "192.0.2.7":  # noqa: ASYNC110
                await asyncio.sleep(1)
        watching.cancel()


async def test_a_name_that_is_not_resolved_is_asked_for_sooner_and_its_last_answer_stays(
    live: Live,
) -> None:
    live.name_servers.says["sip.telia.example"] = ("192.0.2.1",)
    live.write(NAMED)
    await live.settings.reload("kari")
    del live.name_servers.says["sip.telia.example"]

    told = await live.settings.reload("kari")

    assert told.changed == ()
    assert live.names.wait_seconds == AFTER_FAILURE_SECONDS
    (problem,) = live.settings.trunks.problems()
    assert problem.startswith("trunk telia: the name sip.telia.example is not resolved")
    (view,) = live.settings.trunks.views()
    assert "the answer of 2026-11-26T12:00:00+00:00 is used" in view.troubles[0]


async def test_a_reload_tries_at_once_what_is_not_signed_in(live: Live) -> None:
    word = live.file.with_name("word")
    word.write_text("hemmelig")
    word.chmod(0o600)
    keys = 'register = true\naccount = "47"\npassword_file = "word"\n'
    live.write(TELIA + keys + LYSE)

    await live.settings.reload("kari")
    assert live.twin.tried == []  # Asterisk has just begun to, by itself
    live.settings.trunks.signing_in.failed("telia", 403)
    await live.settings.reload("kari")
    assert live.twin.tried == ["telia"]
    await live.settings.reload("kari")
    assert live.twin.tried == ["telia"]  # that one may still be answered

    live.settings.trunks.registered({"telia": SignIn(is_registered=True, seconds_left=60)})
    await live.settings.reload("kari")
    assert live.twin.tried == ["telia"]


async def test_a_reload_does_not_wait_for_name_servers_that_are_being_asked(live: Live) -> None:
    live.name_servers.says["sip.telia.example"] = ("192.0.2.1",)
    live.write(NAMED)
    await live.settings.reload("kari")
    live.name_servers.is_silent = True
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(live.settings.watch_names())
        asked = live.name_servers.asked
        while live.name_servers.asked == asked:  # noqa: ASYNC110 - another task's state
            await asyncio.sleep(1)
        is_kept_out = live.settings._one_at_a_time.locked()
        watching.cancel()

    assert not is_kept_out
