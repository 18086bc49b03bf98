"""What happened to a call, in English."""

from __future__ import annotations

from ivr.amount import counted
from ivr.numbers import dialled_shown
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
    WaitEstimated,
    Whispered,
    WordsHeard,
)
from ivr.showing.callers import masked, one_of_ours
from ivr.showing.sentences.calling_english import BARS

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
    "gone": "could not be reached",
    "silent": "answered, and not a sound came from the phone",
    "wrong_number": "is no number that can be called",
    "not_confirmed": "answered, and nobody there took the call",
    "barred": "was not called",
}


def _arrived_told(event: Arrived) -> str:
    way = f" over trunk {event.trunk}" if event.trunk else ""
    by_a_test = " (set by a test)" if event.test else ""
    if event.agent is None:
        who, dialled = masked(event.caller), event.dialled
    else:
        who, dialled = event.agent or one_of_ours("en"), dialled_shown(event.dialled)
    told = f"{who} called {dialled}{way}, call time {event.call_time}{by_a_test}"
    if event.waited_seconds is None:
        return told
    return f"{told}; no server was there before, for {event.waited_seconds:.0f} s the caller heard music"


def event_told(event: CallEvent) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind, and nothing else
    """One event in a few words."""
    match event:
        case Arrived():
            return _arrived_told(event)
        case Answered():
            return "answered by the switchboard"
        case TakenUp(place=place, was_freed=was_freed):
            floor = "; Asterisk kept the caller company meanwhile" if was_freed else ""
            return (
                f"the server or its link to Asterisk was gone; the call went on at {place}{floor}"
            )
        case Routed(to=to):
            return f"went to {to}"
        case Said(prompts=prompts):
            return f"said {', '.join(prompts)}"
        case PromptMissed(prompt=prompt, played=played):
            return f"prompt {prompt} was missing, {played} was played"
        case MenuTry(menu=menu, result=result, key=key):
            return _RESULTS[result].format(menu=menu, key=key)
        case WordsHeard():
            return _words_told(event)
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
        case WaitEstimated():
            return _estimate_told(event)
        case GivenToSite(queue=queue, site=site, before=before):
            before_told = f", no longer {before}'s" if before else ""
            return f"is {site}'s of the calls of queue {queue}{before_told}"
        case Offered(agent=agent):
            return f"{agent}'s phone rang"
        case OfferFailed(agent=agent, result="other_answered"):
            return f"{agent}'s phone rang no more: another answered first"
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


def _estimate_told(event: WaitEstimated) -> str:
    """What was expected, and what it was made from."""
    between = f"{event.low_seconds:.0f} to {event.high_seconds:.0f} s"
    seen = f"{event.ahead} ahead, {counted(event.agents, 'agent')}"
    return f"expected to wait {event.seconds:.0f} s in queue {event.queue}: {between}; {seen}"


def _words_told(heard: WordsHeard) -> str:
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
