"""A trunk is tried by a call: what comes back is told, whenever anybody hangs up, and nothing is left behind."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ivr.ari.exchange import NodeExchange
from ivr.ari.fake import FakePhone
from ivr.ari.generated.models import Dial
from ivr.ari.link import Address
from ivr.control import CallTried, TrunkTried, TryTrunk
from ivr.errors import ChangeRefused, NumberRefused
from ivr.rulebook.in_force import Rulebook, RulesInForce
from ivr.rulebook.text import RulesText
from ivr.rules.load import load_rules
from ivr.server.asterisk import AsteriskInUse
from ivr.server.trial import KEY_SECONDS, TrunkTrial
from ivr.settings import SipHost, TrunkSettings
from ivr.trunks import HostAnswer, Trunk, open_trunk
from tests.flows.conftest import RULES, Switchboard, prompts

NUMBER = "22 00 00 01"
FIRST, SECOND = (f"PJSIP/telia/sip:+4722000001@192.0.2.1{number}" for number in range(2))
TRUNK = open_trunk(
    TrunkSettings(name="telia", addresses=("192.0.2.10", "192.0.2.11"), calls_out_at_once=2),
    lambda _: (),
)


class Trial:
    """A switchboard, and the trial of its trunk."""

    def __init__(self, board: Any) -> None:
        self.board = board
        self.is_stopping = False
        written = RulesText("rules.yaml", RULES.encode())
        in_force = RulesInForce(written, board.rules, Path("/prompts"), prompts())
        self.trial = TrunkTrial(
            board.node,
            AsteriskInUse(Address("127.0.0.1", 1, "u", "p"), "ivr", "elsewhere"),
            board.trunks,
            board.outgoing,
            Rulebook(in_force, board.desk),
            media=NodeExchange(board.node).media,
            asks=self._ask,
            is_stopping=lambda: self.is_stopping,
        )

    async def _ask(self, _: Trunk, host: SipHost, __: str) -> HostAnswer:
        return HostAnswer(str(host), 200, 1.0)

    async def run(self, number: str | None = NUMBER, trunk: str = "telia") -> TrunkTried:
        return await self.trial.run(TryTrunk(trunk=trunk, number=number))

    async def call(self) -> CallTried:
        """The last call that was made."""
        return (await self.run()).calls[-1]

    def carrier(self, endpoint: str = FIRST, **does: Any) -> FakePhone:
        status, is_silent = does.pop("status", None), does.pop("is_silent", False)
        phone: FakePhone = self.board.asterisk.phone(endpoint, **does)
        phone.status, phone.is_silent = status, is_silent
        return phone


@asynccontextmanager
async def switchboard() -> AsyncIterator[Trial]:
    rules, _ = load_rules(RULES.encode(), "rules.yaml")
    async with Switchboard(rules, prompts(), trunks=(TRUNK,)).running() as board:
        yield Trial(board)
        await asyncio.sleep(60)
        assert board.asterisk.leftovers() == []
        assert board.node.followed() == frozenset()
        assert set(board.trunks.calls_out.values()) <= {0}


@pytest.fixture
async def trial() -> AsyncIterator[Trial]:
    async with switchboard() as made:
        yield made


async def test_without_a_number_nobody_is_called(trial: Trial) -> None:
    tried = await trial.run(number=None)

    assert [host.status for host in tried.hosts] == [200, 200]
    assert tried.calls == ()


async def test_whoever_answers_hears_the_prompt_and_the_key_ends_it(trial: Trial) -> None:
    phone = trial.carrier(answers_after=3)

    async with asyncio.TaskGroup() as group:
        calling = group.create_task(trial.call())
        await phone.hears("take_call")
        phone.keys("1")
    call = calling.result()

    assert (call.key, call.hung_up) == ("1", False)
    assert call.answered_seconds == pytest.approx(3, abs=0.2)
    assert call.has_rung


@pytest.mark.parametrize("rings", [True, False])
async def test_the_limit_of_the_answer_does_not_cut_off_who_has_answered(
    trial: Trial, *, rings: bool
) -> None:
    """Who answers late, or at a carrier that tells of no ringing, has as long for the key as anybody."""
    if not rings:
        trial.board.asterisk.faults.untold.add(Dial)
    answers_after = 25.0 if rings else 1.0
    phone = trial.carrier(answers_after=answers_after)

    async with asyncio.TaskGroup() as group:
        calling = group.create_task(trial.call())
        await phone.hears("take_call")
        await asyncio.sleep(KEY_SECONDS - 1)
        phone.keys("1")

    assert calling.result().answered_seconds == pytest.approx(answers_after, abs=0.2)
    assert (calling.result().has_rung, calling.result().key) == (rings, "1")


async def test_without_a_key_it_ends_by_itself(trial: Trial) -> None:
    trial.carrier(answers_after=1)

    call = await trial.call()

    assert (call.key, call.hung_up) == (None, False)


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0, 2.5, 10.0])
async def test_who_hangs_up_after_the_answer_has_answered_all_the_same(
    trial: Trial, seconds: float
) -> None:
    trial.carrier(answers_after=1, hangs_up_after=seconds)

    call = await trial.call()

    assert call.answered_seconds == pytest.approx(1, abs=0.2)
    assert call.hung_up


async def test_of_a_leg_that_is_gone_what_was_heard_until_then_is_told(trial: Trial) -> None:
    phone = trial.carrier(answers_after=1)

    async with asyncio.TaskGroup() as group:
        calling = group.create_task(trial.call())
        await phone.hears("take_call")
        await asyncio.sleep(2)
        phone.is_lost()

    assert calling.result().hung_up
    assert calling.result().packets_heard == pytest.approx(100, abs=5)


async def test_of_who_hears_nothing_and_hangs_up_it_is_told_that_no_sound_came(
    trial: Trial,
) -> None:
    trial.carrier(answers_after=1, hangs_up_after=3).sends_sound = False

    call = await trial.call()

    assert (call.hung_up, call.packets_heard) == (True, 0)


@pytest.mark.parametrize("status", [403, 486, 503])
async def test_a_status_comes_with_its_mend_and_counts_where_it_is_the_trunks(
    trial: Trial, status: int
) -> None:
    trial.carrier(FIRST, answers_after=None, status=status)
    trial.carrier(SECOND, answers_after=None, status=status)

    tried = await trial.run()

    leads_on = status != 486
    assert [call.status for call in tried.calls] == [status] * (2 if leads_on else 1)
    assert all(call.mend for call in tried.calls)
    assert trial.board.trunks.out_failed["telia"] == (2 if leads_on else 0)


async def test_a_silent_address_leads_to_the_next(trial: Trial) -> None:
    trial.carrier(FIRST, answers_after=None, is_silent=True)
    trial.carrier(SECOND, answers_after=1)

    silent, answered = (await trial.run()).calls

    assert (silent.answered_seconds, silent.status) == (None, None)
    assert answered.answered_seconds == pytest.approx(1, abs=0.2)


async def test_nobody_who_answers_is_no_fault_of_the_trunk(trial: Trial) -> None:
    trial.carrier(answers_after=None)

    tried = await trial.run()

    (call,) = tried.calls
    assert call.has_rung
    assert call.mend is None


@pytest.mark.parametrize("steps", range(1, 40, 3))
async def test_whoever_asked_may_go_away_at_any_moment(trial: Trial, steps: int) -> None:
    trial.carrier(answers_after=1)
    asking = asyncio.ensure_future(trial.run())
    for _ in range(steps):
        await asyncio.sleep(0.1)

    asking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_what_is_not_called_is_refused_in_words(trial: Trial) -> None:
    with pytest.raises(ChangeRefused, match="never"):
        await trial.run("112")
    with pytest.raises(NumberRefused):
        await trial.run("kari")
    with pytest.raises(ChangeRefused, match="there are: telia"):
        await trial.run(trunk="lyse")
    trial.is_stopping = True
    with pytest.raises(ChangeRefused, match="stopping"):
        await trial.run()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("112", "112 is not called (never): emergency calls go out from phones of yours only"),
        ("+47 82 00 00 00", "(never): `outgoing.never` forbids it; call another telephone"),
    ],
)
async def test_a_number_of_the_command_is_no_phone_of_the_rules_and_no_caller_missed_it(
    trial: Trial, number: str, said: str
) -> None:
    with pytest.raises(ChangeRefused, match=re.escape(said)):
        await trial.run(number)

    assert list(trial.board.outgoing.problems()) == []


async def test_one_trial_call_at_a_time(trial: Trial) -> None:
    trial.carrier(answers_after=5)
    async with asyncio.TaskGroup() as group:
        group.create_task(trial.run())
        await asyncio.sleep(1)
        with pytest.raises(ChangeRefused, match="another"):
            await trial.run()
