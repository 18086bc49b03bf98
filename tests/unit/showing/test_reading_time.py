"""How long a prompt may take."""

from __future__ import annotations

from pathlib import Path

from ivr.audio.catalogue import PromptCatalogue
from ivr.audio.script import read_script
from ivr.showing.reading_time import longest_seconds

PROMPTS = Path(__file__).parents[3] / "prompts"


def test_more_words_may_take_longer() -> None:
    assert longest_seconds("tre") < longest_seconds("Du er nummer tre i køen.")
    assert longest_seconds("a  \n b") == longest_seconds("a b")


def test_the_machine_reads_every_shipped_prompt_within_its_time() -> None:
    seconds = {
        (one.language, one.name): one.seconds for one in PromptCatalogue.load(PROMPTS).recordings
    }

    for line in read_script(PROMPTS).lines:
        assert seconds[line.language, line.name] <= longest_seconds(line.words), line.name
