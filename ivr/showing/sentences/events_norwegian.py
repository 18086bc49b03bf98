"""What happened to a call, in Norwegian (bokmål). Names, and destinations as the rules write them, stay as they are."""

from __future__ import annotations

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
from ivr.showing.sentences.calling_norwegian import BARS
from ivr.showing.sentences.notation_norwegian import agent_named, key_named
from ivr.showing.sentences.speech_gone_norwegian import speech_gone

_RESULTS = {
    "chosen": "tastet {key} i menyen {menu}",
    "no_match": "tastet noe som ikke er et valg i menyen {menu}",
    "no_input": "tastet ingenting i menyen {menu}",
}
_REPLIES = {
    "answered": "svarte på spørsmålet {question}",
    "no_match": "tastet for få sifre på spørsmålet {question}",
    "no_input": "tastet ingenting på spørsmålet {question}",
    "corrected": "hørte svaret på spørsmålet {question} lest opp igjen, og sa at det var galt",
}
_RATINGS = {
    "answered": "svarte {score} på undersøkelsen {survey}",
    "no_match": "tastet noe som ikke er på skalaen i undersøkelsen {survey}",
    "no_input": "tastet ingenting i undersøkelsen {survey}",
}
_FAILURES = {
    "no_answer": "svarte ikke",
    "busy": "var opptatt",
    "declined": "avviste samtalen",
    "gone": "var ikke å få tak i",
    "silent": "svarte, og det kom ikke en lyd fra telefonen",
    "wrong_number": "har et nummer som ikke kan ringes",
    "not_confirmed": "svarte, og ingen der tok samtalen",
    "barred": "ble ikke ringt",
}
_CALL_OUT_FAILURES = {
    "no_answer": "ingen svarte",
    "busy": "det var opptatt",
    "wrong_number": "nummeret kan ikke ringes",
    "gone": "den var ikke å nå",
}
_LEFT = {
    "abandoned": "innringeren la på",
    "overflowed": "sendt videre",
    "callback": "blir ringt opp igjen",
    "exit_key": "valgte noe annet med en tast",
    "nobody_logged_in": "ingen er logget inn",
    "dropped": "samtalen ble brutt",
}
_ENDS = {
    "caller": "innringeren la på",
    "agent": "medarbeideren la på",
    "rules": "reglene avsluttet samtalen",
    "failed": "noe hos oss sviktet",
    "drain": "tjeneren ble stanset",
    "link_lost": "innringeren var borte da forbindelsen til Asterisk var tilbake",
    "lost": "innringerens telefon ble borte",
    "lost_while_down": "samtalen gikk tapt mens tjeneren var nede",
}


def _arrived_told(event: Arrived) -> str:
    way = f" over linjen {event.trunk}" if event.trunk else ""
    by_a_test = " (satt av en test)" if event.test else ""
    if event.agent is None:
        who, dialled = masked(event.caller, "nb"), event.dialled
    else:
        who, dialled = agent_named(event.agent) or one_of_ours("nb"), dialled_shown(event.dialled)
    told = f"{who} ringte {dialled}{way}, tidspunkt {event.call_time}{by_a_test}"
    if event.waited_seconds is None:
        return told
    return f"{told}; ingen tjener var der før, og innringeren hørte musikk i {event.waited_seconds:.0f} s"


