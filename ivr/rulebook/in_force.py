"""The rules in force: read completely, refused or right, and then swapped in by one assignment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

import structlog

from ivr.aside import aside
from ivr.audio.catalogue import PromptCatalogue
from ivr.desk import Desk
from ivr.errors import ConfigRefused
from ivr.rulebook.text import RulesText
from ivr.rules.lint.prompts import Sounds
from ivr.rules.load import load_rules
from ivr.rules.model import Account, RuleSet

log = structlog.get_logger()

READING_SECONDS = 60.0
"""How long reading rules and prompts may take; the largest take a few."""

P = ParamSpec("P")
T = TypeVar("T")


def accounts_in(rules: RuleSet) -> tuple[str, ...]:
    """The phone accounts that register: agents', and those of phones outside the queues."""
    agents = (agent.phone for agent in rules.agents.values())
    others = (phone.phone for phone in rules.phones.values())
    registered = (phone for phone in (*agents, *others) if isinstance(phone, Account))
    return tuple(sorted({phone.name for phone in registered}))


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """A rule set with its text and the prompts that it speaks. `findings` are its warnings."""

    written: RulesText
    rules: RuleSet
    prompts_folder: Path
    prompts: PromptCatalogue
    findings: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return self.written.file

    @property
    def accounts(self) -> tuple[str, ...]:
        """See accounts_in."""
        return accounts_in(self.rules)

    def site_of(self, account: str) -> str | None:
        """The site of the agents who have this phone, where the rules say one."""
        agents = self.rules.agents.values()
        sites = (agent.site for agent in agents if agent.phone == Account(account))
        return next((site for site in sites if site), None)

    @property
    def music_missing(self) -> tuple[str, ...]:
        """Music that the admin has named or begun, and that cannot be played; callers hear a tone instead."""
        queues = self.rules.queues.values()
        begun = {
            fault.file.split("/")[1] for fault in self.prompts.faults if "music/" in fault.file
        }
        named = {one.music for one in queues if one.names_music or one.music in begun}
        named |= {phone.music for phone in self.rules.phones.values() if phone.music}
        return tuple(sorted(named - set(self.prompts.music)))


def build(written: RulesText, prompts: Path) -> RulesInForce:
    """Read rules and prompts, wholly. Blocks. Raises RulesRefused with every fault, PromptRefused."""
    catalogue = PromptCatalogue.load(prompts)
    for fault in catalogue.faults:
        log.warning("recording not usable", fault=str(fault))
    sounds = Sounds(catalogue.music, {one.file: one.text for one in catalogue.faults})
    rules, findings = load_rules(
        written.text, written.file, catalogue.names_on_disk(), files=written.files, sounds=sounds
    )
    for finding in findings:
        log.warning("rules could be better", finding=str(finding))
    return RulesInForce(
        written, rules, prompts, catalogue, tuple(str(finding) for finding in findings)
    )


@asynccontextmanager
async def answering_in_time(path: Path, option: str = "--rules") -> AsyncIterator[None]:
    """A scope for reading rules or prompts. Raises ConfigRefused where their disk does not answer."""
    try:
        async with asyncio.timeout(READING_SECONDS):
            yield
    except TimeoutError:
        wanted = (
            f"a path on a disk that answers: it could not be read in {READING_SECONDS:.0f} seconds; is its network "
            "share or disk there?"
        )
        raise ConfigRefused(option, str(path), wanted) from None


async def take_rules_in_time(file: Path, prompts: Path) -> RulesInForce:
    """See `take_rules`; a disk that hangs stops nothing else."""
    async with answering_in_time(file):
        return await aside(take_rules, file, prompts)


def take_rules(file: Path, prompts: Path) -> RulesInForce:
    """The rules that a server starts with. Raises RulesRefused, PromptRefused, ConfigRefused."""
    return build(RulesText.of(file), prompts)


class Runs(Protocol):
    """Runs a function that blocks, away from the event loop."""

    async def __call__(
        self, function: Callable[P, T], /, *given: P.args, **named: P.kwargs
    ) -> T: ...


async def nothing_to_prepare(_: RulesInForce) -> None:
    """For a server whose phones are another's affair."""


def nothing_to_refuse(_: RulesInForce) -> None:
    """For a server to which all rules are alike."""


class Rulebook:
    """Which rules new calls meet. A call keeps the rule set and the prompts that it began with.

    Large rules take seconds to read, and calls do not wait for them: `run` reads in a thread. `prepare` brings phones
    and music to Asterisk; `refuse` raises ConfigRefused for what it could not bring there.
    """

    def __init__(
        self,
        present: RulesInForce,
        desk: Desk,
        *,
        run: Runs = aside,
        prepare: Callable[[RulesInForce], Awaitable[None]] = nothing_to_prepare,
        refuse: Callable[[RulesInForce], None] = nothing_to_refuse,
    ) -> None:
        self.present = present
        self._desk = desk
        self.run = run
        self._prepare = prepare
        self._refuse = refuse

    def site_of(self, account: str) -> str | None:
        """See RulesInForce: by the rules that are in force when it is asked."""
        return self.present.site_of(account)

    async def text(self, file: Path) -> RulesText:
        """What a file and those that it includes say now. Raises ConfigRefused where it cannot be read."""
        async with answering_in_time(file):
            return await self.run(RulesText.of, file)

    async def read(self, written: RulesText) -> RulesInForce:
        """What these rules would be. Changes nothing. Raises RulesRefused, PromptRefused, ConfigRefused."""
        prompts = self.present.prompts_folder
        async with answering_in_time(prompts, "--prompts"):
            new = await self.run(build, written, prompts)
        self._refuse(new)
        return new

    async def swap(self, new: RulesInForce) -> None:
        """Let new calls meet these. What they need of Asterisk is there before the first of them."""
        await self._prepare(new)
        self.present = new
        self._desk.take_agents(new.rules)
