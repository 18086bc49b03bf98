"""The phones of one Asterisk: which can be rung, and which are in a call that nobody here rang them for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from ivr.ari.events import PhoneState
from ivr.ari.listening import Hub


class Phones:
    """Keeps their states and publishes each change; a call of a phone's own is known by its channel."""

    def __init__(self) -> None:
        self._hub = Hub[PhoneState](longest=10_000)
        self._states: dict[str, PhoneState] = {}
        self._own_calls: dict[str, str] = {}

    @property
    def states(self) -> tuple[PhoneState, ...]:
        return tuple(self._states.values())

    @property
    def overflows(self) -> int:
        return self._hub.overflows

    def listen(self) -> AbstractAsyncContextManager[AsyncIterator[PhoneState]]:
        """Every phone's state as it is now, and each change."""
        return self._hub.listen(first=lambda: self.states)

    def compare(self, states: Iterable[PhoneState], channels: Mapping[str, str]) -> None:
        """All anew, at a link: these phones there are, and these channels (id: phone) of their own."""
        self._own_calls = dict(channels)
        self._states = {state.name: self._with_calls(state) for state in states}

    def publish(self) -> None:
        """Tell all states again."""
        for state in self.states:
            self._hub.publish(state)

    def note(self, state: PhoneState) -> None:
        """A phone came or went."""
        state = self._with_calls(state)
        if self._states.get(state.name) != state:
            self._states[state.name] = state
            self._hub.publish(state)

    def call_began(self, channel_id: str, name: str) -> None:
        """A channel of this phone that nobody here rang. One that cannot be rung, as a trunk, need not be told of."""
        self._own_calls[channel_id] = name
        self._look_again(name)

    def call_ended(self, channel_id: str) -> None:
        """A channel is gone; most are no phone's own."""
        if name := self._own_calls.pop(channel_id, None):
            self._look_again(name)

    def is_own_call(self, channel_id: str) -> bool:
        return channel_id in self._own_calls

    def _look_again(self, name: str) -> None:
        state = self._states.get(name)
        if state is not None and state.is_reachable:
            self.note(state)

    def _with_calls(self, state: PhoneState) -> PhoneState:
        return replace(state, is_in_own_call=state.name in self._own_calls.values())
