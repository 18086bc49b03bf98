"""The desk: who waits, who is on duty, and who has just been offered to whom.

The policy is in `ivr/queues` and pure; what is here keeps the present state and wakes the flows that wait for it.
"""

from ivr.desk.desk import Desk, TalkGoesOn
from ivr.desk.happenings import (
    AgentFree,
    ClosingDue,
    Deserted,
    LedAway,
    SiteFree,
    SiteGone,
    StepDue,
)
from ivr.desk.logbook import Logbook
from ivr.desk.place import ClosedSites, Place
from ivr.desk.seat import Seat, Wish
from ivr.desk.splits import ShareView
from ivr.desk.views import AgentView, QueueView

__all__ = [
    "AgentFree",
    "AgentView",
    "ClosedSites",
    "ClosingDue",
    "Deserted",
    "Desk",
    "LedAway",
    "Logbook",
    "Place",
    "QueueView",
    "Seat",
    "ShareView",
    "SiteFree",
    "SiteGone",
    "StepDue",
    "TalkGoesOn",
    "Wish",
]
