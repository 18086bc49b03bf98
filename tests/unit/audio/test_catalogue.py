from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest

from ivr.audio.catalogue import BEEP, PromptCatalogue, Recording, Tone
from ivr.audio.importing import import_recording
from ivr.errors import PromptMissing, PromptRefused

WriteWav = Callable[..., Path]
LANGUAGES = ("nb", "en")


def test_names_are_told_by_language(tmp_path: Path, write_wav: WriteWav) -> None:
    for file in (
        "nb/welcome.wav",
        "nb/welcome.bergen.wav",
        "en/welcome.wav",
        "nb/main.choices.wav",
    ):
        write_wav(file)

    catalogue = PromptCatalogue.load(tmp_path)

    assert catalogue.names() == {
        "en": frozenset({"welcome"}),
        "nb": frozenset({"welcome", "welcome.bergen", "main.choices"}),
    }
    assert catalogue.faults == ()


@pytest.mark.parametrize(
    ("language", "site", "found"),
    [
        ("nb", None, "nb/welcome.wav"),
        ("nb", "bergen", "nb/welcome.bergen.wav"),
        ("nb", "oslo", "nb/welcome.wav"),
        ("en", "bergen", "en/welcome.wav"),
        ("de", "bergen", "nb/welcome.bergen.wav"),
    ],
)
def test_the_caller_hears_own_language_first_and_in_it_own_site(
    tmp_path: Path, write_wav: WriteWav, language: str, site: str | None, found: str
) -> None:
    for file in ("nb/welcome.wav", "nb/welcome.bergen.wav", "en/welcome.wav"):
        write_wav(file)
    catalogue = PromptCatalogue.load(tmp_path)

    recording = catalogue.find("welcome", language=language, site=site, languages=LANGUAGES)

    assert recording.path == tmp_path.resolve() / found
    assert recording.seconds == pytest.approx(0.3)


def test_a_prompt_in_another_language_is_better_than_none(
    tmp_path: Path, write_wav: WriteWav
) -> None:
    write_wav("en/closed.wav")
    catalogue = PromptCatalogue.load(tmp_path)

    recording = catalogue.find("closed", language="nb", site=None, languages=LANGUAGES)

    assert recording.language == "en"


@pytest.mark.parametrize("name", ["closed", "../nb/welcome", "/etc/passwd", "", "welcome.wav"])
def test_what_is_no_prompt_is_missing_and_never_a_path(
    tmp_path: Path, write_wav: WriteWav, name: str
) -> None:
    write_wav("nb/welcome.wav")
    catalogue = PromptCatalogue.load(tmp_path)

    with pytest.raises(PromptMissing):
        catalogue.find(name, language="nb", site=None, languages=LANGUAGES)


def test_every_file_that_cannot_be_played_is_a_fault_and_is_not_offered(
    tmp_path: Path, write_wav: WriteWav
) -> None:
    write_wav("nb/welcome.wav", rate=44100, channels=2)
    write_wav("nb/Closed Now.wav")
    write_wav("x y/goodbye.wav")
    write_wav("nb/sorry.mp3")
    write_wav("nb/sorry.ulaw")
    (tmp_path / "nb" / "empty.wav").touch()
    write_wav("nb/goodbye.wav")

    catalogue = PromptCatalogue.load(tmp_path)

    assert catalogue.names() == {"nb": frozenset({"goodbye"})}
    assert sorted(map(str, catalogue.faults)) == [
        "nb/Closed Now.wav: not a prompt's name; use a-z, æøå, 0-9, _ and .",
        "nb/empty.wav: the file is empty; record it again",
        "nb/sorry.mp3: not a .wav file; run: ivr prompts import sorry.mp3 sorry",
        "nb/sorry.ulaw: Asterisk would play it instead of sorry.wav; remove it",
        "nb/welcome.wav: 44100 Hz stereo; need 8 kHz mono 16-bit "
        "(run: ivr prompts import welcome.wav)",
        "x y/goodbye.wav: x y is not a language; use a code such as nb or en",
    ]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path, write_wav: WriteWav) -> None:
    outside = write_wav("elsewhere/secret.wav")
    (tmp_path / "prompts" / "nb").mkdir(parents=True)
    (tmp_path / "prompts" / "nb" / "welcome.wav").symlink_to(outside)
    (tmp_path / "prompts" / "en").symlink_to(outside.parent)
    (tmp_path / "prompts" / "nb" / "closed.wav").symlink_to(tmp_path / "nowhere.wav")

    catalogue = PromptCatalogue.load(tmp_path / "prompts")

    assert catalogue.names() == {}
    refused = "not a file, or a link out of the folder; put the recording itself here"
    assert [str(fault) for fault in catalogue.faults] == [
        f"en/secret.wav: {refused}",
        f"nb/closed.wav: {refused}",
        f"nb/welcome.wav: {refused}",
    ]


