"""Places by queue: those whom a change concerns, and no others."""

from __future__ import annotations

import pytest

from ivr.desk import Desk
from ivr.desk.place import Place
from ivr.desk.places import Places
from ivr.errors import ChangeRefused
from ivr.queues.line import HeldPlace
from ivr.rules.load import load_rules
from ivr.rules.visit import WaitInQueue
from tests.unit.desk.test_desk import RULES

RULE_SET = load_rules(RULES.encode(), "rules.yaml")[0]


async def test_who_waits_for_the_agents_of_a_queue_is_found_also_where_they_ring_too() -> None:
    desk, places = Desk(RULE_SET), Places()
    here = WaitInQueue(RULE_SET.queues["bergen"])
    too = WaitInQueue(RULE_SET.queues["kundeservice"], also_rung=("bergen",))
    for number, wait in enumerate((here, too), 1):
        places.add(Place(desk, wait, f"{number}-call", HeldPlace()))

    def found(*queues: str) -> list[str]:
        return [one.call_id for one in places.served_by(queues)]

    assert found("bergen") == ["1-call", "2-call"]
    assert found("kundeservice") == ["2-call"]
    assert found("bergen", "kundeservice") == ["1-call", "2-call"]
    assert places.waiting() == {"bergen": 1, "kundeservice": 1}

    for place in [*places]:
        place.stop_widening()
        places.remove(place)
    assert found("bergen", "kundeservice") == []


def test_no_call_at_all_is_not_several() -> None:
    with pytest.raises(ChangeRefused, match="which call"):
        Places().one_waiting("")
