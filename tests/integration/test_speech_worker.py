"""A speech worker and the server's line to it, over real sockets on loopback; Asterisk is played."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from threading import Event

import aiohttp
import pytest

from ivr.errors import ConfigRefused, IvrError, PortTaken, SpeechFailed
from ivr.speech import line
from ivr.speech.lengths import ScriptedRecogniser
from ivr.speech.messages import FirstSound, OfCall, Speaks, Utterance
from ivr.speech.recogniser import Recogniser, SpokenPhrase
from ivr.speech.worker import SpeechWorker
from ivr.speech.workers import SpeechPlace, WorkerAddress, Workers
from tests.unit.speech.test_endpoint import SILENCE, sound

SECRET = "a secret of the tests"
STATE_SECONDS = 5.0


@dataclass
class Pair:
    """A worker that listens, and a server that is connected with it."""

    port: int
    workers: Workers

    @asynccontextmanager
    async def media(self, call_id: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """Asterisk's side of a call's speech."""
        async with aiohttp.ClientSession() as session:
            url = f"ws://127.0.0.1:{self.port}/media?call={call_id}"
            async with session.ws_connect(url, protocols=("media",)) as socket:
                yield socket


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(STATE_SECONDS):
        while not is_so():  # noqa: ASYNC110 - both sides are as they are in production
            await asyncio.sleep(0.01)


@asynccontextmanager
async def pair(
    places: int = 2, secret: str = SECRET, recogniser: Recogniser | None = None
) -> AsyncIterator[Pair]:
    worker = SpeechWorker([recogniser or ScriptedRecogniser()], SECRET, places)
    async with worker.open("127.0.0.1", 0) as port, asyncio.TaskGroup() as group:
        workers = Workers([WorkerAddress("speech-1", "127.0.0.1", port)], secret)
        running = group.create_task(workers.run())
        try:
            await until(lambda: workers.links[0].trouble != "not reached yet")
            yield Pair(port, workers)
        finally:
            running.cancel()


async def test_a_worker_at_an_ipv6_address_is_reached() -> None:
    worker = SpeechWorker([ScriptedRecogniser()], SECRET, 2)
    async with worker.open("::1", 0) as port, asyncio.TaskGroup() as group:
        workers = Workers([WorkerAddress("speech-1", "::1", port)], SECRET)
        running = group.create_task(workers.run())

        await until(lambda: workers.links[0].is_up)

        assert workers.links[0].address.media == f"ws://[::1]:{port}/media"
        running.cancel()


@pytest.mark.parametrize(
    ("host", "port", "refused"), [("127.0.0.1", None, PortTaken), ("192.0.2.77", 0, ConfigRefused)]
)
async def test_where_a_worker_cannot_listen_is_refused_as_itself(
    host: str, port: int | None, refused: type[IvrError]
) -> None:
    first, second = (SpeechWorker([ScriptedRecogniser()], SECRET, 2) for _ in range(2))
    async with first.open("127.0.0.1", 0) as taken:
        with pytest.raises(refused, match="--listen"):
            async with second.open(host, taken if port is None else port):
                pass


async def says(socket: aiohttp.ClientWebSocketResponse, seconds: int) -> None:
    """A second of sound is the first phrase, two seconds are the second."""
    for frame, count in ((SILENCE, 30), (sound(0.3), seconds * 50 - 20), (SILENCE, 40)):
        for _ in range(count):
            await socket.send_bytes(frame)


async def test_what_is_said_in_a_turn_comes_to_the_server() -> None:
    async with (
        pair() as both,
        both.workers.place("call-1") as place,
        both.media("call-1") as socket,
    ):
        await socket.send_bytes(SILENCE)
        told: list[OfCall] = [await place.hear()]
        place.attend(1, "nb", (SpokenPhrase("faktura"), SpokenPhrase("levering", ("leːverɪŋ",))))
        await asyncio.sleep(0.1)
        await says(socket, 2)
        told += [await place.hear(), await place.hear()]

    assert told[:2] == [FirstSound(call="call-1"), Speaks(call="call-1", turn=1)]
    said = told[2]
    assert isinstance(said, Utterance)
    assert (said.turn, said.engine, said.likelihoods) == (1, "scripted", (0.0, 1.0))
    assert said.after_ms >= 400


async def test_a_call_that_nobody_expects_is_not_let_in() -> None:
    async with pair() as both:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
            async with both.media("call-of-a-stranger"):
                pass


async def test_another_secret_is_not_let_in() -> None:
    async with pair(secret="a guess") as both:
        assert both.workers.troubles == {"speech-1": "its shared secret is another one"}
        with pytest.raises(SpeechFailed, match="no speech worker is there"):
            async with both.workers.place("call-1"):
                pass


async def test_a_worker_that_is_full_gives_no_more_places_until_one_is_free() -> None:
    async with pair(places=1) as both:
        async with both.workers.place("call-1"):
            with pytest.raises(SpeechFailed, match="full"):
                async with both.workers.place("call-2"):
                    pass
        await until(lambda: both.workers.links[0].places_free == 1)
        async with both.workers.place("call-3"):
            pass


async def test_a_socket_that_is_cut_is_told() -> None:
    async with pair() as both, both.workers.place("call-1") as place:
        async with both.media("call-1") as socket:
            await socket.send_bytes(SILENCE)
            await place.hear()
        with pytest.raises(SpeechFailed, match="Asterisk closed the socket"):
            await place.hear()


async def test_a_place_that_is_given_up_closes_asterisks_socket() -> None:
    async with pair() as both:
        async with both.workers.place("call-1"):
            media = both.media("call-1")
            socket = await media.__aenter__()
        message = await socket.receive(timeout=STATE_SECONDS)
        await media.__aexit__(None, None, None)

    assert message.type in {
        aiohttp.WSMsgType.CLOSE,
        aiohttp.WSMsgType.CLOSING,
        aiohttp.WSMsgType.CLOSED,
    }


@dataclass(frozen=True)
class FailingGrammar:
    """An engine that comes to nothing."""

    fails: Callable[[], object]

    def likelihoods(self, samples: bytes) -> tuple[float, ...]:
        self.fails()
        return (float(len(samples)),)


@dataclass(frozen=True)
class FailingRecogniser(ScriptedRecogniser):
    fails: Callable[[], object] = lambda: None

    def grammar(self, phrases: Sequence[SpokenPhrase], language: str) -> FailingGrammar:  # type: ignore[override]
        return FailingGrammar(self.fails)


def raises() -> None:
    message = "of the engine's own"
    raise RuntimeError(message)


async def why_it_is_lost(fails: Callable[[], object]) -> str:
    """What becomes of a call whose engine does this."""
    async with (
        pair(recogniser=FailingRecogniser(fails=fails)) as both,
        both.workers.place("call-1") as place,
        both.media("call-1") as socket,
    ):
        place.attend(1, "nb", (SpokenPhrase("faktura"),))
        await asyncio.sleep(0.1)
        await says(socket, 1)
        with pytest.raises(SpeechFailed) as lost:
            while True:
                await place.hear()
    return lost.value.why


async def test_an_engine_that_fails_is_told() -> None:
    assert await why_it_is_lost(raises) == "engine scripted failed"


async def test_an_engine_that_is_too_slow_is_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line, "SLOW_SECONDS", 0.2)
    goes_on = Event()

    began = asyncio.get_running_loop().time()
    try:
        assert await why_it_is_lost(goes_on.wait) == "engine scripted is too slow"
    finally:
        goes_on.set()
    assert asyncio.get_running_loop().time() - began < 3.0


class CountingLengths:
    """Notes how long each utterance is that it is asked for; the longer, the likelier."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def likelihoods(self, samples: bytes) -> tuple[float, ...]:
        self.asked.append(len(samples))
        return (len(samples) / 32_000 / 10,)


