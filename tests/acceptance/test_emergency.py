"""Emergency calls on a real Asterisk that no server is linked to, over played carriers of every mood."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_network
from pathlib import Path

import pytest
import pytest_asyncio

from ivr.asterisk import console, letterbox, log_file, run
from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.passwords import keep_passwords
from ivr.asterisk.run import RunningAsterisk
from ivr.numbers import PhoneNumber
from ivr.records.emergency import EmergencyRecord
from ivr.settings import SipHost, TrunkSettings
from ivr.store.open import open_store
from ivr.trunks import Trunk
from tests.acceptance.bare import KARI, bare_plan
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.plain_sip import Message, PlainPhone, plain_phone
from tests.acceptance.probe import Address, Inbox, offer
from tests.acceptance.serving import Addresses, Server, addresses, started, tone_prompts

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

TELIA, LYSE = "127.0.0.2", "127.0.0.3"
SITE = PhoneNumber("+4755301000")
FIRST_ANSWER_SECONDS = 2

RINGS = ("100 Trying", "180 Ringing")
FAILS: dict[str, tuple[str, ...]] = {
    "refuses with 503": ("503 Service Unavailable",),
    "is busy": ("486 Busy Here",),
    "declines": ("603 Decline",),
    "knows no such number": ("404 Not Found",),
    "forbids": ("403 Forbidden",),
    "asks for a password": ("407 Proxy Authentication Required",),
    "wants other codecs": ("488 Not Acceptable Here",),
    "names another number": ("302 Moved Temporarily",),
    "tries and is silent": ("100 Trying",),
    "is silent": (),
}


@dataclass(frozen=True, slots=True)
class House:
    """An Asterisk with two carriers, and a phone at it."""

    telia: Carrier
    lyse: Carrier
    phone: PlainPhone
    sound: Inbox
    running: RunningAsterisk

    @property
    def blueprint(self) -> Blueprint:
        return self.running.blueprint


def trunk(name: str, host: str, port: int, **keys: str) -> Trunk:
    said = TrunkSettings.model_validate(
        {"name": name, "addresses": (f"{host}:{port}",), "ping_seconds": 2, **keys}
    )
    return Trunk(said, (SipHost(host, port),), (ip_network(host),))


ANSWERS, RINGS_AND_ANSWERS = ("200 OK",), ("180 Ringing", "200 OK")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with house(tmp_path_factory.mktemp("emergency") / "home") as here:
        yield here


@pytest.fixture
def here(shared: House) -> House:
    """The house as if nobody had called yet: both carriers answer, the log is empty."""
    for one, mood in ((shared.telia, ANSWERS), (shared.lyse, RINGS_AND_ANSWERS)):
        one.to_invite = mood
        for kept in (one.invites, one.byes, one.cancels):
            kept.clear()
    log_of(shared)
    return shared


@asynccontextmanager
async def house(home: Path) -> AsyncIterator[House]:
    plain = bare_plan(home)
    sip: Address = (plain.sip_host, plain.sip_port)
    async with (
        carrier(sip, TELIA, to_invite=ANSWERS) as first,
        carrier(sip, LYSE, to_invite=RINGS_AND_ANSWERS) as second,
    ):
        first.to_invite_headers = f"Contact: <sip:+4790000009@{TELIA}:{first.inbox.port}>"
        blueprint = replace(
            plain,
            trunks=(
                trunk("telia", TELIA, first.inbox.port),
                trunk("lyse", LYSE, second.inbox.port, number_form="national"),
            ),
            emergency_trunks=("telia", "lyse"),
            emergency_first_answer_seconds=FIRST_ANSWER_SECONDS,
            accounts=(replace(KARI, emergency_number=SITE),),
        )
        running = await run.start(blueprint)
        sound = await Inbox.open()
        try:
            async with plain_phone(sip, KARI.name, KARI.password) as phone:
                phone.patience_seconds, phone.sound_at = 30.0, sound.port
                yield House(first, second, phone, sound, running)
        finally:
            sound.transport.close()
            await run.stop(running)


def shown(invite: Message) -> str:
    """The user that From shows."""
    found = re.search(r"sip:([^@>]+)@", invite.header("From"))
    return found[1] if found else ""


async def hear_one_another(house: House, taken: Carrier, answer: Message) -> None:
    """Each side's sound arrives at the other's."""
    port = re.search(r"(?m)^m=audio (\d+) ", answer.text)
    there = re.search(r"(?m)^m=audio (\d+) ", taken.invites[-1].text)
    assert port is not None
    assert there is not None
    assert taken.media is not None
    pairs = ((house.sound, port, taken.media, b"\x11"), (taken.media, there, house.sound, b"\x77"))
    async with asyncio.timeout(10):
        for mouth, at, ear, voice in pairs:
            await _is_heard(mouth, ("127.0.0.1", int(at[1])), ear, voice * 160)


async def _is_heard(mouth: Inbox, at: Address, ear: Inbox, voice: bytes) -> None:
    number = 0
    while True:
        number += 1
        head = bytes(
            (0x80, 8, number >> 8, number & 255, *(number * 160).to_bytes(4, "big"), 1, 2, 3, 4)
        )
        mouth.send(head + voice, at)
        await asyncio.sleep(0.02)
        while not ear.packets.empty():
            if ear.packets.get_nowait()[1].endswith(voice):
                return


@pytest.mark.parametrize("mood", FAILS)
async def test_the_next_trunk_takes_the_call_whatever_the_first_does(
    here: House, mood: str
) -> None:
    here.telia.to_invite = FAILS[mood]

    dialog, answer = await here.phone.call("112")

    assert answer.status == 200
    (invite,) = here.lyse.invites
    assert invite.first_line.startswith("INVITE sip:112@")
    assert shown(invite) == "55301000"
    assert "<sip:55301000@" in invite.header("P-Asserted-Identity")
    assert shown(here.telia.invites[0]) == "+4755301000"
    await hear_one_another(here, here.lyse, answer)
    await here.phone.hang_up(dialog)
    await here.lyse.until(1, of=here.lyse.byes)
    began, not_taken, ended = await told(here, 3)
    assert (began.stage, began.number, began.phone) == ("began", "112", "kari")
    assert began.shown == "+4755301000"
    # Of a 302 Asterisk keeps no status.
    last = re.match("[4-6][0-9]{2}", FAILS[mood][-1]) if FAILS[mood] else None
    assert (not_taken.stage, not_taken.trunk) == ("not taken", "telia")
    assert not_taken.status == (int(last[0]) if last else None)
    assert (ended.stage, ended.outcome, ended.trunk) == ("ended", "ANSWER", "lyse")
    assert {one.call for one in (began, not_taken, ended)} == {began.call}


SPELLINGS = (
    ("112", "112"),
    ("+47112", "112"),
    ("0047110", "110"),
    ("0113", "113"),
    ("1412#", "1412"),
    ("112;phone-context=+47", "112"),
    ("#31#0047112", "112"),
)


@pytest.mark.parametrize(("dialled", "number"), SPELLINGS)
async def test_the_first_trunk_takes_the_call_and_the_other_never_hears_of_it(
    here: House, dialled: str, number: str
) -> None:
    _, answer = await here.phone.call(dialled, "Privacy: id")

    assert answer.status == 200
    (invite,) = here.telia.invites
    assert invite.first_line.startswith(f"INVITE sip:{number}@")
    assert shown(invite) == "+4755301000"
    assert "id" not in invite.header("Privacy")
    here.telia.hangs_up()
    await here.phone.receives("BYE")
    assert here.lyse.invites == []


async def test_a_trunk_that_is_known_not_to_answer_is_passed_over_at_once(here: House) -> None:
    here.telia.answers_options = False
    try:
        await _is_known(here, "Unavail")
        dialog, answer = await here.phone.call("112")
        assert answer.status == 200
        assert here.telia.invites == []
        await here.phone.hang_up(dialog)
    finally:
        here.telia.answers_options = True
        await _is_known(here, "Avail")


async def _is_known(here: House, state: str) -> None:
    """Asterisk has asked telia whether it is there: its console says so and nothing else does."""
    async with asyncio.timeout(20):
        while not re.search(rf"telia/\S+ +\S+ +{state} ", await contacts(here)):  # noqa: ASYNC110 - only it knows
            await asyncio.sleep(0.2)


async def contacts(here: House) -> str:
    return await console.say(here.blueprint, "pjsip show contacts")


async def test_where_all_seem_to_be_down_each_is_tried_by_its_address_all_the_same(
    here: House,
) -> None:
    here.telia.to_invite, here.lyse.to_invite = ("503 Service Unavailable",), ("486 Busy Here",)

    _, answer = await here.phone.call("113")

    assert answer.status == 503
    assert (len(here.telia.invites), len(here.lyse.invites)) == (2, 2)
    assert all(one.first_line.startswith("INVITE sip:113@") for one in here.lyse.invites)
    steps = await told(here, 7)
    assert [one.status for one in steps if one.stage == "not taken"] == [503, 486, 503, 486]
    assert [one.stage for one in steps[-2:]] == ["refused", "ended"]


async def test_ringing_has_no_limit_and_who_answers_late_is_heard(here: House) -> None:
    here.telia.to_invite = RINGS
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(here.phone.call("112"))
        await here.telia.until(1, of=here.telia.invites)
        await asyncio.sleep(FIRST_ANSWER_SECONDS * 2.0)
        assert here.telia.media is not None
        sound = offer(here.telia.media.port, TELIA)
        contact = f"Contact: <sip:112@{TELIA}:{here.telia.inbox.port}>"
        here.telia.answer(here.telia.invites[0], "200 OK", contact, sound)
    dialog, answer = await asking

    assert answer.status == 200
    assert here.lyse.invites == []
    await hear_one_another(here, here.telia, answer)
    await here.phone.hang_up(dialog)


async def test_a_dialplan_that_changes_meanwhile_takes_no_call_off_its_way(here: House) -> None:
    here.telia.to_invite = RINGS
    fewer = replace(here.blueprint, emergency_trunks=("lyse",))
    try:
        async with asyncio.TaskGroup() as group:
            asking = group.create_task(here.phone.call("112"))
            await here.telia.until(1, of=here.telia.invites)
            changing = group.create_task(run.reconfigure(here.running, fewer))
            await asyncio.sleep(FIRST_ANSWER_SECONDS / 2)
            assert not changing.done()
            here.telia.answer(here.telia.invites[0], "503 Service Unavailable")
        dialog, answer = await asking

        assert answer.status == 200
        assert len(here.lyse.invites) == 1
        await here.phone.hang_up(dialog)
    finally:
        await run.reconfigure(here.running, here.blueprint)


async def test_no_trunk_brings_an_emergency_call(here: House) -> None:
    _, answer = await here.lyse.call("112")

    assert answer.status == 200  # the floor's apology: no server is there
    assert here.telia.invites == []
    assert "emergency call" not in log_of(here)


def log_of(here: House) -> str:
    """What Asterisk has said since this was asked last."""
    return log_file.empty(here.blueprint.folder / "log/messages.log")


async def told(here: House, count: int) -> list[letterbox.EmergencyCall]:
    """So many steps of the last emergency call, as they stand in the log, which stays as it is."""
    log = here.blueprint.folder / "log/messages.log"
    async with asyncio.timeout(10):
        while True:
            steps = letterbox.said(log.read_text().lstrip("\0"))
            all_told = [one for one in steps if isinstance(one, letterbox.EmergencyCall)]
            # The end of the test before may be told late.
            begun = [one.call for one in all_told if one.stage == "began"]
            found = [one for one in all_told if begun and one.call == begun[-1]]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.02)


RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  anything else: {to: queue sales}
sites:
  bergen: {name: Bergen}
queues:
  sales: {answer: 80% within 20s, while_waiting: [{after: 10m, to: hangup}], nobody_logged_in: hangup}
agents:
  kari: {name: Kari, phone: kari, site: bergen, queues: [sales]}
"""


