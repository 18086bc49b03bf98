from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.records.durations import LONGEST_UNNOTICED_SECONDS
from ivr.records.events import (
    Answered,
    Arrived,
    CallEvent,
    Connected,
    Ended,
    LeftQueue,
    MenuTry,
    MessageLeft,
    Offered,
    OfferFailed,
    PromptMissed,
    Queued,
    Reason,
    RecordingStarted,
    Routed,
    TalkEnded,
    WaitEstimated,
)
from ivr.records.fold import fold
from ivr.records.journal import Entry
from ivr.records.standing import Standing
from ivr.records.taking_up import left_off
from ivr.why import ClosedThere

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ARRIVED = Arrived(
    dialled="+4755301000",
    caller="+4790000001",
    call_time="2026-11-23T09:00:00+01:00",
    revision="abc",
    channel="channel-1",
    node="node-1",
    sip_call_id="sip-1",
)
TO_MENU = Routed(to="menu main", language="nb", site="bergen")
TO_QUEUE = Routed(to="queue national", language="nb", site="bergen", department="invoices")
TO_CLOSED = Routed(to="hangup", language="nb", department="invoices", closed=True)


def entries(*story: tuple[float, CallEvent]) -> list[Entry]:
    """A journal from seconds and events."""
    return [
        Entry(
            call_id="call-1",
            seq=seq,
            at=START + timedelta(seconds=seconds),
            monotonic_ns=1_000_000_000_000 + round(seconds * 1e9),
            event=event,
        )
        for seq, (seconds, event) in enumerate(story, 1)
    ]


def ended_as(*story: CallEvent) -> str | None:
    return fold(entries(*((10.0 * n, event) for n, event in enumerate(story)))).disposition


def test_caller_who_reached_an_agent_is_answered_with_wait_and_talk() -> None:
    story = entries(
        (0, ARRIVED),
        (0.5, Answered()),
        (1, TO_MENU),
        (5, MenuTry(menu="main", result="chosen", key="1")),
        (5, TO_QUEUE),
        (6, Queued(queue="national")),
        (7, Offered(queue="national", agent="ola")),
        (17, OfferFailed(queue="national", agent="ola", result="no_answer")),
        (18, Offered(queue="national", agent="kari")),
        (26, Connected(queue="national", agent="kari")),
        (86, Ended(by="caller", cause=16)),
    )

    record = fold(story)

    assert record.disposition == "answered"
    assert (record.queue, record.agent, record.ended_by) == ("national", "kari", "caller")
    assert (record.wait_seconds, record.talk_seconds) == (20.0, 60.0)
    assert record.answered_at == START + timedelta(seconds=0.5)
    assert record.ended_at == START + timedelta(seconds=86)
    (visit,) = record.visits
    assert (visit.outcome, visit.wait_seconds, visit.offers) == ("answered", 20.0, 2)


def test_facts_of_the_arrival_and_of_the_last_decisions_are_kept() -> None:
    record = fold(entries((0, ARRIVED), (1, TO_QUEUE), (2, Routed(to="menu main", language="en"))))

    assert (record.dialled, record.caller) == ("+4755301000", "+4790000001")
    assert (record.sip_call_id, record.channel, record.node) == ("sip-1", "channel-1", "node-1")
    assert (record.revision, record.call_time) == ("abc", "2026-11-23T09:00:00+01:00")
    assert (record.language, record.site, record.department) == ("en", "bergen", "invoices")


def test_reasons_are_the_steps_of_all_decisions_in_order() -> None:
    first, second, third = (Reason(text=text) for text in ("one", "two", "three"))
    story = entries(
        (0, ARRIVED),
        (1, Routed(to="menu main", language="nb", steps=(first, second))),
        (2, Routed(to="queue q", language="nb", steps=(third,))),
    )

    record = fold(story)

    assert record.reasons == (first, second, third)
    assert [decision.to for decision in record.decisions] == ["menu main", "queue q"]


