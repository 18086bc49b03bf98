"""The text frames of the socket: requests out, answers and events in.

Only kinds that are read are decoded. What nobody reads is kept as UnknownEvent.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import msgspec

from ivr.ari import reading
from ivr.ari.generated import models as m
from ivr.ari.request import Request, pairs
from ivr.ari.transport import UnknownEvent


class BadFrame(Exception):
    """The peer does not speak this protocol: a frame was no JSON object with a type."""


class BadEvent(Exception):
    """An event of a known kind did not have the fields that this kind has."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"an event of kind {kind} could not be read")
        self.kind = kind


class RestAnswer(msgspec.Struct, frozen=True, tag="RESTResponse", tag_field="type"):
    """The answer to a request, as far as it is read."""

    request_id: str
    status_code: int
    reason_phrase: str = ""
    message_body: str = ""


class _RestRequest(
    msgspec.Struct, frozen=True, omit_defaults=True, tag="RESTRequest", tag_field="type"
):
    request_id: str
    transaction_id: str
    method: str
    uri: str
    query_strings: list[m.RESTQueryStringParameter] = []
    content_type: str | None = None
    message_body: str | None = None


class _Peek(msgspec.Struct, frozen=True):
    type: str


_peek = msgspec.json.Decoder(_Peek)
_READ: tuple[type[msgspec.Struct], ...] = (RestAnswer, *reading.CALL_KINDS, *reading.PHONE_KINDS)
_KINDS = frozenset(kind.__struct_config__.tag for kind in _READ)
_read: msgspec.json.Decoder[msgspec.Struct] = msgspec.json.Decoder(reduce(or_, _READ))


def decode(text: str | bytes) -> msgspec.Struct:
    """A frame as a Struct: RestAnswer, an event that is read, or UnknownEvent. Raises BadFrame or BadEvent."""
    try:
        return _read.decode(text)
    except msgspec.MsgspecError as error:
        return _unread(text, error)


def _unread(text: str | bytes, reason: msgspec.MsgspecError) -> UnknownEvent:
    """Why a frame could not be decoded: it is of a kind that nobody reads, or it is wrong."""
    try:
        kind = _peek.decode(text).type
    except msgspec.MsgspecError as error:
        raise BadFrame from error
    if kind in _KINDS:
        raise BadEvent(kind) from reason
    return UnknownEvent(kind)


def encode_request(request_id: str, request: Request[Any]) -> bytes:
    """The frame of a request; its answer is the RESTResponse with the same `request_id`."""
    frame = _RestRequest(
        request_id=request_id,
        transaction_id=request_id,
        method=request.method,
        uri=request.path,
        query_strings=[
            m.RESTQueryStringParameter(name=n, value=v) for n, v in pairs(request.query)
        ],
        content_type=None if request.body is None else "application/json",
        message_body=None if request.body is None else msgspec.json.encode(request.body).decode(),
    )
    return msgspec.json.encode(frame)