@asynccontextmanager
async def one_trunk(folder: Path) -> AsyncIterator[tuple[Addresses, Carrier]]:
    """Addresses and settings for a server whose emergency calls go to one carrier."""
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with carrier(sip, TELIA) as telia:
            (folder / "ivr.toml").write_text(f"""\
[[trunk]]
name = "telia"
addresses = ["{TELIA}:{telia.inbox.port}"]
calls_at_once = 0
[emergency]
trunks = ["telia"]
number = "+47 21 00 00 00"
[emergency.numbers]
bergen = "+47 55 30 10 00"
""")
            tone_prompts(folder / "prompts")
            yield at, telia


def kept_calls(server: Server) -> Sequence[EmergencyRecord]:
    """What is stored of emergency calls; they are no callers' calls."""
    with open_store(server.home).reading() as stored:
        assert stored.calls.latest(9) == ()
        return stored.history.emergencies(9)


async def test_a_server_shows_the_sites_number_tells_of_the_call_and_waits_for_its_end_when_it_stops(
    tmp_path: Path,
) -> None:
    async with (
        one_trunk(tmp_path) as (at, telia),
        started(tmp_path, RULES, tmp_path / "prompts", at) as server,
    ):
        password = keep_passwords(server.home, ["kari"]).phones["kari"]
        async with plain_phone(server.sip, "kari", password) as phone:
            dialog, answer = await phone.call("112")
            assert answer.status == 200
            assert shown(telia.invites[0]) == "+4755301000"
            await server.becomes(lambda now: _is_told(now["emergency_calls"]))

            server.program.terminate()
            await _is_logged(server, "the stop waits for emergency calls")
            assert telia.byes == []
            await server.becomes(lambda now: "emergency" in " ".join(now["problems"]))
            await phone.hang_up(dialog)
            assert await server.ended(within_seconds=15) == 0
    (kept,) = kept_calls(server)
    assert (kept.number, kept.phone, kept.site) == ("112", "kari", "bergen")
    assert (kept.shown, kept.trunk, kept.outcome) == ("+4755301000", "telia", "answered")
    assert kept.answered_at is not None
    log = server.log.read_text()
    assert '"event":"emergency call"' in log
    assert "IVR635" in log  # one trunk only
    assert "IVR634" not in log  # Bergen has its number


