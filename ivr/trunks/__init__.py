"""Trunks: the carriers that calls come from and go out over."""

from ivr.trunks.allowance import Allowance, Forbidden, kind_of
from ivr.trunks.answers import CallOutResult, CarrierAnswer, answer_of
from ivr.trunks.asking import HostAnswer, ask_host
from ivr.trunks.forms import written
from ivr.trunks.mends import NO_ANSWER, NO_KEY, NO_SOUND, SIGNED_OUT, mend_for_call
from ivr.trunks.names import look_up
from ivr.trunks.trunk import Trunk, open_trunk

__all__ = [
    "NO_ANSWER",
    "NO_KEY",
    "NO_SOUND",
    "SIGNED_OUT",
    "Allowance",
    "CallOutResult",
    "CarrierAnswer",
    "Forbidden",
    "HostAnswer",
    "Trunk",
    "answer_of",
    "ask_host",
    "kind_of",
    "look_up",
    "mend_for_call",
    "open_trunk",
    "written",
]
