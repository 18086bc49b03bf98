"""Recordings that wait to be put live."""

from __future__ import annotations

from pathlib import Path

from ivr.audio.drafts import draft_path, drafts_in


def test_drafts_are_listed_by_language_and_name(tmp_path: Path) -> None:
    for language, prompt in (("nb", "closed.storm"), ("en", "welcome")):
        path = draft_path(tmp_path, prompt, language)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"")

    assert [(one.language, one.prompt) for one in drafts_in(tmp_path)] == [
        ("en", "welcome"),
        ("nb", "closed.storm"),
    ]


def test_a_home_without_any_has_none(tmp_path: Path) -> None:
    assert drafts_in(tmp_path) == ()
