"""What an Asterisk's channels tell of calls for help, and that a new dialplan waits for them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ivr.asterisk import emergency_calls
from ivr.asterisk.emergency_calls import none_on_its_way
from tests.unit.asterisk.test_configure import PLAN

pytestmark = pytest.mark.jumping_time


class Looks:
    """Answers each look in turn, the last one for ever."""

    def __init__(self, *answers: Mapping[str, bool] | None) -> None:
        self.answers = list(answers)
        self.count = 0

    async def __call__(self, _: object) -> Mapping[str, bool] | None:
        self.count += 1
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.mark.parametrize(
    ("answers", "looks"),
    [
        (({},), 1),
        ((None,), 1),  # an Asterisk that does not answer is waited for by nobody
        (({"17.1": True},), 1),
        (({"17.1": False}, {"17.1": False}, {"17.1": True}), 3),
        (({"17.1": False, "17.2": True}, {"17.2": True}), 2),
    ],
)
async def test_it_waits_for_those_that_are_not_answered_and_no_longer(
    monkeypatch: pytest.MonkeyPatch, answers: tuple[Mapping[str, bool] | None, ...], looks: int
) -> None:
    asked = Looks(*answers)
    monkeypatch.setattr(emergency_calls, "emergency_calls", asked)

    await none_on_its_way(PLAN)

    assert asked.count == looks


async def test_a_phone_that_rings_for_ever_holds_nothing_up_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Looks({"17.1": False})
    monkeypatch.setattr(emergency_calls, "emergency_calls", asked)

    await none_on_its_way(PLAN)

    assert asked.count > 100
