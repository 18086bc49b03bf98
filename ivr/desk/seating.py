"""Who sits at which phone. Asked of each call and each phone that comes or goes, so nobody else is looked at."""

from __future__ import annotations

from dataclasses import replace

from ivr.desk.seat import Seat, account_of
from ivr.rules.model import Account


class Seating:
    """Seats by the phone that rings for them (its account, or its address), and who has sat down at another's."""

    def __init__(self) -> None:
        self._by_phone: dict[str, dict[str, Seat]] = {}
        self._phone_of: dict[str, str] = {}
        self._sitters: dict[str, str] = {}
        self._left_behind: dict[str, dict[str, Seat]] = {}

    def at_phone(self, phone: str | None) -> tuple[Seat, ...]:
        """All whose phone it is, or who have sat down there."""
        return tuple(self._by_phone.get(phone, {}).values()) if phone is not None else ()

    def at(self, account: str) -> Seat | None:
        """Who sits at this phone: who has sat down there comes before whose phone it is."""
        here = [seat for seat in self.at_phone(account) if not seat.is_leaving]
        sitter = self._sitters.get(account)
        return min(here, key=lambda one: (one.own.name != sitter, one.on_duty.order), default=None)

    def owner_away(self, account: str) -> Seat | None:
        """Whose phone it is, who has sat down at another; None where somebody sits here, and where it is nobody's."""
        away = [] if self.at_phone(account) else self._left_behind.get(account, {}).values()
        here = (seat for seat in away if not seat.is_leaving)
        return min(here, key=lambda one: one.on_duty.order, default=None)

    def is_taken_by_another(self, seat: Seat) -> bool:
        """Whether somebody else has sat down at the phone of this agent."""
        name = seat.own.name
        return self._sitters.get(seat.account or "", name) != name

    def sit(self, seat: Seat, account: str | None) -> None:
        """Callers are brought to the agent there; None: to their own phone, as the rules have it now."""
        self.leave(seat)
        seat.sits_at = account
        seat.agent = seat.own if account is None else replace(seat.own, phone=Account(account))
        name, phone = seat.own.name, seat.phone
        self._by_phone.setdefault(phone, {})[name] = seat
        self._phone_of[name] = phone
        if account is not None:
            self._sitters[account] = name
            own = account_of(seat.own)
            if own is not None and own != account:
                self._left_behind.setdefault(own, {})[name] = seat

    def leave(self, seat: Seat) -> None:
        """The agent sits nowhere."""
        name = seat.own.name
        for of_phone in self._left_behind.values():
            of_phone.pop(name, None)
        before = self._phone_of.pop(name, None)
        if before is not None:
            del self._by_phone[before][name]
            if not self._by_phone[before]:
                del self._by_phone[before]
        if seat.sits_at is not None and self._sitters.get(seat.sits_at) == name:
            del self._sitters[seat.sits_at]
