"""`ivr export`: one caller gets all that is kept of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from ivr.cli.shared.facts import facts_text, record_facts
from ivr.cli.shared.files import DiskPath
from ivr.cli.shared.language import language_option, language_told
from ivr.cli.shared.server import json_option, reading_option
from ivr.errors import NumberRefused
from ivr.numbers import PhoneNumber, number_from_sip, parse_number
from ivr.private_file import write_private
from ivr.records.changes import FollowUp
from ivr.records.events import RecordingStarted
from ivr.records.journal import Entry
from ivr.records.record import CallRecord
from ivr.regular_file import open_regular
from ivr.showing.record_lines import record_told
from ivr.showing.sentences import Language
from ivr.showing.story import story_told
from ivr.store.door import Reading
from ivr.store.open import open_store

_BEGINNING = datetime.fromtimestamp(0, UTC)
_FACTS, _STORY, _RECORDINGS = "caller.json", "caller.txt", "recordings"


@dataclass(frozen=True, slots=True)
class _KeptCall:
    record: CallRecord
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    """All that is kept of one caller; the calls oldest first, those under way last. Files are relative to the home.

    `recordings` are there, and more than the messages: of one that was lost, some sound may lie there all the same.
    `missing` are messages whose files are not there.
    """

    caller: str
    calls: tuple[_KeptCall, ...]
    follow_ups: tuple[FollowUp, ...]
    recordings: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _ExportWords:
    """What stands around the calls, in one language; `nouns` are calls, recordings and follow-ups: one, and more."""

    nouns: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]
    nothing: str
    seen_to: str
    recording: str
    wrote: str
    not_there: str


_WORDS: Mapping[Language, _ExportWords] = {
    "en": _ExportWords(
        nouns=(("call", "calls"), ("recording", "recordings"), ("follow-up", "follow-ups")),
        nothing="nothing is kept of this caller",
        seen_to="seen to  {} by {}",
        recording="recording",
        wrote="wrote",
        not_there="is not there",
    ),
    "nb": _ExportWords(
        nouns=(("samtale", "samtaler"), ("opptak", "opptak"), ("oppfølging", "oppfølginger")),
        nothing="ingenting er lagret om denne innringeren",
        seen_to="fulgt opp  {} av {}",
        recording="opptak",
        wrote="skrev",
        not_there="er ikke der",
    ),
}


@click.command()
@click.argument("number")
@reading_option
@click.option(
    "-o",
    "--output",
    "folder",
    type=DiskPath(file_okay=False),
    metavar="FOLDER",
    help="Put all of it into this new folder, with the recordings.",
)
@language_option
@json_option
def export(
    number: str, home: Path, folder: Path | None, language: Language | None, as_json: bool
) -> None:
    """Give the caller NUMBER all that is kept of them: calls, why they went where they went, recordings, follow-ups.

    Changes nothing.
    """
    if as_json and folder is not None:
        message = f"give one of --json and -o; the folder of -o has the JSON, too, as {_FACTS}"
        raise click.UsageError(message)
    with open_store(home).reading() as stored:
        kept = _of_number(stored, home, number)
    facts = _facts(kept, language_told(language, as_json=True))
    told_in = language_told(language)
    story = "\n".join(_lines(kept, told_in))
    if as_json:
        click.echo(facts_text(facts))
    elif folder is None:
        click.echo(story)
    else:
        _fill(folder, home, kept, msgspec.json.format(msgspec.json.encode(facts)).decode(), story)
        words = _WORDS[told_in]
        click.echo(f"{words.wrote} {folder}: {_counted(kept, words)}")
        for file in kept.missing:
            click.echo(f"{words.not_there}: {home / file}", err=True)


def _of_number(stored: Reading, home: Path, text: str) -> _Kept:
    """Raises NumberRefused for what is no number and no caller's either: some send what no numbering plan knows."""
    try:
        return _of_caller(stored, home, parse_number(text))
    except NumberRefused:
        as_it_came = number_from_sip(text)
        kept = _of_caller(stored, home, as_it_came) if as_it_came else None
        if kept and (kept.calls or kept.follow_ups):
            return kept
        raise


