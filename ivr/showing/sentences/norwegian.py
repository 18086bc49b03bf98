"""Reasons in Norwegian (bokmål). Names, and destinations as the rules write them, stay as they are."""

from __future__ import annotations

from typing import assert_never

from ivr import why
from ivr.showing.sentences.calling_norwegian import calling
from ivr.showing.sentences.notation import (
    aside,
    clock,
    end_of_day,
    minute,
    number,
    since_then,
    so_long,
)
from ivr.showing.sentences.notation_norwegian import key_named, language_named
from ivr.showing.sentences.split_norwegian import split_told
from ivr.why import (
    Arriving,
    Because,
    ByHand,
    Calling,
    Choosing,
    ClosedByRules,
    Opened,
    OpeningReason,
)

_WEEKDAYS = ("man", "tir", "ons", "tor", "fre", "lør", "søn")
_SINCE = ("døgn", "døgn", "time", "timer", "under en time")
_WAYS = {"sms": "SMS", "voice": "stemme"}
_STEPS = {"repeat": "gjenta", "back": "gå tilbake til"}


def sentence(because: Because) -> str:
    """One reason, without a full stop."""
    if isinstance(because, Arriving):
        return _arriving(because)
    if isinstance(because, Calling):
        return calling(because)
    if isinstance(because, Choosing):
        return _choosing(because)
    if isinstance(because, OpeningReason):
        return _opening(because)
    return _queueing(because)


def _arriving(because: Arriving) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind, and nothing else
    match because:
        case why.Dialled(dialled, to, name):
            return f"innringeren slo {number(dialled)}{f' ({name})' if name else ''}: {to}"
        case why.NotAmongNumbers(dialled):
            return f"et av numrene: {number(dialled) or 'uten nummer'} er ikke blant dem"
        case why.DialledAnythingElse(to):
            return f"innringeren slo noe annet (`anything else`): {to}"
        case why.NobodysNumber(dialled):
            return f"{number(dialled) or 'uten nummer'} er ikke blant numrene, og `anything else` mangler"
        case why.ListedCallers(callers, to, withheld=True):
            return f"innringeren skjuler nummeret, og står dermed på listen {callers}: {to}"
        case why.ListedCallers(callers, to):
            return f"innringeren står på listen {callers}: {to}"
        case why.NotListed(callers):
            return f"på en liste: innringeren står ikke på {' eller '.join(callers)}"
        case why.NoticeHeard(prompts, until):
            return f"innringeren hører meldingen {', '.join(prompts)}, til {minute(until)}"
        case why.NoticeNotYet(prompts, begins):
            return f"meldingen {', '.join(prompts)}: den begynner {minute(begins)}"
        case why.NoticeOver(prompts, ended):
            return f"meldingen {', '.join(prompts)}: den sluttet {minute(ended)}"
        case why.NoticeHeardBefore(prompts):
            return f"meldingen {', '.join(prompts)}: den er sagt i denne samtalen"
        case why.NoticeForOthers(prompts, sites):
            return f"meldingen {', '.join(prompts)}: den er for dem som hører til {' eller '.join(sites)}"
        case why.SiteByNumber(site):
            return f"nummeret hører til stedet {site}"
        case why.SiteByCallers(callers, site):
            return f"innringeren står på listen {callers}, som hører til stedet {site}"
        case why.SiteByPostcode(question, postcodes, site):
            return f"svaret på spørsmålet {question} er blant {postcodes}, postnumrene til stedet {site}"
        case why.NobodysPostcode(question):
            return f"svaret på spørsmålet {question} er et postnummer som ikke hører til noe sted"
        case unknown:
            assert_never(unknown)