@pytest.mark.parametrize(
    ("waited", "outcome"), [(4.9, "abandoned_short"), (5.0, "abandoned_short"), (5.1, "abandoned")]
)
def test_caller_who_hangs_up_while_waiting_abandons_and_up_to_five_seconds_is_short(
    waited: float, outcome: str
) -> None:
    story = entries((0, ARRIVED), (1, Queued(queue="q")), (1 + waited, Ended(by="caller")))

    record = fold(story)

    assert record.disposition == "abandoned"
    assert record.visits[0].outcome == outcome
    assert record.wait_seconds == pytest.approx(waited)


def test_what_counts_as_short_is_the_askers_choice() -> None:
    story = entries((0, ARRIVED), (1, Queued(queue="q")), (9, Ended(by="caller")))

    assert fold(story, short_seconds=10).visits[0].outcome == "abandoned_short"


def test_abandon_told_by_the_queue_ends_the_wait_before_the_call_ends() -> None:
    story = entries(
        (0, ARRIVED),
        (1, Queued(queue="q")),
        (11, LeftQueue(queue="q", result="abandoned")),
        (12, Ended(by="caller")),
    )

    assert fold(story).wait_seconds == 10.0


def test_wait_of_the_caller_runs_from_the_first_queue_and_each_visit_has_its_own() -> None:
    story = entries(
        (0, ARRIVED),
        (10, Queued(queue="bergen")),
        (100, LeftQueue(queue="bergen", result="overflowed")),
        (101, Queued(queue="national")),
        (111, Connected(queue="national", agent="kari")),
        (171, TalkEnded(by="agent")),
        (172, Ended(by="agent")),
    )

    record = fold(story)

    assert (record.wait_seconds, record.talk_seconds) == (101.0, 60.0)
    assert record.queue == "national"
    assert [(v.queue, v.outcome, v.wait_seconds) for v in record.visits] == [
        ("bergen", "overflowed", 90.0),
        ("national", "answered", 10.0),
    ]


def test_queue_that_nobody_serves_is_blocked() -> None:
    story = entries(
        (0, ARRIVED),
        (1, Queued(queue="q")),
        (2, LeftQueue(queue="q", result="nobody_logged_in")),
        (3, Ended(by="rules")),
    )

    record = fold(story)

    assert record.disposition == "blocked"
    assert record.visits[0].outcome == "blocked"


@pytest.mark.parametrize("by", ["failed", "link_lost", "drain", "lost"])
def test_caller_whom_we_lose_in_the_queue_is_failed_and_the_wait_is_system_dropped(by: str) -> None:
    story = entries((0, ARRIVED), (1, Queued(queue="q")), (20, Ended(by=by)))  # type: ignore[arg-type]  # the parameters are its words

    record = fold(story)

    assert record.disposition == "failed"
    assert record.visits[0].outcome == "system_dropped"


def test_call_that_fails_after_the_talk_began_is_still_answered() -> None:
    connected = Connected(queue="q", agent="kari")

    assert ended_as(ARRIVED, Queued(queue="q"), connected, Ended(by="failed")) == "answered"


def test_caller_who_left_a_message_is_voicemail() -> None:
    message = MessageLeft(voicemail="box", file="voicemail/1.wav", seconds=12.5)
    started = RecordingStarted(voicemail="box", file="voicemail/1.wav")
    story = entries(
        (0, ARRIVED), (1, TO_CLOSED), (2, started), (15, message), (16, Ended(by="caller"))
    )

    record = fold(story)

    assert record.disposition == "voicemail"
    assert [(m.voicemail, m.file, m.seconds) for m in record.messages] == [
        ("box", "voicemail/1.wav", 12.5)
    ]


def test_message_that_is_stored_after_the_end_still_counts() -> None:
    message = MessageLeft(voicemail="box", file="voicemail/1.wav", seconds=3.0)

    assert ended_as(ARRIVED, Ended(by="caller"), message) == "voicemail"


