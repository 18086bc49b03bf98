"""The search for the highest rate, on sides that hold what they are told to hold."""

from collections.abc import Awaitable, Callable

import pytest

from bench.run import Measured
from bench.search import highest_rate, whole_milliseconds
from ivr.errors import PortTaken


def holds(most: float, *, slow_above: float = 1e9) -> Callable[[float], Awaitable[Measured]]:
    """A side that loses calls above `most` new ones a second, and answers slowly above `slow_above`."""

    async def hold(rate: float) -> Measured:
        return Measured(
            side="side",
            rate=rate,
            seconds=60,
            calls=100,
            failed=int(rate > most),
            faults=(),
            asterisk_ms=1.0,
            server_ms=1.0,
            set_up=[0.9 if rate > slow_above else 0.01],
            key_to_sound=[],
            answer_to_bridged=[],
            at_once=1.0,
            server_rest_bytes=0,
            server_most_bytes=0,
            asterisk_rest_bytes=0,
            asterisk_most_bytes=0,
            others_cores=0.0,
            generator_cores=0.0,
        )

    return hold


async def test_it_goes_up_until_calls_fail() -> None:
    found = await highest_rate("side", holds(55), 40.0)

    assert (found.rate, round(found.too_much or 0, 1)) == (50.0, 62.5)
    assert found.why == "1 of 100 calls failed"


async def test_it_goes_down_where_the_first_rate_is_too_much() -> None:
    found = await highest_rate("side", holds(30), 40.0)

    assert found.rate == pytest.approx(25.6, abs=0.1)
    assert found.too_much == pytest.approx(32.3, abs=0.1)


async def test_calls_that_are_set_up_late_are_not_sustained() -> None:
    found = await highest_rate("side", holds(1e9, slow_above=45), 40.0)

    assert (found.rate, found.why) == (40.0, "set-up p99 900 ms")


async def test_it_ends_though_no_limit_is_found() -> None:
    found = await highest_rate("side", holds(1e9), 40.0)

    assert found.too_much is None
    assert found.rate > 100


@pytest.mark.parametrize(("first", "held"), [(40.0, 62.5), (200.0, 0.0)])
async def test_it_ends_with_what_it_found_where_the_phones_have_no_ports(
    first: float, held: float
) -> None:
    async def hold(rate: float) -> Measured:
        if rate > 70:
            raise PortTaken("127.0.0.1:27900-29899/udp", "2268 neighbouring ports", "a wider range")
        return await holds(1e9)(rate)

    found = await highest_rate("side", hold, first)

    assert (found.rate, found.too_much) == (held, None)
    assert "27900-29899" in found.why


def test_a_rate_is_one_that_sipp_can_keep() -> None:
    assert whole_milliseconds(60) == pytest.approx(1000 / 17)
