"""The server's side of what can be asked about agents."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from ivr.control import AgentAsked, AgentTold
from ivr.desk import Desk, Seat, Wish
from ivr.errors import ChangeRefused
from ivr.queues.agents import BUSY

log = structlog.get_logger()

LONGER_SECONDS = 60.0
"""By so much a wrap-up is made longer where nothing is said."""


@dataclass(frozen=True, slots=True)
class AgentControl:
    """See AgentControls."""

    desk: Desk

    async def agent(self, asked: AgentAsked, author: str) -> AgentTold:
        before = {view.name: view.state.value for view in self.desk.agents()}
        seat = self._done(asked, Wish(author, asked.why.strip()))
        await self.desk.logbook.write()
        log.info("agent told", agent=asked.agent, act=asked.act, author=author, why=asked.why)
        return AgentTold(
            agent=asked.agent,
            before=before[asked.agent],
            state=seat.duty.state.value,
            queues=seat.on_duty.queues,
            reason=seat.duty.reason,
            notes=tuple(_notes(seat)),
        )

    def _done(self, asked: AgentAsked, wish: Wish) -> Seat:  # noqa: C901, PLR0911 - a line for each
        wishes, name = self.desk.wishes, asked.agent
        match asked.act:
            case "sign_in":
                return wishes.sign_in(name, wish)
            case "sign_out":
                return wishes.sign_out(name, wish)
            case "pause":
                return wishes.pause(name, asked.reason, wish)
            case "resume":
                return wishes.resume(name, wish)
            case "take":
                return wishes.take_queue(name, _queue(asked), wish)
            case "leave":
                return wishes.leave_queue(name, _queue(asked), wish)
            case "end_wrap_up":
                return wishes.end_wrap_up(name, wish)
            case "longer_wrap_up":
                return wishes.longer_wrap_up(name, _seconds(asked), wish)
            case "sit_down":
                return wishes.sit_down(name, _phone(asked), wish)
            case "stand_up":
                return wishes.stand_up(name, wish)


def _queue(asked: AgentAsked) -> str:
    if asked.queue is None:
        message = "which queue? Name one of the rules"
        raise ChangeRefused(message)
    return asked.queue


def _seconds(asked: AgentAsked) -> float:
    return LONGER_SECONDS if asked.seconds is None else asked.seconds


def _phone(asked: AgentAsked) -> str:
    if not asked.phone:
        message = "at which phone? Name its account"
        raise ChangeRefused(message)
    return asked.phone


def _notes(seat: Seat) -> list[str]:
    """What the present state does not say."""
    duty, found = seat.duty, []
    if duty.reason is not None and not duty.is_signed_in and duty.state not in BUSY:
        found.append(f"paused ({duty.reason}) as soon as they sign in")
    if duty.state in BUSY and not duty.is_signed_in:
        found.append("signed out as soon as this is over")
    elif duty.state in BUSY and duty.reason is not None:
        found.append(f"paused ({duty.reason}) as soon as this is over")
    if duty.is_signed_in and not duty.has_phone:
        then = "calls come" if duty.reason is None else f"paused ({duty.reason})"
        found.append(f"no phone is there ({seat.account}): {then} when it is")
    return found
