"""What signals ask of the server, and which of them counts."""

from __future__ import annotations

from ivr.server.signals import StopSignals


def test_the_first_stop_is_orderly_and_the_second_at_once() -> None:
    stop = StopSignals()

    stop.signal()
    assert (stop.is_told.is_set(), stop.orderly.is_set(), stop.at_once.is_set()) == (
        True,
        True,
        False,
    )
    stop.signal()
    assert stop.at_once.is_set()


def test_a_restart_leaves_callers_to_the_next_server() -> None:
    stop = StopSignals()

    stop.leave()

    assert stop.is_told.is_set()
    assert stop.hand_over.is_set()
    assert not stop.orderly.is_set()


def test_a_stop_that_has_begun_does_not_become_a_restart() -> None:
    stop = StopSignals()

    stop.signal()
    stop.leave()

    assert not stop.hand_over.is_set()


def test_a_terminal_that_is_closed_stops_and_a_reload_does_not() -> None:
    stop = StopSignals()

    stop.hang_up(terminal_is_gone=False)
    assert (stop.reload.is_set(), stop.is_told.is_set()) == (True, False)
    stop.hang_up(terminal_is_gone=True)
    assert stop.orderly.is_set()
