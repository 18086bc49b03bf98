"""Calls to numbers outside, over played carriers: one real server, one real Asterisk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import pytest_asyncio

from ivr.records.events import CalledOut, CallOutFailed, PhoneNotTaken, PhoneTaken
from tests.acceptance.carrier import Carrier, carrier
from tests.acceptance.plain_sip import Dialog, Message, PlainPhone, plain_phone
from tests.acceptance.probe import offer
from tests.acceptance.serving import Server, addresses, ivr, started, tone_prompts, write_tone
from tests.acceptance.test_server_killed import written

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="module")]

TELIA, LYSE, DESK = "127.0.0.11", "127.0.0.12", "127.0.0.13"
FIRST_ANSWER_SECONDS = 2

# Nobody is asked whether it is there (OPTIONS): a carrier that was deaf for a moment would come last for half a minute.
SETTINGS = """\
[outgoing]
calls_each_minute = 1000

[[trunk]]
name = "telia"
addresses = ["127.0.0.11:{telia}"]
own_number = "+47 21 00 00 00"
first_answer_seconds = 2
forward_callers = true
ping_seconds = 0

[[trunk]]
name = "lyse"
addresses = ["127.0.0.12:{lyse}"]
number_form = "0047"
own_number = "+47 22 00 00 00"
from_user = "account"
account = "4722000000"
login = "oslo"
password_file = "lyse.password"
identity = "rpid"
first_answer_seconds = 2
ping_seconds = 0
"""

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers:
  +47 55 30 10 00: {{to: phone vakt}}
  +47 55 30 10 01: {{site: bergen, to: phone vakt}}
  +47 55 30 10 02: {{to: phone open}}
  +47 55 30 10 03: {{to: phone sure}}
  +47 55 30 10 04: {{to: phone desk}}
  +47 55 30 10 05: {{to: phone brief}}
  anything else: {{to: hangup}}
sites: {{bergen: {{name: Bergen, caller_id: +47 55 30 10 01}}}}
phones:
  vakt: {{phone: +47 90 00 00 01, no_answer: hangup}}
  brief: {{phone: +47 90 00 00 01, ring_time: 1s, no_answer: hangup}}
  open: {{phone: +47 90 00 00 01, caller_id: caller, no_answer: hangup}}
  sure: {{phone: +47 90 00 00 01, confirm: true, no_answer: hangup}}
  desk: {{phone: "sip:desk@127.0.0.13:{desk}", no_answer: hangup}}
"""
VAKT, BERGEN, OPEN, SURE, AT_DESK, BRIEF = (f"+475530100{number}" for number in range(6))

OK = ("200 OK",)


