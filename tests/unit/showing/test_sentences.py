from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import get_args

import msgspec
import pytest

from ivr import why
from ivr.showing.sentences import Language, sentence
from ivr.why import Because, ByHand
from tests.unit.showing.left_in_english import left_in_english

MOMENT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
DAY = date(2026, 12, 24)
STORM = ByHand(MOMENT, by="kari", why="storm")
SINCE = why.NationalSince("faktura", "Bergen", DAY)

ONE_OF_EACH: tuple[Because, ...] = (
    why.Dialled("+4755301000", "menu main", "Bergen"),
    why.NotAmongNumbers("+4755301000"),
    why.DialledAnythingElse("menu main"),
    why.NobodysNumber("+4755301000"),
    why.NoticeHeard(("snow",), MOMENT),
    why.NoticeNotYet(("snow",), MOMENT),
    why.NoticeOver(("snow",), MOMENT),
    why.NoticeHeardBefore(("snow",)),
    why.NoticeForOthers(("snow",), ("bergen", "oslo")),
    why.SiteByNumber("bergen"),
    why.SiteByCallers("hospitals", "bergen"),
    why.SiteByPostcode("postnummer", "5000-5999", "bergen"),
    why.NobodysPostcode("postnummer"),
    why.ListedCallers("vip", "queue faktura"),
    why.NotListed(("vip", "nuisance")),
    why.CallRefused(),
    why.CalledOutside("vakt", "+47…001", "+4755301000", shows_caller=True, confirm=True),
    why.NumberBarred("vakt", "each_minute", "queue faktura"),
    why.CodeDialled("kari", "*14", "pause", "lunch"),
    why.NoSuchCode("kari", "*99"),
    why.ColleagueDialled("kari", "ola", "22"),
    why.OutsideDialled("kari", "+47…005", "mobile", "+4755301000"),
    why.MayNotCall("kari", "+47…005", "special"),
    why.LeftByKey("bergen", "voicemail bergen", "*"),
    why.NoSuchExit("bergen", "7"),
    why.MovedByHand("bergen", "oslo", "anna", "it burns"),
    why.Greeted("main", ("welcome",)),
    why.GreetedBefore("main", ("welcome",)),
    why.Chose("main", "queue faktura", "en", key="*"),
    why.OtherKey("queue faktura", "2"),
    why.ChoseNothing("main", 3, "queue faktura"),
    why.NoSuchKey("main", "7"),
    why.NotUnderstood("main"),
    why.NotListenedTo("main"),
    why.KeyedWrong("main", "7"),
    why.KeyedNothing("main"),
    why.KeyedTooFew("postnummer", 2, 4),
    why.KeyedAnew("postnummer"),
    why.QuestionAsked("postnummer"),
    why.QuestionAnswered("postnummer"),
    why.QuestionNotAnswered("postnummer"),
    why.AfterQuestion("postnummer", "queue faktura"),
    why.OnToDepartment("faktura"),
    why.QuestionLeadsNowhere("postnummer"),
    why.OpenByHours("faktura", "office", 0, time(8), time(0)),
    why.OpenOnShortDay("faktura", DAY, time(12)),
    why.ClosedByHours("faktura", "office", 6, time(9)),
    why.ClosedOnShortDay("faktura", DAY, time(12)),
    why.OpenOnDate("faktura", DAY, time(8), time(12)),
    why.ClosedForBreak("faktura", "lunch", time(12)),
    why.PlaceOpen("menu main", why.OpenByHours("", "office", 0, time(8), time(0))),
    why.PlaceClosed("+4755301000", why.ClosedByHours("", "office", 6, time(9)), "menu night"),
    why.PlaceNotOpen("menu main", "anything else"),
    why.ClosedOnDate("faktura", DAY, time(12)),
    why.ClosedForHoliday("faktura", "Første juledag", DAY),
    why.ClosedForPeriod("faktura", DAY, DAY),
    why.DepartmentClosedByHand("faktura", STORM),
    why.SiteClosedByHand("faktura", STORM),
    why.ClosedSaying("closed", "hangup"),
    why.ClosedThere("queue faktura", "faktura"),
    why.AnsweredElsewhere("faktura", "bergen", STORM),
    why.FirstInLine("hospitals"),
    why.NotFirstInLine(("hospitals", "doctors")),
    why.SiteWanted("faktura"),
    why.SiteUnknown("faktura"),
    why.NotAtSite("faktura", "Bergen"),
    why.LocalForGood("faktura", "Bergen"),
    why.LocalUntil("faktura", "Bergen", DAY),
    SINCE,
    why.OnTheRamp("faktura", "Bergen", 25, DAY, moved=True),
    why.OtherSide("queue bergen", SINCE),
    why.CameTo("queue faktura"),
    why.LanguageChanged("en"),
    why.HungUp(),
    why.NoMenuToGo("back"),
    why.NobodyTookPhone("vakt", "queue faktura"),
    why.PriorityOfCallers("hospitals", "urgent"),
    why.PriorityOfDepartment("faktura", "low"),
    why.PlaceOffered("faktura", "01j-call", 40.5),
    why.PlaceHadAgain("faktura", 40.5),
    why.WhisperFirst("faktura", ("queue", "site", "waited")),
    why.LastAgentFirst("faktura", "kari", 2.5),
    why.LastTalkTooLongAgo("faktura", "kari", 8.5, 604800.0),
    why.MatchWanted("faktura", "en", (("freight", 2),), 30.0),
    why.QueueSplit("faktura", (("oslo", 0.5), ("bergen", 0.5))),
    why.SplitGiven("faktura", "oslo", "owed", 0.5, 3, 7, 1.25),
    why.SiteOnPhone("partner", "vakt"),
    why.SplitKept("faktura", "oslo"),
    why.SplitMoved("faktura", "oslo", "bergen"),
    why.SplitNobody("faktura"),
    why.QueueClosedByHand("faktura", STORM),
    why.ClosedLeadsOn("hangup"),
    why.ClosedLeadsNowhere("faktura"),
    why.QueueFull("faktura", 25, "hangup"),
    why.FullButFree("faktura", 25),
    why.MayNotWait("faktura", 25),
    why.NobodyThere("faktura", "hangup"),
    why.DesertedThere("faktura"),
    why.WaitedSoLong("faktura", 90.0, also_ring="queue bergen"),
    why.StepNotDone("callback"),
    why.NoSuchStep("faktura"),
    why.ServedAfterClosing("faktura"),
    why.ClosingTimeCame("faktura", "hangup"),
    why.StoryFinished(),
    why.SurveyNotAsked("short", "sms", 0.25),
    why.SurveyBegins("short", "faktura", 0.25),
    why.NotAskedAgain("short", 30 * 86_400.0),
    why.NotInShare("short", 0.25),
    why.SurveyOver("short", answered=True),
    why.LeadsBack("menu main"),
    why.PlaceGone("menu main"),
    why.GoesRound(),
)  # fmt: skip


