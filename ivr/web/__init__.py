"""Pages and API. So far: `/health` for all to read, and `/control/…` for the commands of this machine."""

from ivr.web.control import LARGEST_BODY, add_control
from ivr.web.health import (
    AgentHealth,
    Health,
    OverrideHealth,
    QueueHealth,
    RefusedHealth,
    RulesHealth,
    TimedChangeHealth,
    health_site,
)

__all__ = [
    "LARGEST_BODY",
    "AgentHealth",
    "Health",
    "OverrideHealth",
    "QueueHealth",
    "RefusedHealth",
    "RulesHealth",
    "TimedChangeHealth",
    "add_control",
    "health_site",
]
