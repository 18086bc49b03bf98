"""Phones that have registered, and whether they have ever answered when Asterisk asked (OPTIONS)."""

from __future__ import annotations

import msgspec
import structlog

from ivr.ari.generated import models as m

log = structlog.get_logger()


class Contacts:
    """Knows the phones that are deaf: registered, asked, and never heard from since.

    One that has answered once and is silent now is switched off or cut off, which is nothing to mend.
    """

    def __init__(self) -> None:
        self.deaf: frozenset[str] = frozenset()
        """Names of accounts."""
        self._have_answered: set[str] = set()

    def forget(self) -> None:
        """The link was down: what was known may be wrong."""
        self.deaf = frozenset()
        self._have_answered.clear()

    def take(self, event: msgspec.Struct) -> None:
        """Note what an event says of a contact."""
        if not isinstance(event, m.ContactStatusChange):
            return
        name = event.endpoint.resource
        match event.contact_info.contact_status:
            case "Reachable":
                self._have_answered.add(name)
                self.deaf -= {name}
            case "Removed":
                self._have_answered.discard(name)
                self.deaf -= {name}
            case "Unreachable" if name not in self._have_answered | self.deaf:
                self.deaf |= {name}
                log.warning("phone registers, but answers no OPTIONS", phone=name)
