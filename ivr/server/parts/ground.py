"""What a server stands on: what was asked for, and what is open before anything of its own is built."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ivr.ari.link import Link
from ivr.ari.node import Node
from ivr.aside import aside
from ivr.clock import Clock, SystemClock
from ivr.observe import Counts
from ivr.rulebook.in_force import RulesInForce, take_rules_in_time
from ivr.server.asterisk import AsteriskInUse, asterisk_for
from ivr.server.home import Home
from ivr.server.home_files import HomeFiles
from ivr.server.settings_in_force import names_for
from ivr.server.speech import secret_of_workers
from ivr.server.watcher import Watcher
from ivr.settings import Settings, SettingsSource
from ivr.store.door import Keeping, Store
from ivr.store.open import open_server_store
from ivr.trunks.names import NameBook


@dataclass(frozen=True, slots=True)
class Serving:
    """What `ivr serve` was asked for. `home`, `rules` and `prompts` are paths, `source` is where settings come from.

    `watcher` is whoever ends us when we hang, and starts the next.
    """

    home: Path
    rules: Path
    prompts: Path
    settings: Settings
    source: SettingsSource
    watcher: Watcher = field(default_factory=Watcher)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """All that the parts are built on. `in_force` are the rules at the start."""

    asked: Serving
    home: Home
    store: Store
    kept: Keeping
    in_force: RulesInForce
    asterisk: AsteriskInUse
    files: HomeFiles
    node: Node
    names: NameBook
    clock: Clock
    counts: Counts

    @property
    def settings(self) -> Settings:
        return self.asked.settings


@asynccontextmanager
async def ground_for(asked: Serving) -> AsyncIterator[Ground]:
    """Read the rules, and open the home folder, the store and Asterisk, for as long as the scope lasts.

    Raises RulesRefused, ConfigRefused, PortTaken, StoreFailed, AsteriskError.
    """
    settings, counts, clock = asked.settings, Counts(), SystemClock()
    if settings.speech.workers:
        # What is wrong is told now: an Asterisk that was started would have to be ended again.
        await aside(secret_of_workers, settings.speech)
    in_force = await take_rules_in_time(asked.rules, asked.prompts)
    home = Home.open(asked.home)
    store = open_server_store(home.folder, settings.store)
    names = await names_for(home, settings, clock)
    async with (
        store.keeping() as kept,
        asterisk_for(home, in_force, settings, names.look) as asterisk,
    ):
        link = Link(asterisk.address, app=asterisk.application, counts=counts)
        yield Ground(
            asked=asked,
            home=home,
            store=store,
            kept=kept,
            in_force=in_force,
            asterisk=asterisk,
            files=HomeFiles.of(home, asterisk.put_back),
            node=Node(link, app=asterisk.application),
            names=names,
            clock=clock,
            counts=counts,
        )
