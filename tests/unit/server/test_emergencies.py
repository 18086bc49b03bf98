"""What is kept of emergency calls: told by Asterisk's log, seen on its channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from ivr.ari.link import Address
from ivr.asterisk.letterbox import EmergencyCall
from ivr.records.emergency import EmergencyRecord, EmergencyTry
from ivr.server.asterisk import AsteriskInUse
from ivr.server.emergencies import Emergencies, gone_on
from ivr.store.memory_ledger import MemoryLedger
from tests.clocks import HandClock

CLOCK = HandClock()
NOW = CLOCK.now()
BEGAN = EmergencyCall("17.1", "112", "kari", "began", NOW, shown="+4755301000")
BUSY = replace(
    BEGAN, stage="not taken", at=NOW + timedelta(seconds=1), trunk="telia", status=486, shown=""
)
REFUSED = replace(BEGAN, stage="refused", at=NOW + timedelta(seconds=2), shown="")
TALKED = replace(
    BEGAN,
    stage="ended",
    at=NOW + timedelta(seconds=40),
    outcome="ANSWER",
    trunk="lyse",
    seconds=30,
    shown="",
)
GIVEN_UP = replace(TALKED, outcome="CANCEL", seconds=0)


class Channels(AsteriskInUse):
    """An Asterisk whose emergency channels are told."""

    def __init__(self) -> None:
        super().__init__(Address("127.0.0.1", 1, "u", "p"), "ivr", "elsewhere")
        self.there: Mapping[str, bool] | None = {}

    async def emergency_calls(self) -> Mapping[str, bool] | None:
        return self.there


def house() -> tuple[Emergencies, Channels, MemoryLedger]:
    asterisk, ledger = Channels(), MemoryLedger()
    return Emergencies(asterisk, ledger, HandClock(), {"kari": "bergen"}.get), asterisk, ledger


def folded(*told: EmergencyCall) -> EmergencyRecord:
    record = None
    for one in told:
        record = gone_on(record, one)
    assert record is not None
    return record


def test_a_call_that_a_second_trunk_took_is_told_whole() -> None:
    record = folded(BEGAN, BUSY, TALKED)

    assert record == EmergencyRecord(
        call="17.1",
        number="112",
        phone="kari",
        began_at=NOW,
        shown="+4755301000",
        answered_at=NOW + timedelta(seconds=10),
        ended_at=TALKED.at,
        trunk="lyse",
        outcome="answered",
        talk_seconds=30,
        tries=(EmergencyTry(trunk="telia", at=BUSY.at, status=486),),
    )


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ((BEGAN, BUSY, REFUSED, replace(GIVEN_UP, outcome="BUSY")), "refused"),
        ((BEGAN, GIVEN_UP), "given_up"),
        ((GIVEN_UP,), "given_up"),
        ((BEGAN, BUSY), None),
    ],
)
def test_how_it_ended_is_one_word(told: tuple[EmergencyCall, ...], outcome: str | None) -> None:
    assert folded(*told).outcome == outcome


def test_whatever_is_lost_or_told_in_another_order_gives_a_record() -> None:
    for told in permutations((BEGAN, BUSY, REFUSED, TALKED)):
        for count in range(1, 5):
            assert folded(*told[:count]).number == "112"


async def test_a_call_is_kept_as_it_goes_on_with_the_site_of_its_phone() -> None:
    emergencies, _, ledger = house()

    emergencies.take(BEGAN)
    await emergencies.keep()
    (under_way,) = await ledger.emergencies(9)
    emergencies.take(TALKED)
    await emergencies.keep()

    (kept,) = await ledger.emergencies(9)
    assert (under_way.site, under_way.ended_at) == ("bergen", None)
    assert (kept.site, kept.outcome, kept.shown) == ("bergen", "answered", "+4755301000")
    assert not emergencies.under_way


async def test_what_cannot_be_written_is_written_later() -> None:
    emergencies, _, ledger = house()
    ledger.failure = "the disk is full"
    emergencies.take(BEGAN)
    await emergencies.keep()
    ledger.failure = None

    await emergencies.keep()

    assert len(await ledger.emergencies(9)) == 1


def test_an_answer_is_seen_on_the_channel() -> None:
    emergencies, _, _ = house()
    emergencies.take(BEGAN)

    emergencies.seen({"17.1": True})

    assert [call.answered_at for call in emergencies.under_way] == [NOW]


def test_a_call_whose_channel_is_gone_without_a_word_is_lost() -> None:
    emergencies, _, _ = house()
    emergencies.take(BEGAN)

    emergencies.seen({})
    emergencies.seen(None)  # Asterisk does not answer: nothing is known
    assert len(tuple(emergencies.under_way)) == 1
    emergencies.seen({})

    assert not emergencies.under_way


async def test_a_call_of_an_earlier_server_is_gone_on_with() -> None:
    emergencies, asterisk, ledger = house()
    emergencies.take(BEGAN)
    await emergencies.keep()
    later = Emergencies(asterisk, ledger, HandClock(), lambda _: None)

    await later.begin()
    assert [one.call for one in later.under_way] == ["17.1"]
    later.take(TALKED)
    await later.keep()

    (kept,) = await ledger.emergencies(9)
    assert (kept.site, kept.began_at, kept.outcome) == ("bergen", NOW, "answered")


async def test_a_stop_waits_for_the_end_of_the_call_and_for_the_word_of_it() -> None:
    emergencies, asterisk, ledger = house()
    emergencies.take(BEGAN)
    looks = 0

    async def look() -> Mapping[str, bool]:
        nonlocal looks
        looks += 1
        if looks < 4:
            return {"17.1": True}
        emergencies.take(TALKED)
        return {}

    asterisk.emergency_calls = look  # type: ignore[method-assign]

    await emergencies.over()

    assert looks == 4
    (kept,) = await ledger.emergencies(9)
    assert kept.outcome == "answered"
