"""The exchange over Asterisks: one, or several that take calls side by side."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from ivr.ari.events import Arrival
from ivr.ari.legs import Legs
from ivr.ari.listening import Listening
from ivr.ari.node import Node
from ivr.ari.routes import OF_US, Presented, Route, RoutesTo, routes_to_phone
from ivr.numbers import PhoneNumber
from ivr.rules.model import Account, SipAddress


class NodeExchange:
    """Calls come in at every node, and each stays at the one that took it: its agents are rung from there."""

    def __init__(self, *nodes: Node, routes: RoutesTo = routes_to_phone) -> None:
        """`routes` says how somebody is reached; it is asked for each ringing. No two nodes may have one name."""
        self._nodes = {node.name: node for node in nodes}
        if len(self._nodes) < len(nodes):
            message = "two nodes have one name"
            raise ValueError(message)
        self._routes = routes

    def arrivals(self) -> AbstractAsyncContextManager[AsyncIterator[Arrival]]:
        """Calls that come in, wherever, each followed from before it is handed out."""
        return Listening([node.incoming for node in self._nodes.values()])

    def legs(self, call_id: str, node: str) -> Legs:
        """For the legs and bridges of a call at this node."""
        return self._nodes[node].legs(call_id)

    def routes_to(
        self, phone: Account | SipAddress | PhoneNumber, presented: Presented = OF_US
    ) -> tuple[Route, ...]:
        """How a phone is reached, the route to be tried first first; none where it cannot be rung."""
        return self._routes(phone, presented)

    def media(self, recording: Path) -> str:
        """What a leg is told to play; Asterisk puts the extension to the file's name by itself."""
        return f"sound:{recording.with_suffix('')}"
