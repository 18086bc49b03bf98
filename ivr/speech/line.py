"""One call's speech in the worker: frames come in, and what was said in the present turn goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from time import monotonic

import structlog

from ivr.speech.endpoint import (
    ENDS_FRAMES,
    FRAME_SECONDS,
    Endpointer,
    SpeechBegan,
    SpeechEnded,
)
from ivr.speech.messages import (
    Attend,
    FirstSound,
    OfCall,
    SoundLost,
    Speaks,
    Utterance,
)
from ivr.speech.recogniser import BYTES_A_SECOND, Grammar, Recogniser, SpokenPhrase

log = structlog.get_logger()

FRAME_BYTES = BYTES_A_SECOND // 50

SILENCE_MS = round(1000 * ENDS_FRAMES * FRAME_SECONDS)
"""How long it was quiet before the end was known."""


@dataclass(frozen=True, slots=True)
class _EngineTurn:
    number: int
    recogniser: Recogniser
    grammar: asyncio.Future[Grammar]


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

    def attend(self, order: Attend) -> None:
        """Listen for these phrases from here on: what was said before belongs to no menu."""
        self._turn = None
        self._endpointer.reset()
        speaking = [one for one in self._recognisers if one.speaks(order.language)]
        if not speaking:
            self._tell(SoundLost(call=self.call_id, why=f"no engine hears {order.language}"))
            return
        spoken = [SpokenPhrase(text) for text in order.phrases]
        loop = asyncio.get_running_loop()
        grammar = loop.run_in_executor(self._threads, speaking[0].grammar, spoken, order.language)
        self._turn = _EngineTurn(order.turn, speaking[0], grammar)

    def ignore(self) -> None:
        """Listen no more."""
        self._turn = None

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
        if turn is None or edge is None:
            return
        match edge:
            case SpeechBegan():
                self._tell(Speaks(call=self.call_id, turn=turn.number))
            case SpeechEnded():
                name = f"utterance/{self.call_id}"
                self._tasks.create_task(self._recognise(turn, edge, monotonic()), name=name)

    async def _recognise(self, turn: _EngineTurn, said: SpeechEnded, ended: float) -> None:
        """Whatever an engine fails with is this call's affair, and ends only what is heard of it."""
        loop = asyncio.get_running_loop()
        try:
            grammar = await turn.grammar
            likelihoods = await loop.run_in_executor(
                self._threads, grammar.likelihoods, said.samples
            )
        except (RuntimeError, ValueError, OSError, ArithmeticError) as error:
            log.warning("engine failed", engine=turn.recogniser.name, error=type(error).__name__)
            self.lose(f"engine {turn.recogniser.name} failed")
            return
        wanted = turn.recogniser.thresholds
        self._tell(
            Utterance(
                call=self.call_id,
                turn=turn.number,
                engine=turn.recogniser.name,
                likelihoods=likelihoods,
                sure=wanted.sure,
                unsure=wanted.unsure,
                apart=wanted.apart,
                seconds=round(said.seconds, 2),
                after_ms=round(1000 * (monotonic() - ended)) + SILENCE_MS,
            )
        )
