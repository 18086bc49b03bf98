"""Who asks: a name that can stand in a header, a log and the history, or a reason why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.control import author_sent, author_told
from ivr.errors import ChangeRefused


@given(st.text(max_size=110))
def test_a_name_arrives_as_it_was_sent_or_is_not_sent(name: str) -> None:
    try:
        sent = author_sent(name)
    except ChangeRefused:
        with pytest.raises(ChangeRefused):
            author_told(name.replace("%", "%25"))
        return

    assert sent.isascii()
    assert sent.isprintable()
    assert author_told(sent) == name.strip()


@pytest.mark.parametrize("header", [None, "", "  ", "%FF", "a%0Ab", "a%00", "k" * 101, "%1B[31m"])
def test_what_cannot_stand_in_a_log_is_refused_in_words(header: str | None) -> None:
    with pytest.raises(ChangeRefused, match=r"author|Author"):
        author_told(header)
