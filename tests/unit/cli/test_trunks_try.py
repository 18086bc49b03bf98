"""How the trial of a trunk is told, with the mends of what is not well."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli import trunks_try
from ivr.cli.trunks import trunks
from ivr.control import CallTried, HostTried, TrunkTried
from ivr.errors import ServerNotRunning

WELL = HostTried(address="192.0.2.10", status=200, milliseconds=12.5)
SILENT = HostTried(address="192.0.2.10")
ANSWERED = CallTried(
    address="192.0.2.10",
    rang_seconds=0.4,
    answered_seconds=3.2,
    codec="alaw",
    packets_heard=412,
    key="1",
)
UNTIL = datetime(2026, 11, 26, 12, tzinfo=UTC)


def told(monkeypatch: pytest.MonkeyPatch, tried: TrunkTried, *argv: str) -> tuple[int, list[str]]:
    monkeypatch.setattr(trunks_try, "ask", lambda *_, **__: tried)
    result = CliRunner().invoke(trunks, ["try", "telia", "--home", "/nowhere", *argv])
    return result.exit_code, result.output.splitlines()


def test_a_trunk_that_is_well_has_no_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = TrunkTried(
        trunk="telia",
        hosts=(WELL,),
        is_registered=True,
        registered_until=UNTIL,
        calls=(ANSWERED,),
    )

    code, lines = told(monkeypatch, tried)

    assert code == 0
    assert lines[0] == "asked 192.0.2.10 (OPTIONS): 200 after 12.5 ms"
    assert lines[1].startswith("signed in until 2026-11-26 ")
    assert lines[2] == (
        "called over 192.0.2.10: rang after 0.4 s, answered after 3.2 s, codec alaw, "
        "412 packets of sound received, key 1 heard"
    )


def test_over_tls_both_certificates_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    host = HostTried(address="a", status=200, milliseconds=12.5, certificate_until=UNTIL)
    tried = TrunkTried(trunk="telia", hosts=(host,), own_certificate_until=UNTIL)

    code, lines = told(monkeypatch, tried)

    assert code == 0
    assert lines == [
        "asked a (OPTIONS): 200 after 12.5 ms, its certificate is good until 2026-11-26",
        "our certificate is good until 2026-11-26",
    ]


@pytest.mark.parametrize(
    ("tried", "line", "mend"),
    [
        (TrunkTried(trunk="t", hosts=(SILENT,)), "no answer", "firewall"),
        (TrunkTried(trunk="t", hosts=()), "no address", "firewall"),
        (
            TrunkTried(
                trunk="t", hosts=(WELL,), is_registered=False, sign_in_failed="403 to REGISTER"
            ),
            "not signed in (403 to REGISTER)",
            "password_file",
        ),
        (
            TrunkTried(
                trunk="t",
                hosts=(WELL,),
                calls=(CallTried(address="a", status=503, mend="too many"),),
            ),
            "not taken: 503",
            "too many",
        ),
        (
            TrunkTried(
                trunk="t",
                hosts=(WELL,),
                calls=(CallTried(address="a", answered_seconds=1.0, packets_heard=0, key="1"),),
            ),
            "0 packets of sound received",
            "sip.rtp",
        ),
        (
            TrunkTried(
                trunk="t",
                hosts=(WELL,),
                calls=(CallTried(address="a", answered_seconds=1.0, packets_heard=50),),
            ),
            "no key heard",
            "digits",
        ),
    ],
)
def test_what_is_not_well_has_its_mend(
    monkeypatch: pytest.MonkeyPatch, tried: TrunkTried, line: str, mend: str
) -> None:
    code, lines = told(monkeypatch, tried)

    assert code == 1
    assert any(line in one for one in lines)
    assert any(one.startswith("-> ") and mend in one for one in lines)


def test_a_trunk_that_answers_calls_need_answer_no_options(monkeypatch: pytest.MonkeyPatch) -> None:
    code, _ = told(monkeypatch, TrunkTried(trunk="t", hosts=(SILENT,), calls=(ANSWERED,)))

    assert code == 0


def test_nobody_who_answers_is_told_and_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    rang = CallTried(address="a", rang_seconds=1.0)
    code, lines = told(monkeypatch, TrunkTried(trunk="t", hosts=(WELL,), calls=(rang,)))

    assert code == 0
    assert lines[-1] == "called over a: rang after 1 s, nobody answered"


def test_without_a_server_it_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ServerNotRunning, match="no server"):
        CliRunner().invoke(
            trunks, ["try", "telia", "--home", str(tmp_path)], catch_exceptions=False
        )
