from __future__ import annotations

from collections.abc import Callable

import pytest

from ivr.rules.fault import FaultKind
from ivr.rules.values import plain
from ivr.rules.values.plain import ValueRefused


@pytest.mark.parametrize(
    ("text", "key"), [("1", "1"), ("0", "0"), ("12", "12"), ("star", "*"), ("hash", "#")]
)
def test_a_menu_key_is_digits_star_or_hash(text: str, key: str) -> None:
    assert plain.menu_key(text) == key


@pytest.mark.parametrize(
    ("text", "advice"),
    [("*", "write star"), ("#", "write hash"), ("A", "write digits, star or hash")],
)
def test_other_keys_get_the_word_to_write(text: str, advice: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        plain.menu_key(text)

    assert refused.value.hint == advice


@pytest.mark.parametrize("text", ["welcome", "main.choices", "closed.summer_2026", "a1"])
def test_a_prompt_is_a_name(text: str) -> None:
    assert plain.prompt_name(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "../welcome",
        "/etc/x",
        "a/b",
        "a..b",
        ".a",
        "a.",
        "Welcome",
        "a b",
        "x\0",
        "http://x",
        "CON:",
        "é",
    ],
)
def test_a_prompt_is_never_a_path(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        plain.prompt_name(text)

    assert refused.value.kind is FaultKind.PROMPT_NAME


@pytest.mark.parametrize("text", ["yes", "no", "on", "nei", "0", "True", "FALSE"])
def test_only_true_and_false_are_truths(text: str) -> None:
    with pytest.raises(ValueRefused):
        plain.true_false(text)

    assert plain.true_false("true")
    assert not plain.true_false("false")


@pytest.mark.parametrize(
    "read", [plain.version, plain.country, plain.zone, plain.language, plain.ring_way]
)
@pytest.mark.parametrize("text", ["", "x" * 1000, "../../etc/passwd", "\0", "Europe", "１"])
def test_a_setting_that_is_not_known_is_refused_in_words(
    read: Callable[[str], object], text: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        read(text)

    assert refused.value.kind is FaultKind.SETTING
    assert refused.value.hint


def test_a_key_that_leads_out_of_a_queue_is_one() -> None:
    assert [plain.exit_key(text) for text in ("1", "star", "hash")] == ["1", "*", "#"]
    with pytest.raises(ValueRefused) as refused:
        plain.exit_key("23")

    assert refused.value.hint == "write one digit, star or hash"