def test_call_outside_the_hours_is_closed_whoever_ends_it() -> None:
    assert ended_as(ARRIVED, TO_CLOSED, Ended(by="rules")) == "closed"
    assert ended_as(ARRIVED, TO_CLOSED, Ended(by="caller")) == "closed"


def test_closed_call_that_is_queued_after_all_is_not_closed() -> None:
    assert ended_as(ARRIVED, TO_CLOSED, Queued(queue="duty"), Ended(by="caller")) == "abandoned"


def test_caller_who_hangs_up_in_the_menu_is_menu_abandoned() -> None:
    assert ended_as(ARRIVED, TO_MENU, Ended(by="caller")) == "menu_abandoned"


def test_caller_who_used_up_all_tries_is_menu_abandoned() -> None:
    missed = MenuTry(menu="main", result="no_input")

    assert ended_as(ARRIVED, TO_MENU, missed, missed, Ended(by="rules")) == "menu_abandoned"


def test_caller_who_chose_and_heard_what_the_menu_had_is_menu_contained() -> None:
    missed = MenuTry(menu="main", result="no_match")
    chosen = MenuTry(menu="main", result="chosen", key="3")

    assert ended_as(ARRIVED, TO_MENU, missed, chosen, Ended(by="rules")) == "menu_contained"


def test_caller_who_came_to_a_voicemail_and_left_nothing_is_menu_abandoned() -> None:
    chosen = MenuTry(menu="main", result="chosen", key="3")
    to_box = Routed(to="voicemail box", language="nb")
    story = (ARRIVED, TO_MENU, chosen, to_box, Ended(by="rules"))
    message = MessageLeft(voicemail="box", file="voicemail/1.wav", seconds=3.0)

    assert ended_as(*story) == "menu_abandoned"
    assert ended_as(*story[:4], message, Ended(by="rules")) == "voicemail"


def test_clock_set_back_during_the_call_changes_no_duration() -> None:
    story = entries((0, ARRIVED), (1, Queued(queue="q")), (9, Connected(queue="q", agent="a")))
    shifted = [*story[:2], Entry(
        call_id="call-1",
        seq=3,
        at=START - timedelta(hours=1),
        monotonic_ns=story[2].monotonic_ns,
        event=story[2].event,
    )]  # fmt: skip

    assert fold(shifted).wait_seconds == 8.0


def test_machine_started_anew_during_the_call_falls_back_on_the_wall_clock() -> None:
    queued, ended = entries((1, Queued(queue="q")), (61, Ended(by="link_lost")))
    after_boot = Entry(call_id="call-1", seq=2, at=ended.at, monotonic_ns=5, event=ended.event)

    assert fold([queued, after_boot]).wait_seconds == 60.0


def test_open_call_has_no_end_and_its_wait_no_outcome() -> None:
    record = fold(entries((0, ARRIVED), (1, Answered()), (2, Queued(queue="q"))))

    assert (record.ended_at, record.disposition, record.ended_by) == (None, None, None)
    assert (record.visits[0].outcome, record.visits[0].wait_seconds) == (None, None)


def test_journal_that_lost_its_beginning_still_tells_the_rest() -> None:
    story = entries((5, Connected(queue="q", agent="kari")), (65, Ended(by="agent")))

    record = fold(story)

    assert (record.disposition, record.agent, record.talk_seconds) == ("answered", "kari", 60.0)
    assert record.wait_seconds is None
    assert record.visits[0].wait_seconds is None


def test_what_is_told_after_the_end_changes_nothing_but_messages() -> None:
    story = entries(
        (0, ARRIVED), (1, Ended(by="rules")), (2, Queued(queue="q")), (3, Ended(by="caller"))
    )

    record = fold(story)

    assert record.ended_by == "rules"
    assert record.visits == ()


