from __future__ import annotations

import pytest
from click.testing import CliRunner

from ivr.cli import ivr


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (("explain", "--language", "no"), "'no' is not one of 'en', 'nb'; write nb"),
        (("plan", "x", "--language", "Nynorsk"), "'Nynorsk' is not one of 'en', 'nb'; write nb"),
        (("test", "--language", "en_GB"), "'en_GB' is not one of 'en', 'nb'; write en"),
        (("test", "--language", "fi"), "'fi' is not one of 'en', 'nb'.\n"),
        (("kpi", "--by", "queu"), "'path'; did you mean 'queue'?"),
        (("rename", "kø", "a", "b"), "'phone'; did you mean 'queue'?"),
        (("explian",), "No such command 'explian'; did you mean 'explain'?"),
        (("xyzzy",), "No such command 'xyzzy'\n"),
    ],
)
def test_a_word_that_is_none_is_answered_with_the_one_that_is_meant(
    written: tuple[str, ...], told: str
) -> None:
    result = CliRunner().invoke(ivr, written)

    assert result.exit_code in {1, 2}
    assert told in result.stderr
