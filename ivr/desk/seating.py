"""Who sits at which phone. Asked of each call and each phone that comes or goes, so nobody else is looked at."""

from __future__ import annotations

from dataclasses import replace

from ivr.desk.seat import Seat
from ivr.rules.model import Account


class Seating:
    """Seats by the account of the phone that rings for them, and who has sat down at another's."""

    def __init__(self) -> None:
        self._by_account: dict[str, dict[str, Seat]] = {}
        self._account_of: dict[str, str] = {}
        self._sitters: dict[str, str] = {}

    def at_phone(self, account: str | None) -> tuple[Seat, ...]:
        """All whose phone it is, or who have sat down there."""
        return tuple(self._by_account.get(account, {}).values()) if account is not None else ()

    def at(self, account: str) -> Seat | None:
        """Who sits at this phone: who has sat down there comes before whose phone it is."""
        here = [seat for seat in self.at_phone(account) if not seat.is_leaving]
        sitter = self._sitters.get(account)
        return min(here, key=lambda one: (one.own.name != sitter, one.on_duty.order), default=None)

    def is_taken_by_another(self, seat: Seat) -> bool:
        """Whether somebody else has sat down at the phone of this agent."""
        name = seat.own.name
        return self._sitters.get(seat.account or "", name) != name

    def sit(self, seat: Seat, account: str | None) -> None:
        """Callers are brought to the agent there; None: to their own phone, as the rules have it now."""
        self.leave(seat)
        seat.sits_at = account
        seat.agent = seat.own if account is None else replace(seat.own, phone=Account(account))
        name, phone = seat.own.name, seat.account
        if phone is not None:
            self._by_account.setdefault(phone, {})[name] = seat
            self._account_of[name] = phone
        if account is not None:
            self._sitters[account] = name

    def leave(self, seat: Seat) -> None:
        """The agent sits nowhere."""
        name = seat.own.name
        before = self._account_of.pop(name, None)
        if before is not None:
            del self._by_account[before][name]
            if not self._by_account[before]:
                del self._by_account[before]
        if seat.sits_at is not None and self._sitters.get(seat.sits_at) == name:
            del self._sitters[seat.sits_at]
