"""A whole call as one sound."""

from __future__ import annotations

from array import array
from pathlib import Path

from ivr.audio.catalogue import PromptCatalogue
from ivr.audio.hearing_room import heard_as, one_sound

PROMPTS = PromptCatalogue.load(Path(__file__).parents[3] / "prompts")
LANGUAGES = ("nb", "en")


def test_the_sites_own_is_heard() -> None:
    heard = heard_as(PROMPTS, "welcome", "nb", "bergen", LANGUAGES)

    assert heard.recording is not None
    assert heard.recording.name == "welcome.bergen"
    assert not heard.is_other


def test_what_is_missing_is_the_apology_and_told() -> None:
    heard = heard_as(PROMPTS, "nowhere", "en", None, LANGUAGES)

    assert heard.recording is not None
    assert (heard.recording.name, heard.is_other) == ("sorry", True)


def test_where_nothing_is_left_a_tone_is_heard() -> None:
    heard = heard_as(PromptCatalogue({}, {}), "welcome", "nb", None, LANGUAGES)

    assert heard.recording is None
    assert max(one_sound([heard])) == 8000


def test_music_comes_at_the_end_and_is_cut() -> None:
    song = array("h", [1]) * 8000 * 60

    assert len(one_sound([], [song])) == 8000 * 4
