"""The page that a speaker reads from."""

from __future__ import annotations

from ivr.showing.speaker_page import SpeakerLine, speaker_page

HELLO = SpeakerLine("welcome", "nb", "Hei & velkommen <b>", "i menyen main", "first", "stand-in")
WORDLESS = SpeakerLine("closed", "en", None, "", "", "missing")


def test_the_page_has_the_words_where_they_are_heard_and_how_long_they_may_be() -> None:
    page = speaker_page([HELLO], "nb")

    assert "Hei &amp; velkommen &lt;b&gt;" in page
    assert "<code>welcome</code> · leses av en maskin · Høres i menyen main · Høyst 3 s" in page
    assert page.count("<h2>På norsk</h2>") == 1


def test_a_prompt_without_words_says_so() -> None:
    page = speaker_page([WORDLESS], "en")

    assert "The words are missing" in page
    assert "At most" not in page.split("<article")[1]


def test_the_page_needs_no_other_file() -> None:
    page = speaker_page([HELLO, WORDLESS], "en")

    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page
