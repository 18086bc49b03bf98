"""`ivr init` writes a centre that is right at once, or nothing at all."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr.cli import ivr
from ivr.settings import known_keys, load_settings


def init(folder: Path, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(ivr, ["init", str(folder), *words], input=typed)


def assert_right_at_once(folder: Path) -> None:
    """Rules, tests, layout and prompts need no hand."""
    rules, tests = str(folder / "routing_rules.yaml"), str(folder / "routing_tests.yaml")
    for command in (
        ("check", "--strict", rules),
        ("test", tests),
        ("fmt", "--check", rules),
        ("prompts", "check", str(folder / "prompts")),
    ):
        said = CliRunner().invoke(ivr, command)
        assert said.exit_code == 0, (command, said.output)
    assert "no errors, no warnings" in CliRunner().invoke(ivr, ["check", rules]).output


CENTRES = {
    "defaults": (),
    "one language": ("--language", "nb"),
    "english first": ("--language", "en", "--language", "nb"),
    "one site": ("--site", "Bergen=+47 55 30 10 00"),
    "names with letters of their own": (
        *("--site", "Møre og Romsdal=+47 71 20 00 00", "--site", "TRØNDELAG=+47 73 80 20 00"),
        *("--site", "Århus=+45 86 12 34 56", "--department", "Ærlig Råd", "--agent", "Åse Bø"),
    ),
    "words that YAML takes for others": (
        *("--site", "No=+47 71 20 00 00", "--department", "Yes", "--department", "null"),
        *("--agent", "On"),
    ),
    "words of the rules": (
        *("--department", "menu", "--department", "queue", "--department", "hangup"),
        *("--site", "repeat=+47 71 20 00 00", "--agent", "agents"),
    ),
    "a site called as a department": (*("--department", "Salg", "--site", "Salg=+47 71 20 00 00"),),
    "five departments": tuple(
        word
        for name in ("Sales", "Support", "Reception", "Workshop", "Warehouse")
        for word in ("--department", name)
    ),
    "marks in a title": (
        *("--department", 'Rør & bad: "#1"'.replace("1", "en"), "--agent", "Ola, {den eldre}"),
    ),
    "a short number": ("--number", "02222"),
    "open at night": ("--hours", "daily 22:00-06:00"),
    "open always": ("--hours", "daily 00:00-24:00"),
    "open on saturdays too": ("--hours", "mon-fri 07:00-20:00, sat 10:00-14:00"),
    "open one evening": ("--hours", "tue 17:00-19:30"),
    "many who answer": tuple(
        word for n in range(12) for word in ("--agent", f"Agent {chr(ord('a') + n)}")
    ),
}


@pytest.mark.parametrize("words", CENTRES.values(), ids=CENTRES)
def test_whatever_is_answered_the_centre_is_right_at_once(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    said = init(tmp_path / "centre", "--yes", *words)

    assert said.exit_code == 0, said.output
    assert_right_at_once(tmp_path / "centre")


def test_questions_are_asked_one_by_one_and_wrong_answers_again(tmp_path: Path) -> None:
    typed = "\n".join(
        (
            *("Narnia", "norway", "sv", "nb, en", "112", "55", "+47 21 00 00 00"),
            *("Bergen, Bergen", "Bergen, Trondheim", "+47 21 00 00 00", "+47 55 30 10 00"),
            *(
                "+47 73 80 20 00",
                "a,b,c,d,e,f",
                "Salg, Hvitevarer",
                "8 til 4",
                "mon-fri 08:00-16:00",
            ),
            *("local", "Kari, Ola"),
        )
    )

    said = init(tmp_path / "centre", typed=typed + "\n")

    assert said.exit_code == 0, said.output
    for advice in (
        "so far there are: Norway",
        "choose of nb, en",
        "emergency number",
        "two sites would both be called bergen",
        "+47 21 00 00 00 is already in use",
        "one to 5 departments",
        "cannot be the name of a phone",
        "cannot say Hvitevarer yet",
    ):
        assert advice in said.output
    assert_right_at_once_but_for_the_unspoken(tmp_path / "centre")


def assert_right_at_once_but_for_the_unspoken(folder: Path) -> None:
    assert_right_at_once(folder)
    prompts = CliRunner().invoke(ivr, ["prompts", "check", str(folder / "prompts")])
    assert "run: ivr prompts stand-ins" in prompts.output


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("--country", "Sverige"), "so far there are: Norway"),
        (("--language", "sv"), "choose of nb, en"),
        (("--number", "anything else"), "write a number such as"),
        (("--number", "113"), "emergency number"),
        (("--site", "Bergen"), "Bergen needs a number"),
        (("--site", "Bergen=+47 21 00 00 00"), "already in use"),
        (("--site", "北京=+47 55 30 10 00"), "no letter from a to å"),
        (("--department", "Avdeling 7"), "would take for a key"),
        (("--department", "Salg", "--department", "SALG"), "two departments"),
        (("--department", "x" * 99), "at most 60 letters"),
        (("--hours", "9-17"), "such as: mon-fri 08:00-16:00"),
        (("--hours", "mon-fri 08:00-12:00, mon 13:00-16:00"), "a day stands twice"),
        (("--agent", "direct"), "cannot be the name of a phone"),
    ],
)
def test_answer_that_cannot_be_says_what_to_write_and_writes_nothing(
    tmp_path: Path, words: tuple[str, ...], advice: str
) -> None:
    said = init(tmp_path / "centre", "--yes", *words)

    assert said.exit_code != 0
    assert advice in str(said.exception) + said.output
    assert list(tmp_path.iterdir()) == []


def test_end_of_input_leaves_nothing_behind(tmp_path: Path) -> None:
    said = init(tmp_path / "centre", typed="Norway\nnb\n")

    assert said.exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept")

    said = init(tmp_path, "--yes")

    assert "mine.txt" in str(said.exception)
    assert "nothing is ever overwritten" in str(said.exception)
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("kept")

    said = init(tmp_path / "taken", "--yes")

    assert "is a file" in str(said.exception)


def test_folder_that_asterisk_cannot_play_from_is_refused_at_once(tmp_path: Path) -> None:
    said = init(tmp_path / "one, two", "--yes")

    assert "without a comma" in str(said.exception)
    assert list(tmp_path.iterdir()) == []


def test_empty_folder_that_is_there_is_filled_and_stays_the_same_folder(tmp_path: Path) -> None:
    folder = tmp_path / "centre"
    folder.mkdir()
    before = folder.stat().st_ino

    init(folder, "--yes")

    assert folder.stat().st_ino == before
    assert_right_at_once(folder)
    assert [one.name for one in tmp_path.iterdir()] == ["centre"]


def test_folder_below_others_that_do_not_exist_is_made(tmp_path: Path) -> None:
    init(tmp_path / "a b" / "Å" / "centre", "--yes")

    assert_right_at_once(tmp_path / "a b" / "Å" / "centre")


def test_disk_that_fills_up_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copytree", full)

    said = init(tmp_path / "centre", "--yes")

    assert "No space left on device" in str(said.exception)
    assert list(tmp_path.iterdir()) == []


def test_settings_are_the_defaults_and_every_line_may_be_taken_out_of_its_comment(
    tmp_path: Path,
) -> None:
    init(tmp_path / "centre", "--yes")
    file = tmp_path / "centre" / "ivr.toml"
    lines = file.read_text().splitlines()

    as_is = load_settings(file, {})
    taken_out = "\n".join(
        line.removeprefix("# ") if " = " in line or line.startswith("# [") else line
        for line in lines
    )
    file.write_text(taken_out)

    assert as_is == load_settings(None, {}) == load_settings(file, {})
    assert tomllib.loads(taken_out)["calls"]["drain_seconds"] == 60
    shown = {line.removeprefix("# ").partition(" =")[0] for line in lines}
    wanted = {key for key in known_keys() if not key.startswith("test.")}
    assert {key.partition(".")[2] for key in wanted} <= shown


def test_an_example_of_a_guide_may_be_put_below_the_first_settings(tmp_path: Path) -> None:
    init(tmp_path / "centre", "--yes")
    file = tmp_path / "centre" / "ivr.toml"

    file.write_text(file.read_text() + '[outgoing]\nallow = ["fixed"]\n')

    assert load_settings(file, {}).outgoing.allow == ("fixed",)


def test_choices_say_what_the_script_says_where_the_voice_knows_every_department(
    tmp_path: Path,
) -> None:
    init(tmp_path / "centre", "--yes", "--department", "Salg", "--department", "Lager")

    said = CliRunner().invoke(ivr, ["prompts", "stand-ins", str(tmp_path / "centre" / "prompts")])

    assert "nothing to read" in said.output
