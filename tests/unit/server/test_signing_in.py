"""When Asterisk is told to sign in again: what is wanted, and what it forgot, and never while it has asked."""

from __future__ import annotations

import pytest

from ivr.asterisk.conf_trunks import REFUSED_RETRY_SECONDS, RETRY_SECONDS
from ivr.server.signing_in import ANSWER_SECONDS, LATE_SECONDS, SigningIn
from tests.clocks import HandClock

FORGOTTEN = ANSWER_SECONDS + LATE_SECONDS


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def signing_in(clock: HandClock) -> SigningIn:
    return SigningIn(clock)


def is_due(signing_in: SigningIn) -> bool:
    return signing_in.due(["telia"]) == ("telia",)


def test_a_trunk_that_was_just_told_to_asterisk_is_left_to_it(
    signing_in: SigningIn, clock: HandClock
) -> None:
    signing_in.want(["telia"])
    signing_in.meet(["telia"])

    assert not is_due(signing_in)
    clock.passes(ANSWER_SECONDS - 1)
    signing_in.meet(["telia"])
    assert not is_due(signing_in)
    clock.passes(1)
    assert is_due(signing_in)


def test_what_is_wanted_is_tried_once_and_not_while_an_answer_may_come(
    signing_in: SigningIn, clock: HandClock
) -> None:
    signing_in.failed("telia", 503)
    signing_in.want(["telia"])
    assert is_due(signing_in)

    signing_in.tried(["telia"])
    signing_in.want(["telia"])
    assert not is_due(signing_in)
    clock.passes(5)
    signing_in.failed("telia", 503)
    assert is_due(signing_in)
    signing_in.tried(["telia"])
    signing_in.failed("telia", 503)
    assert not is_due(signing_in)


@pytest.mark.parametrize(
    ("status", "wait"),
    [
        (None, RETRY_SECONDS),
        (503, RETRY_SECONDS),
        (603, RETRY_SECONDS),
        (403, REFUSED_RETRY_SECONDS),
        (410, REFUSED_RETRY_SECONDS),
    ],
)
def test_what_failed_is_left_to_asterisk_until_it_should_long_have_tried_again(
    signing_in: SigningIn, clock: HandClock, status: int | None, wait: int
) -> None:
    signing_in.failed("telia", status)
    clock.passes(wait + 1)
    signing_in.want(["telia"])
    assert not is_due(signing_in)  # Asterisk has just asked

    clock.passes(FORGOTTEN - 2)
    signing_in.forget("lyse")
    assert is_due(signing_in)  # it is wanted
    signing_in.tried(["telia"])
    clock.passes(FORGOTTEN - 1)
    assert not is_due(signing_in)
    clock.passes(1)
    assert is_due(signing_in)  # and nothing was heard


def test_a_trunk_of_which_nothing_is_heard_is_tried_without_being_asked_for(
    signing_in: SigningIn, clock: HandClock
) -> None:
    signing_in.tried(["telia"])
    clock.passes(FORGOTTEN - 1)
    assert not is_due(signing_in)
    clock.passes(1)

    assert signing_in.due(["lyse", "telia"]) == ("telia",)


def test_what_was_known_of_a_trunk_is_forgotten_with_it(
    signing_in: SigningIn, clock: HandClock
) -> None:
    signing_in.failed("telia", 403)
    signing_in.want(["telia"])
    signing_in.forget("telia")
    clock.passes(1)
    assert not is_due(signing_in)

    signing_in.meet(["telia"])
    assert not is_due(signing_in)
    clock.passes(FORGOTTEN)
    assert is_due(signing_in)
