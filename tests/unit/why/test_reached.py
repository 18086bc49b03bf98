"""Every kind of reason is one that some call can meet: none is there for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import get_args

from ivr.menus.digits import take_option
from ivr.numbers import number_from_sip, parse_number
from ivr.rules.decide import decide
from ivr.rules.decide.dialling import dialled_by
from ivr.rules.decision import (
    AnswerKeyed,
    CameIn,
    ClosingTime,
    Decision,
    Due,
    ExitKeyed,
    Facts,
    Finished,
    FreeGiven,
    KeptPlace,
    LastTalk,
    NobodyLoggedIn,
    NothingAnswered,
    NothingChosen,
    NotTaken,
    OptionChosen,
    Override,
    PlaceTaken,
    SiteAway,
    Spoken,
    Step,
    SurveyDone,
    TakenElsewhere,
    Turn,
    WaitedLong,
)
from ivr.rules.load import load_rules
from ivr.rules.model import RuleSet, Target, ToBack, ToMenu
from ivr.rules.walk import walk
from ivr.trunks.allowance import kind_of
from ivr.why import Because

ROOT = Path(__file__).parents[3]
FILES = (
    ROOT / "routing_rules.yaml",
    ROOT / "tests" / "data" / "rules" / "whole_language.yaml",
    ROOT / "tests" / "data" / "rules" / "words_of_time.yaml",
)
BARE = """
version: 1
numbers: {+47 55 30 10 00: {to: department faktura}}
hours: {office: {mon-fri: 08:00-16:00}}
departments:
  faktura: {hours: office, national: queue faktura, closed: {say: closed, to: hangup}}
questions: {order: {say: ask.order, digits: 4}}
menus: {main: {say: welcome, keys: {1: department faktura}, nothing_chosen: hangup}}
queues: {faktura: {answer: 80% within 40s, while_waiting: [{after: 60s, to: hangup}]}}
"""
RICH = """
version: 1
numbers:
  +47 55 30 10 00: {to: department faktura}
  +47 21 00 00 00: {to: question order}
  +47 73 80 20 00: {to: phone vakt}
  +47 51 90 10 00: {language: en, to: menu main}
languages: [nb, en]
menus: {main: {greeting: welcome, say: choices, keys: {1: repeat}, nothing_chosen: queue faktura}}
callers:
  hospitals: {numbers: [+47 55 97 00 00], site: bergen}
  vip: {numbers: [+47 55 97 00 01], priority: urgent}
  nuisance: {numbers: [+47 98 76 54 32], to: refuse}
site_of_call: [caller list, dialled number]
hours: {office: {daily: 00:00-24:00}}
sites:
  bergen:
    name: Bergen
    departments: {faktura: {local: queue bergen, migrated: 2026-01-15, ramp: 10% each week}}
  oslo: {name: Oslo, phone: vakt}
departments:
  faktura: {hours: office, national: queue faktura, closed: {say: closed, to: hangup}, priority: high}
questions: {order: {say: ask.order, digits: 4, to: department faktura}}
phones: {vakt: {phone: +47 90 00 00 00, no_answer: queue faktura}}
queues:
  faktura: {answer: 80% within 40s, while_waiting: [{after: 60s, to: hangup}], at_closing_time: hangup,
    keys: {1: hangup}}
  bergen:
    {answer: 80% within 40s, skills: {freight: 2}, while_waiting: [{after: 60s, to: hangup}], survey: short,
     split: {oslo: 100%}}
