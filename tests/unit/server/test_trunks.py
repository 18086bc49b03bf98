"""Which calls a trunk may bring, and how many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.ari.events import Arrival
from ivr.asterisk.letterbox import RegistrationFailed
from ivr.asterisk.registrations import SignIn
from ivr.certificates import OwnCertificate
from ivr.server.trunks import TrunkRefusal, TrunksInUse
from ivr.settings import TrunkSettings
from ivr.trunks import Trunk, TrunkTls, open_trunk

TELIA = open_trunk(
    TrunkSettings(name="telia", addresses=("192.0.2.10",), calls_at_once=2), lambda _: ()
)
SHUT = open_trunk(
    TrunkSettings(name="shut", addresses=("192.0.2.11",), calls_at_once=0), lambda _: ()
)

SAID = TrunkSettings(
    name="lyse",
    addresses=("192.0.2.12:5070",),
    register=True,
    account="4755",
    password_file=Path("unused"),
    domain="lyse.example",
)
LYSE = Trunk(SAID, SAID.hosts, SAID.sources, "hemmelig")


def arrival(account: str = "telia", sent_from: str = "192.0.2.10") -> Arrival:
    return Arrival("1", "node-1", (), "", "", "100", f"PJSIP/{account}", "id", sent_from=sent_from)


def refused(
    domain: str, registrar: str = "192.0.2.12:5070", status: int | None = 403
) -> RegistrationFailed:
    return RegistrationFailed(f"sip:4755@{domain}", f"sip:{registrar}", status)


NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


class StoppedClock:
    """It is noon."""

    def now(self) -> datetime:
        return NOW


def trunks(*more: Trunk) -> TrunksInUse:
    return TrunksInUse(StoppedClock(), lambda: (TELIA, SHUT, *more))


def test_a_trunk_has_as_many_calls_as_it_may_and_a_place_is_free_when_one_ends() -> None:
    of = trunks()
    for call_id in ("a", "b"):
        assert of.refusal(arrival()) is None
        of.begin(call_id, arrival())

    assert of.refusal(arrival()) is TrunkRefusal.FULL
    of.end("a")
    of.end("a")

    assert of.refusal(arrival()) is None
    assert (of.calls_in["telia"], of.refused["telia"]) == (1, 1)


def test_a_trunk_that_may_bring_no_calls_brings_none() -> None:
    assert trunks().refusal(arrival("shut", "192.0.2.11")) is TrunkRefusal.FULL


@pytest.mark.parametrize("sent_from", ["192.0.2.11", "203.0.113.5", "2001:db8::1", "nonsense"])
def test_whoever_knows_the_line_and_is_not_at_the_carriers_address_is_a_stranger(
    sent_from: str,
) -> None:
    assert trunks().refusal(arrival(sent_from=sent_from)) is TrunkRefusal.STRANGER


@pytest.mark.parametrize("account", ["kari", "local", ""])
def test_what_is_no_trunk_is_not_counted_and_not_refused(account: str) -> None:
    of = trunks()

    assert of.refusal(arrival(account, "203.0.113.5")) is None
    of.begin("a", arrival(account))
    of.end("a")
    assert not of.calls_in


def test_how_it_is_with_each_trunk_is_what_was_last_heard() -> None:
    of = trunks(LYSE)
    of.reached("lyse", is_reachable=True)
    of.reached("kari", is_reachable=False)
    of.registered({"lyse": SignIn(is_registered=True, seconds_left=90)})

    telia, _, lyse = of.views()

    assert (telia.is_reachable, telia.is_registered) == (None, None)
    assert (lyse.is_reachable, lyse.is_registered) == (True, True)
    assert lyse.registered_until == NOW + timedelta(seconds=90)
    assert list(of.problems()) == []


@pytest.mark.parametrize(("status", "told"), [(403, "403 to REGISTER"), (None, "no answer to")])
def test_a_trunk_that_cannot_sign_in_is_a_problem_with_its_reason(
    status: int | None, told: str
) -> None:
    of = trunks(LYSE)
    of.registered({"lyse": SignIn(is_registered=True, seconds_left=90)})
    of.registered({"lyse": SignIn(is_registered=False)})
    of.registration_failed(refused("lyse.example", status=status))

    (problem,) = of.problems()

    assert "trunk lyse is not signed in" in problem
    assert told in problem


def test_what_somebody_else_is_told_concerns_no_trunk() -> None:
    of = trunks(LYSE)
    of.registration_failed(RegistrationFailed("sip:4756@lyse.example", "sip:192.0.2.12:5070", 403))
    of.registration_failed(RegistrationFailed("sip:4755@lyse.example", "sip:192.0.2.99:5070", 403))

    assert [view.last_failure for view in of.views()] == [None, None, None]


def another(address: str) -> Trunk:
    """A second trunk with Lyse's account and domain."""
    said = SAID.model_copy(update={"name": "lyse2", "addresses": (address,)})
    return Trunk(said, said.hosts, said.sources, "hemmelig")


