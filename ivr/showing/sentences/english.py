"""Reasons in English."""

from __future__ import annotations

from typing import assert_never

from ivr import why
from ivr.menus.digits import key_word
from ivr.rules.values.days import WEEKDAYS
from ivr.showing.sentences.calling_english import calling
from ivr.showing.sentences.notation import (
    aside,
    clock,
    end_of_day,
    minute,
    number,
    since_then,
    so_long,
)
from ivr.showing.sentences.split_english import split_told
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

_SINCE = ("day", "days", "hour", "hours", "less than an hour")


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
            return f"the caller dialled {number(dialled)}{f' ({name})' if name else ''}: {to}"
        case why.NotAmongNumbers(dialled):
            return f"one of the numbers: {number(dialled) or 'no number'} is not among them"
        case why.DialledAnythingElse(to):
            return f"the caller dialled anything else: {to}"
        case why.NobodysNumber(dialled):
            return f"{number(dialled) or 'no number'} is not among the numbers, and there is no `anything else`"
        case why.ListedCallers(callers, to, withheld=True):
            return f"the caller hides the number, and so is among {callers}: {to}"
        case why.ListedCallers(callers, to):
            return f"the caller is among {callers}: {to}"
        case why.NotListed(callers):
            return f"on a list: the caller is not among {' or '.join(callers)}"
        case why.NoticeHeard(prompts, until):
            return f"the caller hears the notice {', '.join(prompts)}, until {minute(until)}"
        case why.NoticeNotYet(prompts, begins):
            return f"the notice {', '.join(prompts)}: it begins {minute(begins)}"
        case why.NoticeOver(prompts, ended):
            return f"the notice {', '.join(prompts)}: it ended {minute(ended)}"
        case why.NoticeHeardBefore(prompts):
            return f"the notice {', '.join(prompts)}: this call has had it"
        case why.NoticeForOthers(prompts, sites):
            return f"the notice {', '.join(prompts)}: it is for callers of {' or '.join(sites)}"
        case why.SiteByNumber(site):
            return f"the number belongs to the site {site}"
        case why.SiteByCallers(callers, site):
            return f"the caller is among {callers}, who belong to the site {site}"
        case why.SiteByPostcode(question, postcodes, site):
            return f"the answer to question {question} is in {postcodes}, the postcodes of the site {site}"
        case why.NobodysPostcode(question):
            return f"the answer to question {question} is a postcode of no site"
        case unknown:
            assert_never(unknown)


def _choosing(because: Choosing) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind, and nothing else
    match because:
        case why.Greeted(menu, prompts):
            return f"menu {menu} greets with {', '.join(prompts)}, once in a call"
        case why.GreetedBefore(menu, prompts):
            return f"the greeting {', '.join(prompts)} of menu {menu}: this call has had it"
        case why.Chose():
            return _chose(because)
        case why.OtherKey(to, key):
            return f"{to}: that is key {key_word(key)}"
        case why.ChoseNothing(menu, tries, to):
            return f"nothing was chosen in menu {menu} in {tries} {'try' if tries == 1 else 'tries'}: {to}"
        case why.NoSuchKey(menu, key):
            return (
                f"menu {menu} has no key {key_word(key)}" if key else f"menu {menu} has no such key"
            )
        case why.NotUnderstood(menu):
            return f"what the caller said in menu {menu} means none of its keys, or several"
        case why.NotListenedTo(menu):
            return f"what the caller said in menu {menu} is not listened to"
        case why.KeyedWrong(menu, keyed):
            return f"the caller keyed {keyed}, which menu {menu} does not offer"
        case why.KeyedNothing(menu):
            return f"the caller keyed nothing in menu {menu}"
        case why.KeyedTooFew(question, keyed, of):
            return f"the caller keyed {keyed} of {of} digits for question {question}"
        case why.KeyedAnew(question):
            return f"the caller said that the answer to question {question}, read back, was wrong"
        case why.QuestionAsked(question):
            return f"question {question} is asked"
        case why.QuestionAnswered(question):
            return f"question {question} was answered"
        case why.QuestionNotAnswered(question):
            return f"question {question} was not answered"
        case why.AfterQuestion(question, to):
            return f"after question {question}: {to}"
        case why.OnToDepartment(department):
            return f"the call goes on to department {department}"
        case why.QuestionLeadsNowhere(question):
            return f"question {question} leads nowhere"
        case unknown:
            assert_never(unknown)


def _chose(because: why.Chose) -> str:
    where = f"{because.to} in {because.language}" if because.language else because.to
    how = "chose"
    if because.said is not None:
        how = f"said {because.said!r}"
    elif because.key is not None:
        how = f"keyed {key_word(because.key)}"
    return f"the caller {how} in menu {because.menu}: {where}"


