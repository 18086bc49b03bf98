"""The story of a prompt that is recorded by phone: who it is, what is read, and whether it is kept as a draft."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from ivr.call import Call, Chosen
from ivr.flows.hot_desk import TRIES, WAIT_SECONDS, PinsKept, who_is_it
from ivr.records.events import Answered, Ended, Routed
from ivr.rules.lint.prompts import DICTATION_PROMPTS
from ivr.rules.model import Agent, RuleSet

log = structlog.get_logger()

WHICH, BEGIN, NOTHING, DECIDE, KEPT = DICTATION_PROMPTS
KEEP, ANEW, AGAIN = "1", "2", "3"
"""What `record.decide` names: keep it, read it anew, hear it again."""

LONGEST_SECONDS = 120


@dataclass(frozen=True, slots=True)
class DraftUnderWay:
    """A recording that is being made: by what name Asterisk knows it, and where its file lies."""

    name: str
    path: Path


class Drafts(Protocol):
    """Where recordings lie until somebody puts them live."""

    def under_way(self, name: str) -> AbstractContextManager[DraftUnderWay]:
        """A file that is gone with the scope, unless it was kept."""

    def drop(self, names: Collection[str]) -> None:
        """What an earlier server recorded under these names, and nobody is to hear."""

    def keep(self, draft: DraftUnderWay, prompt: str, language: str) -> bool:
        """Let it be the draft of this prompt, in place of the one before; whether that could be done."""


@dataclass(frozen=True, slots=True)
class Dictation:
    """A call to the code for recording; `agent` is who sits at the phone, None where that is not known."""

    dialled: str
    agent: Agent | None
    prompts: tuple[str, ...]


async def run_dictation(
    call: Call, asked: Dictation, rules: RuleSet, pins: PinsKept, drafts: Drafts
) -> Ended:
    """Nothing that callers hear is changed here: what is kept is a draft."""
    call.note(Answered(), at_once=True)
    call.note(Routed(to=f"code {asked.dialled}", language=call.language))
    await call.answer()
    agent = await who_is_it(call, rules, pins, asked.agent)
    prompt = await which_prompt(call, asked.prompts) if agent is not None else None
    if agent is not None and prompt is not None:
        await dictate(call, prompt, agent, drafts)
    return Ended(by="rules")


async def which_prompt(call: Call, prompts: tuple[str, ...]) -> str | None:
    """The one that may be recorded so; of several, by its place in the settings."""
    if len(prompts) == 1:
        return prompts[0]
    keys = [str(place) for place in range(1, len(prompts) + 1)]
    for _ in range(TRIES):
        chosen = await call.choose_key(keys, (WHICH,), WAIT_SECONDS)
        if isinstance(chosen, Chosen):
            return prompts[int(chosen.key) - 1]
    await call.say("goodbye")
    return None


async def dictate(call: Call, prompt: str, agent: Agent, drafts: Drafts) -> None:
    """Read, hear, decide; what is not kept is gone, also with a hang-up."""
    for name in call.takes:
        await call.say(BEGIN, "beep")
        with drafts.under_way(name) as draft:
            seconds = await call.dictate(draft.name, LONGEST_SECONDS)
            if seconds is None:
                await call.say(NOTHING)
                continue
            decided = await decide_on(call, draft, seconds)
            if decided == ANEW:
                continue
            if decided == KEEP:
                is_kept = drafts.keep(draft, prompt, call.language)
                if is_kept:
                    log.info("draft kept", prompt=prompt, language=call.language, by=agent.name)
                await call.say(KEPT if is_kept else "sorry")
                return
        break
    await call.say("goodbye")


async def decide_on(call: Call, draft: DraftUnderWay, seconds: float) -> str | None:
    """Hear it, as often as wanted, and say what becomes of it; None where nothing is said."""
    await call.hear(draft.path, seconds)
    for _ in range(2 * TRIES):
        chosen = await call.choose_key((KEEP, ANEW, AGAIN), (DECIDE,), WAIT_SECONDS)
        if not isinstance(chosen, Chosen):
            continue
        if chosen.key != AGAIN:
            return chosen.key
        await call.hear(draft.path, seconds)
    return None
