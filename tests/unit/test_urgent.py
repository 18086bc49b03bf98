"""A thread that goes first where the system lets it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from ivr import urgent


def policy_after_asking() -> tuple[bool, int]:
    return urgent.go_first(), os.sched_getscheduler(0)


def asked_by_a_thread() -> tuple[bool, int]:
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(policy_after_asking).result()


def test_it_says_what_came_of_it_and_nobody_else_is_urgent() -> None:
    before = os.sched_getscheduler(0)

    went_first, policy = asked_by_a_thread()

    assert went_first == (policy == os.SCHED_RR | os.SCHED_RESET_ON_FORK)
    assert os.sched_getscheduler(0) == before


def test_a_refusal_leaves_all_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "sched_setscheduler", refuse)

    assert asked_by_a_thread() == (False, os.sched_getscheduler(0))


def test_one_core_is_left_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)

    assert asked_by_a_thread() == (False, os.sched_getscheduler(0))
