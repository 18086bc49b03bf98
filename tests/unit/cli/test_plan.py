from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli import ivr
from ivr.cli.plan import plan
from ivr.records.changes import RulesChange
from ivr.records.events import Answered, Arrived, Ended, MenuTry
from ivr.rules.load import load_rules
from ivr.store.door import KeptText
from ivr.store.open import open_store

RULES = """\
version: 1
numbers: {+47 55 30 10 00: {name: Bergen, to: menu main}, anything else: {to: menu main}}
menus: {main: {say: welcome, keys: {1: queue sales, 2: hangup}, nothing_chosen: hangup, tries: 2}}
queues: {sales: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}}
agents: {kari: {phone: kari, queues: [sales]}}
"""
CHANGED = RULES.replace("1: queue sales", "1: voicemail sales")
CALLS = """\
at,from,to,press
2026-11-23 09:00,+4790000001,+47 55 30 10 00,1
2026-11-22 09:00,+4790000001,+47 55 30 10 00,1
2026-11-23 10:00,,+47 55 30 10 00,2
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IVR_HOME", raising=False)
    (tmp_path / "routing_rules.yaml").write_text(RULES)
    (tmp_path / "new.yaml").write_text(CHANGED)
    (tmp_path / "same.yaml").write_text("# the same\n" + RULES)
    (tmp_path / "calls.csv").write_text(CALLS)
    return tmp_path


def revision(rules: str) -> str:
    """As people write it."""
    return load_rules(rules.encode(), "rules.yaml")[0].revision[:12]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(plan, arguments)


def test_calls_that_would_go_elsewhere_are_grouped_and_the_exit_code_is_2() -> None:
    result = run("new.yaml", "--replay", "calls.csv")

    assert result.exit_code == 2
    assert result.output.splitlines() == [
        "3 calls from calls.csv, against routing_rules.yaml: 2 would change",
        "  Bergen, key 1: queue sales → voicemail sales, 2 calls, 22–23 November 2026",
        f"new.yaml is revision {revision(CHANGED)}",
    ]


def test_no_change_is_0() -> None:
    result = run("same.yaml", "--replay", "calls.csv")

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "3 calls from calls.csv, against routing_rules.yaml: none would change",
        f"same.yaml is revision {revision(RULES)}",
    ]


def test_json_has_the_shape_that_scripts_rely_on() -> None:
    told = json.loads(run("new.yaml", "--replay", "calls.csv", "--json").output)

    assert (told["calls"], told["changed"]) == (3, 2)
    assert told["revision"].startswith(revision(CHANGED))
    (group,) = told["groups"]
    assert {word: group[word] for word in ("count", "to", "press", "before", "after", "text")} == {
        "count": 2,
        "to": "+4755301000",
        "press": "1",
        "before": "queue sales",
        "after": "voicemail sales",
        "text": "Bergen, key 1: queue sales → voicemail sales, 2 calls, 22–23 November 2026",
    }


def test_broken_lines_are_named_and_counted_and_the_others_go_on(folder: Path) -> None:
    (folder / "calls.csv").write_text(CALLS + "today,,1,1\nnothing\n")

    result = run("new.yaml", "--replay", "calls.csv")

    assert result.exit_code == 2
    assert "calls.csv:5: 'today' is no time; write it as 2026-11-23 09:00; passed over" in (
        result.stderr
    )
    assert "calls.csv:6: it has 1 field, not 4; passed over" in result.stderr
    assert "2 lines were no calls, and passed over" in result.stdout.splitlines()


def test_without_replay_calls_are_made_up() -> None:
    result = run("new.yaml")

    assert result.exit_code == 2
    assert "made up for all time from " in result.output
    assert "  all numbers, key 1: queue sales → voicemail sales, from now on" in result.output
    assert "(a wrong key)" not in result.output


def test_other_rules_can_be_compared_with() -> None:
    assert run("routing_rules.yaml", "--against", "same.yaml").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Missing argument 'NEW'"),
        (("new.yaml", "--replai", "x"), "No such option"),
        (("routing_rules.yaml",), "routing_rules.yaml is what it would be compared with"),
        (("none.yaml",), "cannot read the rules none.yaml"),
        (("new.yaml", "--against", "none.yaml"), "cannot read the rules none.yaml"),
        (("new.yaml", "--replay", "none.csv"), "cannot read the calls none.csv"),
        (("new.yaml", "--replay", "new.yaml"), "write at,from,to,press there"),
        (("new.yaml", "--replay", "yesterday"), "--replay yesterday needs --home DIR"),
        (("new.yaml", "--replay", "2026-11-31..2026-12-01"), "write it as 2026-11-01..2026-11-07"),
        (("new.yaml", "--replay", "2026-11-01"), "write 2026-11-01..2026-11-01"),
        (("new.yaml", "--replay", "i går"), "write yesterday"),
        (("new.yaml", "--replay", "1.11.2026 - 7.11.2026"), "write 2026-11-01..2026-11-07"),
        (
            ("new.yaml", "--replay", "2026-11-01 til 7. november 2026"),
            "write 2026-11-01..2026-11-07",
        ),
        (("new.yaml", "--replay", "2026-11-02..2026-11-01"), "ends before it begins"),
        (("new.yaml", "--replay", "yesterday", "--home", "."), "no server has taken calls"),
    ],
)
def test_a_mistake_is_1(arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 1
    assert told in result.output + str(result.exception)


def test_no_calls_at_all_are_no_proof(folder: Path) -> None:
    (folder / "calls.csv").write_text("at,from,to,press\n")

    result = run("new.yaml", "--replay", "calls.csv")

    assert result.exit_code == 1
    assert "there is no call to try" in result.output


def test_rules_with_errors_are_told(folder: Path) -> None:
    (folder / "new.yaml").write_text(RULES.replace("1: queue sales", "1: queue sale"))

    result = run("new.yaml", "--replay", "calls.csv")

    assert result.exit_code == 1
    assert "error IVR204" in result.output


async def _store(home: Path) -> None:
    async with open_store(home).keeping() as kept, asyncio.TaskGroup() as group:
        journal = kept.journal
        group.create_task(journal.run(), name="journal")
        for number, (key, is_test) in enumerate((("1", False), ("2", False), ("1", True))):
            call_id = f"0{number}-call"
            journal.note(
                call_id,
                Arrived(
                    dialled="+4755301000",
                    caller="+4790000001",
                    call_time="2026-11-23T09:00:00+01:00",
                    revision="",
                    channel="",
                    test=is_test,
                ),
            )
            journal.note(call_id, Answered())
            journal.note(call_id, MenuTry(menu="main", result="no_match"))
            journal.note(call_id, MenuTry(menu="main", result="chosen", key=key))
            await journal.keep(call_id, Ended(by="caller"))
        await journal.close()


async def _take(home: Path, rules: str) -> None:
    """What a server leaves that took these rules."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    change = RulesChange(
        change_id="1",
        asked_at=now,
        due_at=now,
        how="apply",
        author="kari",
        why="",
        revision="abc",
        file="/srv/routing_rules.yaml",
        state="taken",
        settled_at=now,
    )
    store = open_store(home)
    async with store.keeping() as kept:
        await kept.ledger.put_changes(change)
    store.texts.keep(change.revision, KeptText(change.file, rules.encode()))


