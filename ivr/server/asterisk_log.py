"""What Asterisk says of its own accord, brought to where an operator looks: our log, the counts, `/health`."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from ivr.amount import counted
from ivr.asterisk import letterbox, log_file
from ivr.asterisk.letterbox import (
    BarredRefused,
    Complaint,
    EmergencyCall,
    PasswordRight,
    RegistrationFailed,
    Report,
    StrangerRefused,
    TransferRefused,
    WrongPassword,
)
from ivr.clock import Clock
from ivr.observe import Counts
from ivr.server.phone_book import PhoneBook
from ivr.server.strangers import Strangers

log = structlog.get_logger()

LOOK_SECONDS = 1.0
BUSY_LOOK_SECONDS, BUSY_CHARACTERS = 0.1, 16_384
"""Where so much was said since the last look, somebody makes it grow: it is emptied more often."""

TOLD_FOR = timedelta(minutes=30)
"""How long `/health` speaks of a wrong password, or of an emergency call that was refused."""

CONSOLE = "console.log"
"""What Asterisk prints, beside its log."""

MOST_LINES = 10
"""So many lines of a kind are logged at one look; the rest is counted only."""

REMEMBERED = 200
"""Wrong passwords, and emergency calls, each: a flood of the one does not push out the other."""


async def nothing_to_reopen() -> None:
    """For an Asterisk that keeps its log itself."""


@dataclass(slots=True)
class AsteriskLog:
    """Empties Asterisk's letterbox. `accounts`: phones that the rules know; `registration_failed` hears of trunks.

    `emergency` hears of emergency calls; `book` and `strangers` hear of all that was refused. `reopen` has Asterisk
    write the file anew where it is gone: else it goes on writing what nobody can read.
    """

    file: Path | None
    clock: Clock
    counts: Counts
    accounts: Callable[[], frozenset[str]]
    book: PhoneBook
    strangers: Strangers
    registration_failed: Callable[[RegistrationFailed], None] = lambda _: None
    emergency: Callable[[EmergencyCall], None] = lambda _: None
    reopen: Callable[[], Awaitable[None]] = nothing_to_reopen
    _emergencies: deque[tuple[datetime, EmergencyCall]] = field(
        default_factory=lambda: deque(maxlen=REMEMBERED), init=False
    )
    _wrong: deque[tuple[datetime, WrongPassword]] = field(
        default_factory=lambda: deque(maxlen=REMEMBERED), init=False
    )

    async def run(self) -> None:
        """Look, until cancelled. There is no letterbox where Asterisk runs elsewhere."""
        while self.file is not None:
            try:
                text = await asyncio.to_thread(_read, self.file)
            except FileNotFoundError:
                await self.reopen()
                text = ""
            except OSError as error:
                log.warning("Asterisk's log cannot be read", error=str(error))
                text = ""
            self.take(text)
            is_busy = len(text) > BUSY_CHARACTERS
            await asyncio.sleep(BUSY_LOOK_SECONDS if is_busy else LOOK_SECONDS)

    def take(self, text: str) -> None:
        """Count, log and remember what was said."""
        told: dict[type[Report], int] = {}
        for one in letterbox.said(text):
            told[type(one)] = told.get(type(one), 0) + 1
            self._note(one, is_logged=told[type(one)] <= MOST_LINES)

    def problems(self) -> Iterator[str]:
        """What `/health` is to say."""
        since = self.clock.now() - TOLD_FOR
        refused: dict[tuple[str, str], list[datetime]] = {}
        for at, call in self._emergencies:
            if at >= since:
                refused.setdefault((call.number, call.phone), []).append(at)
        for (number, phone), times in refused.items():
            last = times[-1].isoformat(timespec="seconds")
            told = (
                f"was refused at {last}"
                if len(times) == 1
                else f"was refused {len(times)} times, last at {last}"
            )
            yield (
                f"an emergency call to {number} from phone {phone} {told}: no trunk took it; see to it that help is "
                "called from another telephone"
            )
        tries: dict[str, list[WrongPassword]] = {}
        for at, one in self._wrong:
            if at >= since:
                tries.setdefault(one.account, []).append(one)
        for account, wrong in sorted(tries.items()):
            address = wrong[-1].address
            until = self.strangers.until(address)
            barred = f", which is answered no more until {until:%H:%M:%S} UTC" if until else ""
            yield (
                f"phone {account}: a wrong password {counted(len(wrong), 'time')} within half an hour, the last from "
                f"{address}{barred}; type in what `ivr agents credentials {account}` says"
            )

    def _note_emergency(self, call: EmergencyCall) -> None:
        """Each step on a line of the log; never left out, however much there is to tell."""
        self.emergency(call)
        told = {"number": call.number, "phone": call.phone, "call": call.call}
        match call.stage:
            case "began":
                self.counts.count("emergency_calls")
                log.warning("emergency call", **told)
            case "not taken":
                way = {"trunk": call.trunk, "why": call.outcome, "status": call.status}
                log.error("emergency call not taken", **way, **told)
            case "refused":
                self._emergencies.append((self.clock.now(), call))
                self.counts.count("emergency_calls_refused")
                log.error("emergency call refused", **told)
            case "ended":
                log.warning("emergency call ended", how=call.outcome, seconds=call.seconds, **told)

    def _note(self, one: Report, *, is_logged: bool) -> None:
        match one:
            case EmergencyCall():
                self._note_emergency(one)
            case WrongPassword() | StrangerRefused() | BarredRefused():
                self._note_stranger(one)
            case PasswordRight(account=account, address=address):
                if account in self.accounts():
                    self.strangers.password_right(address)
            case RegistrationFailed():
                self.counts.count("registrations_failed")
                self.registration_failed(one)
            case TransferRefused(phone=phone):
                self.counts.count("transfers_refused")
                log.warning("transfer refused: agents cannot pass calls on yet", phone=phone)
            case Complaint(text=text):
                self.counts.count("asterisk_complaints")
                if is_logged:
                    log.warning("Asterisk complains", text=text)

    def _note_stranger(self, one: WrongPassword | StrangerRefused | BarredRefused) -> None:
        """An account's name that the rules do not know is a stranger's, too."""
        match one:
            case WrongPassword(account=account, address=address) if account in self.accounts():
                self._wrong.append((self.clock.now(), one))
                self.book.wrong_password(account, address)
                self.counts.count("wrong_passwords")
                if self.strangers.wrong_password(address):
                    log.warning("wrong password", phone=account, address=address)
            case WrongPassword(address=address) | StrangerRefused(address=address):
                if isinstance(one, StrangerRefused) and one.name:
                    self.book.strange_name(one.name, address)
                self.counts.count("strangers_refused")
                if self.strangers.refused(address):
                    log.info("stranger refused", address=address)
            case BarredRefused(address=address):
                self.counts.count("barred_refused")
                self.strangers.refused_while_barred(address)


def _read(file: Path) -> str:
    """What lies in it. Blocks. Raises OSError, and where there is no file, too: Asterisk makes it at its start."""
    file.stat()
    log_file.shorten(file.with_name(CONSOLE))
    return log_file.empty(file)
