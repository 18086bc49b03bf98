"""What the documents say of tests is what is read."""

from __future__ import annotations

import re
from pathlib import Path

from ivr.proving.reading import read_tests
from ivr.proving.refusals import ProvingKind
from ivr.rules.fault import FaultKind

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "reference" / "rule-tests.md").read_text("utf-8")


def test_each_finding_of_tests_has_its_line_and_a_code_of_its_own() -> None:
    codes = {kind.value for kind in ProvingKind}

    assert set(re.findall(r"IVR8[0-9]{2}", PAGE)) == codes
    assert codes.isdisjoint({kind.value for kind in FaultKind})


def test_the_example_on_the_page_is_read() -> None:
    (example,) = re.findall(r"^```\n(.*?)^```", PAGE, re.M | re.S)

    tests, faults = read_tests(example.encode(), "example.yaml")

    assert faults == ()
    assert tests is not None
    assert len(tests.tests) == 2
