"""Trunks: the carriers that calls come from and go out over."""

from ivr.trunks.allowance import Allowance, Forbidden, kind_of
from ivr.trunks.answers import CallOutResult, CarrierAnswer, answer_of
from ivr.trunks.forms import written
from ivr.trunks.names import look_up
from ivr.trunks.trunk import Trunk, open_trunk

__all__ = [
    "Allowance",
    "CallOutResult",
    "CarrierAnswer",
    "Forbidden",
    "Trunk",
    "answer_of",
    "kind_of",
    "look_up",
    "open_trunk",
    "written",
]
