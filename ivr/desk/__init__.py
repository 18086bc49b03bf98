"""The desk: who waits, who is on duty, and who has just been offered to whom.

The policy is in `ivr/queues` and pure; what is here keeps the present state and wakes the flows that wait for it.
"""

from ivr.desk.desk import AgentView, Desk, QueueView
from ivr.desk.logbook import Logbook
from ivr.desk.place import AgentFree, ClosingDue, Deserted, LedAway, Place, SiteGone, StepDue
from ivr.desk.seats import Seat, Wish
from ivr.desk.splits import ShareView

__all__ = [
    "AgentFree",
    "AgentView",
    "ClosingDue",
    "Deserted",
    "Desk",
    "LedAway",
    "Logbook",
    "Place",
    "QueueView",
    "Seat",
    "ShareView",
    "SiteGone",
    "StepDue",
    "Wish",
]