def _choosing(because: Choosing) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind, and nothing else
    match because:
        case why.Greeted(menu, prompts):
            return f"menyen {menu} ønsker velkommen med {', '.join(prompts)}, én gang i samtalen"
        case why.GreetedBefore(menu, prompts):
            return f"velkomsten {', '.join(prompts)} i menyen {menu}: den er sagt i denne samtalen"
        case why.Chose():
            return _chose(because)
        case why.OtherKey(to, key):
            return f"{to}: det er tasten {key_named(key)}"
        case why.ChoseNothing(menu, tries, to):
            return f"ingenting ble valgt i menyen {menu} på {tries} forsøk: {to}"
        case why.NoSuchKey(menu, key):
            return (
                f"menyen {menu} har ingen tast {key_named(key)}"
                if key
                else f"menyen {menu} har ingen slik tast"
            )
        case why.NotUnderstood(menu):
            return f"det innringeren sa i menyen {menu}, betyr ingen av valgene, eller flere"
        case why.NotListenedTo(menu):
            return f"menyen {menu} lytter ikke til det innringeren sier"
        case why.KeyedWrong(menu, keyed):
            return f"innringeren tastet {keyed}, som menyen {menu} ikke tilbyr"
        case why.KeyedNothing(menu):
            return f"innringeren tastet ingenting i menyen {menu}"
        case why.KeyedTooFew(question, keyed, of):
            return f"innringeren tastet {keyed} av {of} sifre på spørsmålet {question}"
        case why.KeyedAnew(question):
            return f"innringeren sa at svaret på spørsmålet {question}, lest opp igjen, var galt"
        case why.QuestionAsked(question):
            return f"spørsmålet {question} stilles"
        case why.QuestionAnswered(question):
            return f"spørsmålet {question} ble besvart"
        case why.QuestionNotAnswered(question):
            return f"spørsmålet {question} ble ikke besvart"
        case why.AfterQuestion(question, to):
            return f"etter spørsmålet {question}: {to}"
        case why.OnToDepartment(department):
            return f"samtalen går videre til avdelingen {department}"
        case why.QuestionLeadsNowhere(question):
            return f"spørsmålet {question} fører ingen steder"
        case unknown:
            assert_never(unknown)


def _chose(because: why.Chose) -> str:
    where = (
        f"{because.to} på {language_named(because.language)}" if because.language else because.to
    )
    how = "valgte"
    if because.said is not None:
        how = f"sa «{because.said}»"
    elif because.key is not None:
        how = f"tastet {key_named(because.key)}"
    return f"innringeren {how} i menyen {because.menu}: {where}"


def _of_hours(because: Opened | ClosedByRules) -> str:  # noqa: PLR0911 - a line for each kind, and nothing else
    """Det som gjør at det er åpent, eller stengt."""
    match because:
        case why.OpenByHours(_, hours, weekday, start, end, within):
            span = f"{_WEEKDAYS[weekday]} {clock(start)}-{end_of_day(end)}{aside(within)}"
            return f"åpningstiden {hours}, {span}"
        case why.OpenOnShortDay(_, day, until) | why.ClosedOnShortDay(_, day, until):
            return f"{day} er en kort dag, åpen til {clock(until)}"
        case why.OpenOnDate(_, day, start, end):
            return f"{day} er åpnet, {clock(start)}-{end_of_day(end)}"
        case why.ClosedByHours(_, hours, weekday, at, within):
            moment = f"{_WEEKDAYS[weekday]} {clock(at)}"
            return f"{moment} er utenfor åpningstiden {hours}{aside(within)}"
        case why.ClosedForBreak(_, hours, until):
            return f"{hours}, til {end_of_day(until)}"
        case why.ClosedForHoliday(_, holiday, day):
            return f"{holiday} ({day}) er en helligdag"
        case why.ClosedForPeriod(_, first, last):
            return f"perioden fra {first} til {last}" if first < last else f"dagen {first}"
        case why.ClosedOnDate(_, day, at):
            return f"{day} er åpnet, men ikke {clock(at)}"
        case unknown:
            assert_never(unknown)


def _place(place: str) -> str:
    return number(place) if place.startswith("+") else place


