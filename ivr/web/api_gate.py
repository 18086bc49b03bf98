"""Who may ask the API: programs with a token, and the commands of this machine with the token of the home folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from ivr.control import SCOPES, ApiToken, Problem, Scope
from ivr.web.control import ControlGate
from ivr.web.turned_away import TurnedAway

MAKES_ONE = "make one with `ivr token add NAME`, and send it as a bearer token"


@dataclass(frozen=True, slots=True)
class ApiGate:
    """`find` gives the token with a secret, `is_over` says whether its days are over; `commands` lets in our own."""

    find: Callable[[str], ApiToken | None]
    is_over: Callable[[ApiToken], bool]
    commands: ControlGate
    turned_away: TurnedAway

    def may(self, request: web.Request) -> frozenset[Scope] | Problem:
        """What this request may ask for, or why it may not ask at all."""
        found = self._scopes(request)
        if isinstance(found, Problem):
            self.turned_away.tell(found.code)
        return found

    def not_allowed(self, detail: str) -> Problem:
        """Why a token that is known may not do this; counted as whoever is not let in."""
        self.turned_away.tell("not-allowed")
        return Problem(title="Not allowed", status=403, code="not-allowed", detail=detail)

    def author(self, request: web.Request) -> str:
        """Who asks, for what is kept: the program's name, or the commands of this machine."""
        _, _, secret = request.headers.get("Authorization", "").partition(" ")
        token = self.find(secret.strip())
        return f"token {token.name}" if token is not None else "this machine"

    def _scopes(self, request: web.Request) -> frozenset[Scope] | Problem:
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            return Problem(title="Not known", status=401, code="not-known", detail=MAKES_ONE)
        if self.commands.knows(request):
            return frozenset(SCOPES)
        token = self.find(secret.strip())
        if token is None:
            detail = f"there is no such token, or it was revoked; {MAKES_ONE}"
            return Problem(title="Not known", status=401, code="not-known", detail=detail)
        if self.is_over(token):
            detail = (
                f'the token "{token.name}" expired {token.expires_at:%Y-%m-%d}; revoke it '
                f"(`ivr token revoke`), and {MAKES_ONE}"
            )
            return Problem(title="Expired", status=401, code="token-expired", detail=detail)
        return frozenset(token.scopes)
