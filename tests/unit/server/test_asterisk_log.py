"""From Asterisk's log to where an operator looks."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from ivr.observe import Counts
from ivr.server.asterisk_log import AsteriskLog
from ivr.server.phone_book import PhoneBook
from ivr.server.strangers import Strangers
from tests.clocks import HandClock
from tests.unit.asterisk.test_letterbox import AT, FROM, SECURITY

EMERGENCY = (
    AT
    + "WARNING[1] Ext. 112: emergency call 17.1 to 112 from phone kari refused: no trunk takes it"
)


def wrong(account: str) -> str:
    return SECURITY.format("ChallengeResponseFailed", account) + FROM


def made() -> tuple[AsteriskLog, HandClock]:
    clock = HandClock()
    accounts = frozenset({"kari"})
    strangers = Strangers(clock)
    book = PhoneBook(clock, strangers)
    return AsteriskLog(None, clock, Counts(), lambda: accounts, book, strangers), clock


def test_a_refused_emergency_call_is_told_and_counted_however_much_else_is_said() -> None:
    log, clock = made()

    log.take("\n".join([EMERGENCY, *[wrong("kari")] * 2000]))

    assert any("emergency call to 112 from phone kari" in problem for problem in log.problems())
    assert log.counts["emergency_calls_refused"] == 1
    clock.at += timedelta(hours=1)
    assert list(log.problems()) == []


def test_emergency_calls_that_were_refused_again_are_one_problem_for_each_phone_and_number() -> (
    None
):
    log, clock = made()

    log.take(EMERGENCY)
    clock.at += timedelta(minutes=1)
    log.take("\n".join([EMERGENCY, EMERGENCY.replace("112", "113")]))

    first, second = log.problems()
    assert "112 from phone kari was refused 2 times, last at 2026-11-23T10:01" in first
    assert "113 from phone kari was refused at 2026-11-23T10:01" in second


def test_a_wrong_password_names_the_phone_where_it_is_and_the_mend() -> None:
    log, _ = made()

    log.take(f"{wrong('kari')}\n{wrong('kari')}")

    assert list(log.problems()) == [
        "phone kari: a wrong password 2 times within half an hour, the last from 192.0.2.7; "
        "type in what `ivr agents credentials kari` says"
    ]


def test_strangers_are_counted_and_are_no_problem_of_ours() -> None:
    log, _ = made()

    log.take(
        "\n".join([wrong("+4790000001"), *[SECURITY.format("InvalidAccountID", "x") + FROM] * 50])
    )

    assert log.counts["strangers_refused"] == 51
    assert list(log.problems()) == []


def test_where_a_phone_of_ours_proves_its_password_is_its_home() -> None:
    log, _ = made()

    log.take(SECURITY.format("SuccessfulAuth", "kari") + FROM)
    log.take(SECURITY.format("SuccessfulAuth", "nobody") + FROM.replace("192.0.2.7", "192.0.2.8"))

    assert log.strangers.is_home("192.0.2.7")
    assert not log.strangers.is_home("192.0.2.8")


async def test_a_log_that_is_gone_is_opened_anew(tmp_path: Path) -> None:
    log, _ = made()
    log.file = tmp_path / "messages.log"

    async def open_again() -> None:
        (tmp_path / "messages.log").write_text(EMERGENCY + "\n")

    log.reopen = open_again
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(log.run())
        async with asyncio.timeout(10):
            while not [*log.problems()]:  # noqa: ASYNC110 - told by asking
                await asyncio.sleep(0.01)
        reading.cancel()
