"""What happens next to a caller who waits: values, to be matched exhaustively."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.rules.model import Agent, Phone


@dataclass(frozen=True, slots=True)
class AgentFree:
    """These agents are claimed for the caller; the phones may be rung: one, or all at once."""

    agents: tuple[Agent, ...]


@dataclass(frozen=True, slots=True)
class StepDue:
    """The wait has reached a `while_waiting` step of the rules; `step` counts from 0."""

    step: int


@dataclass(frozen=True, slots=True)
class Deserted:
    """No agent of the queue is signed in any more, and the rules say where its callers go then."""


@dataclass(frozen=True, slots=True)
class LedAway:
    """Somebody took the caller to another queue."""

    to: str
    author: str
    why: str


@dataclass(frozen=True, slots=True)
class ClosingDue:
    """It is closing time where the caller waits, and the rules say where those go who wait still."""


@dataclass(frozen=True, slots=True)
class SiteGone:
    """The site whose call it is can take none, or there was none to give it to, and now another site can."""


@dataclass(frozen=True, slots=True)
class SiteFree:
    """The phone of the site whose call it is may be rung: the caller's place there is taken."""

    site: str
    phone: Phone


Happening = AgentFree | StepDue | Deserted | ClosingDue | LedAway | SiteGone | SiteFree