def test_with_a_home_the_rules_in_force_there_are_compared_with(folder: Path) -> None:
    asyncio.run(_take(folder, CHANGED))

    same = run("new.yaml", "--home", ".", "--replay", "calls.csv")
    changed = run("routing_rules.yaml", "--home", ".", "--replay", "calls.csv")

    assert "3 calls from calls.csv, against the rules in force: none would change" in same.output
    assert changed.exit_code == 2


def test_calls_are_shown_in_the_centres_own_time(folder: Path) -> None:
    asyncio.run(_store(folder))
    asyncio.run(_take(folder, CHANGED))

    listed = CliRunner().invoke(ivr, ["calls", "--home", "."])

    assert listed.exit_code == 0, listed.output
    assert " CET " in listed.output or " CEST " in listed.output
    assert "UTC" not in listed.output


def test_credentials_are_of_an_agent_in_the_rules_in_force(folder: Path) -> None:
    asyncio.run(_take(folder, CHANGED.replace("kari", "nora")))

    shown = CliRunner().invoke(ivr, ["agents", "credentials", "nora", "--home", "."])

    assert "login       nora" in shown.output, shown.output


def test_stored_calls_come_again(folder: Path) -> None:
    asyncio.run(_store(folder))

    result = run("new.yaml", "--home", ".", "--replay", "2026-01-01..2199-12-31")
    with_tests = run(
        "new.yaml", "--home", ".", "--replay", "2026-01-01..2199-12-31", "--with-tests"
    )
    before = run("new.yaml", "--home", ".", "--replay", "2020-01-01..2020-12-31")

    assert result.output.splitlines() == [
        "2 calls of 2026-01-01 to 2199-12-31, against routing_rules.yaml: 1 would change",
        "  Bergen, keys (a wrong key) 1: queue sales → voicemail sales, 1 call, 23 November 2026",
        f"new.yaml is revision {revision(CHANGED)}",
    ]
    assert with_tests.output.startswith("3 calls")
    assert "there is no call to try" in before.output