def _of_hours(because: Opened | ClosedByRules) -> str:  # noqa: PLR0911 - a line for each kind, and nothing else
    """What makes it open, or closed."""
    match because:
        case why.OpenByHours(_, hours, weekday, start, end, within):
            span = f"{WEEKDAYS[weekday]} {clock(start)}-{end_of_day(end)}{aside(within)}"
            return f"hours {hours}, {span}"
        case why.OpenOnShortDay(_, day, until) | why.ClosedOnShortDay(_, day, until):
            return f"{day} is a short day, open until {clock(until)}"
        case why.OpenOnDate(_, day, start, end):
            return f"{day} is opened, {clock(start)}-{end_of_day(end)}"
        case why.ClosedByHours(_, hours, weekday, at, within):
            return f"{WEEKDAYS[weekday]} {clock(at)} is outside the hours {hours}{aside(within)}"
        case why.ClosedForBreak(_, hours, until):
            return f"{hours}, until {end_of_day(until)}"
        case why.ClosedForHoliday(_, holiday, day):
            return f"{holiday} ({day}) is a public holiday"
        case why.ClosedForPeriod(_, first, last):
            return f"the period from {first} to {last}" if first < last else f"the day {first}"
        case why.ClosedOnDate(_, day, at):
            return f"{day} is opened, and not at {clock(at)}"
        case unknown:
            assert_never(unknown)


def _place(place: str) -> str:
    return number(place) if place.startswith("+") else place


def _opening(because: OpeningReason) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind, and nothing else
    if isinstance(because, Opened):
        return f"department {because.department} is open: {_of_hours(because)}"
    if isinstance(because, ClosedByRules):
        return f"department {because.department} is closed: {_of_hours(because)}"
    match because:
        case why.PlaceOpen(place, inner):
            return f"{_place(place)} is open: {_of_hours(inner)}"
        case why.PlaceClosed(place, inner, to):
            return f"{_place(place)} is closed: {_of_hours(inner)}: {to}"
        case why.PlaceNotOpen(instead_of, place):
            return f"{instead_of}: {_place(place)} is closed"
        case why.DepartmentClosedByHand(department, by_hand):
            return f"department {department} is closed: {_by_hand(by_hand)}"
        case why.SiteClosedByHand(department, by_hand):
            return f"department {department} is closed: its site is {_by_hand(by_hand)}"
        case why.ClosedSaying(prompt, to):
            return f"the caller hears {prompt!r}: then {to}"
        case why.ClosedThere(instead_of, department):
            return f"{instead_of}: {department} is closed"
        case why.AnsweredElsewhere(department, site, by_hand):
            return f"site {site} is {_by_hand(by_hand)}, but {department} is answered elsewhere"
        case why.FirstInLine(callers):
            return f"the caller is among {callers}: first in line"
        case why.NotFirstInLine(callers):
            return f"first in line: the caller is not among {' or '.join(callers)}"
        case why.SiteWanted(department):
            return f"{department} depends on the site, which is not known"
        case why.SiteUnknown(department):
            return f"the site is not known: {department} is national"
        case why.NotAtSite(department, site):
            return f"{department} has no place of its own in {site}: it is national"
        case why.LocalForGood(department, site):
            return f"{department} in {site} is local, with no day of migration"
        case why.LocalUntil(department, site, migrated):
            return f"{department} in {site} stays local until {migrated}"
        case why.NationalSince(department, site, migrated):
            return f"{department} in {site} is national since {migrated}"
        case why.OnTheRamp():
            return _on_the_ramp(because)
        case why.OtherSide(instead_of, inner):
            return f"{instead_of}: {_opening(inner)}"
        case unknown:
            assert_never(unknown)


def _on_the_ramp(because: why.OnTheRamp) -> str:
    side = "is among them" if because.moved else "is not yet among them"
    if because.withheld:
        side = "is not among them: a caller without a number moves last"
    share = f"{because.percent}% of the callers since {because.since}"
    return f"{because.department} in {because.site} is national for {share}, and this one {side}"


def _by_hand(by_hand: ByHand) -> str:
    by = f" by {by_hand.by}" if by_hand.by else ""
    since = f" since {minute(by_hand.since)}" if by_hand.since else ""
    reason = f", because: {by_hand.why}" if by_hand.why else ""
    return f"closed by hand{by}{since} until {minute(by_hand.until)}{reason}"


def _of(call: str) -> str:
    return f"call {call}, " if call else ""


