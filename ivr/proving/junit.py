"""The results as JUnit XML, which every build server reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as Xml

from ivr.proving.running import Result
from ivr.proving.telling import told
from ivr.rules.fault import Fault

# XML 1.0 has no way to write these, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Iterable[Result], faults: Iterable[Fault]) -> bytes:
    """A suite for each file; a fault of a file is an error in it."""
    root = Xml.Element("testsuites", name="ivr test")
    suites: dict[str, Xml.Element] = {}
    for result in results:
        suite = _suite(root, suites, result.test.at.file)
        case = _case(suite, result.test.name, result.test.at.line)
        if not result.passed:
            summary = "; ".join(
                f"{one.word}: expected {one.expected}, got {one.got}" for one in result.mismatches
            )
            failure = Xml.SubElement(case, "failure", message=_clean(summary), type="mismatch")
            failure.text = _clean("\n".join(told(result)))
    for fault in faults:
        suite = _suite(root, suites, fault.location.file)
        case = _case(suite, f"{fault.code} at line {fault.location.line}", fault.location.line)
        error = Xml.SubElement(case, "error", message=_clean(fault.message), type=fault.code)
        error.text = _clean(str(fault))
    for element in (*suites.values(), root):
        _count(element)
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _suite(root: Xml.Element, suites: dict[str, Xml.Element], file: str) -> Xml.Element:
    if file not in suites:
        suites[file] = Xml.SubElement(root, "testsuite", name=_clean(file))
    return suites[file]


def _case(suite: Xml.Element, name: str, line: int) -> Xml.Element:
    file = suite.get("name", "")
    return Xml.SubElement(
        suite, "testcase", name=_clean(name), classname=file, file=file, line=str(line)
    )


def _count(element: Xml.Element) -> None:
    for word, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        element.set(word, str(sum(1 for _ in element.iter(tag))))


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
