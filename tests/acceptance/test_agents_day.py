"""An agent's day on real parts: what a command says holds, is shown, is kept, and outlives the server."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ivr.asterisk.passwords import keep_passwords
from ivr.records.agents import AgentChange
from ivr.records.events import PhoneNotTaken
from ivr.store.open import open_store
from tests.acceptance.plain_sip import SILENT_PORT, PlainPhone, plain_phone
from tests.acceptance.probe import HOST, Address, Inbox, ProbeCall, offer
from tests.acceptance.probe import call as probe_call
from tests.acceptance.serving import (
    Server,
    addresses,
    ivr,
    serving,
    started,
    tone_prompts,
    write_tone,
    write_tones,
)
from tests.acceptance.test_agents_own_calls import attentive

pytestmark = pytest.mark.real

RULES = """\
version: 1
languages: [nb]
numbers:
  anything else: queue sales
queues:
  sales: {answer: 80% within 20s, ring_time: 2s, wrap_up: 0s, while_waiting: [{after: 5m, to: hangup}]}
  support: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
agents:
  kari: {phone: kari, queues: [sales]}
duty: {pause_reasons: [lunch, training], missed: pause after 1}
"""


async def told(server: Server, words: str) -> Mapping[str, Any]:
    """What `ivr agent` answers."""
    done = await ivr(
        "agent", "kari", *words.split(), "-m", "a test", "--home", server.home, "--json"
    )
    assert done.exit_code == 0, done.err
    facts: Mapping[str, Any] = json.loads(done.out)
    return facts


async def kept(home: Path) -> list[AgentChange]:
    def read() -> list[AgentChange]:
        with open_store(home).reading() as stored:
            ever = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
            return list(stored.history.agent_changes(*ever))

    return await asyncio.to_thread(read)


async def test_a_pause_holds_over_a_server_that_is_killed_and_a_call_that_comes(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    async with AsyncExitStack() as stack:
        at = stack.enter_context(addresses())
        server = await stack.enter_async_context(started(tmp_path, RULES, prompts, at))
        password = keep_passwords(server.home, ["kari"]).phones["kari"]
        phone = await stack.enter_async_context(plain_phone(server.sip, "kari", password))
        assert await phone.register() == 200
        await stack.enter_async_context(attentive(phone))
        await server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")

        refused = await ivr("agent", "kari", "pause", "lunsj", "--home", server.home)
        assert refused.exit_code == 1
        assert "the rules have: lunch, training" in refused.err
        assert (await told(server, "pause lunch"))["state"] == "paused"
        assert (await told(server, "take support"))["queues"] == ["sales", "support"]
        os.kill(server.pid, signal.SIGKILL)
        await server.ended(within_seconds=10)

        async with started(tmp_path, RULES, prompts, at) as server:
            await server.becomes(lambda now: now["agents"]["kari"]["state"] == "paused")
            shown = await ivr("agents", "--home", server.home)
            assert "lunch  kari   sales, support" in shown.out, shown.out
            assert (await told(server, "resume"))["state"] == "available"
            assert (await told(server, "sign-out"))["state"] == "signed out"
            os.kill(server.pid, signal.SIGTERM)
            assert await server.ended(within_seconds=30) == 0

    changes = await kept(tmp_path / "home")
    assert [one.seq for one in changes] == list(range(1, len(changes) + 1))
    wanted = [(one.kind, one.reason, one.why) for one in changes if one.author != "server"]
    assert wanted == [
        ("paused", "lunch", "a test"),
        ("took_queue", "lunch", "a test"),
        ("resumed", None, "a test"),
        ("signed_out", None, "a test"),
    ]
    assert "server_began" in [one.kind for one in changes]


CODES = RULES.replace("kari: {phone: kari,", "kari: {phone: kari, number: 21,").replace(
    "duty: {",
    "  ola: {phone: ola, number: 22}\nduty: {codes: {star 12: sign out, star 14: pause lunch}, ",
)
DONE_HZ = 1000
SPOKEN = ("agent.signed_out", "agent.paused", "agent.no_such_code", "agent.not_done")


async def test_codes_and_colleagues_are_dialled_on_real_phones(tmp_path: Path) -> None:

    prompts = tone_prompts(tmp_path / "prompts")
    for name in SPOKEN:
        write_tone(prompts / "nb" / f"{name}.wav", DONE_HZ, seconds=0.5)
    async with AsyncExitStack() as stack:
        at = stack.enter_context(addresses())
        server = await stack.enter_async_context(started(tmp_path, CODES, prompts, at))
        phones = {}
        for name in ("kari", "ola"):
            password = keep_passwords(server.home, [name]).phones[name]
            phone = await stack.enter_async_context(plain_phone(server.sip, name, password))
            assert await phone.register() == 200
            phones[name] = phone
        async with attentive(phones["kari"]), attentive(phones["ola"]):
            await server.becomes(
                lambda now: {one["state"] for one in now["agents"].values()} == {"available"}
            )

        for code, state in (("*14", "paused"), ("*12", "signed out")):
            _, answered = await phones["kari"].call(code)
            assert answered.status == 200
            await server.becomes(lambda now, state=state: now["agents"]["kari"]["state"] == state)  # type: ignore[misc]
            phones["kari"].answer(await phones["kari"].receives("BYE"), "200 OK")

        async with asyncio.TaskGroup() as group:
            calling = group.create_task(phones["ola"].call("21"))
            invited = await phones["kari"].receives("INVITE")
            phones["kari"].answer(invited, "200 OK", body=offer(SILENT_PORT, phones["kari"].host))
            own, answered = await calling
        assert answered.status == 200
        await server.becomes(lambda now: now["agents"]["ola"]["state"] == "in a call of their own")
        await phones["ola"].hang_up(own)
        phones["kari"].answer(await phones["kari"].receives("BYE"), "200 OK")
        records = await server.records(3)
        assert [one.disposition for one in records] == ["own_call"] * 3

        async with asyncio.TaskGroup() as group:
            calling = group.create_task(phones["ola"].call("kari"))
            phones["kari"].answer(await phones["kari"].receives("INVITE"), "603 Decline")
            _, refused_call = await calling
        assert refused_call.status >= 400
        newest = max(await server.records(4), key=lambda one: one.arrived_at)
        declined = [
            one for one in await server.events(newest.call_id) if isinstance(one, PhoneNotTaken)
        ]
        assert [one.result for one in declined] == ["declined"]


YOUR_NUMBER_HZ, YOUR_PIN_HZ, SIGNED_IN_HZ = 500, 700, 1200
HOT_DESK = CODES.replace("codes: {", "codes: {star 20: sit down, star 21: stand up, ")
ASKED = {
    "agent.your_number": YOUR_NUMBER_HZ,
    "agent.your_pin": YOUR_PIN_HZ,
    "agent.signed_in": SIGNED_IN_HZ,
}


async def key_each(hand: ProbeCall, keys: str) -> None:
    """With a pause after each, as fingers need: two equal keys without one are a key that was torn."""
    for key in keys:
        hand.key_to_send.put_nowait(key)
        await hand.key_ended.get()
        await asyncio.sleep(0.1)


WRONG_PIN_HZ, LOCKED_HZ = 1500, 1800


@asynccontextmanager
async def fingers_at(phone: PlainPhone, code: str, sip: Address) -> AsyncIterator[ProbeCall]:
    """A call to this code, answered: who has the phone hears and presses keys, until the server hangs up."""
    media = await Inbox.open()
    try:
        answered = await phone.invite(phone.dialog(code), sound=offer(media.port))
        port = re.search(r"(?m)^m=audio (\d+) ", answered.text)
        assert port is not None, answered.text
        hand = ProbeCall(sip, code, phone.account, media, media, peer_media=(HOST, int(port[1])))
        async with asyncio.TaskGroup() as group:
            speaking = group.create_task(hand.speak())
            yield hand
            phone.answer(await phone.receives("BYE"), "200 OK")
            speaking.cancel()
    finally:
        media.transport.close()


async def test_a_third_wrong_pin_locks_the_number_for_who_has_the_right_one_too(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    told = {"agent.wrong_pin": WRONG_PIN_HZ, "agent.locked": LOCKED_HZ}
    others = dict.fromkeys(SPOKEN, DONE_HZ)
    write_tones(prompts / "nb", {**others, **ASKED, **told}, seconds=0.6)
    async with serving(tmp_path, HOT_DESK, prompts) as server:
        pin = (await ivr("agents", "pin", "kari", "--home", server.home)).out.strip()
        wrong = pin.translate(str.maketrans("0123456789", "1234567890"))
        password = keep_passwords(server.home, ["ola"]).phones["ola"]
        async with plain_phone(server.sip, "ola", password) as ola:
            assert await ola.register() == 200
            async with attentive(ola):
                await server.becomes(lambda now: now["agents"]["ola"]["state"] == "available")
            async with asyncio.timeout(40), fingers_at(ola, "*20", server.sip) as hand:
                for heard in (WRONG_PIN_HZ, WRONG_PIN_HZ, LOCKED_HZ):
                    await hand.hears(YOUR_NUMBER_HZ)
                    await key_each(hand, "21")
                    await hand.key_to_tone("#", YOUR_PIN_HZ)
                    await key_each(hand, wrong)
                    await hand.key_to_tone("#", heard)
            async with asyncio.timeout(20), fingers_at(ola, "*20", server.sip) as hand:
                await hand.hears(YOUR_NUMBER_HZ)
                await key_each(hand, "21")
                await hand.key_to_tone("#", YOUR_PIN_HZ)
                await key_each(hand, pin)
                await hand.key_to_tone("#", LOCKED_HZ)

        records = await server.records(2)
        assert [one.disposition for one in records] == ["own_call"] * 2
        kept = [await server.events(one.call_id) for one in records]
        assert (await server.health())["agents"]["kari"]["state"] == "signed out"
    noted = f"{kept} {server.log.read_text('utf-8')}"
    assert pin not in noted
    assert wrong not in noted


async def test_kari_sits_down_at_olas_phone_with_real_keys(tmp_path: Path) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    others = dict.fromkeys((*SPOKEN, "agent.wrong_pin", "agent.locked"), DONE_HZ)
    write_tones(prompts / "nb", {**others, **ASKED}, seconds=1.0)
    async with AsyncExitStack() as stack:
        at = stack.enter_context(addresses())
        server = await stack.enter_async_context(started(tmp_path, HOT_DESK, prompts, at))
        made = await ivr("agents", "pin", "kari", "--home", server.home)
        assert made.exit_code == 0, made.err
        pin = made.out.strip()
        password = keep_passwords(server.home, ["ola"]).phones["ola"]
        ola = await stack.enter_async_context(plain_phone(server.sip, "ola", password))
        assert await ola.register() == 200
        async with attentive(ola):
            await server.becomes(lambda now: now["agents"]["ola"]["state"] == "available")
        async with fingers_at(ola, "*20", server.sip) as hand:
            await hand.hears(YOUR_NUMBER_HZ)
            await key_each(hand, "21")
            await hand.key_to_tone("#", YOUR_PIN_HZ)
            await key_each(hand, pin)
            await hand.key_to_tone("#", SIGNED_IN_HZ)

        async with attentive(ola):
            now = await server.becomes(lambda now: now["agents"]["kari"]["state"] == "available")
        assert now["agents"]["ola"]["state"] == "signed out"
        (record,) = await server.records(1)
        kept = f"{await server.events(record.call_id)} {server.log.read_text('utf-8')}"
        assert pin not in kept


async def test_a_caller_who_waits_is_moved_and_taken_to_the_front_by_commands(
    tmp_path: Path,
) -> None:
    prompts = tone_prompts(tmp_path / "prompts")
    write_tone(prompts / "music" / "calm" / "song.wav", DONE_HZ, seconds=10.0)
    async with serving(tmp_path, RULES, prompts) as server:
        async with probe_call(server.sip, "+4721000000", "+4790000001") as placed:
            await placed.hears(DONE_HZ)
            here = json.loads((await ivr("queue", "sales", "--home", server.home, "--json")).out)
            (waiting,) = here["waiting"]
            words = (waiting["call_id"], "--home", server.home, "--author", "anna", "-m", "a fair")
            moved = await ivr("queue", "support", "pull", *words)
            assert moved.exit_code == 0, moved.err
            await server.becomes(lambda now: now["queues"]["support"]["waiting"] == 1)
            front = await ivr("queue", "support", "front", *words)
            assert front.exit_code == 0, front.err
            refused = await ivr("queue", "sales", "front", *words)
            assert "does not wait in sales, but in support" in refused.err
        await server.records(1)
        told = await ivr("explain", waiting["call_id"], "--home", server.home)

    assert "anna took the caller from queue sales to queue support: a fair" in told.out
    assert "anna took the caller to the front of queue support: a fair" in told.out
