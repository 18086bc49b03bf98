"""The prompts that a rule set speaks, and whether their recordings are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from ivr.rules.fault import Fault, FaultKind, did_you_mean, fault, slip_of
from ivr.rules.lint.numerals import spoken_parts
from ivr.rules.lint.speech import asked_back
from ivr.rules.model import CodeAct, Location, RuleSet
from ivr.rules.ways import attended_places

WANTED_PROMPTS: Mapping[str, str] = {
    "one_moment": "callers with whom another server goes on are told nothing of it",
    "on_our_way": "callers whom no server takes yet hear only music",
}
"""Spoken by the engine since a newer version, and what callers miss where nobody has recorded it.

An update needs no recording first, and the rules are not at fault: `ivr doctor` and `ivr prompts missing` say it.
"""

# Spoken by the engine, whatever the rules say: the apology when something failed, the goodbye when
# the server stops, the greeting of a voicemail that has none of its own, the tone before a message and what is said
# after it, and what is wanted.
ENGINE_PROMPTS = (
    *("sorry", "goodbye", *WANTED_PROMPTS),
    *("voicemail", "beep", "message_saved"),
)

TAKE_CALL = "take_call"
"""What whoever answers a phone with `confirm` hears: that there is a call, and which key takes it."""


AGENT_PROMPTS: Mapping[CodeAct, str] = {
    "sign in": "agent.signed_in",
    "sign out": "agent.signed_out",
    "pause": "agent.paused",
    "resume": "agent.resumed",
    "take": "agent.done",
    "leave": "agent.done",
    "end wrap-up": "agent.done",
    "longer wrap-up": "agent.done",
    "sit down": "agent.signed_in",
    "stand up": "agent.signed_out",
}
"""What an agent hears who has dialled a code."""

_CODE_PROMPTS = ("agent.no_such_code", "agent.not_done")

YOUR_NUMBER, YOUR_PIN = "agent.your_number", "agent.your_pin"
WRONG_PIN, LOCKED = "agent.wrong_pin", "agent.locked"
"""What is said to who sits down at a phone."""

DICTATION_PROMPTS = (
    "record.which",
    "record.begin",
    "record.nothing",
    "record.decide",
    "record.kept",
)
"""What leads through the recording of a prompt by phone."""

CHOOSE_REASON = "agent.choose_reason"
"""Before the reasons of a pause are read, each with its key."""


def reason_prompt(reason: str) -> str:
    """What a reason of `pause_reasons` is called aloud."""
    return f"reason.{reason}"


KEEP_PLACE = "keep_place"
"""What a caller hears who calls again soon enough: that the old place can be had, and by which key."""


def queue_prompt(name: str) -> str:
    """What a queue is called aloud, to its agents."""
    return f"queue.{name}"


def site_prompt(name: str) -> str:
    """What a site is called aloud, to agents."""
    return f"site.{name}"


@dataclass(frozen=True, slots=True)
class Sounds:
    """What lies on disk beside the prompts that can be played.

    `words` has, by language, what each prompt says where that is known. `music` are the classes with a file that can be
    played; `unheard` has, by file (`nb/welcome.wav`), why callers hear nothing of it, and what to do.
    """

    music: Collection[str]
    unheard: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def spoken_prompts(rules: RuleSet) -> Mapping[str, tuple[Location, ...]]:
    """Every prompt that callers may hear, with the locations that name it (none for the engine's own)."""
    locations: dict[str, list[Location]] = {name: [] for name in ENGINE_PROMPTS}
    for name, location in _named(rules):
        locations.setdefault(name, []).append(location)
    return {name: tuple(found) for name, found in locations.items()}


def heard_prompts(rules: RuleSet) -> Mapping[str, tuple[Location, ...]]:
    """All that callers may hear: what the rules name, parts of numbers, and what asks back after a word."""
    heard = dict(spoken_prompts(rules))
    for prompt, option in asked_back(rules).items():
        heard.setdefault(prompt, (option.at,))
    for part, at in spoken_parts(rules).items():
        heard.setdefault(part, (at,))
    return heard


def check_prompts(rules: RuleSet, on_disk: Mapping[str, Collection[str]]) -> tuple[Fault, ...]:
    """Faults for what has no recording. `on_disk` has, for each language, the names of the recordings.

    Prompts for a site (`welcome.bergen`) are extra: the one without the site must be there.
    """
    top = Location(rules.file, 1, 1, "")
    faults: list[Fault] = []
    for name, locations in spoken_prompts(rules).items():
        missing = [
            language for language in rules.languages if name not in on_disk.get(language, ())
        ]
        location = locations[0] if locations else top
        if not missing or (name in WANTED_PROMPTS and len(missing) == len(rules.languages)):
            continue
        if len(missing) == len(rules.languages):
            known = {one for language in rules.languages for one in on_disk.get(language, ())}
            message = f"the prompt {name!r} has no recording in any language"
            faults.append(
                fault(FaultKind.PROMPT_MISSING, location, message, _advice(name, known, missing[0]))
            )
        else:
            message = f"the prompt {name!r} has no recording in {', '.join(missing)}"
            hint = f"record it as {_file(name, missing[0])}; until then {_first_with(name, rules, on_disk)} is heard"
            faults.append(fault(FaultKind.PROMPT_ONE_LANGUAGE, location, message, hint))
    return tuple(faults)


def check_sounds(rules: RuleSet, sounds: Sounds) -> Iterator[Fault]:
    """Faults for music that is not there, and for files that the rules count on and nobody hears."""
    yield from _music_missing(rules, sounds.music)
    yield from _unheard(rules, sounds.unheard)


def _music_missing(rules: RuleSet, on_disk: Collection[str]) -> Iterator[Fault]:
    told = set(on_disk)
    for music, whose, at in _music(rules):
        if music not in told:
            told.add(music)
            named = f"the music {music!r} of {whose}"
            message = f"{named} has no recording that can be played, so callers hear a tone"
            hint = f"put one into prompts/music/{music} (WAV, 8 kHz mono 16-bit)"
            yield fault(FaultKind.NO_MUSIC, at, message, hint)


def _music(rules: RuleSet) -> Iterator[tuple[str, str, Location]]:
    """All music that callers hear: what it is called, whose it is, and where that stands."""
    for queue in rules.queues.values():
        yield queue.music, f"queue {queue.name}", queue.at
    for phone in rules.phones.values():
        if phone.music is not None:
            yield phone.music, f"phone {phone.name}", phone.at


def _unheard(rules: RuleSet, unheard: Mapping[str, str]) -> Iterator[Fault]:
    parts = {part: (at,) for part, at in spoken_parts(rules).items()}
    spoken = {**parts, **spoken_prompts(rules)}
    music = {name: at for name, _, at in _music(rules)}
    top = Location(rules.file, 1, 1, "")
    for file, text in unheard.items():
        folder, _, rest = file.partition("/")
        name = rest.rpartition(".")[0]
        location = None
        if folder == "music":
            location = music.get(rest.partition("/")[0])
        elif folder in rules.languages and (said := _spoken_as(name, rules, spoken)):
            location = next(iter(spoken[said]), top)
        if location is not None:
            message, _, hint = text.partition("; ")
            yield fault(
                FaultKind.NOT_PLAYABLE,
                location,
                f"callers do not hear prompts/{file}: {message}",
                hint or None,
            )


def check_sites_of_prompts(
    rules: RuleSet, on_disk: Mapping[str, Collection[str]]
) -> Iterator[Fault]:
    """Faults for `welcome.bergen` where no site is called bergen any more; only of what menus say."""
    spoken = spoken_prompts(rules)
    said = {name: menu.at for menu in rules.menus.values() for name in (*menu.greeting, *menu.say)}
    told = set()
    for language in rules.languages:
        for name in sorted(on_disk.get(language, ())):
            base, _, site = name.rpartition(".")
            if base in said and name not in spoken and site not in rules.sites and name not in told:
                told.add(name)
                message = f"the recording {name} is heard by nobody: there is no site {site}"
                near = did_you_mean(site, rules.sites)
                hint = near or f"remove it, or write {name} where it shall be said"
                yield fault(FaultKind.PROMPT_OF_NO_SITE, said[base], message, hint)


def _spoken_as(name: str, rules: RuleSet, spoken: Collection[str]) -> str | None:
    """The prompt that this recording would be heard as: itself, or the one that it replaces for a site."""
    if name in spoken:
        return name
    base, _, site = name.rpartition(".")
    return base if base in spoken and site in rules.sites else None


def _named(rules: RuleSet) -> Iterator[tuple[str, Location]]:
    yield from _at_arrival(rules)
    yield from _asked(rules)
    for menu in rules.menus.values():
        for name in (*menu.greeting, *menu.say, menu.no_input, menu.no_match):
            yield name, menu.at
    for phone in rules.phones.values():
        if phone.confirm:
            yield TAKE_CALL, phone.at
    yield from _of_closed(rules)
    yield from _of_codes(rules)
    yield from _of_queues(rules)
    for box in rules.voicemails.values():
        yield box.say, box.at


def _of_queues(rules: RuleSet) -> Iterator[tuple[str, Location]]:
    """What callers hear who wait or call again, and agents of a call before they take it over."""
    for queue in rules.queues.values():
        yield from ((name, queue.at) for name in queue.say)
        if queue.keep_place_seconds is not None:
            yield KEEP_PLACE, queue.at
        if "queue" in queue.whisper:
            yield queue_prompt(queue.name), queue.at
        if "site" in queue.whisper:
            yield from ((site_prompt(site), queue.at) for site in rules.sites)


def _of_codes(rules: RuleSet) -> Iterator[tuple[str, Location]]:
    """What agents hear who dial codes; the reasons only where a code does not name one."""
    reasons = rules.duty.pause_reasons
    for code in rules.duty.codes.values():
        yield from ((one, code.at) for one in (*_CODE_PROMPTS, AGENT_PROMPTS[code.meaning.act]))
        if code.meaning.act == "sit down":
            yield from ((one, code.at) for one in (YOUR_NUMBER, YOUR_PIN, WRONG_PIN, LOCKED))
        if code.meaning.act == "pause" and code.meaning.what is None and len(reasons) > 1:
            yield CHOOSE_REASON, code.at
            for number, reason in enumerate(reasons[:9], start=1):
                yield reason_prompt(reason), code.at
                yield f"number.{number}", code.at


def _of_closed(rules: RuleSet) -> Iterator[tuple[str, Location]]:
    aways = [away for _, attended in attended_places(rules) for away in attended.aways]
    for one in (*aways, *rules.holidays.closed):
        if one.say is not None:
            yield one.say, one.at


def _at_arrival(rules: RuleSet) -> Iterator[tuple[str, Location]]:
    for callers in rules.callers.values():
        for name in callers.say:
            yield name, callers.at
    for notice in rules.notices:
        for name in notice.say:
            yield name, notice.at


def _asked(rules: RuleSet) -> Iterator[tuple[str, Location]]:
    for question in rules.questions.values():
        for name in (*question.say, question.no_input, question.no_match):
            yield name, question.at
    for survey in rules.surveys.values():
        if survey.by == "voice":
            for name in (*survey.say, survey.no_input, survey.no_match, survey.thanks):
                yield name, survey.at


def _advice(name: str, known: Collection[str], language: str) -> str:
    near = slip_of(name, known)
    record = f"record it as {_file(name, language)}"
    return f"{near[:-1]}, or {record}" if near else record


def _first_with(name: str, rules: RuleSet, on_disk: Mapping[str, Collection[str]]) -> str:
    return next(language for language in rules.languages if name in on_disk.get(language, ()))


def _file(name: str, language: str) -> str:
    return f"prompts/{language}/{name}.wav"
