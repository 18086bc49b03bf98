"""Pages and API: `/health` and `/metrics` for all, `/control/…` for the commands of this machine, `/api/…`."""

from ivr.web.agent_api import add_agent_api
from ivr.web.agent_control import add_agent_control, add_queue_control
from ivr.web.api import add_api
from ivr.web.api_gate import ApiGate
from ivr.web.control import ControlGate, add_control
from ivr.web.guard import Guard
from ivr.web.health import (
    AgentHealth,
    EmergencyHealth,
    EmergencyTryHealth,
    Health,
    OverrideHealth,
    QueueHealth,
    RefusedHealth,
    RulesHealth,
    SpeechWorkerHealth,
    StoreHealth,
    StrangerHealth,
    StrangersHealth,
    TimedChangeHealth,
    TrunkFailureHealth,
    TrunkHealth,
    add_health,
)
from ivr.web.line import Lines
from ivr.web.metrics import add_metrics
from ivr.web.phone_control import add_phone_control
from ivr.web.site import empty_site, open_site
from ivr.web.turned_away import TurnedAway

__all__ = [
    "AgentHealth",
    "ApiGate",
    "ControlGate",
    "EmergencyHealth",
    "EmergencyTryHealth",
    "Guard",
    "Health",
    "Lines",
    "OverrideHealth",
    "QueueHealth",
    "RefusedHealth",
    "RulesHealth",
    "SpeechWorkerHealth",
    "StoreHealth",
    "StrangerHealth",
    "StrangersHealth",
    "TimedChangeHealth",
    "TrunkFailureHealth",
    "TrunkHealth",
    "TurnedAway",
    "add_agent_api",
    "add_agent_control",
    "add_api",
    "add_control",
    "add_health",
    "add_metrics",
    "add_phone_control",
    "add_queue_control",
    "empty_site",
    "open_site",
]
