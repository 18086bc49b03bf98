"""Callers and agents played by SIPp: for the demo, the acceptance tests and the bench."""

from ivr.sipp.ports import PortRange
from ivr.sipp.report import CallerReport, LoadReport
from ivr.sipp.run import AgentPhone, Server, Sipp
from ivr.sipp.script import (
    Account,
    AgentScript,
    AwaitHangUp,
    Behaviour,
    CallerScript,
    HangUp,
    Pause,
    Press,
)

__all__ = [
    "Account",
    "AgentPhone",
    "AgentScript",
    "AwaitHangUp",
    "Behaviour",
    "CallerReport",
    "CallerScript",
    "HangUp",
    "LoadReport",
    "Pause",
    "PortRange",
    "Press",
    "Server",
    "Sipp",
]
