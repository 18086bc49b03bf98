"""What a server is made of, from the ground up: each part is built on those before it, and nothing else builds one."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Self

from ivr.server.beat import beat
from ivr.server.control import watch_prompts, watch_rules
from ivr.server.parts.carriers import Carriers
from ivr.server.parts.gate import Gate
from ivr.server.parts.ground import Ground, Serving, ground_for
from ivr.server.parts.office import Office
from ivr.server.parts.reception import Reception
from ivr.server.parts.windows import Windows
from ivr.server.phones import keep_phone_book, watch_phones
from ivr.server.signals import StopSignals
from ivr.server.stopping import hurry
from ivr.server.trunk_watch import watch_registrations, watch_tls, watch_trunks

__all__ = ["Parts", "Serving", "ground_for"]

Work = Coroutine[Any, Any, None]


@dataclass(frozen=True, slots=True)
class Parts:
    """All of a server."""

    ground: Ground
    office: Office
    carriers: Carriers
    reception: Reception
    gate: Gate
    windows: Windows

    @classmethod
    async def on(cls, ground: Ground) -> Self:
        """Build all, and run nothing."""
        office = await Office.on(ground)
        carriers = Carriers.on(ground, office)
        reception = await Reception.on(ground, office, carriers)
        gate = Gate.on(ground, office, carriers)
        windows = Windows.on(ground, office, carriers, reception, gate)
        return cls(ground, office, carriers, reception, gate, windows)

    async def begin(self) -> None:
        """What was planned or closed before this server, and emergency calls that outlived the last one."""
        for part in (self.office.changes, self.office.overrides, self.gate.emergencies):
            await part.begin()

    def works(self, stop: StopSignals) -> dict[str, Work]:
        """What runs as long as the server does, by its name."""
        ground, office, carriers = self.ground, self.office, self.carriers
        reception, gate, windows = self.reception, self.gate, self.windows
        node, asterisk, watcher = ground.node, ground.asterisk, ground.asked.watcher
        supervisor = reception.supervisor
        return {
            "journal": ground.kept.run(),
            "home": ground.files.run(),
            "logbook": office.desk.logbook.run(),
            "asterisk": asterisk.keep_up(),
            "asterisk-log": gate.asterisk_log.run(),
            "emergencies": gate.emergencies.run(),
            "doorkeeper": gate.doorkeeper.run(),
            "calls": supervisor.run(),
            "phones": watch_phones(node, office.desk),
            "phone-book": keep_phone_book(node, gate.phone_book),
            "links": reception.left_behind.run(),
            "trunks": watch_trunks(node, carriers.trunks),
            "registrations": watch_registrations(asterisk, carriers.trunks),
            "speech": reception.speech.run(office.rulebook, node, asterisk),
            "stream": node.run(),
            "hurry": hurry(supervisor, stop),
            "beat": beat(node, ground.clock, supervisor.somebody),
            "settings": carriers.settings.reload_when_told(stop.reload, watcher),
            "names": carriers.settings.watch_names(),
            "tls": watch_tls(carriers.trunks, ground.settings.sip.host),
            "rules-planned": office.changes.timed.run(),
            "overrides": office.overrides.run(),
            "retention": windows.keeper.run(),
            "watcher": watcher.run(lambda: supervisor.doing),
            **self._files_watched(),
        }

    def _files_watched(self) -> dict[str, Work]:
        if not self.ground.settings.rules.watch:
            return {}
        changes = self.office.changes
        return {
            "rules-watch": watch_rules(changes),
            "prompts-watch": watch_prompts(changes, self.ground.asked.prompts),
        }
