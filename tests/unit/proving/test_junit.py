from __future__ import annotations

from xml.etree import ElementTree as Xml

from ivr.proving.junit import junit
from ivr.proving.reading import read_tests
from ivr.proving.running import Result, run_test
from ivr.rules.fault import Fault
from ivr.rules.model import Location, RuleSet


def results(rules: RuleSet, name: str) -> list[Result]:
    text = (
        f"tests:\n  - name: {name}\n    call: {{to: +47 55 30 10 00, at: 2026-11-23 09:00, press: 1}}\n"
        "    expect: {ends: queue faktura}\n"
        "  - name: other\n    call: {to: +47 55 30 10 00, at: 2026-11-23 09:00, press: 1}\n"
        "    expect: {ends: queue bergen}\n"
    )
    tests, faults = read_tests(text.encode(), "t.yaml")
    assert faults == ()
    assert tests is not None
    return [run_test(rules, test) for test in tests.tests]


def test_each_file_is_a_suite_and_failures_and_faults_are_counted(rules: RuleSet) -> None:
    fault = Fault("error", "IVR204", Location("u.yaml", 3, 1, ""), "no queue called 'x'")

    root = Xml.fromstring(junit(results(rules, "one"), [fault]))

    assert dict(root.attrib) == {"name": "ivr test", "tests": "3", "failures": "1", "errors": "1"}
    assert [suite.get("name") for suite in root] == ["t.yaml", "u.yaml"]
    failure = root.find(".//testcase[@name='one']/failure")
    assert failure is not None
    assert failure.get("message") == "ends: expected queue faktura, got queue bergen"
    assert "rules.yaml:18" in (failure.text or "")
    case = root.find(".//testcase[@name='other']")
    assert case is not None
    assert (case.get("line"), list(case)) == ("5", [])


def test_names_are_escaped(rules: RuleSet) -> None:
    written = junit(results(rules, "\"<b>&'æøå' ]]>\""), [])

    root = Xml.fromstring(written)

    assert root[0][0].get("name") == "<b>&'æøå' ]]>"


def test_what_xml_cannot_hold_is_replaced(rules: RuleSet) -> None:
    fault = Fault(
        "error", "IVR101", Location("t.yaml", 1, 1, ""), "a bell \x07 and \x1b[31m colours"
    )

    root = Xml.fromstring(junit([], [fault]))

    error = root.find(".//error")
    assert error is not None
    assert error.get("message") == "a bell \ufffd and \ufffd[31m colours"
