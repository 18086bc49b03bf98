"""The speech workers that a server tells of."""

from __future__ import annotations

import pytest

from ivr.observe import Counts
from ivr.rules.load import load_rules
from ivr.server.speech import SpeechInUse
from ivr.speech.workers import WorkerAddress, Workers

RULES = """
version: 1
languages: [nb]
numbers: {anything else: menu main}
menus:
  main: {say: welcome, speech: SPEECH, keys: {1: queue salg}, nothing_chosen: queue salg}
queues:
  salg: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
"""


@pytest.mark.parametrize(("speech", "told"), [("false", 0), ("true", 1)])
def test_a_worker_is_told_of_where_a_menu_listens(speech: str, told: int) -> None:
    rules, _ = load_rules(RULES.replace("SPEECH", speech).encode(), "rules.yaml")
    workers = Workers([WorkerAddress("speech-beside", "127.0.0.1", 4573)], "secret")

    assert len(SpeechInUse(workers, None, Counts()).lines(rules)) == told