def _of_caller(stored: Reading, home: Path, number: PhoneNumber) -> _Kept:
    caller = number.digits
    # Those under way first: one that ends meanwhile is found twice, and never not at all.
    under_way = [record for record in stored.calls.open_calls() if record.caller == caller]
    ended = stored.calls.of_caller(caller)
    ended_ids = {record.call_id for record in ended}
    records = [*ended, *(one for one in under_way if one.call_id not in ended_ids)]
    follow_ups = [one for one in stored.history.follow_ups(_BEGINNING) if one.caller == caller]
    calls = tuple(_KeptCall(record, stored.calls.events(record.call_id)) for record in records)
    left = [message.file for record in records for message in record.messages]
    files = dict.fromkeys([*left, *(file for call in calls for file in _begun(call))])
    there = tuple(file for file in files if _sound(home, file))
    missing = tuple(file for file in left if file not in there)
    return _Kept(caller, calls, tuple(follow_ups), there, missing)


def _begun(call: _KeptCall) -> Iterator[str]:
    for entry in call.entries:
        if isinstance(entry.event, RecordingStarted):
            yield entry.event.file


def _facts(kept: _Kept, language: Language) -> dict[str, object]:
    calls = [
        {**record_facts(call.record, language), "events": msgspec.to_builtins(call.entries)}
        for call in kept.calls
    ]
    return {
        "caller": kept.caller,
        "calls": calls,
        "follow_ups": kept.follow_ups,
        "recordings": kept.recordings,
        "missing": kept.missing,
    }


def _lines(kept: _Kept, language: Language) -> Iterator[str]:
    words = _WORDS[language]
    yield f"{PhoneNumber(kept.caller).spaced}: {_counted(kept, words)}"
    for call in kept.calls:
        yield ""
        yield from story_told(call.entries, language)
        yield ""
        yield from record_told(call.record, language)
    if kept.follow_ups:
        yield ""
    for told in kept.follow_ups:
        why = f": {told.why}" if told.why else ""
        yield f"{words.seen_to.format(f'{told.at:%Y-%m-%d %H:%M:%S} UTC', told.author)}{why}"
    if kept.recordings or kept.missing:
        yield ""
    for file in kept.recordings:
        yield f"{words.recording}  {file}"
    for file in kept.missing:
        yield f"{words.recording}  {file} ({words.not_there})"


def _counted(kept: _Kept, words: _ExportWords) -> str:
    counts = (len(kept.calls), len(kept.recordings) + len(kept.missing), len(kept.follow_ups))
    told = [
        f"{count} {one if count == 1 else more}"
        for count, (one, more) in zip(counts, words.nouns, strict=True)
        if count
    ]
    return ", ".join(told) or words.nothing


def _fill(folder: Path, home: Path, kept: _Kept, facts: str, story: str) -> None:
    """Write everything into a folder for this user's eyes only. What cannot be written ends the command."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            message = f"{folder} has something in it already; name a new folder"
            raise click.ClickException(message)
        write_private(folder / _FACTS, f"{facts}\n")
        write_private(folder / _STORY, f"{story}\n")
        for file in kept.recordings:
            if sound := _sound(home, file):
                _copy(sound, folder / _RECORDINGS / sound.name)
    except OSError as error:
        message = f"cannot write all of {folder}: {error.strerror or error}; take it away, and name a folder with room"
        raise click.ClickException(message) from error


def _sound(home: Path, file: str) -> Path | None:
    """Where a recording lies; None where it is gone, or no file of this home folder."""
    place = (home / file).resolve()
    return place if place.is_relative_to(home.resolve()) and place.is_file() else None


def _copy(sound: Path, place: Path) -> None:
    place.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as copy, open_regular(sound) as original:
        shutil.copyfileobj(original, copy)
