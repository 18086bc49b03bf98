"""A word to the agent before the caller: which queue it is, where the caller belongs, how long they have waited."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ivr.call import Call, Leg
from ivr.desk import Place
from ivr.numerals import minutes
from ivr.records.events import Whispered
from ivr.rules.lint.prompts import queue_prompt, site_prompt
from ivr.rules.model import Agent, Queue


async def whisper(call: Call, place: Place, agent: Agent, leg: Leg) -> None:
    """Let the agent hear it; the caller hears the music go on, and waits no longer than this takes."""
    if not place.queue.whisper:
        return
    spell = partial(_whispered, place.queue, call.site, place.waited_seconds)
    if said := await call.whisper(leg, spell):
        call.note(Whispered(agent=agent.name, prompts=said))


def _whispered(
    queue: Queue, site: str | None, waited_seconds: float, language: str
) -> tuple[str, ...]:
    return tuple(_pieces(queue, site, waited_seconds, language))


def _pieces(queue: Queue, site: str | None, waited_seconds: float, language: str) -> Iterator[str]:
    for piece in queue.whisper:
        if piece == "queue":
            yield queue_prompt(queue.name)
        if piece == "site" and site is not None:
            yield site_prompt(site)
        if piece == "waited":
            yield from minutes(int(waited_seconds // 60), language)
