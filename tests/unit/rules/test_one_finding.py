"""What is wrong is said once: nothing that only follows from it is found besides."""

from __future__ import annotations

import pytest

from ivr.rules.load import read_rules

RULES = """version: 1
languages: [nb, en]
numbers: {anything else: {to: department bills}}
hours: {office: {daily: 08:00-16:00}}
holidays:
  closed: [{from: 2046-07-13, to: 2046-07-31, say: closed.summer}]
callers:
  hidden: {numbers: withheld, say: closed, to: hangup}
departments:
  bills: {name: {nb: Regning, en: Bills}, hours: office, national: queue main, closed: {say: closed, to: hangup}}
queues:
  main:
    answer: 80% within 20s
    at_most: 25 waiting
    when_full: hangup
    say: [wait.web]
    say_every: 60s
    while_waiting: [{after: 2m, also_ring: queue spare}, {after: 5m, to: hangup}]
  spare: {answer: 80% within 20s, while_waiting: [{after: 5m, to: hangup}]}
agents: {kari: {phone: kari, queues: [main, spare]}}
duty: {pause_reasons: [lunsj, kurs], codes: {star 11: sign in, star 14: pause lunsj}}
"""


@pytest.mark.parametrize(
    ("find", "write", "told"),
    [
        ("pause_reasons: [lunsj, kurs]", "pause_reasons: lunsj kurs", "[lunsj, kurs]"),
        ("pause_reasons: [lunsj, kurs]", "pause_reasons: [Lunsj, kurs]", "write lunsj"),
        ("pause_reasons:", "pausegrunner:", "did you mean 'pause_reasons'?"),
        ("star 14: pause lunsj", "star 14: pause trening", "[lunsj, kurs, trening]"),
        ("pause_reasons: [lunsj, kurs], ", "", "write pause_reasons: [lunsj]"),
        ("pause lunsj", "logg ut", "did you mean 'sign out'?"),
        ("languages: [nb, en]", "languages: [norsk, en]", "write nb"),
        ("languages: [nb, en]", "språk: [nb, en]", "did you mean 'languages'?"),
        ("say: closed.summer", "say: Sommer ferie!", "write its name"),
        ("numbers: withheld, say: closed,", "numbers: withheld, si: closed,", "mean 'say'?"),
        ("numbers: withheld, say: closed,", "numbers: withheld, say: Vi stenger!,", "its name"),
        ("to: hangup}\\ndepartments", "til: hangup}\\ndepartments", "did you mean 'to'?"),
        ("    at_most:", "    at_mots:", "did you mean 'at_most'?"),
        ("    when_full:", "    when_ful:", "did you mean 'when_full'?"),
        ("    say: [wait.web]", "    sier: [wait.web]", "did you mean 'say'?"),
        (
            "{after: 5m, to: hangup}]\\n  spare",
            "{after: snart, to: hangup}]\\n  spare",
            "such as 6s",
        ),
        ("  bills: {name", "  Bills/all: {name", "write bills-all"),
    ],
)
def test_what_is_wrong_is_said_once(find: str, write: str, told: str) -> None:
    find, write = find.replace("\\n", "\n"), write.replace("\\n", "\n")
    assert find in RULES
    text = RULES.replace(find, write, 1)
    if "bills-all" in told:  # what leads there knows the name that is meant
        text = text.replace("department bills", "department bills-all")

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert len(faults) == 1, [str(one) for one in faults]
    assert told in (faults[0].hint or "")


def test_no_name_is_advised_that_was_refused() -> None:
    text = RULES.replace("  spare: {", "  Én/to: {", 1)

    _, faults = read_rules(text.encode(), "rules.yaml")

    assert not any("Én/to" in (fault.hint or "") for fault in faults), faults