@dataclass(frozen=True)
class CountingRecogniser(ScriptedRecogniser):
    lengths: CountingLengths = field(default_factory=CountingLengths)

    def grammar(self, phrases: Sequence[SpokenPhrase], language: str) -> CountingLengths:  # type: ignore[override]
        return self.lengths


@asynccontextmanager
async def counted(
    *, hears_early: bool
) -> AsyncIterator[tuple[CountingLengths, SpeechPlace, Callable[[bytes, int], Awaitable[None]]]]:
    """An engine that counts, and a call of which so many of a frame are sent."""
    recogniser = CountingRecogniser(hears_early=hears_early)
    async with (
        pair(recogniser=recogniser) as both,
        both.workers.place("call-1") as place,
        both.media("call-1") as socket,
    ):
        place.attend(1, "nb", (SpokenPhrase("faktura"),))
        await asyncio.sleep(0.1)

        async def sends(frame: bytes, count: int) -> None:
            for _ in range(count):
                await socket.send_bytes(frame)

        await sends(SILENCE, 30)
        yield recogniser.lengths, place, sends


async def utterance(place: SpeechPlace) -> Utterance:
    while not isinstance(told := await place.hear(), Utterance):
        pass
    return told


async def test_a_quick_engine_is_asked_once_and_before_the_silence_is_over() -> None:
    async with counted(hears_early=True) as (lengths, place, sends):
        await sends(sound(0.3), 40)
        await sends(SILENCE, 12)
        await until(lambda: len(lengths.asked) == 1)
        await sends(SILENCE, 30)
        said = await utterance(place)

    assert len(lengths.asked) == 1
    assert said.likelihoods == pytest.approx((lengths.asked[0] / 320_000,))
    assert said.seconds == round(lengths.asked[0] / 32_000, 2)


