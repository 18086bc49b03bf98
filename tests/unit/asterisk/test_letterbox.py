"""What Asterisk's log says, on lines that Asterisk 22.10.1 wrote."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.asterisk import letterbox
from ivr.asterisk.letterbox import (
    BarredRefused,
    Complaint,
    EmergencyCall,
    PasswordRight,
    RegistrationFailed,
    Report,
    StrangerRefused,
    TransferRefused,
    WrongPassword,
)

AT = "[2026-11-26 01:57:06.454] "
SECURITY = (
    AT
    + 'SECURITY[19203] res_security_log.c: SecurityEvent="{}",Severity="Error",Service="PJSIP",AccountID="{}"'
)
FROM = ',SessionID="29b6",LocalAddress="IPV4/UDP/127.0.0.1/24016",RemoteAddress="IPV4/UDP/192.0.2.7/43355",Challenge=""'

TIME = datetime(2026, 11, 26, 1, 57, 6, 454000).astimezone(UTC)
CALL = EmergencyCall("17.1", "112", "kari", "began", TIME)
EMERGENCIES = [
    ("kari began", CALL),
    ("kari began as +4755301000", replace(CALL, shown="+4755301000")),
    (
        "kari not taken by telia: CONGESTION 503",
        replace(CALL, stage="not taken", trunk="telia", outcome="CONGESTION", status=503),
    ),
    (
        "kari not taken by lyse: BUSY ",
        replace(CALL, stage="not taken", trunk="lyse", outcome="BUSY"),
    ),
    ("kari refused: no trunk took it", replace(CALL, stage="refused")),
    (
        "kari ended: ANSWER 35 lyse",
        replace(CALL, stage="ended", outcome="ANSWER", seconds=35, trunk="lyse"),
    ),
    ("kari ended: CANCEL  lyse", replace(CALL, stage="ended", outcome="CANCEL", trunk="lyse")),
    ("kari ended:  ", replace(CALL, stage="ended")),
]
REACHED = "received from 'sip:192.0.2.10:503' on registration attempt to 'sip:4755@x.example'"
REGISTRATIONS = [
    (
        f"{begins} {REACHED}, retrying in '30' seconds",
        RegistrationFailed("sip:4755@x.example", "sip:192.0.2.10:503", status),
    )
    for begins, status in (
        ("No response", None),
        ("Temporal response '503'", 503),
        ("403 Forbidden fatal response", 403),
        ("'401' fatal response", 401),
        ("Fatal response '404'", 404),
    )
]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        *(
            (
                AT
                + f"WARNING[1][C-00000001] Ext. 112: emergency call 17.1 to 112 from phone {told}",
                call,
            )
            for told, call in EMERGENCIES
        ),
        (
            AT
            + "WARNING[19189] res_pjsip_refer.c: Endpoint kari transfer attempt blocked due to configuration",
            TransferRefused("kari"),
        ),
        (
            SECURITY.format("ChallengeResponseFailed", "kari") + FROM,
            WrongPassword("kari", "192.0.2.7"),
        ),
        (SECURITY.format("InvalidPassword", "kari") + FROM, WrongPassword("kari", "192.0.2.7")),
        (SECURITY.format("InvalidAccountID", "+4790000001") + FROM, StrangerRefused("192.0.2.7")),
        *(
            (AT + "WARNING[7] res_pjsip_outbound_registration.c: " + told, failed)
            for told, failed in REGISTRATIONS
        ),
        (AT + "ERROR[1] loader.c: it does not load", Complaint("loader.c: it does not load")),
        (
            SECURITY.format("SuccessfulAuth", "kari") + FROM,
            PasswordRight("kari", "192.0.2.7"),
        ),
        (
            SECURITY.format("InvalidAccountID", "kary") + FROM,
            StrangerRefused("192.0.2.7", "kary"),
        ),
        (
            SECURITY.format("InvalidAccountID", "x+4790000001") + FROM,
            StrangerRefused("192.0.2.7"),
        ),
        (
            AT
            + "WARNING[1] res_pjsip_acl.c: Incoming SIP message from [2001:db8::7]:5060 did not pass ACL test",
            BarredRefused("2001:db8::7"),
        ),
    ],
)
def test_what_an_operator_must_know_is_read(line: str, said: Report) -> None:
    assert list(letterbox.said(line)) == [said]


@pytest.mark.parametrize(
    "line",
    [
        SECURITY.format("ChallengeSent", "kari") + FROM,
        AT
        + "NOTICE[1] pjsip_distributor.c: Request 'INVITE' from '\"Kari\" <sip:+4790000001@h>' failed",
        AT + "Asterisk 22.10.1 built by nobody",
        "",
        "the second half of a line",
    ],
)
def test_what_nobody_need_know_is_passed_over(line: str) -> None:
    assert list(letterbox.said(line)) == []


@pytest.mark.parametrize(
    "text",
    [
        "res_pjsip.c: CallerID Name 'Kari N\ufffdrdmann {}' for number '+4790000001' has invalid UTF-8 characters",
        "x.c: from '\"Kari O'Nordmann\" <sip:+4790000001@127.0.0.1>' failed",
        "x.c: call from Kari Nordmann <sip:+4790000001@127.0.0.1>",
        "x.c: number +4790000001 and 90000001 and 004790000001",
    ],
)
def test_no_name_and_no_number_is_shown(text: str) -> None:
    (complaint,) = letterbox.said(f"{AT}WARNING[1] {text.format('x' * 500)}")

    assert isinstance(complaint, Complaint)
    assert "Kari" not in complaint.text
    assert "0000001" not in complaint.text
    assert len(complaint.text) <= letterbox.LONGEST_TEXT


@given(st.text(max_size=400))
def test_no_line_can_harm_whoever_reads_the_log(text: str) -> None:
    for one in letterbox.said(f"{AT}WARNING[1] {text}"):
        if isinstance(one, Complaint):
            assert one.text.replace("\u2026", "").isascii()
            assert one.text.isprintable()
