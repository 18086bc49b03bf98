"""The settings in force: read once more while calls go on, and taken wholly or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path

import structlog

from ivr.aside import aside
from ivr.clock import Clock
from ivr.control import Reloaded
from ivr.errors import ChangeRefused, ConfigRefused
from ivr.rulebook.in_force import RulesInForce, Runs, answering_in_time
from ivr.server.asterisk import AsteriskInUse
from ivr.server.home import Home
from ivr.server.outgoing import OutgoingCalls
from ivr.server.trunk_watch import sign_in_what_is_due
from ivr.server.trunks import TrunksInUse
from ivr.server.watcher import Watcher
from ivr.settings import Settings, SettingsSource, split_address
from ivr.trunks import NameBook, Trunk, names_of
from ivr.trunks.resolver import Resolver

log = structlog.get_logger()

NAMES_FILE = "names.json"
"""In the home folder: the last good answer for each carrier's name."""

LONGEST_ASKING_SECONDS = 10.0
"""For names while calls go on: nobody waits for it."""

LIVE = ("trunk", "emergency", "outgoing", "floor")
"""Sections that a running server takes; the others say how it is started."""


@dataclass(slots=True)
class SettingsInForce:
    """`refused` says since when the file has what cannot be taken, and what that is. `run` reads away from the loop."""

    present: Settings
    source: SettingsSource
    asterisk: AsteriskInUse
    trunks: TrunksInUse
    outgoing: OutgoingCalls
    rules: Callable[[], RulesInForce]
    clock: Clock
    names: NameBook
    run: Runs = aside
    refused: tuple[datetime, str] | None = None
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def reload(self, author: str) -> Reloaded:
        """Read them anew and take them. Raises ConfigRefused, ChangeRefused: then all stays as it was."""
        async with self._one_at_a_time:
            try:
                reloaded = await self._reload()
            except (ConfigRefused, ChangeRefused) as error:
                self._refuse(str(error), author)
                raise
        self.refused = None
        log.info(
            "settings taken",
            author=author,
            added=reloaded.added,
            changed=reloaded.changed,
            removed=reloaded.removed,
            others=reloaded.others,
        )
        return reloaded

    async def reload_when_told(self, told: asyncio.Event, watcher: Watcher) -> None:
        """Reload each time that it is set, until cancelled. What was refused is in the log, and on `/health`."""
        while True:
            await told.wait()
            told.clear()
            watcher.reloading()
            with suppress(ConfigRefused, ChangeRefused):
                await self.reload("SIGHUP")
            watcher.ready("settings were read anew")

    async def watch_names(self) -> None:
        """Ask what carriers' names mean, again and again, until cancelled; what changed goes live at once.

        A reload does not wait for name servers that are silent: it is not kept out while they are asked.
        """
        while True:
            await asyncio.sleep(self.names.wait_seconds)
            names = names_of(self.present.trunk)
            if await self.names.ask(names, within_seconds=LONGEST_ASKING_SECONDS):
                async with self._one_at_a_time:
                    await self._take_what_names_mean()

    async def _take_what_names_mean(self) -> None:
        try:
            await self.asterisk.take(self.present, self.rules)
        except (ConfigRefused, ChangeRefused) as error:
            self._refuse(str(error), "names")

    def problems(self) -> Iterator[str]:
        """What `/health` is to say."""
        if self.refused:
            since, why = self.refused
            yield (
                f"the settings are refused since {since.isoformat(timespec='seconds')}: {why}. Those in force stay as "
                "they are; mend it and say `ivr reload`"
            )

    def _refuse(self, why: str, author: str) -> None:
        since = self.refused[0] if self.refused else self.clock.now()
        self.refused = since, why
        log.error("settings refused; those in force stay", author=author, why=why)

    async def _reload(self) -> Reloaded:
        async with answering_in_time(self.source.file or Path("ivr.toml"), "--config"):
            new = await self.run(self.source.read)
        _refuse_what_needs_a_restart(self.present, new)
        await self.names.ask(names_of(new.trunk))
        before, tls = self.asterisk.trunks, self.asterisk.tls
        try:
            warnings = await self.asterisk.take(new, self.rules)
        except ConfigRefused as error:
            raise await self.run(self.source.at_line, error) from error
        self.trunks.signing_in.want(self.trunks.signed_out)
        await sign_in_what_is_due(self.asterisk, self.trunks)
        others = tuple(
            name
            for name in LIVE
            if name != "trunk" and getattr(new, name) != getattr(self.present, name)
        )
        if self.asterisk.tls != tls:
            others = ("the certificate for phones", *others)
        self.outgoing.said = new.outgoing
        self.present = new
        return self._told(before, self.asterisk.trunks, others, warnings)

    def _told(
        self,
        before: tuple[Trunk, ...],
        now: tuple[Trunk, ...],
        others: tuple[str, ...],
        warnings: tuple[str, ...],
    ) -> Reloaded:
        was = {trunk.name: trunk for trunk in before}
        names = [trunk.name for trunk in now]
        removed = tuple(name for name in was if name not in names)
        self.trunks.forget(removed)
        stayed = [name for name in names if name in was]
        if stayed != [name for name in was if name in names]:
            others = ("the order of trunks", *others)
        return Reloaded(
            added=tuple(name for name in names if name not in was),
            changed=tuple(one.name for one in now if one.name in was and one != was[one.name]),
            removed=removed,
            others=others,
            not_taken=self.asterisk.not_taken,
            warnings=warnings,
        )


async def names_for(home: Home, settings: Settings, clock: Clock) -> NameBook:
    """The names of these settings' trunks, asked for, but not waited for longer than callers can."""
    host = settings.sip.host
    servers = tuple(map(split_address, settings.sip.name_servers))
    resolver = Resolver(ip_address(host).version, servers)
    names = NameBook(resolver, clock, home.folder / NAMES_FILE, host)
    await aside(names.read)
    await names.ask(names_of(settings.trunk))
    return names


def _refuse_what_needs_a_restart(present: Settings, new: Settings) -> None:
    """Raise ChangeRefused for sections that say how a server is started, all at once."""
    changed = [
        f"{section}.{key}"
        for section in Settings.model_fields
        if section not in LIVE
        for key in type(getattr(new, section)).model_fields
        if getattr(getattr(new, section), key) != getattr(getattr(present, section), key)
    ]
    if changed:
        one = "this setting" if len(changed) == 1 else "these settings"
        message = (
            f"{', '.join(changed)} changed: a running server cannot take {one}, and nothing was changed. Restart it "
            "(an orderly stop lets calls end first), or put back what stood there"
        )
        raise ChangeRefused(message)
