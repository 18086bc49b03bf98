"""Phones that ring or are in a talk, for whomever. Agents come and go, and the rules give a phone to another."""

from __future__ import annotations

from collections import Counter


class PhonesInUse:
    """Who sits at a phone that is in use is offered no caller: it rings already, or somebody talks there.

    Phones are named by their account, or by their address where they do not register.
    """

    def __init__(self) -> None:
        self._uses: Counter[str] = Counter()
        self._callers_at: dict[str, str] = {}

    def begin(self, phone: str) -> None:
        """It rings from now on, or is talked on, for a reason of its own."""
        self._uses[phone] += 1

    def end(self, phone: str) -> None:
        """That is over."""
        self._uses[phone] -= 1
        if not self._uses[phone]:
            del self._uses[phone]

    def caller_comes(self, agent: str, phone: str) -> None:
        """It rings for a caller who is offered to this agent, or they talk there."""
        self._callers_at[agent] = phone
        self.begin(phone)

    def caller_left(self, agent: str) -> str | None:
        """The phone where that was, wherever the agent sits by now; None where there was none."""
        phone = self._callers_at.pop(agent, None)
        if phone is not None:
            self.end(phone)
        return phone

    def by_others(self, agent: str, phone: str) -> bool:
        """Whether it is in use, and not only for this agent's own caller."""
        return self._uses[phone] > (self._callers_at.get(agent) == phone)
