"""The story of somebody who sits down at a phone: number and PIN. What is keyed is in no log and no record."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias, assert_never

from ivr.call import Call
from ivr.desk import Desk, Wish
from ivr.errors import ChangeRefused
from ivr.rules.lint.prompts import AGENT_PROMPTS, LOCKED, WRONG_PIN, YOUR_NUMBER, YOUR_PIN
from ivr.rules.model import Agent, RuleSet

PinAnswer: TypeAlias = Literal["right", "wrong", "locked"]

MOST_NUMBER, MOST_PIN = 6, 12
TRIES = 3
WAIT_SECONDS, BETWEEN_SECONDS = 8.0, 4.0


class PinsKept(Protocol):
    """Who knows PINs."""

    async def check(self, number: str, agent: str | None, pin: str) -> PinAnswer:
        """Whether it is the PIN of the agent (None: nobody) with this number. Three wrong ones lock it for a minute."""


class NoPins:
    """Where there is no home folder: no PIN is right."""

    async def check(self, number: str, agent: str | None, pin: str) -> PinAnswer:
        return "wrong"


async def who_is_it(
    call: Call, rules: RuleSet, pins: PinsKept, agent: Agent | None = None
) -> Agent | None:
    """The agent whose PIN was keyed; the number is asked for where nobody is known to sit at the phone.

    None: nobody, who has been told so.
    """
    for _ in range(TRIES):
        known = agent
        number = agent.number or agent.name if agent else ""
        if agent is None:
            number = await call.ask_digits(
                (YOUR_NUMBER,), MOST_NUMBER, WAIT_SECONDS, BETWEEN_SECONDS
            )
            if not number:
                break
            known = next((one for one in rules.agents.values() if one.number == number), None)
        pin = await call.ask_digits((YOUR_PIN,), MOST_PIN, WAIT_SECONDS, BETWEEN_SECONDS)
        match await pins.check(number, known.name if known else None, pin):
            case "right":
                return known
            case "locked":
                await call.say(LOCKED)
                return None
            case "wrong":
                await call.say(WRONG_PIN)
            case unknown:
                assert_never(unknown)
    await call.say("goodbye")
    return None


async def sit_down(call: Call, account: str, rules: RuleSet, desk: Desk, pins: PinsKept) -> None:
    """Ask who it is, and let them have this phone. Nothing is changed before the PIN is right."""
    agent = await who_is_it(call, rules, pins)
    if agent is not None:
        await call.say(_seated(desk, agent.name, account))


def _seated(desk: Desk, agent: str, account: str) -> str:
    """What is said of it."""
    try:
        desk.wishes.sit_down(agent, account, Wish(agent, "by phone, with the PIN"))
    except ChangeRefused:
        return "agent.not_done"
    return AGENT_PROMPTS["sit down"]