surveys: {short: {by: voice, say: rate, share: 50%, not_again_within: 300d}}
"""
DAYS = [
    datetime(year, month, day, hour, 45, tzinfo=UTC)
    for year in (2025, 2026, 2027)
    for month, day in ((1, 15), (3, 1), (5, 17), (7, 20), (11, 24), (12, 1), (12, 24))
    for hour in (3, 9, 10, 12, 20)
]


def rule_sets() -> Iterator[RuleSet]:
    for file in FILES:
        yield load_rules(file.read_bytes(), file.name)[0]
    for text in (BARE, RICH):
        yield load_rules(text.encode(), "made_up.yaml")[0]


def one_decision(rules: RuleSet, drawn: Random) -> Decision:
    queues, menus = [*rules.queues, "gone"], [*rules.menus, "gone"]
    questions = [*rules.questions, "gone"]
    turns: list[Turn] = [
        CameIn(),
        Finished(drawn.choice(queues)),
        OptionChosen(drawn.choice(menus), drawn.choice("0123456789*#")),
        NothingChosen(drawn.choice(menus)),
        Spoken(drawn.choice(menus), drawn.choice(["faktura, takk", "hei"])),
        AnswerKeyed(drawn.choice(questions), drawn.choice(["5003", "7010", "0000"])),
        NothingAnswered(drawn.choice(questions)),
        WaitedLong(drawn.choice(queues), drawn.randint(0, 4)),
        NobodyLoggedIn(drawn.choice(queues)),
        ClosingTime(drawn.choice(queues)),
        ExitKeyed(drawn.choice(queues), drawn.choice("12")),
        SiteAway(drawn.choice(queues)),
        SurveyDone(drawn.choice([*rules.surveys, "gone"]), drawn.choice([True, False])),
        TakenElsewhere(drawn.choice(queues), drawn.choice([*queues, "gone"]), "anna"),
        NotTaken(drawn.choice([*rules.phones, "gone"]), drawn.choice([None, "each_minute"])),
    ]
    listed = [number for one in rules.callers.values() for number in sorted(one.numbers)[:1]]
    numbers = [*rules.numbers, parse_number("+4799999999"), None]
    facts = Facts(
        at=drawn.choice(DAYS),
        dialled=drawn.choice(numbers),
        caller=drawn.choice([None, parse_number("+4745678901"), *listed]),
        site=drawn.choice([None, *rules.sites]),
        signed_in={name: drawn.randint(0, 1) for name in queues},
        waiting={name: drawn.choice([0, 40]) for name in queues},
        free=FreeGiven({name: drawn.randint(0, 1) for name in queues}),
        asked=drawn.choice([(), tuple(rules.questions)]),
        on_the_way_to=drawn.choice([None, *rules.departments]),
        menus=drawn.choice([(), tuple(rules.menus)]),
        greeted=drawn.choice([(), tuple(rules.menus)]),
        noticed=drawn.choice([(), tuple(one for notice in rules.notices for one in notice.say)]),
        overrides=tuple(closed_by_hand(rules, drawn)),
        lot=drawn.choice([0.0, 0.99]),
        surveyed_at=drawn.choice([None, DAYS[0]]),
        dues={name: due(drawn) for name in queues},
        given_sites={name: "bergen" for name in queues if drawn.random() < 0.5},
    )
    return decide(rules, facts, drawn.choice(turns))


def due(drawn: Random) -> Due:
    here = frozenset(drawn.choice([(), ("oslo",), ("oslo", "bergen")]))
    return Due("oslo" if here else None, "turn", here, "oslo" if here else None)


def closed_by_hand(rules: RuleSet, drawn: Random) -> Iterator[Override]:
    until = DAYS[-1] + timedelta(days=1)
    if drawn.random() < 0.2:
        yield Override("queue", drawn.choice([*rules.queues]), until)
    if drawn.random() < 0.2:
        yield Override("department", drawn.choice([*rules.departments]), until)
    if rules.sites and drawn.random() < 0.5:
        yield Override("site", drawn.choice([*rules.sites]), until)


def made_by_hand() -> Iterator[Step]:
    """Rules that `ivr check` refuses, which a decision and a walk must survive all the same."""
    rules, _ = load_rules(BARE.encode(), "bare.yaml")
    facts = Facts(at=DAYS[-1], dialled=next(iter(rules.numbers)))
    menu, department = rules.menus["main"], rules.departments["faktura"]
    to_department = menu.options["1"].target
    to_main, back = replace(to_department, to=ToMenu("main")), replace(to_department, to=ToBack())
    closed = replace(department.closed, target=to_department)
    ring = replace(department, attended=replace(department.attended, closed=closed))
    leads_back = replace(rules, departments={"faktura": ring})
    goes_round = replace(rules, menus={"main": replace(menu, nothing_chosen=to_main)})

    def dialled_leads(one: RuleSet, target: Target) -> RuleSet:
        numbers = {to: replace(entry, target=target) for to, entry in one.numbers.items()}
        return replace(one, numbers=numbers)

    yield from decide(leads_back, facts, OptionChosen("main", "1")).steps
    yield from decide(dialled_leads(rules, back), facts, CameIn()).steps
    yield from walk(dialled_leads(goes_round, to_main), facts, "", take_option).steps


def dialled_by_agents() -> Iterator[Step]:
    """What agents dial is decided apart."""
    duty = "duty: {codes: {star 11: sign in}}"
    agents = "agents: {kari: {phone: kari, may_call: [mobile]}, ola: {phone: ola, number: 22}}"
    rules, _ = load_rules(f"{RICH}\n{agents}\n{duty}\n".encode(), "agents.yaml")
    for text in ("*11", "*99", "22", "90000005", "82000000"):
        number = number_from_sip(text)
        found = dialled_by(rules, rules.agents["kari"], text, number, kind_of)
        if found is not None:
            yield found.step


def called_again() -> Iterator[Step]:
    """A caller who talked with an agent some days ago."""
    text = (
        "version: 1\nnumbers: {anything else: {to: queue a}}\nagents: {kari: {phone: kari, queues: [a]}}\n"
        "queues: {a: {answer: 80% within 20s, last_agent: within 7d, whisper: [queue, waited], keep_place: 60s}}\n"
    )
    rules, _ = load_rules(text.encode(), "again.yaml")
    kept = KeptPlace(
        "01j-call", "a", DAYS[1] - timedelta(seconds=50), DAYS[1] - timedelta(seconds=9)
    )
    calling = Facts(at=DAYS[1], dialled=None, kept_place=kept)
    yield from decide(rules, calling, CameIn()).steps
    yield from decide(rules, calling, PlaceTaken("a", kept.since)).steps
    for days in (2, 9):
        last = LastTalk("kari", DAYS[1] - timedelta(days=days))
        yield from decide(rules, Facts(at=DAYS[1], dialled=None, last_talk=last), CameIn()).steps


def read_back() -> Iterator[Step]:
    """A caller who says that an answer was read back wrong."""
    text = RICH.replace("digits: 4,", "digits: 4, confirm: true,")
    rules, _ = load_rules(text.encode(), "confirm.yaml")
    facts = Facts(at=DAYS[1], dialled=number_from_sip("+4721000000"))
    yield from walk(rules, facts, "12342", take_option).steps


def test_every_kind_is_met_by_some_call() -> None:
    drawn = Random(8)
    steps: list[Step] = [*made_by_hand()]
    for rules in rule_sets():
        for _ in range(5000):
            decision = one_decision(rules, drawn)
            steps += (*decision.steps, decision.decided_by)
        facts = Facts(at=DAYS[1], dialled=next(iter(rules.numbers)))
        for row in ("7,12", "2,5,"):
            steps += walk(rules, facts, row, take_option).steps

    steps += (*dialled_by_agents(), *read_back(), *called_again())
    met = {type(step.because) for step in steps}
    assert [kind.__name__ for kind in get_args(Because) if kind not in met] == []