ANY_EVENT: st.SearchStrategy[CallEvent] = st.sampled_from([
    ARRIVED,
    Answered(),
    TO_MENU,
    TO_QUEUE,
    TO_CLOSED,
    PromptMissed(prompt="a", played="b"),
    MenuTry(menu="main", result="chosen", key="1"),
    MenuTry(menu="main", result="no_input"),
    Queued(queue="q"),
    Queued(queue="r"),
    Offered(queue="q", agent="a"),
    OfferFailed(queue="q", agent="a", result="busy"),
    Connected(queue="q", agent="a"),
    LeftQueue(queue="q", result="abandoned"),
    LeftQueue(queue="q", result="overflowed"),
    LeftQueue(queue="q", result="dropped"),
    TalkEnded(by="caller"),
    RecordingStarted(voicemail="v", file="f"),
    MessageLeft(voicemail="v", file="f", seconds=1.0),
    Ended(by="caller"),
    Ended(by="rules"),
])  # fmt: skip


@given(st.lists(st.tuples(st.floats(-10, 100), ANY_EVENT), min_size=1, max_size=20))
def test_any_journal_folds_and_one_with_an_end_has_every_outcome(
    story: list[tuple[float, CallEvent]],
) -> None:
    record = fold(entries(*story))

    has_end = any(isinstance(event, Ended) for _, event in story)
    assert (record.disposition is not None) == has_end
    assert all(visit.outcome is not None for visit in record.visits) or not has_end
    assert all((visit.wait_seconds or 0) >= 0 for visit in record.visits)


def test_a_queue_that_did_not_take_the_call_is_a_blocked_visit_without_a_wait() -> None:
    passed = Routed(to="queue bergen", language="nb", blocked=("national",))
    story = entries(
        (0, ARRIVED),
        (1, passed),
        (1, Queued(queue="bergen")),
        (11, Connected(queue="bergen", agent="kari")),
        (20, Ended(by="caller")),
    )

    record = fold(story)

    assert [(visit.queue, visit.outcome) for visit in record.visits] == [
        ("national", "blocked"),
        ("bergen", "answered"),
    ]
    assert (record.queue, record.wait_seconds) == ("bergen", 10.0)
    assert record.visits[0].wait_seconds is None


@pytest.mark.parametrize("by", ["caller", "rules"])
def test_who_was_turned_away_and_waited_nowhere_is_blocked(by: str) -> None:
    record = fold(
        entries(
            (0, ARRIVED),
            (1, Routed(to="voicemail box", language="nb", blocked=("national",))),
            (5, Ended(by=by)),  # type: ignore[arg-type]
        )
    )

    assert (record.disposition, record.queue) == ("blocked", "national")
    assert record.wait_seconds is None


@pytest.mark.parametrize("set_back_seconds", [10, 3600, 86_400 * 400])
def test_a_clock_that_is_set_back_ends_no_call_before_it_came(set_back_seconds: int) -> None:
    story = [
        msgspec.structs.replace(
            entry, at=entry.at - timedelta(seconds=set_back_seconds if n else 0)
        )
        for n, entry in enumerate(entries((0, ARRIVED), (2, Answered()), (9, Ended(by="caller"))))
    ]

    record = fold(story)

    assert record.arrived_at == START
    assert record.answered_at is not None
    assert record.ended_at is not None
    assert record.arrived_at <= record.answered_at <= record.ended_at