def test_there_is_one_of_each() -> None:
    assert {type(one) for one in ONE_OF_EACH} == set(get_args(Because))
    assert len({one.kind for one in ONE_OF_EACH}) == len(ONE_OF_EACH)


@pytest.mark.parametrize("because", ONE_OF_EACH, ids=lambda one: one.kind)
def test_each_kind_has_its_sentence_in_both_languages(because: Because) -> None:
    english, norwegian = (
        sentence(because, taken=True, language=language) for language in ("en", "nb")
    )

    assert english
    # A place is named as the rules write it, whoever reads.
    assert (norwegian == english) is isinstance(because, why.CameTo)


@pytest.mark.parametrize("because", ONE_OF_EACH, ids=lambda one: one.kind)
def test_each_names_in_both_languages_what_it_knows(because: Because) -> None:
    named = [value for value in because.facts().values() if isinstance(value, str)]
    if isinstance(because, why.Chose | why.Dialled | why.NotAmongNumbers | why.NobodysNumber):
        named = [because.to] if isinstance(because, why.Chose | why.Dialled) else []
    if isinstance(because, why.PlaceClosed):
        named = ["+47 55 30 10 00", because.to]
    if isinstance(because, why.CalledOutside):
        named = [because.phone, because.number, "+47 55 30 10 00"]
    if isinstance(because, why.OutsideDialled | why.MayNotCall):
        named = [because.agent, because.number]
    if isinstance(because, why.LeftByKey):
        named = [because.queue, because.to]
    if isinstance(because, why.NumberBarred):
        named = [because.phone, str(because.to)]
    if isinstance(because, OTHERWISE):
        named = []

    for told in (sentence(because, taken=True, language=language) for language in ("en", "nb")):
        assert all(name in told for name in (_as_shown(value) for value in named)), told


