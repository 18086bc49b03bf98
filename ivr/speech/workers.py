"""The server's lines to its speech workers: a call is given a place at the one with the most room."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import msgspec
import structlog

from ivr.errors import SpeechFailed
from ivr.settings import join_address
from ivr.speech.messages import (
    CONTROL_PATH,
    MEDIA_PATH,
    Alive,
    Attend,
    Expect,
    Ignore,
    LetGo,
    OfCall,
    PlaceGiven,
    Prepare,
    SoundLost,
    SpeechOrder,
    WorkerReport,
    encode,
    reports,
)
from ivr.speech.recogniser import SpokenPhrase

log = structlog.get_logger()

SILENT_SECONDS = 2.0
"""A worker that says nothing for so long hangs: it says every half second that it is there."""

HANGS = "it does not answer"

CONNECT_SECONDS = 2.0

PLACE_SECONDS = 1.0
"""How long a worker may take to give a place."""

FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.2, 5.0


@dataclass(frozen=True, slots=True)
class WorkerAddress:
    """Where a worker listens. `name` is what Asterisk knows it by."""

    name: str
    host: str
    port: int

    @property
    def media(self) -> str:
        """Where Asterisk brings speech to."""
        return f"ws://{join_address(self.host, self.port)}{MEDIA_PATH}"


class SpeechPlace:
    """A call's place at a worker. `worker` is what Asterisk knows that worker by."""

    def __init__(self, call_id: str, worker: str, send: Callable[[SpeechOrder], None]) -> None:
        self.worker = worker
        self._call_id = call_id
        self._send = send
        self._told: asyncio.Queue[OfCall] = asyncio.Queue()

    def attend(
        self, turn: int, language: str, phrases: Sequence[SpokenPhrase], most_in_a_row: int = 0
    ) -> None:
        """Listen for these phrases from here on; for so many of them in a row, where that is not 0."""
        self._send(
            Attend(
                call=self._call_id,
                turn=turn,
                language=language,
                phrases=tuple(phrases),
                most_in_a_row=most_in_a_row,
            )
        )

    def ignore(self) -> None:
        """Listen no more, until told to attend again."""
        self._send(Ignore(call=self._call_id))

    def tell(self, report: OfCall) -> None:
        self._told.put_nowait(report)

    async def hear(self) -> OfCall:
        """What the worker tells next of this call. Raises SpeechFailed when it is heard no more."""
        told = await self._told.get()
        if isinstance(told, SoundLost):
            raise SpeechFailed(told.why)
        return told