def test_a_queue_that_a_closed_department_kept_the_call_from_is_a_visit_without_a_wait() -> None:
    kept_from = ClosedThere("queue bergen", "invoices")
    closed = Routed(
        to="queue night",
        language="nb",
        department="invoices",
        closed=True,
        steps=(Reason(because=kept_from, taken=False),),
    )

    record = fold(entries((0, ARRIVED), (0, closed), (1, Ended(by="caller"))))
    moved_on = fold(
        entries((0, ARRIVED), (0, closed), (0, Queued(queue="night")), (9, Ended(by="caller")))
    )

    assert [(one.queue, one.outcome, one.wait_seconds) for one in record.visits] == [
        ("bergen", "closed", None)
    ]
    assert (record.disposition, record.queue) == ("closed", None)
    assert [(one.queue, one.outcome) for one in moved_on.visits] == [
        ("bergen", "closed"),
        ("night", "abandoned"),
    ]
    assert (moved_on.disposition, moved_on.queue) == ("abandoned", "night")


@pytest.mark.parametrize("instead_of", ["voicemail bergen", "phone vakt", "menu main"])
def test_a_closed_department_that_would_have_led_to_no_queue_makes_no_visit(
    instead_of: str,
) -> None:
    because = ClosedThere(instead_of, "invoices")
    closed = Routed(to="hangup", language="nb", closed=True, steps=(Reason(because=because),))

    assert fold(entries((0, ARRIVED), (0, closed), (1, Ended(by="rules")))).visits == ()


def test_each_visit_has_the_talk_that_came_of_it() -> None:
    record = fold(
        entries(
            (0, ARRIVED),
            (0, Queued(queue="a")),
            (5, Connected(queue="a", agent="kari")),
            (35, TalkEnded(by="agent")),
            (35, Queued(queue="b")),
            (40, LeftQueue(queue="b", result="overflowed")),
            (40, Queued(queue="c")),
            (45, Connected(queue="c", agent="ola")),
            (55, Ended(by="caller")),
        )
    )

    assert [one.talk_seconds for one in record.visits] == [30.0, None, 10.0]
    assert record.talk_seconds == 40.0


@pytest.mark.parametrize(
    ("talked", "heard", "seconds"),
    [
        (300, 160.0, 160.0),
        (300, 300.0, 300.0),
        (300, 299.98, 299.98),
        (300, 320.0, 300.0),  # it rang out loud before it was connected
        (300, None, 300.0),  # muted all the time: nobody knows when it was gone
        (300, 10.0, 300.0 - LONGEST_UNNOTICED_SECONDS),  # muted for most of it
        (100, 0.02, 0.02),
    ],
)
@pytest.mark.parametrize("who", ["caller", "agent"])
def test_a_talk_with_a_phone_that_is_gone_ends_when_the_phone_was_heard_last(
    who: str, talked: float, heard: float | None, seconds: float
) -> None:
    end: CallEvent = (
        Ended(by="lost", cause=18, heard_seconds=heard)
        if who == "caller"
        else TalkEnded(by="system", heard_seconds=heard)
    )
    connected = Connected(queue="q", agent="kari")
    record = fold(entries((0, ARRIVED), (0, Answered()), (0, connected), (talked, end)))

    assert record.talk_seconds == record.visits[0].talk_seconds == pytest.approx(seconds)


def test_an_agent_whose_phone_is_silent_is_an_offer_that_failed_and_no_talk() -> None:
    story = (
        (0, ARRIVED),
        (0, TO_QUEUE),
        (0, Queued(queue="q")),
        (10, Offered(queue="q", agent="kari")),
        (12, Connected(queue="q", agent="kari", leg="kari-leg", bridge="br")),
        (16, OfferFailed(queue="q", agent="kari", result="silent")),
    )

    standing = Standing(place="queue q", at=START, language="nb")
    stands = msgspec.structs.replace(TO_QUEUE, standing=standing)
    left = left_off(entries(story[0], (0, stands), *story[2:]))
    assert left is not None
    assert (left.is_waiting, left.bridge) == (True, None)
    given_up = fold(entries(*story, (20, Ended(by="caller"))))
    assert (given_up.disposition, given_up.wait_seconds, given_up.agent) == (
        "abandoned",
        20.0,
        None,
    )
    answered = (30, Connected(queue="q", agent="ola")), (90, Ended(by="caller"))
    record = fold(entries(*story, *answered))
    assert (record.agent, record.wait_seconds, record.talk_seconds) == ("ola", 30.0, 60.0)
    assert [(one.agent, one.wait_seconds) for one in record.visits] == [("ola", 30.0)]


