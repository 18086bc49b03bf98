"""Which Asterisk the server uses: the one that the settings name, or a private one below the home folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import structlog

from ivr.ari.backoff import Backoff
from ivr.ari.link import Address
from ivr.aside import aside
from ivr.asterisk import pids, run
from ivr.asterisk.barring import bar, let_in
from ivr.asterisk.blueprint import Blueprint, PhoneTls, refuse_names_taken
from ivr.asterisk.contacts import PhoneContact, contacts, sign_phone_out
from ivr.asterisk.emergency_calls import emergency_calls
from ivr.asterisk.media_sockets import bring_speech_to
from ivr.asterisk.registrations import SignIn, sign_in_again, signed_in
from ivr.errors import ChangeRefused, IvrError
from ivr.rulebook.in_force import RulesInForce
from ivr.server.drawing import draw, for_rules, for_settings
from ivr.server.home import Home
from ivr.server.room import legs_between
from ivr.server.secret_file import secret_in
from ivr.settings import Emergency, Settings, split_address
from ivr.settings.sections import ARI_FILE_WANTED
from ivr.trunks import LooksUp, Trunk

log = structlog.get_logger()

ASK_SECONDS = 3.0
"""How often an Asterisk that runs is asked whether it answers. That it has ended is seen at once."""

SILENCES = 3
"""So many times without an answer, each for up to five seconds, and it is taken for frozen."""

FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 1.0, 30.0

GOODBYE_SECONDS = 5.0
"""How long an orderly stop waits for Asterisk to end before it is told more firmly."""


@dataclass(slots=True)
class AsteriskInUse:
    """Where its ARI is, under which name we are its application, and where phones reach it (for the ready line).

    `legs`: how many it has ports for, None where we do not know. `takes_calls` is set by the server once it does: from
    then on there are callers whom its failure must not cost. `trouble` says why it does not run, while it does not.
    `letterbox`: the log that it writes and we empty.
    """

    address: Address
    application: str
    sip: str
    legs: int | None = None
    takes_calls: bool = False
    trouble: str | None = None
    letterbox: Path | None = None

    @property
    def trunks(self) -> tuple[Trunk, ...]:
        """Those that it knows. One that runs elsewhere has its own."""
        return ()

    @property
    def not_taken(self) -> tuple[str, ...]:
        """Phones and trunks that it should have, and has not."""
        return ()

    async def registrations(self) -> Mapping[str, SignIn]:
        """Where it has signed in, by trunk."""
        return {}

    async def sign_in_again(self, names: Iterable[str]) -> None:
        """Try these trunks now, not when the next try is due."""

    async def emergency_calls(self) -> Mapping[str, bool] | None:
        """The emergency calls of its phones, by its names for them, and whether each is answered; None: not known.

        One that runs elsewhere looks after its own.
        """
        return {}

    @property
    def pid(self) -> int | None:
        """That of its program, another one after each start of it; None where it runs elsewhere."""
        return None

    @property
    def tls(self) -> PhoneTls | None:
        """How phones sign in over TLS, if they can."""
        return None

    async def contacts(self) -> Mapping[str, PhoneContact]:
        """By account, its phones that are signed in."""
        return {}

    async def sign_phone_out(self, contact: PhoneContact) -> None:
        """Forget where a phone is. Raises aiohttp.ClientError, TimeoutError."""

    async def bar(self, address: str) -> None:
        """Answer this address no more. Raises aiohttp.ClientError, TimeoutError."""

    async def let_in(self, address: str) -> None:
        """Answer this address again. Raises aiohttp.ClientError, TimeoutError."""

    async def bring_speech_to(self, name: str, uri: str) -> None:
        """Know a speech worker by this name. One that runs elsewhere has it in its own websocket_client.conf.

        Raises aiohttp.ClientError, TimeoutError.
        """

    async def keep_up(self) -> None:
        """Until cancelled: start it again when it has ended. One that runs elsewhere is kept up there."""
        await asyncio.Event().wait()

    def refuse(self, in_force: RulesInForce) -> None:
        """Raise ConfigRefused where it could not have what these rules need."""
        refuse_names_taken((trunk.name for trunk in self.trunks), in_force.accounts)

    async def prepare(self, in_force: RulesInForce) -> frozenset[str]:
        """Have what these rules need: accounts, music. One that runs elsewhere has its own.

        The kinds of music whose recordings are others than before.
        """
        return frozenset()

    async def reopen_log(self) -> None:
        """Have it write its log anew, where that is gone. One that runs elsewhere keeps its own."""

    def put_back(self) -> None:
        """Write again what it has in the home folder, where that is gone. Blocks. Raises OSError."""

    async def take(self, settings: Settings, rules: Callable[[], RulesInForce]) -> tuple[str, ...]:
        """Have the trunks of these settings, and what they say of emergency calls, while calls go on.

        What could not be done at once is returned as sentences. Raises ConfigRefused, ChangeRefused, and is as it was.
        """
        return ()


@dataclass(slots=True, kw_only=True)
class PrivateAsterisk(AsteriskInUse):
    """One of our own, below the home folder."""

    running: run.RunningAsterisk
    emergency: Emergency
    look: LooksUp
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    def refuse(self, in_force: RulesInForce) -> None:
        """See AsteriskInUse. Raises ChangeRefused while the home folder is gone."""
        self._refuse_without_home()
        AsteriskInUse.refuse(self, in_force)

    def _refuse_without_home(self) -> None:
        """What Asterisk is to read lies there, and phones' passwords: all would be made anew, and no phone sign in."""
        home = self.running.blueprint.home
        if not home.is_dir():
            message = (
                f"the home folder {home} is gone, so nothing was changed: `/health` says where it is; put it back, and "
                "try again (a file is read again when it is saved again)"
            )
            raise ChangeRefused(message)

    async def reopen_log(self) -> None:
        if not self.running.blueprint.home.is_dir():
            return  # it was moved away, with the log
        try:
            await run.reopen_log(self.running.blueprint)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("Asterisk's log is gone, and not opened anew yet", error=str(error))
        else:
            log.warning("Asterisk's log was gone, and was opened anew")

    def put_back(self) -> None:
        if run.put_back(self.running):
            log.error(
                "Asterisk's folder was deleted, and is written again: recordings that lay there are gone",
                folder=str(self.running.blueprint.folder),
            )

    @property
    def trunks(self) -> tuple[Trunk, ...]:
        return self.running.blueprint.trunks

    @property
    def not_taken(self) -> tuple[str, ...]:
        return self.running.not_taken

    async def registrations(self) -> Mapping[str, SignIn]:
        return await signed_in(self.running.blueprint)

    async def sign_in_again(self, names: Iterable[str]) -> None:
        await sign_in_again(self.running.blueprint, names)

    async def emergency_calls(self) -> Mapping[str, bool] | None:
        return await emergency_calls(self.running.blueprint)

    @property
    def pid(self) -> int | None:
        return self.running.pid

    @property
    def tls(self) -> PhoneTls | None:
        return self.running.blueprint.tls

    async def contacts(self) -> Mapping[str, PhoneContact]:
        return await contacts(self.running.blueprint)

    async def sign_phone_out(self, contact: PhoneContact) -> None:
        await sign_phone_out(self.running.blueprint, contact)

    async def bar(self, address: str) -> None:
        await bar(self.running.blueprint, address)

    async def let_in(self, address: str) -> None:
        await let_in(self.running.blueprint, address)

    async def bring_speech_to(self, name: str, uri: str) -> None:
        await bring_speech_to(self.running.blueprint, name, uri)

    async def keep_up(self) -> None:
        while True:
            self.trouble = await self._fails()
            log.error("Asterisk is gone: starting it again", why=self.trouble, pid=self.running.pid)
            await run.kill(self.running.blueprint.home, self.running.pid)
            await self._start_again()

    async def _fails(self) -> str:
        """Wait until it has ended, or does not answer; which of them, in words."""
        silences = 0
        while silences < SILENCES:
            if await pids.ended(self.running.pid, ASK_SECONDS):
                return "it ended, and its calls are lost"
            silences = 0 if await run.answers(self.running) else silences + 1
        return "it did not answer any more, and its calls are lost"

    async def _start_again(self) -> None:
        """Whatever stands in the way (a full disk, no more files, a port that is taken) may go away: never give up."""
        waits = Backoff(FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS)
        while True:
            try:
                async with self.one_at_a_time:
                    self.running = await run.start(self.running.blueprint)
            except (IvrError, OSError) as error:
                seconds = waits.next_seconds()
                self.trouble = f"it cannot be started: {error}"
                log.warning("Asterisk does not start", error=str(error), again_in=round(seconds, 1))
                await asyncio.sleep(seconds)
            else:
                self.trouble = None
                return

    async def prepare(self, in_force: RulesInForce) -> frozenset[str]:
        """New accounts and music, where there are any. Calls go on, phones stay signed in."""
        async with self.one_at_a_time:
            before = self.running.blueprint
            blueprint = await asyncio.to_thread(
                for_rules, self.running.blueprint, in_force, self.emergency
            )
            if await self._become(blueprint):
                log.info("Asterisk took the new phones and music", accounts=len(blueprint.accounts))
                return blueprint.music_other_than(before)
        return frozenset()

    async def take(self, settings: Settings, rules: Callable[[], RulesInForce]) -> tuple[str, ...]:
        self._refuse_without_home()
        async with self.one_at_a_time:
            blueprint = await aside(
                for_settings, self.running.blueprint, rules(), settings, self.look
            )
            is_taken = await self._become(blueprint)
            self.emergency = settings.emergency
        if is_taken is False:
            return ("Asterisk does not answer: it takes all this when it is started again",)
        return ()

    async def _become(self, blueprint: Blueprint) -> bool | None:
        """Whether it took what is new; None where nothing is."""
        if blueprint == self.running.blueprint:
            return None
        try:
            self.running = await run.reconfigure(self.running, blueprint)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            # Its configuration is written; it reads it when it is started again, which `keep_up` sees to.
            log.warning("Asterisk did not take what is new", error=str(error))
            self.running = replace(self.running, blueprint=blueprint)
            return False
        return True