PHONES = """\
version: 1
numbers: {+47 55 30 10 00: {name: Bergen, site: bergen, to: phone vakt}, anything else: {to: hangup}}
sites: {bergen: {name: Bergen}}
phones: {vakt: {phone: +47 90 00 00 01, no_answer: hangup}}
"""


@pytest.mark.parametrize(
    ("was", "will_be", "told"),
    [
        ("+47 90 00 00 01", "+47 90 00 00 02", "+47…002 rings, and +47…001 no longer"),
        ("+47 90 00 00 01", "kari", "kari rings, and +47…001 no longer"),
        ("name: Bergen}}", "name: Bergen, caller_id: +47 55 30 10 00}}", "+47…001 is called other"),
        ("01, no", "01, confirm: true, no", "+47…001 is called otherwise"),
    ],
)
def test_a_phone_that_is_another_under_the_same_name_is_a_change(
    folder: Path, was: str, will_be: str, told: str
) -> None:
    (folder / "was.yaml").write_text(PHONES)
    (folder / "will_be.yaml").write_text(PHONES.replace(was, will_be))

    result = run("will_be.yaml", "--against", "was.yaml")

    assert result.exit_code == 2
    (line,) = [line for line in result.output.splitlines() if "Bergen" in line]
    assert told in line
    assert "90 00 00" not in result.output

    as_json = run("will_be.yaml", "--against", "was.yaml", "--json").output
    assert "+47…001" in as_json
    assert "4790000001" not in as_json


def test_what_agents_dial_otherwise_is_told_and_is_a_change(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    text = (
        "version: 1\nlanguages: [nb]\nnumbers: {anything else: {to: queue a}}\n"
        "queues: {a: {answer: 80% within 20s, while_waiting: [{after: 60s, to: hangup}]}}\n"
        "agents: {kari: {phone: kari, queues: [a]}}\n"
        "duty: {codes: {star 11: sign in}}\n"
    )
    old.write_text(text)
    new.write_text(text.replace("sign in", "sign out"))

    done = CliRunner().invoke(plan, [str(new), "--against", str(old)])
    facts = CliRunner().invoke(plan, [str(new), "--against", str(old), "--json"])

    assert (done.exit_code, facts.exit_code) == (2, 2)
    assert "  kari dialling *11: sign in → sign out\n" in done.output
    (one,) = json.loads(facts.output)["dialling"]
    assert (one["agents"], one["dialled"], one["after"]) == (["kari"], "*11", "sign out")