def _queueing(because: why.Queueing) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each kind
    match because:
        case why.CameTo(to):
            return to
        case why.LanguageChanged(language):
            return f"the language is now {language}"
        case why.CallRefused():
            return "the call is refused, and not answered"
        case why.HungUp():
            return "the call is hung up"
        case why.NoMenuToGo(to):
            return f"there is no menu to go {to}"
        case why.NobodyTookPhone(phone, to):
            way = f": {to}" if to else ", and it names no other way"
            return f"nobody took phone {phone}{way}"
        case why.PriorityOfCallers(callers, priority):
            return f"the caller is among {callers}: priority {priority}"
        case why.PriorityOfDepartment(department, priority):
            return f"callers of {department} have priority {priority}"
        case why.PlaceOffered(queue, of_call, waited):
            return f"the caller left queue {queue} a moment ago ({_of(of_call)}{waited:g} s): the place is offered"
        case why.PlaceHadAgain(queue, waited):
            return f"the caller took back the place in queue {queue}: a wait of {waited:g} s counts"
        case why.WhisperFirst(queue, pieces):
            told = {
                "queue": "the queue",
                "site": "the site",
                "waited": "how long the caller has waited",
            }
            return (
                f"an agent of queue {queue} hears first: {', '.join(told[one] for one in pieces)}"
            )
        case why.LastAgentFirst() | why.LastTalkTooLongAgo():
            return _last_agent(because)
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
            return f"queue {queue} is {_by_hand(by_hand)}"
        case why.ClosedLeadsOn(to):
            return f"it is as if nobody were logged in there: {to}"
        case why.ClosedLeadsNowhere(queue):
            return f"queue {queue} names no other way: the call ends"
        case why.QueueFull(queue, waiting, to):
            return f"queue {queue} is full, {waiting} wait: {to}"
        case why.FullButFree(queue, waiting):
            return (
                f"queue {queue} is full, {waiting} wait, but somebody is free who takes this call"
            )
        case why.MayNotWait(queue, at_most):
            return f"queue {queue}: at most {at_most} wait there"
        case why.NobodyThere(queue, to):
            way = f": {to}" if to else ", and it names no other way: the caller waits"
            return f"nobody is logged in to queue {queue}{way}"
        case why.DesertedThere(queue):
            return f"queue {queue}: nobody is logged in"
        case why.WaitedSoLong(queue, seconds):
            return f"the caller waited {seconds:g} s in queue {queue}: {_step(because)}"
        case why.LeftByKey(queue, to, key):
            return f"the caller pressed {key_word(key or '')} while waiting in queue {queue}: {to}"
        case why.NoSuchExit(queue, key):
            return (
                f"the key {key_word(key or '')} means nothing in queue {queue}: the caller waits on"
            )
        case why.StepNotDone(offer):
            doing = "offers no call-back" if offer else "rings no other queue's agents"
            return f"this version {doing} yet: the caller waits on"
        case why.NoSuchStep(queue):
            return f"queue {queue} says nothing of so long a wait: the caller stays"
        case why.ServedAfterClosing(queue):
            return f"queue {queue} serves those waiting after closing time"
        case why.MovedByHand(queue, to, by, reason):
            return f"{by} took the caller from queue {queue} to queue {to}{f': {reason}' if reason else ''}"
        case why.ClosingTimeCame(queue, to):
            return f"it is closing time for queue {queue}: {to}"
        case why.StoryFinished():
            return "the call's story is finished"
        case why.SurveyNotAsked(survey, by, share):
            asked = f"{share:.0%} of its callers would be asked survey {survey}"
            return f"{asked} by {by}: this version asks none yet"
        case why.SurveyBegins(survey, queue, share):
            return f"the agent of queue {queue} has hung up: the caller is asked survey {survey} ({share:.0%} are)"
        case why.NotAskedAgain(survey, seconds):
            return f"survey {survey} leaves who was asked in peace for {so_long(seconds)}"
        case why.NotInShare(survey, share):
            return f"survey {survey} asks {share:.0%} of the callers, and the lot did not fall on this one"
        case why.SurveyOver(survey, answered):
            done = "has answered" if answered else "did not answer"
            return f"the caller {done} survey {survey}: thanks, and the call ends"
        case why.LeadsBack(to):
            return f"the rules lead back to {to}: the call ends"
        case why.PlaceGone(place):
            return f"there is no {place} in these rules"
        case why.GoesRound():
            return "the rules lead round in a loop: the walk ends here"
        case unknown:
            assert_never(unknown)


def _last_agent(because: why.LastAgentFirst | why.LastTalkTooLongAgo) -> str:
    queue, told = because.queue, f"{because.agent} talked with the caller"
    told = f"{told} {since_then(because.days, _SINCE)} ago"
    if isinstance(because, why.LastAgentFirst):
        return f"{told}, and is rung first in queue {queue}, if free"
    return (
        f"{told}; queue {queue} goes back {since_then(because.within_seconds / 86400, _SINCE)} only"
    )


def _match_wanted(because: why.MatchWanted) -> str:
    wanted = [f"{skill} at level {level}" for skill, level in because.skills]
    wanted += [f"the language {because.language}"] if because.language else []
    widened = f"each {because.widen_seconds:g} s less is asked for"
    ever = "however long the caller waits" if because.widen_seconds is None else widened
    return f"queue {because.queue} looks for an agent with {' and '.join(wanted)}; {ever}"


def _step(because: why.WaitedSoLong) -> str:
    if because.to is not None:
        return because.to
    return (
        f"offer {because.offer}" if because.offer else f"also ring {because.also_ring or 'nobody'}"
    )
