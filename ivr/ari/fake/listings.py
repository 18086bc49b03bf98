"""What the twin says of itself: version, applications, lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from ivr.ari.generated import models as m
from ivr.ari.meaning import Answer
from ivr.ari.request import Body

if TYPE_CHECKING:
    from ivr.ari.fake.asterisk import FakeAsterisk

Asked: TypeAlias = Mapping[str, str]


def shown(answer: object, status: int = 200) -> Answer:
    """An answer with this in it."""
    return Answer(status, "OK", msgspec.json.encode(answer))


def missing(what: str, status: int = 404) -> Answer:
    """The answer for what is not there."""
    return Answer(status, "Not Found", msgspec.json.encode({"message": f"{what} not found"}))


def about(asterisk: FakeAsterisk, _: str, __: Asked, ___: Body) -> Answer:
    """Its version."""
    system = m.SystemInfo(version=asterisk.version, entity_id="02:00:00:00:00:01")
    return shown(m.AsteriskInfo(system=system))


def application(asterisk: FakeAsterisk, name: str, _: Asked, __: Body) -> Answer:
    """What an application holds."""
    ours = [channel.id for channel in asterisk.channels.values() if channel.is_ours]
    return shown(
        m.Application(
            name=name,
            channel_ids=ours,
            bridge_ids=[],
            endpoint_ids=[],
            device_names=[],
            events_allowed=[],
            events_disallowed=[],
        )
    )


def choose_events(asterisk: FakeAsterisk, name: str, asked: Asked, body: Body) -> Answer:
    """Keep which events the application wants."""
    allowed = msgspec.convert((body or {}).get("allowed", []), list[dict[str, str]])
    asterisk.filters[name] = {kind["type"] for kind in allowed}
    return application(asterisk, name, asked, body)


def subscribe(asterisk: FakeAsterisk, name: str, asked: Asked, body: Body) -> Answer:
    """Keep what the application follows."""
    asterisk.subscriptions.add((name, asked["eventSource"]))
    return application(asterisk, name, asked, body)


def channels(asterisk: FakeAsterisk, _: str, __: Asked, ___: Body) -> Answer:
    """Every channel."""
    return shown([channel.shown() for channel in asterisk.channels.values()])


def bridges(asterisk: FakeAsterisk, _: str, __: Asked, ___: Body) -> Answer:
    """Every bridge."""
    return shown([bridge.shown() for bridge in asterisk.bridges.values()])


def endpoints(asterisk: FakeAsterisk, _: str, __: Asked, ___: Body) -> Answer:
    """Every phone."""
    return shown([asterisk.endpoint(phone) for phone in asterisk.phones.values()])
