"""One call's speech in the worker: frames come in, and what was said in the present turn goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TypeAlias

import structlog

from ivr.speech.endpoint import (
    ENDS_FRAMES,
    FRAME_SECONDS,
    Endpointer,
    SpeechBegan,
    SpeechEnded,
    SpeechGoesOn,
    SpeechPaused,
)
from ivr.speech.messages import (
    Attend,
    FirstSound,
    OfCall,
    SoundLost,
    Speaks,
    Utterance,
)
from ivr.speech.recogniser import (
    BYTES_A_SECOND,
    Grammar,
    HeardRow,
    Recogniser,
    RowGrammar,
    StreamingGrammar,
)

log = structlog.get_logger()

FRAME_BYTES = BYTES_A_SECOND // 50

SILENCE_MS = round(1000 * ENDS_FRAMES * FRAME_SECONDS)
"""How long it was quiet before the end was known."""


SLOW_SECONDS = 2.0
"""An engine that takes longer than this after the end of speech is too slow: the caller waits no longer for it."""

PIECE_BYTES = 5 * FRAME_BYTES
"""What an engine that hears while one speaks is given at a time: 100 ms."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """An utterance is over, since this moment of the clock."""

    said: SpeechEnded
    at: float


_SpokenPiece: TypeAlias = bytes | SpeechPaused | SpeechGoesOn | _Ended | None
_Pieces: TypeAlias = asyncio.Queue[_SpokenPiece]
"""An utterance as it is spoken. None: nobody asks for it any more."""

_Heard: TypeAlias = tuple[tuple[int, ...], tuple[float, ...]]
"""A row of phrases by their places, and how likely each phrase was, or the row."""


@dataclass(frozen=True, slots=True)
class _EngineTurn:
    number: int
    recogniser: Recogniser
    grammar: asyncio.Future[Grammar]
    most_in_a_row: int = 0


class SpeechLine:
    """Made when the server expects the call; `tell` sends to that server.

    What the engines do is done in `threads`: it may take longer than a frame does.
    """

    def __init__(
        self,
        call_id: str,
        recognisers: Sequence[Recogniser],
        threads: Executor,
        tasks: asyncio.TaskGroup,
        tell: Callable[[OfCall], None],
    ) -> None:
        self.call_id = call_id
        self.is_over = asyncio.Event()
        self._recognisers = recognisers
        self._threads = threads
        self._tasks = tasks
        self._tell = tell
        self._endpointer = Endpointer()
        self._turn: _EngineTurn | None = None
        self._rest = b""
        self._is_heard = False
        self._piece = b""
        self._pieces: _Pieces | None = None

    def attend(self, order: Attend) -> None:
        """Listen for these phrases from here on: what was said before belongs to no menu."""
        self.ignore()
        self._endpointer.reset()
        speaking = [one for one in self._recognisers if one.speaks(order.language)]
        if not speaking:
            self._tell(SoundLost(call=self.call_id, why=f"no engine hears {order.language}"))
            return
        loop = asyncio.get_running_loop()
        grammar = loop.run_in_executor(
            self._threads, speaking[0].grammar, order.phrases, order.language
        )
        self._turn = _EngineTurn(order.turn, speaking[0], grammar, order.most_in_a_row)

    def ignore(self) -> None:
        """Listen no more."""
        self._turn = None
        self._hand_over(None)

    def hear(self, sound: bytes) -> None:
        """What Asterisk sends, in pieces of any length."""
        if not self._is_heard:
            self._is_heard = True
            self._tell(FirstSound(call=self.call_id))
        sound = self._rest + sound
        whole = len(sound) // FRAME_BYTES * FRAME_BYTES
        self._rest = sound[whole:]
        for start in range(0, whole, FRAME_BYTES):
            self._hear_frame(sound[start : start + FRAME_BYTES])

    def lose(self, why: str) -> None:
        """The socket is gone, and nobody said that it may go."""
        if not self.is_over.is_set():
            self._tell(SoundLost(call=self.call_id, why=why))

    def _hear_frame(self, frame: bytes) -> None:
        edge = self._endpointer.hear(frame)
        turn = self._turn
        if turn is None:
            return
        match edge:
            case SpeechBegan(samples):
                self._tell(Speaks(call=self.call_id, turn=turn.number))
                self._piece, pieces = samples, asyncio.Queue[_SpokenPiece]()
                self._pieces = pieces
                name = f"utterance/{self.call_id}"
                self._tasks.create_task(self._recognise(turn, pieces), name=name)
            case SpeechEnded():
                self._hand_over(_Ended(edge, monotonic()))
            case SpeechPaused() | SpeechGoesOn() if self._pieces is not None:
                self._piece += frame
                self._pieces.put_nowait(edge)
            case None if self._endpointer.is_speech:
                self._piece += frame
        if self._pieces is not None and len(self._piece) >= PIECE_BYTES:
            self._pieces.put_nowait(self._piece)
            self._piece = b""

    def _hand_over(self, end: _Ended | None) -> None:
        """What is left of the utterance, and that it is over."""
        pieces, self._pieces = self._pieces, None
        if pieces is not None:
            pieces.put_nowait(self._piece)
            pieces.put_nowait(end)

    async def _recognise(self, turn: _EngineTurn, pieces: _Pieces) -> None:
        """Whatever an engine fails with is this call's affair, and ends only what is heard of it."""
        try:
            heard = await self._heard(turn, await turn.grammar, pieces)
        except TimeoutError:
            log.warning("engine is too slow", engine=turn.recogniser.name)
            self.lose(f"engine {turn.recogniser.name} is too slow")
            return
        except (RuntimeError, ValueError, OSError, ArithmeticError) as error:
            log.warning("engine failed", engine=turn.recogniser.name, error=type(error).__name__)
            self.lose(f"engine {turn.recogniser.name} failed")
            return
        if heard is None:
            return
        (row, likelihoods), ended = heard
        wanted = turn.recogniser.thresholds
        self._tell(
            Utterance(
                call=self.call_id,
                turn=turn.number,
                engine=turn.recogniser.name,
                likelihoods=likelihoods,
                row=row,
                sure=wanted.sure,
                unsure=wanted.unsure,
                apart=wanted.apart,
                seconds=round(ended.said.seconds, 2),
                after_ms=round(1000 * (monotonic() - ended.at)) + SILENCE_MS,
            )
        )

    async def _heard(
        self, turn: _EngineTurn, grammar: Grammar, pieces: _Pieces
    ) -> tuple[_Heard, _Ended] | None:
        """What was said, and when that ended; None if nobody wants to know any more."""
        in_thread = partial(asyncio.get_running_loop().run_in_executor, self._threads)
        most = turn.most_in_a_row
        said = None
        if isinstance(grammar, StreamingGrammar) and not most:
            said = await in_thread(grammar.begin)
        is_early = said is None and turn.recogniser.hears_early
        early: tuple[bytes, asyncio.Future[_Heard]] | None = None
        try:
            while not isinstance(piece := await pieces.get(), _Ended):
                match piece:
                    case None:
                        return None
                    case SpeechPaused(samples) if is_early:
                        early = samples, in_thread(_of, grammar, samples, most)
                        early[1].add_done_callback(_forget_failure)
                    case SpeechGoesOn() if early is not None:
                        early[1].cancel()
                        early = None
                    case bytes() if said is not None and piece:
                        await in_thread(said.hear, piece)
            async with asyncio.timeout(SLOW_SECONDS):
                if said is not None:
                    return ((), await in_thread(said.likelihoods)), piece
                if early is not None and early[0] == piece.said.samples:
                    return await early[1], piece
                return await in_thread(_of, grammar, piece.said.samples, most), piece
        finally:
            if early is not None:
                early[1].cancel()


def _of(grammar: Grammar, samples: bytes, most_in_a_row: int) -> _Heard:
    """What was said in one whole utterance. Blocks."""
    if not most_in_a_row:
        return (), grammar.likelihoods(samples)
    row = grammar.row(samples, most_in_a_row) if isinstance(grammar, RowGrammar) else HeardRow()
    return row.places, (row.likelihood,)


def _forget_failure(early: asyncio.Future[_Heard]) -> None:
    """Of what nobody waits for any more; who does is told all the same."""
    if not early.cancelled():
        early.exception()