class WorkerLink:
    """The line to one worker, which is made again when it drops."""

    def __init__(self, address: WorkerAddress, secret: str) -> None:
        self.address = address
        self.trouble: str | None = "not reached yet"
        self.places_free = 0
        self.learning = 0
        self.prepared_for: str | None = None
        self.languages: tuple[str, ...] = ()
        self._secret = secret
        self._hung = False
        self._places: dict[str, SpeechPlace] = {}
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._outgoing: asyncio.Queue[SpeechOrder] = asyncio.Queue()

    @property
    def is_up(self) -> bool:
        return self.trouble is None

    def has_hung(self) -> bool:
        """Whether it was reached and then said nothing any more, since this was last asked."""
        hung, self._hung = self._hung, False
        return hung

    @property
    def calls(self) -> int:
        """How many calls have a place there."""
        return len(self._places)

    def prepare(self, revision: str, menus: Iterable[tuple[str, Sequence[SpokenPhrase]]]) -> None:
        """Let it learn what may be said in the menus of these rules: each a language and its phrases."""
        self.prepared_for = revision
        for language, phrases in menus:
            self.learning += len(phrases)
            self._outgoing.put_nowait(Prepare(language=language, phrases=tuple(phrases)))

    async def run(self) -> None:
        """Keep the line until cancelled."""
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                async with asyncio.TaskGroup() as group:
                    await self._live(group)
            except* (aiohttp.ClientError, OSError, TimeoutError) as failed:
                why = _why(failed.exceptions[0])
            else:
                why = "it closed the connection"
            if self.is_up:
                log.warning("speech worker lost", worker=self.address.name, why=why)
                wait = FIRST_WAIT_SECONDS
            self._lost(why)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)

    @asynccontextmanager
    async def place(self, call_id: str) -> AsyncIterator[SpeechPlace]:
        """A place for a call. Raises SpeechFailed when the worker does not give one in time."""
        place = SpeechPlace(call_id, self.address.name, self._outgoing.put_nowait)
        self._places[call_id] = place
        self.places_free -= 1
        try:
            self._outgoing.put_nowait(Expect(call=call_id))
            try:
                async with asyncio.timeout(PLACE_SECONDS):
                    given = await place.hear()
            except TimeoutError as error:
                raise SpeechFailed("the worker does not answer") from error
            if not (isinstance(given, PlaceGiven) and given.has_place):
                raise SpeechFailed("the worker is full")
            yield place
        finally:
            del self._places[call_id]
            if self.is_up:
                self._outgoing.put_nowait(LetGo(call=call_id))

    async def _live(self, group: asyncio.TaskGroup) -> None:
        headers = {"Authorization": f"Bearer {self._secret}"}
        url = f"http://{join_address(self.address.host, self.address.port)}{CONTROL_PATH}"
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            async with asyncio.timeout(CONNECT_SECONDS):
                socket = await session.ws_connect(url, heartbeat=None)
            async with socket:
                self._outgoing = asyncio.Queue()
                sending = group.create_task(self._send(socket), name="speech/orders")
                try:
                    while True:
                        message = await socket.receive(timeout=SILENT_SECONDS)
                        if message.type is not aiohttp.WSMsgType.TEXT:
                            return
                        self._take(message.data)
                finally:
                    sending.cancel()

    async def _send(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        while True:
            await socket.send_str(encode(await self._outgoing.get()).decode())

    def _take(self, text: str) -> None:
        try:
            report: WorkerReport = reports.decode(text)
        except msgspec.DecodeError as error:
            log.warning("speech worker not understood", error=str(error))
            return
        if isinstance(report, Alive):
            if not self.is_up:
                self.trouble = None
                log.info("speech worker reached", worker=self.address.name)
            self.places_free, self.languages = report.places_free, report.languages
            self.learning = report.learning
        elif place := self._places.get(report.call):
            place.tell(report)

    def _lost(self, why: str) -> None:
        self._hung |= self.is_up and why == HANGS
        self.trouble = why
        self.places_free = 0
        self.prepared_for = None
        for call_id, place in self._places.items():
            place.tell(SoundLost(call=call_id, why=f"the worker is gone: {why}"))


def _why(failed: BaseException) -> str:
    if isinstance(failed, BaseExceptionGroup):
        return _why(failed.exceptions[0])
    if isinstance(failed, TimeoutError):
        return HANGS
    if isinstance(failed, aiohttp.WSServerHandshakeError) and failed.status == 401:
        return "its shared secret is another one"
    return "it cannot be reached"


class Workers:
    """All of them: `place` gives a call its place where most is free."""

    def __init__(self, addresses: Sequence[WorkerAddress], secret: str) -> None:
        self.links = tuple(WorkerLink(address, secret) for address in addresses)

    async def run(self) -> None:
        """Keep the lines until cancelled."""
        async with asyncio.TaskGroup() as group:
            for link in self.links:
                group.create_task(link.run(), name=f"speech/{link.address.name}")

    @asynccontextmanager
    async def place(self, call_id: str) -> AsyncIterator[SpeechPlace]:
        """A place for this call's speech. Raises SpeechFailed when no worker has one."""
        up = [link for link in self.links if link.is_up]
        if not up:
            raise SpeechFailed("no speech worker is there")
        roomiest = max(up, key=lambda link: link.places_free)
        if roomiest.places_free <= 0:
            raise SpeechFailed("all speech workers are full")
        async with roomiest.place(call_id) as place:
            yield place

    @property
    def troubles(self) -> Mapping[str, str]:
        """By worker, why it is not there."""
        return {link.address.name: link.trouble for link in self.links if link.trouble}