def test_of_two_trunks_with_one_account_the_one_whose_registrar_refused_has_failed() -> None:
    of = trunks(LYSE, another("192.0.2.13:5070"))

    of.registration_failed(refused("lyse.example", "192.0.2.13:5070"))

    assert {view.name: view.last_failure is not None for view in of.views()} == {
        "telia": False,
        "shut": False,
        "lyse": False,
        "lyse2": True,
    }


def test_of_two_trunks_with_one_account_at_one_registrar_the_one_that_is_out_has_failed() -> None:
    of = trunks(LYSE, another("192.0.2.12:5070"))
    of.registered({"lyse": SignIn(is_registered=True, seconds_left=90)})

    of.registration_failed(refused("lyse.example"))

    failed = [view.name for view in of.views() if view.last_failure]
    assert failed == ["lyse2"]


def test_a_trunk_that_does_not_answer_is_a_problem_unless_it_is_not_asked() -> None:
    silent = TrunkSettings(name="silent", addresses=("192.0.2.13",), ping_seconds=0)
    of = trunks(open_trunk(silent, lambda _: ()))
    for name in ("telia", "silent"):
        of.reached(name, is_reachable=False)

    (problem,) = of.problems()

    assert "trunk telia does not answer" in problem
    assert "ping_seconds = 0" in problem


def over_tls(ends: datetime | None = None) -> Trunk:
    said = TrunkSettings(name="tls", addresses=("sip.tls.example:5061",), transport="tls")
    own = OwnCertificate(ends, "pem") if ends else None
    files = TrunkTls(Path("/ca.pem"), "0", Path("/own.pem"), Path("/own.pem"), own)
    return Trunk(said, said.hosts, (), tls=files)


def test_a_trunk_over_tls_is_in_doubt_until_it_answers_and_its_trouble_is_told() -> None:
    of = trunks(over_tls())
    assert [one.name for one in of.in_doubt()] == ["tls"]

    of.tls_found({"tls": "the certificate of sip.tls.example is not believed: has expired"})
    (problem,) = of.problems()
    assert problem.startswith("trunk tls: the certificate of sip.tls.example is not believed")

    of.reached("tls", is_reachable=True)
    of.tls_found({})
    assert of.in_doubt() == ()
    assert list(of.problems()) == []


@pytest.mark.parametrize(("days", "word"), [(13, "ends"), (-1, "has ended"), (15, None)])
def test_a_certificate_of_ours_that_ends_soon_is_told(days: int, word: str | None) -> None:
    told = list(trunks(over_tls(NOW + timedelta(days=days))).problems())

    assert len(told) == (word is not None)
    assert word is None or f"our certificate in /own.pem {word} at" in told[0]


def test_failures_are_counted_by_method_and_class_of_status_and_there_are_few_classes() -> None:
    of = trunks(LYSE)
    for status in (503, 500, 486, 603, 302, None, 999, 200):
        of.call_failed("lyse", status)
    of.registration_failed(refused("lyse.example"))

    (view,) = [view for view in of.views() if view.name == "lyse"]
    assert view.failures == {
        "INVITE": {"3xx": 1, "4xx": 1, "5xx": 2, "6xx": 1, "none": 3},
        "REGISTER": {"4xx": 1},
    }


def test_calls_that_came_are_counted_for_good() -> None:
    of = trunks()
    of.begin("a", arrival())
    of.end("a")

    view = next(of.views())
    assert (view.calls_in, view.came) == (0, 1)
