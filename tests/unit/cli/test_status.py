"""`ivr status` on a screen on a wall: a server that starts anew does not end it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ivr.cli.status import screens
from ivr.errors import ServerNotRunning

AWAY = ServerNotRunning("/srv/ivr", "127.0.0.1:8080 does not answer")


def looks(*seen: list[str] | ServerNotRunning) -> Iterator[list[str]]:
    """The screens of somebody who sees these things, one after another."""
    rest = iter(seen)

    def look() -> list[str]:
        match next(rest):
            case ServerNotRunning() as error:
                raise error
            case lines:
                return lines

    return screens(look)


def test_a_server_that_is_away_for_a_while_is_waited_for() -> None:
    shown = looks(["before"], AWAY, ["after"])

    assert next(shown) == ["before"]
    away = next(shown)
    assert "goes on" in away[0]
    assert "does not answer" in away[-1]
    assert next(shown) == ["after"]


def test_where_none_runs_to_begin_with_there_is_nothing_to_show() -> None:
    with pytest.raises(ServerNotRunning):
        next(looks(AWAY))
