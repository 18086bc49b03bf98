"""Trunks: the carriers that calls come from and go out over."""

from ivr.trunks.allowance import Allowance, Forbidden, kind_of
from ivr.trunks.answers import CallOutResult, CarrierAnswer, answer_of
from ivr.trunks.asking import HostAnswer, ask_host, ask_machine
from ivr.trunks.forms import written
from ivr.trunks.machines import CarrierName, Machine, NameUnknown
from ivr.trunks.mends import NO_ANSWER, NO_KEY, NO_SOUND, SIGNED_OUT, mend_for_call
from ivr.trunks.names import NameBook, Unresolved
from ivr.trunks.tls import TrunkTls, tls_trouble
from ivr.trunks.trunk import LooksUp, Trunk, names_of, open_trunk, open_trunks

__all__ = [
    "NO_ANSWER",
    "NO_KEY",
    "NO_SOUND",
    "SIGNED_OUT",
    "Allowance",
    "CallOutResult",
    "CarrierAnswer",
    "CarrierName",
    "Forbidden",
    "HostAnswer",
    "LooksUp",
    "Machine",
    "NameBook",
    "NameUnknown",
    "Trunk",
    "TrunkTls",
    "Unresolved",
    "answer_of",
    "ask_host",
    "ask_machine",
    "kind_of",
    "mend_for_call",
    "names_of",
    "open_trunk",
    "open_trunks",
    "tls_trouble",
    "written",
]
