"""Drafts of prompts below the home folder: recorded by phone, and heard by nobody until they are published."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from ivr.ari.events import Arrival
from ivr.audio.drafts import draft_path
from ivr.flows.dictation import Dictation, Drafts, DraftUnderWay
from ivr.numbers import number_from_sip, parse_number, text_from_sip
from ivr.rules.model import Agent
from ivr.settings.sections import Prompts

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DraftFolder:
    """`recordings` is the folder below `home` into which Asterisk records."""

    home: Path
    recordings: str

    @contextmanager
    def under_way(self, name: str) -> Iterator[DraftUnderWay]:
        """A file that is gone with the scope, unless it was kept."""
        try:
            yield DraftUnderWay(name, self._path(name))
        finally:
            self.drop((name,))

    def drop(self, names: Collection[str]) -> None:
        """What an earlier server recorded under these names, and nobody is to hear."""
        for path in map(self._path, names):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                log.warning("recording not taken away", file=str(path), error=str(error))

    def _path(self, name: str) -> Path:
        return (self.home / self.recordings / f"{name}.wav").absolute()

    def keep(self, draft: DraftUnderWay, prompt: str, language: str) -> bool:
        """Let it be the draft of this prompt, in place of the one before; whether that could be done."""
        kept = draft_path(self.home, prompt, language)
        try:
            kept.parent.mkdir(parents=True, exist_ok=True)
            draft.path.replace(kept)
        except OSError as error:
            log.warning("draft lost", prompt=prompt, error=str(error))
            return False
        return True


class _NoDrafts:
    """Where there is no home folder: nothing is kept."""

    @contextmanager
    def under_way(self, name: str) -> Iterator[DraftUnderWay]:
        yield DraftUnderWay(name, Path(f"/nowhere/{name}.wav"))

    def drop(self, names: Collection[str]) -> None:
        pass

    def keep(self, draft: DraftUnderWay, prompt: str, language: str) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Dictations:
    """What is dialled to record a prompt (None: nothing is), which prompts are meant, and where they are kept."""

    code: str | None = None
    prompts: tuple[str, ...] = ()
    drafts: Drafts = field(default_factory=_NoDrafts)

    @classmethod
    def of(cls, settings: Prompts, drafts: Drafts) -> Dictations:
        """As the settings have it."""
        return cls(settings.record_by_phone, settings.recordable, drafts)

    def asked_by(
        self, arrival: Arrival, agent: Agent | None, *, is_phone: bool
    ) -> Dictation | None:
        """Whether this call is for recording. A code is for phones of ours; a number may be called from outside."""
        if self.code is None or not self.prompts:
            return None
        if self.code[:1] in {"*", "#"}:
            is_asked = is_phone and text_from_sip(arrival.dialled) == self.code
        else:
            is_asked = number_from_sip(arrival.dialled) == parse_number(self.code)
        return Dictation(self.code, agent, self.prompts) if is_asked else None
