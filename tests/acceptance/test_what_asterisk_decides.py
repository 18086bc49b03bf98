"""What Asterisk decides by itself (docs/explanation/what-asterisk-decides.md), on a real one."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest

from tests.acceptance.bare import KARI, bare_asterisk
from tests.acceptance.plain_sip import plain_phone

pytestmark = pytest.mark.real

WAIT_SECONDS = 8.0

EMERGENCY = (
    *("112", "+112", "+47112", "0047112", "0047%20112", "47112", "0112", "00112", "000047112"),
    *("112%23", "112*", "112%23%23", "%2331%23112", "*31*112", "*31%23112", "%2331%23+47112"),
    *("1-1-2", "1.1.2", "(112)", "(+47)112", "112.", "%31%31%32", "%2B47112"),
    *("112;phone-context=+47", "112;npdi", "+47112;rn=+4759900123", "112%23;user=phone"),
    *("110", "1412", "+471412", "0047110", "+110", "110%23", "113", "0047113", "+47113;isub=1"),
)
NO_EMERGENCY = (
    "1120",
    "x112",
    "112abc",
    "55301112",
    "+4711255",
    "1112",
    "*112*5",
    "21*112",
    "kari113",
)
TAKEN = {
    "": "s",
    "s": "s",
    "i": "i",
    "T": "T",
    "(47)55301000": "4755301000",
    "+4755301000;npdi;rn=+4759900123": "+4755301000;npdi;rn=+4759900123",
    "55301000;phone-context=+47": "55301000;phone-context=+47",
    "a,b(c": "abc",
    "%24%7BEXTEN%7D": "EXTEN",
    "%0d%0a12": "12",
    "%22;%5D%5B%29": ";",
    "%C3%A6": "",
    "a" * 120: "a" * 79,
}
WITHIN_A_CALL = (
    ("OPTIONS", "", "", 200),
    ("INFO", "", "", 200),
    ("INFO", "Content-Type: application/dtmf-relay", "Signal=1\r\nDuration=160\r\n", 200),
    ("INFO", "Content-Type: application/dtmf", "1", 200),
    ("INFO", "Content-Type: application/media_control+xml", "<x/>", 200),
    ("MESSAGE", "Content-Type: text/plain", "hei", 202),
    ("UPDATE", "", "", 200),
    ("REFER", "Refer-To: <sip:100@127.0.0.1>", "", 603),
    ("PRACK", "RAck: 1 1 INVITE", "", 400),
)
OUTSIDE_A_CALL = (
    ("OPTIONS", "", "", 200),
    ("MESSAGE", "Content-Type: text/plain", "hei", 404),
    ("REFER", "Refer-To: <sip:100@127.0.0.1>", "", 501),
    ("SUBSCRIBE", "Event: dialog\r\nExpires: 60", "", 603),
    ("PUBLISH", "Event: presence\r\nExpires: 60", "", 489),
    ("INFO", "", "", 501),
    ("NOTIFY", "Event: x", "", 501),
    ("FOO", "", "", 501),
)
ELSEWHERE = ("<sip:90000009@127.0.0.1>", "<sip:s@127.0.0.1>", "<sip:112@127.0.0.1>", "<tel:100>")
NO_SIP = 3
"""The one of these that Asterisk does not think of calling, and so tells as any other refusal."""


async def test_an_emergency_number_is_one_in_every_spelling_and_never_reaches_the_server(
    tmp_path: Path,
) -> None:
    async with (
        bare_asterisk(tmp_path / "home", "refuse") as (running, server),
        plain_phone(_sip(running.blueprint.sip_address), KARI.name, KARI.password) as phone,
    ):
        for spelt in EMERGENCY:
            _, refused = await phone.call(spelt)
            assert (spelt, refused.status) == (spelt, 503)
        assert server.dialled == []
        for other in NO_EMERGENCY:
            _, refused = await phone.call(other)
            assert (other, refused.status) == (other, 486)

    log = (running.blueprint.folder / "log/messages.log").read_text()
    told = re.findall(r"emergency call \S+ to (\d+) from phone kari refused", log)
    assert len(server.dialled) == len(NO_EMERGENCY)
    assert len(told) == len(EMERGENCY)
    assert set(told) == {"110", "112", "113", "1412"}


async def test_whatever_is_dialled_is_a_call_and_comes_as_plain_text(tmp_path: Path) -> None:
    async with (
        bare_asterisk(tmp_path / "home", "refuse") as (running, server),
        plain_phone(_sip(running.blueprint.sip_address), "+4790000001") as phone,
    ):
        for dialled in TAKEN:
            _, refused = await phone.call(dialled)
            assert (dialled, refused.status) == (dialled, 486)
        _, refused = await phone.call("h")  # what Asterisk runs after a hang-up
        assert refused.status == 603

    assert server.dialled == list(TAKEN.values())


async def test_a_request_within_a_call_is_answered(tmp_path: Path) -> None:
    async with (
        bare_asterisk(tmp_path / "home", "answer") as (running, server),
        plain_phone(_sip(running.blueprint.sip_address), "+4790000001") as phone,
    ):
        dialog, answered = await phone.call("100")
        assert answered.status == 200
        for method, headers, body, status in WITHIN_A_CALL:
            answer = await phone.request(dialog, method, headers, body)
            assert (method, answer.status) == (method, status)
        assert len(await server.channels()) == 1
        await phone.hang_up(dialog)


async def test_a_request_outside_a_call_makes_no_call(tmp_path: Path) -> None:
    async with (
        bare_asterisk(tmp_path / "home", "answer") as (running, server),
        plain_phone(_sip(running.blueprint.sip_address), "+4790000001") as phone,
    ):
        for method, headers, body, status in OUTSIDE_A_CALL:
            answer = await phone.request(phone.dialog("100"), method, headers, body)
            assert (method, answer.status) == (method, status)
        assert server.dialled == []
        assert await server.channels() == []


async def test_a_phone_that_is_forwarded_makes_no_call(tmp_path: Path) -> None:
    async with (
        bare_asterisk(tmp_path / "home", "answer") as (running, server),
        plain_phone(_sip(running.blueprint.sip_address), KARI.name, KARI.password) as phone,
    ):
        assert await phone.register() == 200
        legs = []
        for status in (
            "300 Multiple Choices",
            "301 Moved",
            "302 Moved",
            "305 Use Proxy",
            "380 Other",
        ):
            for contact in ELSEWHERE:
                legs.append(f"{status[:3]}-{ELSEWHERE.index(contact)}")
                await server.ring("PJSIP/kari", legs[-1])
                phone.answer(await phone.receives("INVITE"), status, f"Contact: {contact}")
                async with asyncio.timeout(WAIT_SECONDS):
                    # The leg ends by itself: there is nothing to wait on but time.
                    while await server.channels():  # noqa: ASYNC110
                        await asyncio.sleep(0.02)

    assert server.dialled == []
    assert server.redirected == [leg for leg in legs if not leg.endswith(f"-{NO_SIP}")]


def _sip(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host, int(port)
