"""The socket's text frames."""

from __future__ import annotations

from types import NoneType

import msgspec
import pytest

from ivr.ari.fake import FakeAsterisk
from ivr.ari.frames import BadEvent, BadFrame, RestAnswer, decode, encode_request
from ivr.ari.request import Body, Query, Request
from ivr.ari.transport import UnknownEvent


def test_an_answer_is_read_with_what_is_used_of_it() -> None:
    frame = (
        '{"type":"RESTResponse","transaction_id":"t","request_id":"1-rq","status_code":204,'
        '"reason_phrase":"No Content","uri":"channels/x/answer"}'
    )

    assert decode(frame) == RestAnswer("1-rq", 204, "No Content", "")


def test_a_kind_that_nobody_reads_is_kept_by_its_name() -> None:
    assert decode('{"type":"ChannelVarset","value":"x"}') == UnknownEvent("ChannelVarset")


def test_a_known_kind_without_its_fields_is_a_bad_event() -> None:
    with pytest.raises(BadEvent, match="StasisEnd"):
        decode('{"type":"StasisEnd"}')


@pytest.mark.parametrize("frame", ["", "{", "[]", "{}", '{"type":1}'])
def test_what_has_no_kind_is_a_bad_frame(frame: str) -> None:
    with pytest.raises(BadFrame):
        decode(frame)


def asked(method: str, path: str, query: Query, body: Body) -> Request[None]:
    return Request(FakeAsterisk(), method, path, query, body, NoneType)


def test_a_request_names_its_parameters_and_leaves_out_what_was_not_given() -> None:
    query: Query = {"media": ["sound:a", "sound:b"], "skipms": 3, "beep": True, "lang": None}

    frame = encode_request(
        "1-rq", asked("POST", "channels/x/play/y", query, {"variables": {"A": "1"}})
    )

    assert msgspec.json.decode(frame) == {
        "type": "RESTRequest",
        "request_id": "1-rq",
        "transaction_id": "1-rq",
        "method": "POST",
        "uri": "channels/x/play/y",
        "query_strings": [
            {"name": "media", "value": "sound:a,sound:b"},
            {"name": "skipms", "value": "3"},
            {"name": "beep", "value": "true"},
        ],
        "content_type": "application/json",
        "message_body": '{"variables":{"A":"1"}}',
    }


def test_a_request_without_a_body_has_no_content_type() -> None:
    frame = encode_request("1-rq", asked("DELETE", "channels/x", {}, None))

    assert b"content_type" not in frame
    assert b"message_body" not in frame