def _opening(because: OpeningReason) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind, and nothing else
    if isinstance(because, Opened):
        return f"avdelingen {because.department} er åpen: {_of_hours(because)}"
    if isinstance(because, ClosedByRules):
        return f"avdelingen {because.department} er stengt: {_of_hours(because)}"
    match because:
        case why.PlaceOpen(place, inner):
            return f"{_place(place)} er åpen: {_of_hours(inner)}"
        case why.PlaceClosed(place, inner, to):
            return f"{_place(place)} er stengt: {_of_hours(inner)}: {to}"
        case why.PlaceNotOpen(instead_of, place):
            return f"{instead_of}: {_place(place)} er stengt"
        case why.DepartmentClosedByHand(department, by_hand):
            return f"avdelingen {department} er stengt: {_by_hand(by_hand)}"
        case why.SiteClosedByHand(department, by_hand):
            return f"avdelingen {department} er stengt: stedet er {_by_hand(by_hand)}"
        case why.ClosedSaying(prompt, to):
            return f"innringeren hører «{prompt}»: deretter {to}"
        case why.ClosedThere(instead_of, department):
            return f"{instead_of}: {department} er stengt"
        case why.AnsweredElsewhere(department, site, by_hand):
            return f"stedet {site} er {_by_hand(by_hand)}, men {department} besvares et annet sted"
        case why.FirstInLine(callers):
            return f"innringeren står på listen {callers}: først i køen"
        case why.NotFirstInLine(callers):
            return f"først i køen: innringeren står ikke på listen {' eller '.join(callers)}"
        case why.SiteWanted(department):
            return f"{department} kommer an på stedet, som ikke er kjent"
        case why.SiteUnknown(department):
            return f"stedet er ikke kjent: {department} er nasjonal"
        case why.NotAtSite(department, site):
            return f"{department} har ikke noe eget i {site}: den er nasjonal"
        case why.LocalForGood(department, site):
            return f"{department} i {site} er lokal, uten noen flyttedag"
        case why.LocalUntil(department, site, migrated):
            return f"{department} i {site} er lokal til {migrated}"
        case why.NationalSince(department, site, migrated):
            return f"{department} i {site} er nasjonal siden {migrated}"
        case why.OnTheRamp():
            return _on_the_ramp(because)
        case why.OtherSide(instead_of, inner):
            return f"{instead_of}: {_opening(inner)}"
        case unknown:
            assert_never(unknown)


def _on_the_ramp(because: why.OnTheRamp) -> str:
    side = "er blant dem" if because.moved else "er ikke blant dem ennå"
    if because.withheld:
        side = "er ikke blant dem: den som ringer uten nummer, flyttes sist"
    share = f"{because.percent} % av innringerne siden {because.since}"
    return f"{because.department} i {because.site} er nasjonal for {share}, og denne {side}"


def _by_hand(by_hand: ByHand) -> str:
    by = f" av {by_hand.by}" if by_hand.by else ""
    since = f" siden {minute(by_hand.since)}" if by_hand.since else ""
    reason = f", fordi: {by_hand.why}" if by_hand.why else ""
    return f"stengt for hånd{by}{since} til {minute(by_hand.until)}{reason}"