def event_told(event: CallEvent) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind, and nothing else
    """One event in a few words."""
    match event:
        case Arrived():
            return _arrived_told(event)
        case Answered():
            return "besvart av sentralbordet"
        case TakenUp(place=place, was_freed=was_freed):
            floor = "; imens holdt Asterisk innringeren med selskap" if was_freed else ""
            return f"tjeneren eller forbindelsen til Asterisk var borte; samtalen gikk videre ved {place}{floor}"
        case Routed(to=to):
            return f"gikk til {to}"
        case Said(prompts=prompts):
            return f"spilte av {', '.join(prompts)}"
        case PromptMissed(prompt=prompt, played=played):
            return f"meldingen {prompt} manglet, {played} ble spilt av"
        case MenuTry(menu=menu, result=result, key=key):
            return _RESULTS[result].format(menu=menu, key=key_named(key or ""))
        case WordsHeard():
            return _words_told(event)
        case DigitsHeard(question=question, engine=engine, result=result, after_ms=after_ms):
            what = "sa sifre" if result == "heard" else "sa noe som ikke er sifre"
            return f"{what} på spørsmålet {question} ({engine}, {after_ms} ms etter at talen var slutt)"
        case SpeechGone(why=why):
            return f"det som ble sagt, ble ikke hørt fra nå av, bare tastene: {speech_gone(why)}"
        case QuestionTry(question=question, result=result):
            return _REPLIES[result].format(question=question)
        case SurveyAsked(survey=survey, lowest=lowest, highest=highest):
            return f"fikk undersøkelsen {survey}, {lowest} til {highest}"
        case SurveyTry(survey=survey, result=result, score=score):
            return _RATINGS[result].format(survey=survey, score=score)
        case Queued(queue=queue):
            return f"begynte å vente i køen {queue}"
        case WaitEstimated():
            return _estimate_told(event)
        case GivenToSite(queue=queue, site=site, before=before):
            before_told = f", ikke lenger {before} sin" if before else ""
            return f"er {site} sin, av samtalene i køen {queue}{before_told}"
        case Offered(agent=agent):
            return f"det ringte hos {agent_named(agent)}"
        case OfferFailed(agent=agent, result="other_answered"):
            return f"det sluttet å ringe hos {agent_named(agent)}: en annen svarte først"
        case OfferFailed(agent=agent, result=result):
            return f"{agent_named(agent)} {_FAILURES[result]}; innringeren beholdt plassen"
        case PlaceKept(queue=queue, of_call=of_call):
            return f"har igjen plassen i køen {queue} fra samtalen {of_call}"
        case PlacePassedOn(queue=queue, to_call=to_call):
            return f"innringeren ringte igjen, og har plassen i køen {queue} i samtalen {to_call}"
        case Whispered(agent=agent, prompts=prompts):
            return f"{agent_named(agent)} tok telefonen, og hørte {', '.join(prompts)}"
        case Connected(agent=agent):
            return f"satt over til {agent_named(agent)}"
        case PhoneRang(phone=phone):
            return f"det ringte på telefonen {phone}"
        case CalledOut(phone=phone, trunk=trunk, number=number, address=address):
            return f"telefonen {phone}: ringte {number} over linjen {trunk} på {address}"
        case CallOutFailed(trunk=trunk, result=result, status=status):
            failed = _CALL_OUT_FAILURES[result]
            return f"kom ikke fram over linjen {trunk}: {failed} ({status or 'uten svar'})"
        case PhoneNotTaken(phone=phone, barred=str(barred)):
            return f"telefonen {phone} ble ikke ringt: {BARS[barred]}"
        case PhoneNotTaken(phone=phone, result=result):
            return f"telefonen {phone} {_FAILURES[result]}"
        case PhoneTaken(phone=phone):
            return f"satt over til telefonen {phone}"
        case TakenToFront(queue=queue, author=author, why=why):
            return f"{author} flyttet innringeren først i køen {queue}{f': {why}' if why else ''}"
        case LeftQueue(queue=queue, result=result):
            return f"ut av køen {queue}: {_LEFT[result]}"
        case TalkEnded(by="system"):
            return "medarbeiderens telefon var borte"
        case TalkEnded(by="limit"):
            return "samtalen hadde vart så lenge som den får, og ble avsluttet"
        case TalkEnded(by=by):
            return f"{'innringeren' if by == 'caller' else 'medarbeideren'} la på"
        case RecordingStarted(voicemail=box):
            return f"tar opp en beskjed til {box}"
        case MessageLeft(seconds=seconds, file=file):
            return f"en beskjed på {seconds:.0f} s er lagret i {file}"
        case Ended(by=by, error=error):
            return f"slutt: {_ENDS[by]}{f' ({error})' if error else ''}"


def _estimate_told(event: WaitEstimated) -> str:
    """What was expected, and what it was made from."""
    between = f"{event.low_seconds:.0f} til {event.high_seconds:.0f} s"
    agents = f"{event.agents} {'medarbeider' if event.agents == 1 else 'medarbeidere'}"
    expected = f"ventetiden i køen {event.queue} ble anslått til {event.seconds:.0f} s"
    return f"{expected}: {between}; {event.ahead} foran, {agents}"


def _words_told(heard: WordsHeard) -> str:
    """What was heard, how surely, and what else it could have been."""
    where = f"menyen {heard.menu}"
    if heard.confirms is not None:
        where += f", spurt om tasten {key_named(heard.confirms)}"
    engine = f"{heard.likelihood * 100:.0f} % ifølge {heard.engine}"
    how = f"{engine}, {heard.after_ms} ms etter at talen var slutt"
    if heard.key is None:
        return f"sa noe som ikke er et ord i {where} ({how})"
    key, others = key_named(heard.key), _other_words(heard)
    surely = "sa" if heard.result == "sure" else "sa kanskje"
    if heard.word is None:
        return f"{surely} et ord for tasten {key} i {where} ({how}{others})"
    return f"{surely} «{heard.word}» i {where}, som er tasten {key} ({how}{others})"


def _other_words(heard: WordsHeard) -> str:
    others = heard.others or [f"tasten {key_named(key)}" for key in heard.other_keys]
    return f"; det kunne også ha vært {', '.join(others)}" if others else ""
