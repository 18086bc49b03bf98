"""The story of somebody who sits down at a phone: number and PIN. What is keyed is in no log and no record."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias, assert_never

from ivr.call import Call
from ivr.desk import Desk, Wish
from ivr.errors import ChangeRefused
from ivr.rules.lint.prompts import AGENT_PROMPTS, LOCKED, WRONG_PIN, YOUR_NUMBER, YOUR_PIN
from ivr.rules.model import RuleSet

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


async def sit_down(call: Call, account: str, rules: RuleSet, desk: Desk, pins: PinsKept) -> None:
    """Ask who it is, and let them have this phone. Nothing is changed before the PIN is right."""
    for _ in range(TRIES):
        number = await call.ask_digits((YOUR_NUMBER,), MOST_NUMBER, WAIT_SECONDS, BETWEEN_SECONDS)
        if not number:
            break
        pin = await call.ask_digits((YOUR_PIN,), MOST_PIN, WAIT_SECONDS, BETWEEN_SECONDS)
        agent = next((one.name for one in rules.agents.values() if one.number == number), None)
        match await pins.check(number, agent, pin):
            case "right":
                await call.say(_seated(desk, agent or "", account))
                return
            case "locked":
                await call.say(LOCKED)
                return
            case "wrong":
                await call.say(WRONG_PIN)
            case unknown:
                assert_never(unknown)
    await call.say("goodbye")


def _seated(desk: Desk, agent: str, account: str) -> str:
    """What is said of it."""
    try:
        desk.wishes.sit_down(agent, account, Wish(agent, "by phone, with the PIN"))
    except ChangeRefused:
        return "agent.not_done"
    return AGENT_PROMPTS["sit down"]