def _queueing(because: why.Queueing) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind
    match because:
        case why.CameTo(to):
            return to
        case why.LanguageChanged(language):
            return f"språket er nå {language_named(language)}"
        case why.CallRefused():
            return "samtalen avvises, og blir ikke besvart"
        case why.HungUp():
            return "det legges på"
        case why.NoMenuToGo(to):
            return f"det er ingen meny å {_STEPS.get(to, to)}"
        case why.NobodyTookPhone(phone, to):
            way = f": {to}" if to else ", og reglene nevner ingen annen vei"
            return f"ingen tok telefonen {phone}{way}"
        case why.PriorityOfCallers(callers, priority):
            return f"innringeren står på listen {callers}: prioritet {priority}"
        case why.PriorityOfDepartment(department, priority):
            return f"innringere til {department} har prioritet {priority}"
        case why.PlaceOffered() | why.PlaceHadAgain():
            return _place_again(because)
        case why.WhisperFirst():
            return _whispered(because)
        case why.LastAgentFirst(queue, agent, days):
            since = since_then(days, _SINCE).replace(".", ",")
            return f"{agent} snakket med innringeren for {since} siden, og ringes først i køen {queue} hvis ledig"
        case why.LastTalkTooLongAgo(queue, agent, days, within):
            since, most = (
                since_then(one, _SINCE).replace(".", ",") for one in (days, within / 86400)
            )
            return f"{agent} snakket med innringeren for {since} siden, køen {queue} går bare {most} tilbake"
        case why.MatchWanted():
            return _match_wanted(because)
        case (
            why.QueueSplit()
            | why.SiteOnPhone()
            | why.SplitGiven()
            | why.SplitKept()
            | why.SplitMoved()
            | why.SplitNobody()
        ):
            return split_told(because)
        case why.QueueClosedByHand(queue, by_hand):
            return f"køen {queue} er {_by_hand(by_hand)}"
        case why.ClosedLeadsOn(to):
            return f"det er som om ingen var logget inn der: {to}"
        case why.ClosedLeadsNowhere(queue):
            return f"køen {queue} nevner ingen annen vei: samtalen slutter"
        case why.QueueFull(queue, waiting, to):
            return f"køen {queue} er full, {waiting} venter: {to}"
        case why.FullButFree(queue, waiting):
            return (
                f"køen {queue} er full, {waiting} venter, men noen er ledig som tar denne samtalen"
            )
        case why.MayNotWait(queue, at_most):
            return f"køen {queue}: høyst {at_most} får vente der"
        case why.NobodyThere(queue, to):
            way = f": {to}" if to else ", og reglene nevner ingen annen vei: innringeren venter"
            return f"ingen er logget inn i køen {queue}{way}"
        case why.DesertedThere(queue):
            return f"køen {queue}: ingen er logget inn"
        case why.WaitedSoLong(queue, seconds):
            return f"innringeren har ventet {seconds:g} s i køen {queue}: {_step(because)}"
        case why.LeftByKey(queue, to, key):
            return f"innringeren tastet {key_named(key or '')} i køen {queue}: {to}"
        case why.NoSuchExit(queue, key):
            return f"tasten {key_named(key or '')} betyr ingenting i køen {queue}: innringeren venter videre"
        case why.StepNotDone(offer):
            doing = "tilbyr ikke å ringe tilbake" if offer else "ringer ikke hos andre køer"
            return f"denne versjonen {doing} ennå: innringeren venter videre"
        case why.NoSuchStep(queue):
            return f"køen {queue} sier ingenting om så lang ventetid: innringeren blir der"
        case why.ServedAfterClosing(queue):
            return f"køen {queue} betjener dem som venter ved stengetid"
        case why.MovedByHand(queue, to, by, reason):
            return f"{by} flyttet innringeren fra kø {queue} til kø {to}{f': {reason}' if reason else ''}"
        case why.ClosingTimeCame(queue, to):
            return f"det er stengetid for køen {queue}: {to}"
        case why.StoryFinished():
            return "samtalen er ferdig"
        case why.SurveyNotAsked(survey, by, share):
            asked = f"{share * 100:.0f} % av innringerne ville fått undersøkelsen {survey}"
            return f"{asked} på {_WAYS.get(by, by)}: denne versjonen spør ikke ennå"
        case why.SurveyBegins(survey, queue, share):
            asked = f"innringeren får undersøkelsen {survey} ({share * 100:.0f} % får den)"
            return f"medarbeideren i køen {queue} har lagt på: {asked}"
        case why.NotAskedAgain(survey, seconds):
            return f"undersøkelsen {survey} lar den som er spurt, være i fred i {so_long(seconds)}"
        case why.NotInShare(survey, share):
            return f"undersøkelsen {survey} spør {share * 100:.0f} % av innringerne, og loddet falt ikke på denne"
        case why.SurveyOver(survey, answered):
            done = "har svart på" if answered else "svarte ikke på"
            return f"innringeren {done} undersøkelsen {survey}: takk, og samtalen slutter"
        case why.LeadsBack(to):
            return f"reglene fører tilbake til {to}: samtalen slutter"
        case why.PlaceGone(place):
            return f"disse reglene har ikke {place}"
        case why.GoesRound():
            return "reglene går i ring: turen slutter her"
        case unknown:
            assert_never(unknown)


def _place_again(because: why.PlaceOffered | why.PlaceHadAgain) -> str:
    seconds = f"{because.waited_seconds:g}".replace(".", ",")
    if isinstance(because, why.PlaceHadAgain):
        return f"innringeren tok tilbake plassen i køen {because.queue}: {seconds} sekunders ventetid teller"
    call = f" (samtale {because.of_call})" if because.of_call else ""
    left = f"innringeren forlot køen {because.queue} nettopp, etter {seconds} sekunder{call}"
    return f"{left}, og får tilbud om plassen igjen"


def _whispered(because: why.WhisperFirst) -> str:
    told = {"queue": "køen", "site": "stedet", "waited": "hvor lenge innringeren har ventet"}
    heard = ", ".join(told[one] for one in because.pieces)
    return f"en medarbeider i køen {because.queue} hører først: {heard}"


def _match_wanted(because: why.MatchWanted) -> str:
    wanted = [f"{skill} på nivå {level}" for skill, level in because.skills]
    wanted += [f"språket {language_named(because.language)}"] if because.language else []
    widened = f"hvert {because.widen_seconds:g}. sekund kreves det mindre"
    ever = "uansett hvor lenge innringeren venter" if because.widen_seconds is None else widened
    return f"køen {because.queue} ser etter en medarbeider med {' og '.join(wanted)}; {ever}"


def _step(because: why.WaitedSoLong) -> str:
    if because.to is not None:
        return because.to
    if because.offer:
        return (
            "tilbud om å bli oppringt"
            if because.offer == "callback"
            else f"tilbud: {because.offer}"
        )
    return f"ring også hos {because.also_ring}" if because.also_ring else "ingen andre ringes"
