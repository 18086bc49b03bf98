"""Lines of a queue_log."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.archives.queue_line import BadLine, QueueLine, read_queue_line

OSLO = ZoneInfo("Europe/Oslo")
AT = datetime(2026, 1, 5, 8, 0, 15, tzinfo=UTC)
CONNECTED = QueueLine(AT, "1767600000.1", "600", "PJSIP/kari", "CONNECT", ("14", "1767600010.3"))


@pytest.mark.parametrize(
    "text",
    [
        "1767600015|1767600000.1|600|PJSIP/kari|CONNECT|14|1767600010.3\n",
        "\ufeff1767600015|1767600000.1|600|PJSIP/kari|CONNECT|14|1767600010.3\r\n",
        '"2026-01-05 09:00:15","1767600000.1","600","PJSIP/kari","CONNECT","14","1767600010.3"',
        "2026-01-05T08:00:15+00:00,1767600000.1,600,PJSIP/kari,CONNECT,14,1767600010.3",
        '4711,"2026-01-05 09:00:15.000000",1767600000.1,600,PJSIP/kari,CONNECT,14,1767600010.3',
    ],
)
def test_a_line_is_read_in_each_form(text: str) -> None:
    assert read_queue_line(text, OSLO) == CONNECTED


@pytest.mark.parametrize("text", ["", "  \n", "id,time,callid,queuename,agent,event,data1"])
def test_empty_lines_and_headers_are_no_lines(text: str) -> None:
    assert read_queue_line(text, OSLO) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("garbage", "1 field;"),
        ("yesterday|1.1|600|NONE|ENTERQUEUE", "'yesterday' is no time"),
        ("99999999999|1.1|600|NONE|ENTERQUEUE", "no time"),
        ("0000000001|1.1|600|NONE|ENTERQUEUE", "no time that Asterisk"),
        ("1767600015|a call|600|NONE|ENTERQUEUE", "no id of a call"),
        ("1767600015|1.1|600|NONE|entered", "'entered' is no event"),
        ("1767600015|1.1|600|NONE|\0\0", "bytes that are no text"),
        ('"1767600015,1.1,600,NONE,ENTERQUEUE', "no CSV"),
    ],
)
def test_what_is_none_is_told_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(BadLine, match=why):
        read_queue_line(text, OSLO)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_text_does_more_than_to_be_refused(text: str) -> None:
    try:
        read_queue_line(f"1767600015|{text}", OSLO)
        read_queue_line(text, OSLO)
    except BadLine:
        pass
