"""What agents want, or others for them: to be signed in, a pause, a queue, more time after a talk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivr.desk.seat import Seat, Wish
from ivr.desk.seats import Seats
from ivr.errors import ChangeRefused
from ivr.queues.agents import AgentEvent, AgentState
from ivr.rules.fault import did_you_mean, slip_of

MOST_LONGER_SECONDS = 3600.0
"""What a wrap-up may be made longer by at once."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """Each is done at once, and written down; what cannot be done raises ChangeRefused with what to do instead.

    Nothing cuts off a talk or a phone that rings: what is wanted meanwhile holds after it. `offer` gives who is free
    to those who wait.
    """

    seats: Seats
    offer: Callable[[], None]

    def sign_in(self, name: str, wish: Wish) -> Seat:
        return self._moved(name, AgentEvent.SIGNED_IN, wish)

    def sign_out(self, name: str, wish: Wish) -> Seat:
        """A pause ends with it."""
        return self._moved(name, AgentEvent.SIGNED_OUT, wish)

    def pause(self, name: str, reason: str | None, wish: Wish) -> Seat:
        """Without a reason, where the rules have only one."""
        self._seat(name)
        return self._moved(name, AgentEvent.PAUSED, wish, reason=self._reason(reason))

    def resume(self, name: str, wish: Wish) -> Seat:
        seat = self._seat(name)
        if seat.duty.reason is None:
            message = f"{name} is not paused, but {seat.duty.state.value}"
            raise ChangeRefused(message)
        return self._moved(name, AgentEvent.RESUMED, wish)

    def take_queue(self, name: str, queue: str, wish: Wish) -> Seat:
        return self._serve(name, queue, wish, is_taken=True)

    def leave_queue(self, name: str, queue: str, wish: Wish) -> Seat:
        return self._serve(name, queue, wish, is_taken=False)

    def sit_down(self, name: str, account: str, wish: Wish) -> Seat:
        """At this phone, and sign in."""
        seat = self._seat(name)
        if account not in self.seats.accounts:
            hint = did_you_mean(account, self.seats.accounts) or "none registers"
            message = f"no phone {account!r} registers here; {hint}"
            raise ChangeRefused(message)
        for one in (seat, self.seats.at(account)):
            if one is not None and one.has_a_caller:
                message = f"{one.agent.name} is {one.duty.state.value}; sit down when that is over"
                raise ChangeRefused(message)
        self.seats.sit(seat, account, wish)
        return self._moved(name, AgentEvent.SIGNED_IN, wish)

    def stand_up(self, name: str, wish: Wish) -> Seat:
        """From another's phone, and sign out."""
        seat = self._seat(name)
        if seat.sits_at is None:
            message = f"{name} sits at no other phone than their own"
            raise ChangeRefused(message)
        if seat.has_a_caller:
            message = f"{name} is {seat.duty.state.value}; stand up when that is over"
            raise ChangeRefused(message)
        self._moved(name, AgentEvent.SIGNED_OUT, wish)
        self.seats.sit(seat, None, wish)
        return seat

    def end_wrap_up(self, name: str, wish: Wish) -> Seat:
        self._wrapping_up(name)
        return self._moved(name, AgentEvent.READY, wish)

    def longer_wrap_up(self, name: str, seconds: float, wish: Wish) -> Seat:
        seat = self._wrapping_up(name)
        if not 1 <= seconds <= MOST_LONGER_SECONDS:
            message = "a wrap-up can be made longer by 1 s to 1 h at once"
            raise ChangeRefused(message)
        self.seats.longer(seat, seconds, wish)
        return seat

    def _moved(
        self, name: str, event: AgentEvent, wish: Wish, *, reason: str | None = None
    ) -> Seat:
        seat = self._seat(name)
        self.seats.move(seat, event, reason=reason, wish=wish)
        self.offer()
        return seat

    def _serve(self, name: str, queue: str, wish: Wish, *, is_taken: bool) -> Seat:
        seat = self._seat(name)
        if queue not in self.seats.queues and queue not in seat.on_duty.queues:
            hint = did_you_mean(queue, self.seats.queues) or "the rules have none"
            message = f"there is no queue called {queue!r}; {hint}"
            raise ChangeRefused(message)
        if (queue in seat.on_duty.queues) is is_taken:
            serves = ", ".join(seat.on_duty.queues) or "none"
            message = (
                f"{name} {'has' if is_taken else 'does not have'} {queue}; their queues: {serves}"
            )
            raise ChangeRefused(message)
        self.seats.serve(seat, queue, is_taken=is_taken, wish=wish)
        self.offer()
        return seat

    def _wrapping_up(self, name: str) -> Seat:
        seat = self._seat(name)
        if seat.duty.state is not AgentState.WRAPPING_UP:
            message = f"{name} is not wrapping up, but {seat.duty.state.value}"
            raise ChangeRefused(message)
        return seat

    def _reason(self, reason: str | None) -> str:
        known = self.seats.rules.pause_reasons
        if reason is None and len(known) == 1:
            return known[0]
        if reason in known:
            return reason
        wanted = f"the rules have: {', '.join(known)}"
        said = "why? A pause has a reason" if reason is None else f"there is no reason {reason!r}"
        near = slip_of(reason, known) if reason is not None else None
        meant = f"; {near}" if near else ""
        message = f"{said}; {wanted}{meant}"
        raise ChangeRefused(message)

    def _seat(self, name: str) -> Seat:
        seat = self.seats.get(name)
        if seat is None or seat.is_leaving:
            names = [one.agent.name for one in self.seats if not one.is_leaving]
            hint = did_you_mean(name, names) or "the rules have none"
            message = f"there is no agent called {name!r}; {hint}"
            raise ChangeRefused(message)
        return seat
