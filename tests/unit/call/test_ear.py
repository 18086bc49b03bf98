"""One key is one key, and none is too early. What Asterisk tells was measured on 22.10.1 with RFC 4733 packets."""

from __future__ import annotations

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.ari.events import Digit
from ivr.ari.listening import Hub
from ivr.call.ear import HASH_SECONDS, PAUSE_SECONDS, TORN_PAUSE_SECONDS, Ear, SpeechNews


def told(*events: tuple[str, int, int]) -> list[Digit]:
    """Digits as Asterisk tells them: which, held for how many ms, let go of at which ms."""
    return [Digit(digit, held_ms, at_ms / 1000) for digit, held_ms, at_ms in events]


async def heard(digits: list[Digit], *, takes_hash: bool = True) -> str:
    """The keys that an ear makes of it."""
    hub = Hub[Digit | SpeechNews]()
    async with hub.listen() as listener:
        ear = Ear(listener)
        for digit in digits:
            hub.publish(digit)
        keys = ""
        while key := ear.kept(takes_hash=takes_hash):
            keys += key.digit
        return keys


@pytest.mark.parametrize(
    ("digits", "keys"),
    [
        (told(("0", 100, 599), ("0", 100, 753)), "00"),
        (told(("0", 100, 675), ("0", 100, 808)), "00"),
        (told(("0", 100, 315), ("0", 100, 440)), "00"),
        (told(("0", 40, 232), ("0", 40, 303), ("0", 40, 375), ("0", 40, 388)), "000"),
        (told(("0", 80, 985), ("0", 80, 1098), ("0", 80, 1212)), "000"),
        (told(("5", 100, 453), ("5", 100, 453)), "5"),
        (told(("5", 100, 642), ("5", 100, 663), ("5", 100, 688)), "5"),
        (told(("5", 100, 855), ("5", 100, 955)), "5"),
        (
            told(("5", 100, 755), ("5", 120, 776), ("5", 120, 801), ("5", 140, 801), ("5", 140, 966)),
            "5",
        ),
        (told(("5", 100, 145), ("5", 100, 546)), "55"),
        (told(("5", 100, 145), ("7", 100, 146)), "57"),
        (told(("5", 4000, 4000), ("5", 100, 4150)), "55"),
    ],
    ids=[
        "100 ms, 70 ms apart",
        "100 ms, 50 ms apart",
        "100 ms, 40 ms apart",
        "40 ms, 50 ms apart, and the last told twice",
        "80 ms, 50 ms apart",
        "one told twice at once",
        "a late end packet with a time of its own, told twice",
        "an end packet 100 ms late",
        "three end packets with times and lengths of their own",
        "a key again after 300 ms",
        "another key at once",
        "a key held long, and again",
    ],
)  # fmt: skip
async def test_one_key_is_one_key(digits: list[Digit], keys: str) -> None:
    assert await heard(digits) == keys


@given(
    st.lists(
        st.tuples(
            st.sampled_from("0123456789*#"),
            st.integers(40, 10_000),
            st.integers(round(PAUSE_SECONDS * 1000) + 5, 3000),
        ),
        max_size=20,
    )
)
def test_keys_with_a_pause_between_them_are_all_heard(keyed: list[tuple[str, int, int]]) -> None:
    at, digits = 0, []
    for digit, held_ms, pause_ms in keyed:
        at += pause_ms + held_ms
        digits += told((digit, held_ms, at))

    assert asyncio.run(heard(digits)) == "".join(digit for digit, _, _ in keyed)


@given(
    st.lists(st.tuples(st.integers(-100, 10), st.integers(40, 200)), max_size=6),
    st.integers(round(TORN_PAUSE_SECONDS * 1000) + 5, 3000),
)
def test_a_key_in_pieces_is_one_key_and_the_next_is_another(
    pieces: list[tuple[int, int]], pause_ms: int
) -> None:
    digits = told(("5", 100, 1000))
    for pause, held_ms in pieces:
        began = round(digits[-1].ended * 1000) + pause
        digits += told(("5", held_ms, max(began + held_ms, round(digits[-1].ended * 1000))))
    digits += told(("5", 100, round(digits[-1].ended * 1000) + pause_ms + 100))

    assert asyncio.run(heard(digits)) == "55"


@pytest.mark.parametrize("at", [-3600.0, 3600.0, math.nan])
async def test_a_clock_that_is_set_or_cannot_be_read_swallows_no_key(at: float) -> None:
    before, after = Digit("5", 100, 7200.0), Digit("5", 100, 7200.0 + at)

    assert await heard([before, after]) == "55"


@pytest.mark.parametrize(
    ("after_ms", "takes_hash", "keys"),
    [
        (300, False, ""),
        (300, True, "#"),
        (round(HASH_SECONDS * 1000) + 200, False, "#"),
    ],
)
async def test_a_hash_goes_with_the_choice_that_it_follows_at_once_unless_it_is_a_choice(
    after_ms: int, takes_hash: bool, keys: str
) -> None:
    hub = Hub[Digit | SpeechNews]()
    async with hub.listen() as listener:
        ear = Ear(listener)
        hub.publish(Digit("2", 100, 10.0))
        assert await ear.hear_key()
        ear.complete()
        hub.publish(Digit("#", 100, 10.0 + after_ms / 1000))

        assert "".join(key.digit for key in [ear.kept(takes_hash=takes_hash)] if key) == keys


@pytest.mark.parametrize("between", ["1", "#"])
async def test_only_the_first_key_after_a_choice_may_go_with_it(between: str) -> None:
    hub = Hub[Digit | SpeechNews]()
    async with hub.listen() as listener:
        ear = Ear(listener)
        hub.publish(Digit("2", 100, 10.0))
        assert await ear.hear_key()
        ear.complete()
        hub.publish(Digit(between, 100, 10.3))
        hub.publish(Digit("#", 100, 10.6))

        keys = [key.digit for _ in range(2) if (key := ear.kept())]
        assert keys == (["#"] if between == "#" else ["1", "#"])


async def test_what_is_keyed_while_the_ear_is_covered_counts_nowhere() -> None:
    hub = Hub[Digit | SpeechNews]()
    async with hub.listen() as listener:
        ear = Ear(listener)
        hub.publish(Digit("1", 100, 1.0))
        with ear.covered():
            for second in range(1000):
                hub.publish(Digit("2", 100, 2.0 + second))
        hub.publish(Digit("3", 100, 2000.0))

        assert (await ear.hear_key()).digit == "3"
    assert hub.overflows == 0


async def test_one_of_some_keys_is_heard_where_all_others_count_for_nothing() -> None:
    hub = Hub[Digit | SpeechNews]()
    async with hub.listen() as listener:
        ear = Ear(listener)
        with ear.covered():
            waiting = asyncio.ensure_future(ear.one_of({"1", "*"}))
            await asyncio.sleep(0)
            for digit in told(("7", 100, 1000), ("*", 100, 2000), ("1", 100, 3000)):
                hub.publish(digit)
            assert await waiting == "*"
        assert ear.kept() is None
