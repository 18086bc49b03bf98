"""The gate: phones that sign in, strangers who try to, emergency calls, and what Asterisk says of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ivr.server.asterisk_log import AsteriskLog
from ivr.server.doorkeeper import Doorkeeper
from ivr.server.emergencies import Emergencies
from ivr.server.parts.carriers import Carriers
from ivr.server.parts.ground import Ground
from ivr.server.parts.office import Office
from ivr.server.phone_book import PhoneBook
from ivr.server.strangers import Strangers


@dataclass(frozen=True, slots=True)
class Gate:
    """Who comes in to Asterisk beside the calls."""

    strangers: Strangers
    phone_book: PhoneBook
    doorkeeper: Doorkeeper
    emergencies: Emergencies
    asterisk_log: AsteriskLog

    @classmethod
    def on(cls, ground: Ground, office: Office, carriers: Carriers) -> Self:
        asterisk, clock, rulebook = ground.asterisk, ground.clock, office.rulebook
        strangers = Strangers(clock)
        phone_book = PhoneBook(clock, strangers)
        doorkeeper = Doorkeeper(asterisk, strangers, ground.home.folder, lambda: asterisk.trunks)
        emergencies = Emergencies(asterisk, ground.kept.ledger, clock, rulebook.site_of)
        asterisk_log = AsteriskLog(
            asterisk.letterbox,
            clock,
            ground.counts,
            lambda: frozenset(rulebook.present.accounts),
            phone_book,
            strangers,
            carriers.trunks.registration_failed,
            emergencies.take,
            reopen=asterisk.reopen_log,
        )
        return cls(strangers, phone_book, doorkeeper, emergencies, asterisk_log)