async def test_who_goes_on_after_a_pause_is_heard_whole() -> None:
    async with counted(hears_early=True) as (lengths, place, sends):
        await sends(sound(0.3), 20)
        await sends(SILENCE, 15)
        await until(lambda: len(lengths.asked) == 1)
        await sends(sound(0.3), 20)
        await sends(SILENCE, 40)
        said = await utterance(place)

    assert len(lengths.asked) == 2
    assert said.likelihoods == pytest.approx((max(lengths.asked) / 320_000,))


async def test_an_engine_that_takes_long_is_asked_when_all_was_said() -> None:
    async with counted(hears_early=False) as (lengths, place, sends):
        await sends(sound(0.3), 20)
        await sends(SILENCE, 15)
        await sends(sound(0.3), 20)
        await sends(SILENCE, 40)
        await utterance(place)

    assert len(lengths.asked) == 1


class StreamingLengths:
    """Counts the bytes that it hears while they are spoken: an even number of tenths of a second is the phrase."""

    def __init__(self) -> None:
        self.pieces: list[int] = []

    def begin(self) -> StreamingLengths:
        return self

    def hear(self, samples: bytes) -> None:
        self.pieces.append(len(samples))

    def likelihoods(self, samples: bytes = b"") -> tuple[float, ...]:
        return (1.0 if sum(self.pieces) > len(samples) else 0.0,)


@dataclass(frozen=True)
class StreamingRecogniser(ScriptedRecogniser):
    heard: StreamingLengths = field(default_factory=StreamingLengths)

    def grammar(self, phrases: Sequence[SpokenPhrase], language: str) -> StreamingLengths:  # type: ignore[override]
        return self.heard


async def test_an_engine_that_can_is_given_what_is_said_while_it_is_said() -> None:
    recogniser = StreamingRecogniser()
    async with (
        pair(recogniser=recogniser) as both,
        both.workers.place("call-1") as place,
        both.media("call-1") as socket,
    ):
        place.attend(1, "nb", (SpokenPhrase("faktura"),))
        await asyncio.sleep(0.1)
        for frame, count in ((SILENCE, 30), (sound(0.3), 40)):
            for _ in range(count):
                await socket.send_bytes(frame)
        await until(lambda: sum(recogniser.heard.pieces) >= 0.8 * 32_000)
        for _ in range(40):
            await socket.send_bytes(SILENCE)
        told = [await place.hear() for _ in range(3)]

    said = told[-1]
    assert isinstance(said, Utterance)
    assert said.likelihoods == (1.0,)
    assert len(recogniser.heard.pieces) > 5


async def test_music_that_never_ends_is_an_utterance_every_five_seconds_and_no_more() -> None:
    async with (
        pair() as both,
        both.workers.place("call-1") as place,
        both.media("call-1") as socket,
    ):
        place.attend(1, "nb", (SpokenPhrase("faktura"), SpokenPhrase("levering")))
        await asyncio.sleep(0.1)
        for frame, count in ((SILENCE, 30), (sound(0.3), 12 * 50), (SILENCE, 40)):
            for _ in range(count):
                await socket.send_bytes(frame)
        told: list[OfCall] = []
        while sum(isinstance(one, Utterance) for one in told) < 3:
            told.append(await place.hear())

    heard = [one for one in told if isinstance(one, Utterance)]
    assert [round(one.seconds) for one in heard[:2]] == [5, 5]
    assert all(set(one.likelihoods) == {0.0} for one in heard[:2])