@pytest.mark.parametrize(
    ("seen", "ended", "waited"),
    [(100, 100, 90.0), (10, 10, 0.0), (5, 10, 0.0), (None, 7_200, 7_190.0)],
    ids=["later", "at its last event", "before it", "nobody knows"],
)
def test_a_call_that_nobody_saw_end_ended_when_it_was_last_known_to_be_there(
    seen: float | None, ended: float, waited: float
) -> None:
    last_seen = None if seen is None else START + timedelta(seconds=seen)
    end = Ended(by="lost_while_down", last_seen=last_seen)

    record = fold(entries((0, ARRIVED), (10, Queued(queue="q")), (7_200, end)))

    assert record.ended_at == START + timedelta(seconds=ended)
    assert (record.ended_by, record.disposition) == ("lost_while_down", "failed")
    assert record.visits[0].outcome == "system_dropped"
    assert record.wait_seconds == pytest.approx(waited)


def test_a_talk_that_nobody_saw_end_is_as_long_as_it_was_seen() -> None:
    end = Ended(by="lost_while_down", last_seen=START + timedelta(seconds=60))
    connected = Connected(queue="q", agent="kari")

    record = fold(entries((0, ARRIVED), (0, Answered()), (20, connected), (7_200, end)))

    assert record.talk_seconds == pytest.approx(40.0)
    assert record.disposition == "answered"


EXPECTED = WaitEstimated(
    queue="national", seconds=60.0, low_seconds=40.0, high_seconds=90.0, ahead=2, agents=3
)


def test_an_estimate_is_held_against_the_wait_from_where_it_was_made() -> None:
    record = fold(
        entries(
            (0, ARRIVED),
            (10, Queued(queue="national")),
            (12, EXPECTED),
            (102, Connected(queue="national", agent="kari")),
            (130, Ended(by="caller")),
        )
    )

    (visit,) = record.visits
    assert (visit.estimated_seconds, visit.estimate_error_seconds) == (60.0, 30.0)


def test_of_several_estimates_of_one_wait_the_first_counts() -> None:
    record = fold(
        entries(
            (0, ARRIVED),
            (10, Queued(queue="national")),
            (10, EXPECTED),
            (60, msgspec.structs.replace(EXPECTED, seconds=5.0)),
            (65, Connected(queue="national", agent="kari")),
        )
    )

    (visit,) = record.visits
    assert (visit.estimated_seconds, visit.estimate_error_seconds) == (60.0, -5.0)


def test_who_gives_up_measures_no_estimate_and_each_wait_has_its_own() -> None:
    record = fold(
        entries(
            (0, ARRIVED),
            (10, Queued(queue="national")),
            (10, EXPECTED),
            (40, LeftQueue(queue="national", result="overflowed")),
            (40, Queued(queue="bergen")),
            (50, Connected(queue="bergen", agent="tommy")),
        )
    )

    left, answered = record.visits
    assert (left.estimated_seconds, left.estimate_error_seconds) == (60.0, None)
    assert (answered.estimated_seconds, answered.estimate_error_seconds) == (None, None)


def test_a_phone_without_a_sound_ends_no_wait_and_measures_no_estimate() -> None:
    record = fold(
        entries(
            (0, ARRIVED),
            (10, Queued(queue="national")),
            (10, EXPECTED),
            (20, Connected(queue="national", agent="ola")),
            (24, OfferFailed(queue="national", agent="ola", result="silent")),
            (80, Connected(queue="national", agent="kari")),
        )
    )

    (visit,) = record.visits
    assert (visit.agent, visit.estimate_error_seconds) == ("kari", 10.0)
