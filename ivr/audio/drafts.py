"""Recordings that wait to be put live: where they lie, which there are, and how one becomes the prompt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ivr.audio.importing import import_recording
from ivr.on_disk import as_on_disk, composed

_FOLDER = "drafts"


@dataclass(frozen=True, slots=True)
class PromptDraft:
    """`made_at` is aware, and when it was recorded."""

    prompt: str
    language: str
    path: Path
    made_at: datetime


def draft_path(home: Path, prompt: str, language: str) -> Path:
    """Where the draft of a prompt lies, or is to lie."""
    return as_on_disk(home / _FOLDER / language / f"{prompt}.wav")


def drafts_in(home: Path) -> tuple[PromptDraft, ...]:
    """All drafts of a home folder, by language and name."""
    return tuple(
        PromptDraft(
            composed(path.stem),
            path.parent.name,
            path,
            datetime.fromtimestamp(path.stat().st_mtime, UTC),
        )
        for path in sorted((home / _FOLDER).glob("*/*.wav"))
    )


def publish(draft: PromptDraft, folder: Path) -> Path:
    """Make it the recording of its prompt, as loud and as trim as the others; the draft is gone then.

    Raises:
        PromptRefused: nothing can be heard in it, say; nothing has changed then.
    """
    path = import_recording(draft.path, draft.prompt, language=draft.language, folder=folder)
    draft.path.unlink()
    return path