@asynccontextmanager
async def asterisk_for(
    home: Home, in_force: RulesInForce, settings: Settings, look: LooksUp
) -> AsyncIterator[AsteriskInUse]:
    """An Asterisk for as long as the scope lasts. `look` says what carriers' names mean, and asks nobody.

    A private one ends with an orderly stop. When the server fails or crashes, it lives on, and the next server of this
    home folder finds it.
    """
    if settings.asterisk.ari is not None:
        host, port = split_address(settings.asterisk.ari)
        file = settings.asterisk.password_file
        password = secret_in(file, "asterisk.password_file", ARI_FILE_WANTED)
        address = Address(host, port, settings.asterisk.user, password)
        yield AsteriskInUse(address, settings.asterisk.application, "elsewhere")
        return
    blueprint = await aside(draw, home, in_force, settings, look)
    running = await run.start(blueprint)
    in_use = PrivateAsterisk(
        Address(
            "127.0.0.1", running.blueprint.http_port, blueprint.ari_user, blueprint.ari_password
        ),
        blueprint.application,
        running.blueprint.sip_address,
        legs=legs_between(running.blueprint.rtp_first, running.blueprint.rtp_last),
        letterbox=run.letterbox(home.folder),
        running=running,
        emergency=settings.emergency,
        look=look,
    )
    stays = False
    try:
        yield in_use
    except asyncio.CancelledError:
        stays = running.adopted and not in_use.takes_calls  # its calls are not ours to end
        raise
    except Exception:
        stays = in_use.takes_calls
        raise
    finally:
        if stays or await in_use.emergency_calls():
            log.warning("Asterisk left running for the next server", pid=in_use.running.pid)
        else:
            await run.stop(in_use.running, patience_seconds=GOODBYE_SECONDS)
