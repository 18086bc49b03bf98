"""The carriers: trunks, what may be called over them, and the settings that a running server can take anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ivr.server.outgoing import OutgoingCalls
from ivr.server.parts.ground import Ground
from ivr.server.parts.office import Office
from ivr.server.settings_in_force import SettingsInForce
from ivr.server.trunks import TrunksInUse


@dataclass(frozen=True, slots=True)
class Carriers:
    """The way to the world outside."""

    trunks: TrunksInUse
    outgoing: OutgoingCalls
    settings: SettingsInForce

    @classmethod
    def on(cls, ground: Ground, office: Office) -> Self:
        settings, asterisk = ground.settings, ground.asterisk
        names, clock = ground.names, ground.clock
        trunks = TrunksInUse(clock, lambda: asterisk.trunks, names.unresolved)
        outgoing = OutgoingCalls(
            settings.outgoing, trunks, lambda: office.rules().timezone, clock, ground.counts
        )
        in_force = SettingsInForce(
            settings,
            ground.asked.source,
            asterisk,
            trunks,
            outgoing,
            lambda: office.rulebook.present,
            clock,
            names,
        )
        return cls(trunks, outgoing, in_force)
