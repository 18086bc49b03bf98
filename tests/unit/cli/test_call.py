from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli.call import call
from ivr.cli.shared.call_words import CALL_WORDS, CallWords
from tests.unit.showing.left_in_english import left_in_english

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def run(typed: str, *options: str) -> Result:
    return CliRunner().invoke(call, ["--at", "2026-11-23T09:00", *options], input=typed)


def test_a_caller_reads_what_the_voice_says_types_a_key_and_is_answered() -> None:
    result = run("3\n\n", "--to", "+47 55 30 10 00")

    assert result.exit_code == 0
    assert result.output.splitlines()[0] == (
        "You call +47 55 30 10 00, Monday 23 November 2026 09:00. Ctrl-D hangs up."
    )
    assert "[welcome] Hei, og velkommen til vaskeriet i Bergen." in result.output
    assert (
        "You wait in queue faktura, and hear the music calm.\nKari's phone would ring."
        in result.output
    )
    assert result.output.endswith("Kari answers, and you talk. The call is over.\n")


def test_all_that_the_rules_do_not_say_is_norwegian() -> None:
    answered = run("3\n\n", "--to", "+47 55 30 10 00", "--language", "nb").output
    left = run("key\n3\nw\nw\n\n", "--language", "nb").output
    gone = run("9\n", "--language", "nb").output

    assert answered.startswith(
        "Du ringer +47 55 30 10 00, mandag 23. november 2026 09:00. Ctrl-D legger på.\n"
    )
    assert (
        "Du venter i køen faktura, og hører musikken calm.\nDet ville ringe hos Kari.\n" in answered
    )
    assert answered.endswith("Kari svarer, og dere snakker sammen. Samtalen er slutt.\n")
    assert "Tastene på en telefon er 0 til 9, * og #.\n" in left
    assert "w: vent til det har gått 180 s (queue kundeservice)" in left
    assert left.endswith("Det legges på.\n")
    assert gone.endswith("Du la på.\n")
    ours = [line for line in (answered + left).splitlines() if not line.startswith("[")]
    assert not re.search(
        r"\b(You|the|wait|nothing|key|Enter: it|answers)\b", "\n".join(ours).replace("key\n", "")
    )


def test_every_word_of_the_telephone_has_one_in_both_languages() -> None:
    english, norwegian = (CALL_WORDS[it] for it in ("en", "nb"))

    for name in CallWords.__slots__:
        one, other = getattr(english, name), getattr(norwegian, name)
        assert one.count("{}") == other.count("{}")
        assert left_in_english(one, other, ["Enter", "Ctrl-D"]) == set()


def test_the_first_number_is_called_unless_another_is_named() -> None:
    assert run("").output.startswith("You call +47 21 00 00 00, ")


def test_the_end_of_the_input_hangs_up() -> None:
    result = run("9\n")

    assert result.exit_code == 0
    assert "Hello, and welcome to customer service." in result.output
    assert result.output.endswith("You hung up.\n")


def test_who_waits_is_told_what_would_come() -> None:
    result = run("3\nw\nw\n\n")

    assert "w: wait until 180 s have passed (queue kundeservice)" in result.output
    assert "You can leave a message in voicemail kundeservice." in result.output
    assert "[message_saved]" in result.output
    assert result.output.endswith("The call is hung up.\n")


def test_with_why_each_step_names_its_line() -> None:
    assert "  routing_rules.yaml:" in run("1\n", "--why").output
    assert "routing_rules.yaml:" not in run("1\n").output


def test_a_queue_without_agents_is_left() -> None:
    assert "queue kundeservice" in run("3\n", "--given", "queue faktura agents=0").output


def test_what_is_no_key_is_asked_for_again() -> None:
    result = run("key\nstar\n#\n")

    assert "The keys of a telephone are 0 to 9, * and #." in result.output
    assert "[no_match]" in result.output


def test_without_a_script_prompts_are_named(tmp_path: Path) -> None:
    rules = tmp_path / "r.yaml"
    shutil.copy(ROOT / "routing_rules.yaml", rules)

    result = run("", "--rules", str(rules))

    assert "\n[welcome]\n[main.choices]\n" in result.output


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--to", "x", "--to"),
        ("--at", "monday", "--at"),
        ("--given", "queue nine agents=0", "no queue called 'nine'"),
        ("--rules", "none.yaml", "none.yaml"),
    ],
)
def test_a_mistake_is_one_sentence(option: str, value: str, said: str) -> None:
    result = run("", option, value)

    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
