"""The prompts on disk, read once: which there are, which a caller hears, what is wrong.

A prompt is a name (`main.choices`), never a path. Its recording is `<language>/<name>.wav`;
`welcome.bergen` is played instead of `welcome` to callers of the site `bergen`. Music on hold lies
in `music/<class>/`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ivr.audio.script import LANGUAGE
from ivr.audio.wav import TelephoneFormatError, read_header
from ivr.errors import PromptMissing, PromptRefused
from ivr.on_disk import composed
from ivr.rules.values.plain import PROMPT_NAME

APOLOGY = "sorry"
"""The prompt for a caller whom something of ours has failed."""

ON_OUR_WAY = "on_our_way"
"""The prompt for a caller whom no server takes yet."""

GOING_ON = "one_moment"
"""The prompt for a caller who heard nothing, or the end of a prompt and then nothing, since the server was gone.

The only one that is passed over where nobody has recorded it: an apology would be said of what was mended.
"""

_MUSIC = "music"
_OTHER_AUDIO = frozenset({".mp3", ".flac", ".ogg", ".opus", ".m4a", ".aac", ".aiff", ".wma"})
_PLAYED_FIRST = frozenset({".ulaw", ".alaw", ".g722", ".gsm", ".sln", ".sln16", ".wav16", ".pcm"})
_AUDIO = frozenset({".wav"}) | _OTHER_AUDIO | _PLAYED_FIRST


@dataclass(frozen=True, slots=True)
class Recording:
    """One prompt in one language; `name` is the one found (`welcome.bergen`), `path` absolute."""

    name: str
    language: str
    path: Path
    seconds: float


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone that Asterisk makes. It does not end by itself: stop its playback after `seconds`."""

    uri: str
    seconds: float


# One tone, and none with a pause in it: a comma would make two media of it.
BEEP = Tone("tone:!440/400", 0.4)
"""What is left when there is nothing to play: a sign of life, not silence."""


@dataclass(frozen=True, slots=True)
class AudioFault:
    """A file that callers will not hear, named from the folder of prompts, and what to do."""

    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.text}"


class PromptCatalogue:
    """Every recording of one folder as it was when read; a call meets no half-copied file."""

    def __init__(
        self,
        recordings: Mapping[tuple[str, str], Recording],
        music: Mapping[str, tuple[Path, ...]],
        faults: Sequence[AudioFault] = (),
        root: Path = Path(),
    ) -> None:
        self._recordings = dict(recordings)
        self.root = root
        """The folder that was read, absolute."""
        self.music = MappingProxyType(dict(music))
        """The files of music on hold that can be played, by the name of the class; a class without any is not there."""
        self.faults = tuple(faults)
        """Files that cannot be played; they are in no other answer of this catalogue."""

    @classmethod
    def load(cls, folder: Path) -> PromptCatalogue:
        """Read the header of every recording in `folder`.

        Raises:
            PromptRefused: there is no such folder, or it cannot be read, or not by Asterisk.
        """
        root = folder.resolve()
        if not root.is_dir():
            raise PromptRefused(str(folder), "there is no such folder of prompts")
        if "," in str(root) or not str(root).isprintable():
            raise PromptRefused(
                str(root), "Asterisk cannot play from a path with a comma in it; use another folder"
            )
        recordings: dict[tuple[str, str], Recording] = {}
        music: dict[str, tuple[Path, ...]] = {}
        faults: list[AudioFault] = []
        try:
            paths = tuple(_audio_files(root))
        except OSError as reason:
            raise PromptRefused(str(reason.filename), "the folder cannot be read") from reason
        for path in paths:
            match _read(path, root):
                case AudioFault() as fault:
                    faults.append(fault)
                case Recording(name, language) as recording if path.parent.parent == root:
                    recordings[language, name] = recording
                case Recording():
                    music[path.parent.name] = (*music.get(path.parent.name, ()), path)
        return cls(recordings, music, faults, root)

    @property
    def recordings(self) -> tuple[Recording, ...]:
        """Every recording that can be played, by language and name."""
        return tuple(self._recordings[key] for key in sorted(self._recordings))

    def is_as(self, other: PromptCatalogue) -> bool:
        """Whether it would play the same files, each as long as in the other."""
        return (
            self._recordings == other._recordings
            and self.music == other.music
            and self.faults == other.faults
        )

    def names(self) -> Mapping[str, frozenset[str]]:
        """By language, the prompts that can be played; `welcome.bergen` beside `welcome`."""
        languages = sorted({language for language, _ in self._recordings})
        return {
            language: frozenset(name for spoken, name in self._recordings if spoken == language)
            for language in languages
        }

    def names_on_disk(self) -> Mapping[str, frozenset[str]]:
        """`names`, and those of files that cannot be played: a bad recording is told, and stops no switchboard."""
        found = {language: set(names) for language, names in self.names().items()}
        for fault in self.faults:
            path = Path(fault.file)
            language = path.parent.name
            if path.suffix == ".wav" and LANGUAGE.fullmatch(language):
                found.setdefault(language, set()).add(composed(path.stem))
        return {language: frozenset(names) for language, names in found.items()}

    def find(
        self, name: str, *, language: str, site: str | None, languages: Sequence[str]
    ) -> Recording:
        """The recording for this caller: the site's own first; else one of `languages`, in order.

        Raises:
            PromptMissing: there is none in any language.
        """
        for recording in self._candidates(name, language, site, languages):
            return recording
        raise PromptMissing(name, language)

    def fallback(
        self,
        name: str,
        *,
        language: str,
        site: str | None,
        languages: Sequence[str],
        failed: Collection[Recording] = (),
    ) -> Recording | Tone:
        """What to play instead of `name`, which is missing or which Asterisk `failed` to play.

        The same prompt as another recording, else the apology, else a beep: something, always.
        """
        gone = {recording.path for recording in failed}
        for instead in (name, APOLOGY):
            for recording in self._candidates(instead, language, site, languages):
                if recording.path not in gone:
                    return recording
        return BEEP

    def _candidates(
        self, name: str, language: str, site: str | None, languages: Sequence[str]
    ) -> Iterator[Recording]:
        names = (name,) if site is None else (f"{name}.{site}", name)
        for spoken in dict.fromkeys((language, *languages)):
            for wanted in names:
                if recording := self._recordings.get((spoken, wanted)):
                    yield recording


