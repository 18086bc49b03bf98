"""Words of time on a real Asterisk: at night another menu, lunch with its own words, Christmas Eve opened, a season."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.proving.reading import read_tests
from ivr.proving.rule_tests import RuleTest
from ivr.proving.running import run_test
from ivr.rules.lint.prompts import spoken_prompts
from ivr.rules.load import load_rules
from ivr.sipp import AwaitHangUp, CallerScript, Pause, Press, PutDown, Sipp
from tests.acceptance.serving import serving, tone_prompts, write_tone
from tests.acceptance.test_rules_on_asterisk import TEST_TIME, journal_of
from tests.ports import MEDIA, SIP

pytestmark = pytest.mark.real

FOLDER = Path(__file__).parents[1] / "data" / "rules"
TEXT = (FOLDER / "words_of_time.yaml").read_text("utf-8")
RULES, _ = load_rules(TEXT.encode(), "words_of_time.yaml")
PLAYED = (
    "at night the number leads to another",
    "at lunch invoices say so, and go where they go when closed",
    "Christmas Eve closes at twelve",
    "summer begins on 1 June",
    "on the first Tuesday it has a meeting",
)


def sample() -> list[RuleTest]:
    file = FOLDER / "words_of_time_tests.yaml"
    tests, _ = read_tests(file.read_bytes(), str(file))
    assert tests is not None
    by_name = {test.name: test for test in tests.tests}
    return [by_name[name] for name in PLAYED]


async def test_calls_at_their_times_end_where_the_simulator_says(
    tmp_path: Path, sipp_argv: tuple[str, ...]
) -> None:
    prompts = tone_prompts(tmp_path / "p")
    for name in spoken_prompts(RULES):
        write_tone(prompts / "nb" / f"{name}.wav", 500, seconds=0.5)
    sipp = Sipp(sipp_argv, tmp_path / "sipp", sip_ports=SIP, media_ports=MEDIA)
    found, expected = [], []
    async with serving(tmp_path, TEXT, prompts, TEST_TIME) as server:
        for number, test in enumerate(sample(), 1):
            pressed = [step for key in test.call.press for step in (Pause(2), Press(key))]
            at = test.call.at.isoformat(timespec="minutes")
            assert test.call.dialled is not None
            walked = run_test(RULES, test).walked
            ends = (AwaitHangUp(),) if walked.ends == "hangup" else (Pause(4), PutDown())
            caller = CallerScript(
                test.call.dialled.digits,
                "+4790000001",
                (*pressed, *ends),
                headers={"X-Sim-Now": at},
            )
            report = await sipp.call(caller, server.sip, within_seconds=60)
            assert report.failures == (), test.name
            record = (await server.records(number))[0]
            found.append(journal_of(server, record.call_id))
            expected.append((walked.ends, walked.said))

    assert found == expected