def test_a_link_within_the_folder_is_a_recording(tmp_path: Path, write_wav: WriteWav) -> None:
    shared = write_wav("nb/beep.wav")
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "beep.wav").symlink_to(shared)

    catalogue = PromptCatalogue.load(tmp_path)

    assert catalogue.names()["en"] == {"beep"}


def test_files_that_are_no_sound_are_left_alone(tmp_path: Path, write_wav: WriteWav) -> None:
    write_wav("nb/welcome.wav")
    (tmp_path / "nb" / ".welcome.wav.x1").touch()
    (tmp_path / "nb" / "notes.txt").touch()
    (tmp_path / "script.yaml").touch()

    assert PromptCatalogue.load(tmp_path).faults == ()


def test_music_is_known_by_its_class(tmp_path: Path, write_wav: WriteWav) -> None:
    write_wav("music/calm/one.wav")
    write_wav("music/lively/one.wav", rate=44100)

    catalogue = PromptCatalogue.load(tmp_path)

    assert catalogue.music == {"calm": (tmp_path.resolve() / "music" / "calm" / "one.wav",)}
    assert [fault.file for fault in catalogue.faults] == ["music/lively/one.wav"]
    assert catalogue.names() == {}


@pytest.mark.parametrize("name", ["a,b", "a\nb"])
def test_a_folder_that_asterisk_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()

    with pytest.raises(PromptRefused, match="use another folder"):
        PromptCatalogue.load(tmp_path / name)


def test_no_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PromptRefused, match="there is no such folder of prompts"):
        PromptCatalogue.load(tmp_path / "nowhere")


def test_a_recording_that_vanished_is_replaced_step_by_step_and_never_by_silence(
    tmp_path: Path, write_wav: WriteWav
) -> None:
    for file in ("nb/closed.wav", "nb/closed.bergen.wav", "en/closed.wav", "nb/sorry.wav"):
        write_wav(file)
    catalogue = PromptCatalogue.load(tmp_path)
    heard = catalogue.find("closed", language="nb", site="bergen", languages=LANGUAGES)

    failed = [heard]
    while not isinstance(
        instead := catalogue.fallback(
            "closed", language="nb", site="bergen", languages=LANGUAGES, failed=failed
        ),
        Tone,
    ):
        failed.append(instead)

    played = [str(one.path.relative_to(tmp_path.resolve())) for one in failed]
    assert played == ["nb/closed.bergen.wav", "nb/closed.wav", "en/closed.wav", "nb/sorry.wav"]
    assert instead == BEEP
    assert isinstance(instead, Tone)
    assert instead.uri.startswith("tone:")
    assert "," not in instead.uri


def test_a_prompt_that_never_was_is_answered_with_the_apology(
    tmp_path: Path, write_wav: WriteWav
) -> None:
    write_wav("en/sorry.wav")
    catalogue = PromptCatalogue.load(tmp_path)

    instead = catalogue.fallback("closed", language="nb", site=None, languages=LANGUAGES)

    assert isinstance(instead, Recording)
    assert instead.path == tmp_path.resolve() / "en/sorry.wav"


def test_a_catalogue_does_not_look_at_the_disk_again(tmp_path: Path, write_wav: WriteWav) -> None:
    path = write_wav("nb/welcome.wav")
    catalogue = PromptCatalogue.load(tmp_path)

    path.unlink()

    assert (
        catalogue.find("welcome", language="nb", site=None, languages=LANGUAGES).name == "welcome"
    )


def test_a_recording_that_cannot_be_played_is_there_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "nb").mkdir()
    (tmp_path / "nb/welcome.wav").write_bytes(b"RIFF, and no more")

    catalogue = PromptCatalogue.load(tmp_path)

    assert catalogue.names() == {}
    assert catalogue.names_on_disk() == {"nb": {"welcome"}}
    assert [one.file for one in catalogue.faults] == ["nb/welcome.wav"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("site", ["måløy", "ærfugl", "nord-odal", "sør_fron"])
def test_a_site_has_prompts_of_its_own_whatever_its_letters(
    tmp_path: Path, write_wav: WriteWav, site: str, form: Literal["NFC", "NFD"]
) -> None:
    own = write_wav(unicodedata.normalize(form, f"nb/welcome.{site}.wav"))
    write_wav("nb/welcome.wav")

    catalogue = PromptCatalogue.load(tmp_path)

    assert catalogue.faults == ()
    found = catalogue.find("welcome", language="nb", site=site, languages=("nb",))
    assert (found.name, found.path) == (f"welcome.{site}", own)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_new_recording_takes_the_place_of_the_old_one_however_its_name_lies_on_the_disk(
    tmp_path: Path, write_wav: WriteWav, form: Literal["NFC", "NFD"]
) -> None:
    old = write_wav(unicodedata.normalize(form, "nb/welcome.måløy.wav"))

    new = import_recording(write_wav("take.wav"), "welcome.måløy", language="nb", folder=tmp_path)

    assert new == old
    assert len([*(tmp_path / "nb").iterdir()]) == 1
