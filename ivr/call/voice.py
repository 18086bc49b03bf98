"""The voice: prompts played into one leg, and never a silence in place of one that is missing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from ivr.ari.channel import Channel
from ivr.ari.events import PlaybackEnded
from ivr.audio.catalogue import GOING_ON, PromptCatalogue, Recording, Tone
from ivr.audio.wav import LONGEST_SECONDS
from ivr.errors import AsteriskRefused, Gone, IvrError, PromptMissing, first_of

log = structlog.get_logger()

Sound = Recording | Tone

HANG_UP_SECONDS = 0.2
"""So long after a playback that failed, its leg's end is told, if that was the reason (2 ms on an idle machine)."""

GUARD_SECONDS = 2.0
"""PlaybackEnded may never come (the link was down, the leg just ended): a prompt is over this long after its length."""

HUSH_SECONDS = 1.0
"""How long a playback that was stopped may take to end."""

_IDS = 4
"""Names of playbacks on one leg, used in turn: so an earlier one's end is heard by nobody as that of the next."""


class Voice:
    """Speaks on one leg.

    `media` names a recording's file to whoever plays it. `missed` is told (prompt, what was played instead) when a
    prompt had to be replaced.
    """

    def __init__(
        self,
        leg: Channel,
        prompts: PromptCatalogue,
        media: Callable[[Path], str],
        languages: Sequence[str],
        missed: Callable[[str, str], None],
    ) -> None:
        self._leg = leg
        self._prompts = prompts
        self._media = media
        self._languages = tuple(languages)
        self._missed = missed
        self.language = self._languages[0]
        self.site: str | None = None
        self._played = 0

    async def hush(self) -> None:
        """Stop what the server before this one was saying on this leg; whatever is played waits for its end else."""
        async with self._leg.listen(PlaybackEnded) as endings:
            for number in range(_IDS):
                while not await self._is_stopped(self._playback_id(number), endings):
                    continue  # it is asked again

    async def _is_stopped(self, playback_id: str, endings: AsyncIterator[PlaybackEnded]) -> bool:
        """Stop it, and wait for its end. What cannot be stopped now can be a little later, or ends by itself."""
        is_refused = False
        try:
            await self._leg.playback(playback_id).stop()
        except Gone:
            return True  # the usual case: at most one of them plays
        except AsteriskRefused:
            is_refused = True
        with suppress(TimeoutError):
            async with asyncio.timeout(HUSH_SECONDS):
                await anext(endings)
                return True
        return not is_refused

    def _playback_id(self, number: int) -> str:
        return f"{self._leg.id}-{number % _IDS}-pb"

    def to_another(self, leg: Channel) -> Voice:
        """The same voice for somebody else in the same call, in the first language of the rules."""
        other = Voice(leg, self._prompts, self._media, self._languages, self._missed)
        other.site = self.site
        return other

    def has(self, name: str) -> bool:
        """Whether a prompt has a recording in the language that is spoken now."""
        try:
            found = self._prompts.find(
                name, language=self.language, site=self.site, languages=(self.language,)
            )
        except PromptMissing:
            return False
        return found.language == self.language

    async def say(self, names: Sequence[str], told_as: str | None = None) -> None:
        """Play the prompts in order; return when the last has been heard.

        `told_as` stands for their names wherever one is told, where they say what the caller keyed.
        """
        for name in names:
            await self._say(name, told_as)

    async def play(self, recording: Path, seconds: float) -> None:
        """Play a file that is no prompt; one that cannot be played is passed over."""
        await self._play(
            Recording(recording.stem, self.language, recording, seconds), None, instead_of=None
        )

    @asynccontextmanager
    async def saying(
        self, names: Sequence[str], told_as: str | None = None
    ) -> AsyncIterator[asyncio.Task[None]]:
        """Speak while the body runs; leaving the scope stops the voice. Yields a task that is done at the last word."""
        try:
            async with asyncio.TaskGroup() as group:
                voice = group.create_task(self.say(names, told_as), name=f"voice/{self._leg.id}")
                try:
                    yield voice
                finally:
                    voice.cancel()
        except* IvrError as errors:
            raise first_of(errors) from None

    async def _say(self, name: str, told_as: str | None) -> None:
        """A file that was there at the start may be gone: another recording, the apology, at last a tone.

        One playback for each prompt: of several in one, Asterisk skips those it does not find, and says nothing.
        """
        failed: list[Recording] = []
        sound, is_replaced = self._find(name)
        if is_replaced and name == GOING_ON:
            return
        while not await self._play(
            sound, told_as, instead_of=(told_as or name) if is_replaced else None
        ):
            if isinstance(sound, Tone):
                return
            await self._or_has_hung_up()
            failed.append(sound)
            sound, is_replaced = self._replacement(name, failed), True

    async def _or_has_hung_up(self) -> None:
        """A hang-up makes a playback fail too, just before its leg is told to have ended: we stop here then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HANG_UP_SECONDS):
                await asyncio.shield(self._leg.ended)

    def _find(self, name: str) -> tuple[Sound, bool]:
        """What to play, and whether it is played in place of something that is missing."""
        try:
            found = self._prompts.find(
                name, language=self.language, site=self.site, languages=self._languages
            )
        except PromptMissing:
            return self._replacement(name, failed=()), True
        return found, False

    def _replacement(self, name: str, failed: Sequence[Recording]) -> Sound:
        return self._prompts.fallback(
            name,
            language=self.language,
            site=self.site,
            languages=self._languages,
            failed=failed,
        )

    async def _play(self, sound: Sound, told_as: str | None, *, instead_of: str | None) -> bool:
        """Play it to its end; False when Asterisk could not."""
        playback_id = self._playback_id(self._played)
        self._played += 1
        has_ended = False
        async with self._leg.listen(PlaybackEnded) as endings:
            try:
                await self._leg.play(self._uri(sound), playback_id=playback_id)
                # Not before: what failed may have failed because the leg had ended.
                if instead_of is not None:
                    played = sound.name if isinstance(sound, Recording) else sound.uri
                    self._missed(instead_of, told_as or played)
                ending = await self._end(playback_id, endings, sound)
                has_ended = True
            except TimeoutError:
                if isinstance(sound, Recording):
                    log.warning("playback never ended", prompt=told_as or sound.name)
                return True
            finally:
                if not has_ended:
                    self._leg.playback(playback_id).stop().tell()
        return ending.ok

    async def _end(
        self, playback_id: str, endings: AsyncIterator[PlaybackEnded], sound: Sound
    ) -> PlaybackEnded:
        """The end of this playback. Raises TimeoutError when it has not come though the sound must be over.

        A recording may have been replaced by a longer one since its folder was read: what still plays is not over. Nor
        is what waits for another that could not be stopped.
        """
        seconds, lasted = _longest(sound), 0.0
        while True:
            try:
                async with asyncio.timeout(seconds):
                    return await _told(playback_id, endings)
            except TimeoutError:
                lasted += seconds
                is_long = isinstance(sound, Tone) or lasted > LONGEST_SECONDS
                if is_long or await self._leg.playback(playback_id).is_over():
                    raise
            seconds = GUARD_SECONDS

    def _uri(self, sound: Sound) -> str:
        return sound.uri if isinstance(sound, Tone) else self._media(sound.path)


async def _told(playback_id: str, endings: AsyncIterator[PlaybackEnded]) -> PlaybackEnded:
    while True:
        ending = await anext(endings)
        if ending.playback_id == playback_id:
            return ending


def _longest(sound: Sound) -> float:
    """When to stop waiting: a tone is stopped after its length, a recording should have ended well before."""
    return sound.seconds if isinstance(sound, Tone) else sound.seconds + GUARD_SECONDS
