"""A call told in lines: what happened, why it went where it went, what became of it. Pure; numbers are masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ivr.numbers import number_from_sip
from ivr.records.events import (
    Answered,
    Arrived,
    CalledOut,
    CallEvent,
    CallOutFailed,
    Connected,
    DigitsHeard,
    Ended,
    GivenToSite,
    LeftQueue,
    MenuTry,
    MessageLeft,
    Offered,
    OfferFailed,
    PhoneNotTaken,
    PhoneRang,
    PhoneTaken,
    PlaceKept,
    PlacePassedOn,
    PromptMissed,
    QuestionTry,
    Queued,
    RecordingStarted,
    Routed,
    Said,
    SpeechGone,
    SurveyAsked,
    SurveyTry,
    TakenToFront,
    TakenUp,
    TalkEnded,
    Whispered,
    WordsHeard,
)
from ivr.records.fold import seconds_between
from ivr.records.journal import Entry
from ivr.records.record import CallRecord
from ivr.showing.sentences import Language
from ivr.showing.sentences.calling_english import BARS
from ivr.showing.steps import reasons_told

UNDER_WAY = "under way"

_RESULTS = {
    "chosen": "keyed {key} in menu {menu}",
    "no_match": "keyed what is no choice of menu {menu}",
    "no_input": "keyed nothing in menu {menu}",
}
_REPLIES = {
    "answered": "answered question {question}",
    "no_match": "keyed too few digits for question {question}",
    "no_input": "keyed nothing for question {question}",
    "corrected": "heard the answer to question {question} read back, and said that it was wrong",
}
_RATINGS = {
    "answered": "answered {score} to survey {survey}",
    "no_match": "keyed what is not on the scale of survey {survey}",
    "no_input": "keyed nothing in survey {survey}",
}
_FAILURES = {
    "no_answer": "did not answer",
    "busy": "was busy",
    "declined": "declined",
    "other_answered": "another answered first",
    "gone": "could not be reached",
    "silent": "answered, and not a sound came from the phone",
    "wrong_number": "is no number that can be called",
    "not_confirmed": "answered, and nobody there took the call",
    "barred": "was not called",
}


def story_told(entries: Sequence[Entry], language: Language = "en") -> list[str]:
    """What happened, second by second from the arrival; each decision with its steps and their places in the rules."""
    lines: list[str] = []
    for entry in entries:
        since = f"{seconds_between(entries[0], entry):7.1f} s  "
        lines.append(since + event_told(entry.event))
        if isinstance(entry.event, Routed):
            indent = " " * (len(since) + 2)
            lines += [indent + line for line in reasons_told(entry.event.steps, language)]
    return lines


def _arrived_told(event: Arrived) -> str:
    way = f" over trunk {event.trunk}" if event.trunk else ""
    by_a_test = " (set by a test)" if event.test else ""
    told = f"{masked(event.caller)} called {event.dialled}{way}, call time {event.call_time}{by_a_test}"
    if event.waited_seconds is None:
        return told
    return (
        f"{told}; no server was there before, for {event.waited_seconds} s the caller heard music"
    )


def event_told(event: CallEvent) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind, and nothing else
    """One event in a few words."""
    match event:
        case Arrived():
            return _arrived_told(event)
        case Answered():
            return "answered by the switchboard"
        case TakenUp(place=place):
            return f"the server was gone; the next one went on at {place}"
        case Routed(to=to):
            return f"went to {to}"
        case Said(prompts=prompts):
            return f"said {', '.join(prompts)}"
        case PromptMissed(prompt=prompt, played=played):
            return f"prompt {prompt} was missing, {played} was played"
        case MenuTry(menu=menu, result=result, key=key):
            return _RESULTS[result].format(menu=menu, key=key)
        case WordsHeard():
            return words_told(event)
        case DigitsHeard(question=question, engine=engine, result=result, after_ms=after_ms):
            what = "said digits" if result == "heard" else "said what is no digits"
            return (
                f"{what} for question {question} ({engine}, {after_ms} ms after the end of speech)"
            )
        case SpeechGone(why=why):
            return f"what was said was not heard from here on, keys were: {why}"
        case QuestionTry(question=question, result=result):
            return _REPLIES[result].format(question=question)
        case SurveyAsked(survey=survey, lowest=lowest, highest=highest):
            return f"asked survey {survey}, {lowest} to {highest}"
        case SurveyTry(survey=survey, result=result, score=score):
            return _RATINGS[result].format(survey=survey, score=score)
        case Queued(queue=queue):
            return f"began to wait in queue {queue}"
        case GivenToSite(queue=queue, site=site, before=before):
            before_told = f", no longer {before}'s" if before else ""
            return f"is {site}'s of the calls of queue {queue}{before_told}"
        case Offered(agent=agent):
            return f"{agent}'s phone rang"
        case OfferFailed(agent=agent, result=result):
            return f"{agent} {_FAILURES[result]}; the caller kept the place"
        case PlaceKept(queue=queue, of_call=of_call):
            return f"has the place again in queue {queue} that was left in call {of_call}"
        case PlacePassedOn(queue=queue, to_call=to_call):
            return f"the caller called again, and has the place in queue {queue} in call {to_call}"
        case Whispered(agent=agent, prompts=prompts):
            return f"{agent} took the phone, and heard {', '.join(prompts)}"
        case Connected(agent=agent):
            return f"connected with {agent}"
        case PhoneRang(phone=phone):
            return f"phone {phone} rang"
        case CalledOut(phone=phone, trunk=trunk, number=number, address=address):
            return f"phone {phone}: called {number} over trunk {trunk} at {address}"
        case CallOutFailed(trunk=trunk, result=result, status=status):
            return f"not taken over trunk {trunk}: it {_FAILURES[result]} ({status or 'no answer'})"
        case PhoneNotTaken(phone=phone, barred=str(barred)):
            return f"phone {phone} was not called: {BARS[barred]}"
        case PhoneNotTaken(phone=phone, result=result):
            return f"phone {phone} {_FAILURES[result]}"
        case PhoneTaken(phone=phone):
            return f"connected with phone {phone}"
        case TakenToFront(queue=queue, author=author, why=why):
            return (
                f"{author} took the caller to the front of queue {queue}{f': {why}' if why else ''}"
            )
        case LeftQueue(queue=queue, result=result):
            return f"left queue {queue}: {result.replace('_', ' ')}"
        case TalkEnded(by="system"):
            return "the agent's phone was gone"
        case TalkEnded(by="limit"):
            return "the talk had lasted as long as it may, and was ended"
        case TalkEnded(by=by):
            return f"the {by} hung up"
        case RecordingStarted(voicemail=box):
            return f"recording a message for {box}"
        case MessageLeft(seconds=seconds, file=file):
            return f"message of {seconds:.0f} s kept in {file}"
        case Ended(by=by, error=error):
            return f"ended by {by.replace('_', ' ')}{f' ({error})' if error else ''}"


def words_told(heard: WordsHeard) -> str:
    """What was heard, how surely, and what else it could have been."""
    where = f"menu {heard.menu}"
    if heard.confirms is not None:
        where += f", asked about key {heard.confirms}"
    how = f"{heard.likelihood:.0%} by {heard.engine}, {heard.after_ms} ms after the end of speech"
    if heard.key is None:
        return f"said what is no word of {where} ({how})"
    others = _other_words(heard)
    surely = "said" if heard.result == "sure" else "may have said"
    if heard.word is None:
        return f"{surely} a word of key {heard.key} in {where} ({how}{others})"
    return f"{surely} {heard.word!r} in {where}, which is key {heard.key} ({how}{others})"


def _other_words(heard: WordsHeard) -> str:
    others = heard.others or [f"key {key}" for key in heard.other_keys]
    return f"; it could also have been {', '.join(others)}" if others else ""


def record_told(record: CallRecord) -> list[str]:
    """The record as it is stored, one fact a line."""
    return [f"{name:<11} {value}" for name, value in _facts(record) if value]


def masked(number: str | None) -> str:
    """A number as it may be shown."""
    if number is None:
        return "withheld"
    known = number_from_sip(number)
    return known.masked if known else "…"


def _facts(record: CallRecord) -> Iterator[tuple[str, str]]:
    yield "call", record.call_id
    yield "dialled", record.dialled
    yield "caller", masked(record.caller)
    yield "call time", record.call_time + (" (set by a test)" if record.test else "")
    yield "arrived", record.arrived_at.isoformat(timespec="seconds")
    yield "ended as", record.disposition or UNDER_WAY
    yield "ended by", record.ended_by or UNDER_WAY
    yield "department", record.department or ""
    yield "site", record.site or ""
    yield "language", record.language or ""
    for visit in record.visits:
        agent = f" by {visit.agent}" if visit.agent else ""
        wait = "" if visit.wait_seconds is None else f" after {visit.wait_seconds:.1f} s"
        yield "queue", f"{visit.queue}: {visit.outcome}{agent}{wait}"
    yield "talked", "" if record.talk_seconds is None else f"{record.talk_seconds:.1f} s"
    for message in record.messages:
        yield "message", f"{message.voicemail}: {message.seconds:.0f} s in {message.file}"
    yield "rules", record.revision[:12]