OTHERWISE = (
    why.LanguageChanged, why.NoMenuToGo, why.StepNotDone, why.SurveyNotAsked, why.NobodyTookPhone, why.SplitGiven,
)  # fmt: skip
"""Kinds with a fact that is said in words of the language, or not at all."""


def _as_shown(value: str) -> str:
    """Stored times have seconds and a zone, shown ones have neither."""
    if re.fullmatch(r"[-0-9]{10}T[:0-9]{8}Z", value):
        return f"{value[:10]} {value[11:16]}"
    if re.fullmatch(r"[:0-9]{8}", value):
        return "24:00" if value == "00:00:00" else value[:5]
    return value


@pytest.mark.parametrize("because", ONE_OF_EACH, ids=lambda one: one.kind)
def test_each_is_stored_and_read_again_as_it_was(because: Because) -> None:
    stored = msgspec.json.encode(because)

    assert msgspec.json.decode(stored, type=Because) == because


@pytest.mark.parametrize(
    ("because", "english", "norwegian"),
    [
        (
            why.Dialled("+4755301000", "menu main", "Bergen"),
            "the caller dialled +47 55 30 10 00 (Bergen): menu main",
            "innringeren slo +47 55 30 10 00 (Bergen): menu main",
        ),
        (
            why.Chose("main", "menu main", "en", key="#"),
            "the caller keyed hash in menu main: menu main in en",
            "innringeren tastet firkant i menyen main: menu main på engelsk",
        ),
        (
            why.OpenByHours("faktura", "night", 5, time(22), time(0)),
            "department faktura is open: hours night, sat 22:00-24:00",
            "avdelingen faktura er åpen: åpningstiden night, lør 22:00-24:00",
        ),
        (
            why.QueueClosedByHand("faktura", ByHand(MOMENT, MOMENT, "kari", "storm")),
            "queue faktura is closed by hand by kari since 2026-11-23 14:30 until 2026-11-23 14:30, because: storm",
            "køen faktura er stengt for hånd av kari siden 2026-11-23 14:30 til 2026-11-23 14:30, fordi: storm",
        ),
        (
            why.OnTheRamp("faktura", "Bergen", 50, DAY, moved=False, withheld=True),
            "faktura in Bergen is national for 50% of the callers since 2026-12-24, "
            "and this one is not among them: a caller without a number moves last",
            "faktura i Bergen er nasjonal for 50 % av innringerne siden 2026-12-24, "
            "og denne er ikke blant dem: den som ringer uten nummer, flyttes sist",
        ),
        (
            why.NobodyThere("faktura"),
            "nobody is logged in to queue faktura, and it names no other way: the caller waits",
            "ingen er logget inn i køen faktura, og reglene nevner ingen annen vei: innringeren venter",
        ),
    ],
    ids=lambda one: one.kind if isinstance(one, why.ReasonKind) else "",
)
def test_the_sentences_read_well(because: Because, english: str, norwegian: str) -> None:
    assert sentence(because, taken=True, language="en") == english
    assert sentence(because, taken=True, language="nb") == norwegian


@pytest.mark.parametrize("because", ONE_OF_EACH, ids=lambda one: one.kind)
def test_no_word_of_a_reason_is_left_in_english(because: Because) -> None:
    english, norwegian = (sentence(because, taken=True, language=it) for it in get_args(Language))
    named = [*texts_in(because.facts()), "Bergen", "bergen"]

    assert left_in_english(english, norwegian, named) == set()


def texts_in(facts: object) -> Iterator[str]:
    """Names, and destinations as the rules write them: whatever text the facts have."""
    if isinstance(facts, str):
        yield facts
    elif isinstance(facts, Mapping):
        for value in facts.values():
            yield from texts_in(value)
    elif isinstance(facts, tuple | list):
        for value in facts:
            yield from texts_in(value)


def test_a_why_not_says_so_in_both_languages() -> None:
    other = why.OtherKey("queue faktura", "*")

    assert sentence(other, taken=False, language="en") == "not queue faktura: that is key star"
    assert sentence(other, taken=False, language="nb") == (
        "ikke queue faktura: det er tasten stjerne"
    )


def test_what_a_caller_keyed_or_said_is_left_out_for_the_log() -> None:
    for chose in (why.Chose("main", "hangup", key="9"), why.Chose("main", "hangup", said="hei")):
        assert chose.unsaid() == why.Chose("main", "hangup")
    assert why.NoSuchKey("main", "4711").unsaid() == why.NoSuchKey("main")