@dataclass(slots=True)
class World:
    """A server, the carriers that it calls over, and a phone of its own."""

    server: Server
    telia: Carrier
    lyse: Carrier
    desk: Carrier

    @asynccontextmanager
    async def call(
        self, dialled: str, caller: str = "x"
    ) -> AsyncIterator[tuple[PlainPhone, Dialog]]:
        """A caller who is there until the scope is left; whose test fails inside hangs up."""
        async with plain_phone(self.server.sip, caller) as phone:
            dialog, _ = await phone.call(dialled)
            try:
                yield phone, dialog
            except BaseException:
                dialog.sequence += 1
                phone.send(dialog, "BYE")
                raise

    async def is_let_go(self, caller: PlainPhone) -> None:
        """Wait until we hang up on the caller: the rules said so."""
        caller.patience_seconds = 30
        caller.answer(await caller.receives("BYE"), "200 OK")

    async def events(self, dialog: Dialog, *kinds: type[Any]) -> list[Any]:
        """Of these kinds, what the journal says of this call when it is over."""
        record = await self.server.record(dialog.call_id)
        found = await self.server.events(record.call_id)
        return [one for one in found if isinstance(one, kinds)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("calls-out")
    async with AsyncExitStack() as scopes:
        at = scopes.enter_context(addresses())
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        telia, lyse, desk = [
            await scopes.enter_async_context(carrier(sip, host)) for host in (TELIA, LYSE, DESK)
        ]
        ports = {"telia": telia.inbox.port, "lyse": lyse.inbox.port}
        (folder / "ivr.toml").write_text(SETTINGS.format(**ports))
        (folder / "lyse.password").write_text("hemmelig\n")
        (folder / "lyse.password").chmod(0o600)
        prompts = tone_prompts(folder / "prompts")
        write_tone(prompts / "nb" / "take_call.wav", 440, seconds=0.3)
        rules = RULES.format(desk=desk.inbox.port)
        server = await scopes.enter_async_context(started(folder, rules, prompts, at))
        yield World(server, telia, lyse, desk)


@pytest_asyncio.fixture(loop_scope="module")
async def world(shared: World) -> AsyncIterator[World]:
    """The same for all, as it was at first."""
    for one in (shared.telia, shared.lyse, shared.desk):
        one.to_invite, one.to_invite_headers, one.says, one.is_deaf = OK, "", None, False
        for kept in (one.invites, one.again, one.byes, one.cancels):
            kept.clear()
    yield shared
    await shared.server.becomes(
        lambda now: {one["calls_out"] for one in now["trunks"].values()} == {0}
    )


async def is_bridged(server: Server, *, calls: int = 1) -> None:
    """Wait until callers and whom they called hear each other, in so many calls."""
    ends_at = monotonic() + 5
    # Another process's state: there is nothing to wait on but time.
    while sum(len(one["channels"]) == 2 for one in await server.ari("bridges")) < calls:
        assert monotonic() < ends_at, "nobody is in a bridge"
        await asyncio.sleep(0.05)


def asserted(invite: Message) -> str:
    return invite.header("P-Asserted-Identity")


async def test_whoever_answers_talks_and_the_record_says_over_which_trunk(world: World) -> None:
    async with world.call(VAKT) as (caller, dialog):
        await world.telia.until(1, of=world.telia.invites)
        await world.server.becomes(lambda now: now["trunks"]["telia"]["calls_out"] == 1)
        await written(world.server, None, PhoneTaken)
        shown = await ivr("trunks", "--home", world.server.home)
        assert "calls out 1 of 10" in shown.out
        world.telia.hangs_up()
        await world.is_let_go(caller)

    (invite,) = world.telia.invites
    assert invite.first_line == f"INVITE sip:+4790000001@{TELIA}:{world.telia.inbox.port} SIP/2.0"
    assert "<sip:+4721000000@" in invite.header("From")
    assert "<sip:+4721000000@" in asserted(invite)
    assert world.lyse.invites == []
    assert await world.events(dialog, CalledOut) == [
        CalledOut(
            phone="vakt",
            trunk="telia",
            address=f"{TELIA}:{world.telia.inbox.port}",
            number="+47…001",
        )
    ]
    assert [one.trunk for one in await world.events(dialog, PhoneTaken)] == ["telia"]
    record = await world.server.record(dialog.call_id)
    assert (record.disposition, record.ended_by) == ("answered", "agent")


@pytest.mark.fault("F-48")
@pytest.mark.parametrize("status", [401, 403, 407, 408, 488, 500, 503])
async def test_what_the_trunk_could_not_do_the_next_one_does_and_it_counts(
    world: World, status: int
) -> None:
    before = (await world.server.health())["trunks"]["telia"]["out_failed"]
    world.telia.to_invite = (f"{status} No",)

    async with world.call(VAKT) as (caller, dialog):
        await world.lyse.until(1, of=world.lyse.invites)
        await caller.hang_up(dialog)

    failed = await world.events(dialog, CallOutFailed)
    assert [(one.trunk, one.result, one.status) for one in failed] == [("telia", "gone", status)]
    (invite,) = world.lyse.invites
    assert invite.first_line.startswith("INVITE sip:004790000001@")
    assert "<sip:4722000000@" in invite.header("From")
    assert "<sip:004722000000@" in invite.header("Remote-Party-ID")
    assert asserted(invite) == ""
    telia = (await world.server.health())["trunks"]["telia"]
    assert telia["out_failed"] == before + 1
    assert (telia["last_failure"]["doing"], telia["last_failure"]["status"]) == ("INVITE", status)


@pytest.mark.fault("F-48")
@pytest.mark.parametrize(
    ("status", "result"),
    [(302, "gone"), (404, "wrong_number"), (410, "wrong_number"), (480, "no_answer"),
     (484, "wrong_number"), (486, "busy"), (600, "busy"), (603, "busy"), (604, "wrong_number")],
)  # fmt: skip
async def test_what_the_number_itself_says_no_other_trunk_is_asked(
    world: World, status: int, result: str
) -> None:
    world.telia.to_invite = (f"{status} No",)
    world.telia.to_invite_headers = f"Contact: <sip:+4799@{LYSE}:{world.lyse.inbox.port}>"

    async with world.call(VAKT) as (caller, dialog):
        await world.is_let_go(caller)

    assert [one.result for one in await world.events(dialog, PhoneNotTaken)] == [result]
    assert [one.status for one in await world.events(dialog, CallOutFailed)] == [status]
    assert world.lyse.invites == []


@pytest.mark.fault("F-48")
async def test_a_redirection_ends_the_search_every_time(world: World) -> None:
    """As the leg ends Asterisk often says nothing of the 302: with nothing else to do, half of the time."""
    world.telia.to_invite = ("302 No",)
    world.telia.to_invite_headers = f"Contact: <sip:+4799@{LYSE}:{world.lyse.inbox.port}>"

    for _ in range(20):
        async with world.call(VAKT) as (caller, _):
            await world.is_let_go(caller)

    assert world.lyse.invites == []


@pytest.mark.fault("F-48")
@pytest.mark.alone
async def test_a_silent_carrier_costs_no_more_than_its_first_answer_limit(world: World) -> None:
    world.telia.to_invite = ()
    began = monotonic()

    async with world.call(VAKT) as (caller, dialog):
        await world.lyse.until(1, of=world.lyse.invites)
        assert monotonic() - began < FIRST_ANSWER_SECONDS + 1.5
        await caller.hang_up(dialog)

    assert [one.status for one in await world.events(dialog, CallOutFailed)] == [None]


def says_nothing_of_sound(telia: Carrier, invite: Message) -> None:
    telia.answer(invite, "200 OK")


def says_what_nobody_understands(telia: Carrier, invite: Message) -> None:
    telia.answer(invite, "200 OK", "", "v=0\r\nnonsense\r\n")


def says_garbage(telia: Carrier, _: Message) -> None:
    for text in (b"HELLO\r\n\r\n", b"SIP/2.0 200 OK\r\nVia: nonsense\r\n\r\n", b"\x00" * 400):
        telia.inbox.send(text, telia.server)


@pytest.mark.parametrize(
    ("says", "status"),
    [(says_garbage, None), (says_what_nobody_understands, 488), (says_nothing_of_sound, 200)],
)
async def test_a_carrier_that_answers_garbage_or_without_sound_leads_on_to_the_next(
    world: World, says: Callable[[Carrier, Message], None], status: int | None
) -> None:
    world.telia.says = lambda invite: says(world.telia, invite)

    async with world.call(VAKT) as (caller, dialog):
        await is_bridged(world.server)
        await caller.hang_up(dialog)

    assert [one.trunk for one in await world.events(dialog, PhoneTaken)] == ["lyse"]
    assert [one.status for one in await world.events(dialog, CallOutFailed)] == [status]


async def test_a_carrier_that_asks_for_the_password_gets_it_and_the_trunk_has_not_failed(
    world: World,
) -> None:
    before = (await world.server.health())["trunks"]["lyse"]["out_failed"]
    world.telia.to_invite = ("503 Service Unavailable",)
    challenge = 'Proxy-Authenticate: Digest realm="carrier.example", nonce="5e4f", qop="auth"'
    world.lyse.says = lambda invite: world.lyse.answer(invite, "407 Who Is It", challenge)

    async with world.call(VAKT) as (caller, dialog):
        await world.lyse.until(1, of=world.lyse.again)
        again = world.lyse.again[0]
        assert 'username="oslo"' in again.header("Proxy-Authorization")
        world.lyse.answer(again, "200 OK", "", offer(9, LYSE))
        await is_bridged(world.server)
        await caller.hang_up(dialog)

    assert [one.trunk for one in await world.events(dialog, PhoneTaken)] == ["lyse"]
    assert (await world.server.health())["trunks"]["lyse"]["out_failed"] == before


@pytest.mark.fault("F-48")
async def test_early_sound_is_no_answer_and_ringing_has_an_end(world: World) -> None:
    world.telia.to_invite = ("183 Session Progress",)

    async with world.call(BRIEF) as (caller, dialog):
        await world.telia.until(1, of=world.telia.cancels)
        await world.is_let_go(caller)

    assert [one.result for one in await world.events(dialog, PhoneNotTaken)] == ["no_answer"]
    assert world.lyse.invites == []


async def test_a_caller_who_hangs_up_while_it_rings_outside_ends_that_too(world: World) -> None:
    world.telia.to_invite = ("180 Ringing",)

    async with world.call(SURE) as (caller, dialog):
        await world.telia.until(1, of=world.telia.invites)
        await caller.hang_up(dialog)
        await world.telia.until(1, of=world.telia.cancels)

    assert (await world.server.record(dialog.call_id)).ended_by == "caller"


async def test_the_number_shown_is_that_of_the_site_where_it_has_one(world: World) -> None:
    async with world.call(BERGEN, "+4790555666") as (caller, dialog):
        await is_bridged(world.server)
        await caller.hang_up(dialog)
        await world.telia.until(1, of=world.telia.byes)

    assert world.telia.again == []  # an INVITE within the call would tell the caller's number
    (invite,) = world.telia.invites
    assert "<sip:+4755301001@" in invite.header("From")
    assert "<sip:+4755301001@" in asserted(invite)
    assert invite.header("Diversion") == ""


async def test_a_callers_number_goes_out_with_ours_as_the_one_that_passed_it_on(
    world: World,
) -> None:
    async with world.call(OPEN, "+4790555666") as (caller, dialog):
        await world.telia.until(1, of=world.telia.invites)
        await caller.hang_up(dialog)

    (invite,) = world.telia.invites
    assert "<sip:+4790555666@" in invite.header("From")
    assert "<sip:+4721000000@" in invite.header("Diversion")


async def test_a_caller_who_hides_the_number_is_hidden_outside(world: World) -> None:
    async with world.call(OPEN, "anonymous") as (caller, dialog):
        await world.telia.until(1, of=world.telia.invites)
        await caller.hang_up(dialog)

    (invite,) = world.telia.invites
    assert "sip:anonymous@" in invite.header("From")
    assert invite.header("Privacy") == "id"
    assert "<sip:+4721000000@" in asserted(invite)


async def test_carriers_are_offered_a_law_and_phones_of_ours_a_law_first(world: World) -> None:
    async with world.call(AT_DESK) as (caller, dialog):
        await world.desk.until(1, of=world.desk.invites)
        await caller.hang_up(dialog)
    async with world.call(VAKT) as (caller, dialog):
        await world.telia.until(1, of=world.telia.invites)
        await caller.hang_up(dialog)

    offered = re.findall(r"(?m)^m=audio \d+ RTP/AVP ([\d ]+)", world.desk.invites[0].text)
    assert offered[0].split() == ["8", "0", "9", "101"]
    offered = re.findall(r"(?m)^m=audio \d+ RTP/AVP ([\d ]+)", world.telia.invites[0].text)
    assert offered[0].split() == ["8", "101"]


async def test_a_person_who_presses_the_key_takes_the_call_and_nobody_before(world: World) -> None:
    async with world.call(SURE) as (caller, dialog):
        await world.telia.until(1, of=world.telia.invites)
        await asyncio.sleep(0.2)  # into the prompt: a key before it would be as good
        assert [one for one in await world.server.ari("bridges") if one["channels"]] == []
        await world.telia.presses("1")
        await is_bridged(world.server)
        await caller.hang_up(dialog)

    assert [one.phone for one in await world.events(dialog, PhoneTaken)] == ["sure"]


async def test_who_answers_and_hangs_up_without_a_key_has_not_taken_the_call(
    world: World,
) -> None:
    async with world.call(SURE) as (caller, dialog):
        await world.telia.until(1, of=world.telia.invites)
        await asyncio.sleep(0.2)  # a voicemail that is done with its greeting
        world.telia.hangs_up()
        await world.is_let_go(caller)

    assert [one.result for one in await world.events(dialog, PhoneNotTaken)] == ["not_confirmed"]


@pytest.mark.alone
async def test_a_carrier_that_dies_under_a_call_costs_the_next_one_a_moment_and_this_one_nothing(
    world: World,
) -> None:
    async with world.call(VAKT) as (talks, under_way):
        await world.telia.until(1, of=world.telia.invites)
        await is_bridged(world.server)
        world.telia.is_deaf = True
        began = monotonic()

        async with world.call(VAKT) as (caller, dialog):
            await world.lyse.until(1, of=world.lyse.invites)
            assert monotonic() - began < FIRST_ANSWER_SECONDS + 1.5
            await is_bridged(world.server, calls=2)
            await caller.hang_up(dialog)

        world.telia.is_deaf = False
        await talks.hang_up(under_way)

    assert (await world.server.record(under_way.call_id)).ended_by == "caller"
    assert [one.trunk for one in await world.events(dialog, PhoneTaken)] == ["lyse"]


LIMITS = """\
[[trunk]]
name = "telia"
addresses = ["127.0.0.11:{telia}"]
calls_out_at_once = 1
"""
LIMITED = """\
version: 1
languages: [nb]
numbers:
  +47 55 30 10 00: {to: phone vakt}
  +47 55 30 10 01: {to: phone premium}
  +47 55 30 10 02: {to: phone satellite}
  anything else: {to: hangup}
phones:
  vakt: {phone: +47 90 00 00 01, no_answer: hangup}
  premium: {phone: 829 00 000, no_answer: hangup}
  satellite: {phone: +881 6 12345678, no_answer: hangup}
"""


async def test_limits_and_lists_stop_calls_and_the_callers_go_on_by_the_rules(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    with addresses() as at:
        sip = ("127.0.0.1", int(at.sip.rpartition(":")[2]))
        async with carrier(sip, TELIA) as telia:
            (tmp_path / "ivr.toml").write_text(LIMITS.format(telia=telia.inbox.port))
            async with started(tmp_path, LIMITED, prompts, at) as server:
                world = World(server, telia, telia, telia)

                async def goes_on(dialled: str) -> str | None:
                    async with world.call(dialled) as (caller, dialog):
                        await world.is_let_go(caller)
                    (not_taken,) = await world.events(dialog, PhoneNotTaken)
                    return str(not_taken.barred) if not_taken.barred else None

                async with world.call(VAKT) as (caller, dialog):
                    await telia.until(1, of=telia.invites)
                    assert await goes_on(VAKT) == "no_line"
                    await caller.hang_up(dialog)
                    await telia.until(1, of=telia.byes)

                assert [await goes_on(dialled) for dialled in (BERGEN, OPEN)] == ["never", "never"]

                telia.to_invite = ("486 Busy Here",)
                barred = [await goes_on(VAKT) for _ in range(10)]

                assert barred == [None] * 9 + ["each_minute"]
                assert len(telia.invites) == 10
                health = await server.health()
                assert health["counts"]["calls_out_barred"] == 4
                assert sum("to a number outside not made" in one for one in health["problems"]) == 3
