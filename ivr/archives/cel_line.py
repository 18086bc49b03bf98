"""One line of Asterisk's channel event log (CEL), as the example of `cel_custom` writes it, or with a head of names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo

import msgspec

from ivr.archives.columns import NamedColumns
from ivr.archives.queue_line import BadLine, read_when

USUAL = (
    "eventtype", "eventtime", "cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid", "exten", "context",
    "channame", "appname", "appdata", "amaflags", "accountcode", "uniqueid", "linkedid", "peer", "userfield",
    "userdeftype", "eventextra",
)  # fmt: skip
"""The columns of the example in Asterisk's cel_custom.conf."""

_OTHER_NAMES = {
    "eventname": "eventtype",
    "bridgepeer": "peer",
    "extra": "eventextra",
    "channel": "channame",
}
_NEEDED = ("eventtype", "eventtime", "channame", "uniqueid", "linkedid")
_UNIQUE_ID = re.compile(r"[!-~]{1,150}\Z", re.ASCII)
_EVENT = re.compile(r"[A-Z][A-Z_]{1,39}\Z", re.ASCII)


class CelLine(msgspec.Struct, frozen=True):
    """What happened to a channel; `at` is in UTC, `source` who hung it up, as far as Asterisk knows."""

    at: datetime
    event: str
    channel: str
    unique_id: str
    linked_id: str
    caller: str
    dialled: str
    app: str
    app_details: str
    peer: str
    source: str
    cause: int | None


class _Extra(msgspec.Struct):
    hangupsource: str = ""
    hangupcause: int = 0


class CelReader:
    """Reads lines; a head of names says which column is which from there on."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._columns = NamedColumns(
            USUAL, _NEEDED, len(_NEEDED), "a line of a CEL", other_names=_OTHER_NAMES
        )

    def read(self, text: str) -> CelLine | None:
        """None for an empty line and a head. Raises BadLine."""
        told = self._columns.read(text)
        return None if told is None else self._line(told)

    def _line(self, told: Mapping[str, str]) -> CelLine:
        event, unique_id = told["eventtype"], told.get("uniqueid", "")
        if not _EVENT.match(event):
            message = f"{event[:30]!r} is no event"
            raise BadLine(message)
        if not _UNIQUE_ID.match(unique_id):
            message = f"{unique_id[:30]!r} is no id of a channel"
            raise BadLine(message)
        extra = _extra(told.get("eventextra", ""))
        return CelLine(
            at=read_when(told["eventtime"], self._zone),
            event=event,
            channel=told.get("channame", ""),
            unique_id=unique_id,
            linked_id=told.get("linkedid", "") or unique_id,
            caller=told.get("cid_num", ""),
            dialled=told.get("cid_dnid", "") or told.get("exten", ""),
            app=told.get("appname", ""),
            app_details=told.get("appdata", ""),
            peer=told.get("peer", ""),
            source=extra.hangupsource,
            cause=extra.hangupcause or None,
        )


def _extra(text: str) -> _Extra:
    try:
        return msgspec.json.decode(text or "{}", type=_Extra, strict=False)
    except msgspec.DecodeError:
        return _Extra()  # other versions write other things there
