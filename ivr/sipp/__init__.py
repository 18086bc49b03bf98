"""Callers and agents played by SIPp: for the demo, the acceptance tests and the bench."""

from ivr.sipp.ports import PortRange
from ivr.sipp.report import CallerReport, LoadReport
from ivr.sipp.run import AgentPhone, Server, Sipp
from ivr.sipp.script import (
    AgentScript,
    AwaitHangUp,
    Behaviour,
    CallerScript,
    Credentials,
    Pause,
    Press,
    PutDown,
    Speak,
)

__all__ = [
    "AgentPhone",
    "AgentScript",
    "AwaitHangUp",
    "Behaviour",
    "CallerReport",
    "CallerScript",
    "Credentials",
    "LoadReport",
    "Pause",
    "PortRange",
    "Press",
    "PutDown",
    "Server",
    "Sipp",
    "Speak",
]
