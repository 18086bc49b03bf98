"""Statuses and what they mean, with Asterisk's own words."""

from __future__ import annotations

from types import NoneType

import pytest

from ivr.ari.generated import models as m
from ivr.ari.meaning import Answer, understand
from ivr.errors import AsteriskError, AsteriskRefused, AsteriskUnreachable, ChannelGone, Gone


@pytest.mark.parametrize(
    ("request_line", "status", "text", "meaning"),
    [
        ("POST channels/x/answer", 404, '{"message":"Channel not found"}', ChannelGone),
        ("POST channels/x/play/y", 409, '{"message":"Channel not in Stasis application"}', ChannelGone),
        ("POST channels/x/answer", 412, '{"message":"Channel in invalid state"}', ChannelGone),
        ("POST bridges/x/addChannel", 422, '{"message":"Channel not in Stasis application"}', ChannelGone),
        ("POST bridges/x/addChannel", 400, '{"message":"Channel not found"}', ChannelGone),
        ("DELETE bridges/x", 404, '{"message":"Bridge not found"}', Gone),
        ("DELETE playbacks/x", 404, '{"message":"Playback not found"}', Gone),
        ("DELETE playbacks/x", 500, '{"message":"Playback failed"}', AsteriskRefused),
        ("POST recordings/live/x/stop", 404, '{"message":"Recording not found"}', Gone),
        ("POST bridges/x/addChannel", 404, '{"message":"Bridge not found"}', Gone),
        ("POST bridges/x/addChannel", 409, '{"message":"Bridge not in Stasis application"}', Gone),
        ("POST bridges/x/addChannel", 409, '{"message":"Channel x currently recording"}', AsteriskRefused),
        ("GET channels/x/variable", 404, '{"message":"Provided channel was not found"}', ChannelGone),
        ("GET channels/x/variable", 404, '{"message":"Provided variable was not found"}', AsteriskRefused),
        ("POST channels/x", 500, '{"error":"Allocation failed"}', AsteriskRefused),
        ("POST channels/x", 409, '{"message":"Channel with given unique ID already exists"}', AsteriskRefused),
        ("POST channels/x", 503, "", AsteriskUnreachable),
        ("POST bridges/x", 409, '{"message":"Bridge with the same bridgeId already exists"}', AsteriskRefused),
        ("POST bridges/x", 500, '{"error":"Allocation failed"}', AsteriskUnreachable),
        ("POST channels/x/record", 409, '{"message":"Recording \'r\' already exists and can not be overwritten"}',
         AsteriskRefused),
        ("POST channels/x/answer", 500, '{"error":"Allocation failed"}', AsteriskUnreachable),
        ("POST channels/x/answer", 400, '{"message":"Bad"}', AsteriskRefused),
        ("PUT applications/ivr/eventFilter", 404, "", AsteriskRefused),
    ],
)  # fmt: skip
def test_a_status_has_one_meaning(
    request_line: str, status: int, text: str, meaning: type[AsteriskError]
) -> None:
    with pytest.raises(AsteriskError) as raised:
        understand(request_line, Answer(status, "Phrase", text), NoneType)

    assert type(raised.value) is meaning


@pytest.mark.parametrize(
    ("request_line", "status", "why", "noun", "thing_id"),
    [
        ("POST channels/a%2Fb/answer", 404, "Channel not found", "channel", "a/b"),
        ("DELETE channels/x", 404, "Channel not found", "channel", "x"),
        ("POST bridges/x/addChannel", 404, "Bridge not found", "bridge", "x"),
        ("POST bridges/x/addChannel", 400, "Channel not found", "channel", ""),
        ("DELETE playbacks/x", 404, "Playback not found", "playback", "x"),
        ("POST recordings/live/x/stop", 404, "Recording not found", "recording", "x"),
    ],
)
def test_what_is_gone_is_named(
    request_line: str, status: int, why: str, noun: str, thing_id: str
) -> None:
    with pytest.raises(Gone) as raised:
        understand(request_line, Answer(status, why), NoneType)

    assert (raised.value.noun, raised.value.id) == (noun, thing_id)


def test_a_refusal_names_the_request_and_asterisk_s_reason() -> None:
    with pytest.raises(AsteriskRefused, match="`POST channels/x/answer`: 400 Bad Request"):
        understand("POST channels/x/answer", Answer(400, "Bad Request", "<html>"), NoneType)


def test_an_answer_is_read_as_what_was_asked_for() -> None:
    answer = Answer(200, "OK", '{"value":"menu main"}')

    assert understand("GET channels/x/variable", answer, m.Variable).value == "menu main"


def test_an_answer_that_is_something_else_is_refused() -> None:
    with pytest.raises(AsteriskRefused, match="unreadable"):
        understand("GET channels/x/variable", Answer(200, "OK", "[]"), m.Variable)