def files_of(folder: Path) -> tuple[Path, ...]:
    """All that looks like a recording or music below a folder of prompts; none where it cannot be read."""
    try:
        return tuple(_audio_files(folder))
    except OSError:
        return ()


def _audio_files(root: Path) -> Iterator[Path]:
    """All that looks like a recording: in a folder of a language, or one of a class of music."""
    folders = [place for place in sorted(root.iterdir()) if place.name != _MUSIC]
    if (root / _MUSIC).is_dir():
        folders += sorted((root / _MUSIC).iterdir())
    for folder in folders:
        if folder.is_dir() and not folder.name.startswith("."):
            for path in sorted(folder.iterdir()):
                if path.suffix.lower() in _AUDIO and not path.name.startswith("."):
                    yield path


def _read(path: Path, root: Path) -> Recording | AudioFault:
    file = str(path.relative_to(root))
    if fault := _fault_in_name(path, root):
        return AudioFault(file, fault)
    try:
        return Recording(composed(path.stem), path.parent.name, path, read_header(path).seconds)
    except TelephoneFormatError as reason:
        return AudioFault(file, str(reason))
    except OSError as reason:
        return AudioFault(file, f"cannot be read ({reason.strerror}); look at its permissions")


def _fault_in_name(path: Path, root: Path) -> str | None:
    """Why this file may not be opened at all; None when its name and place are right."""
    if not path.resolve().is_relative_to(root) or not path.is_file():
        return "not a file, or a link out of the folder; put the recording itself here"
    if path.suffix.lower() in _PLAYED_FIRST:
        return f"Asterisk would play it instead of {path.stem}.wav; remove it"
    if path.suffix != ".wav":
        return _no_wav(path)
    if not PROMPT_NAME.fullmatch(composed(path.stem)):
        return "not a prompt's name; use a-z, æøå, 0-9, _ and ."
    if path.parent.parent == root and not LANGUAGE.fullmatch(path.parent.name):
        return f"{path.parent.name} is not a language; use a code such as nb or en"
    return None


def _no_wav(path: Path) -> str:
    if path.parent.parent.name == _MUSIC:
        return f"the music {path.parent.name} plays .wav files only; convert it (WAV, 8 kHz mono 16-bit)"
    return f"not a .wav file; run: ivr prompts import {path.name} {path.stem.lower()}"