async def test_a_call_that_outlives_its_server_and_one_that_no_server_saw_are_written_down_by_the_next(
    tmp_path: Path,
) -> None:
    async with one_trunk(tmp_path) as (at, _):
        async with started(tmp_path, RULES, tmp_path / "prompts", at) as server:
            password = keep_passwords(server.home, ["kari"]).phones["kari"]
            async with plain_phone(server.sip, "kari", password) as phone:
                outlives, answer = await phone.call("112")
                assert answer.status == 200
                await server.becomes(lambda now: _is_told(now["emergency_calls"]))
                server.program.kill()
                await server.program.wait()
                unseen, answer = await phone.call("113")
                assert answer.status == 200
                await phone.hang_up(unseen)
                await phone.hang_up(outlives)
        async with started(tmp_path, RULES, tmp_path / "prompts", at) as server:
            await server.becomes(lambda now: now["counts"].get("emergency_calls") == 1)
            await server.becomes(lambda now: now["emergency_calls"] == [])
    # Asterisk's log has whole seconds, so which of the two began first may be told wrongly.
    told = [(one.number, one.site, one.outcome, one.trunk) for one in kept_calls(server)]
    assert sorted(told) == [
        ("112", "bergen", "answered", "telia"),
        ("113", "bergen", "answered", "telia"),
    ]


def _is_told(calls: list[dict[str, str | None]]) -> bool:
    """On `/health`: one call under way, answered."""
    return [(one["phone"], one["site"], one["answered"] is not None) for one in calls] == [
        ("kari", "bergen", True)
    ]


async def _is_logged(server: Server, text: str) -> None:
    async with asyncio.timeout(10):
        while text not in server.log.read_text():  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.1)
