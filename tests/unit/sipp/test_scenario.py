from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from ivr.sipp import (
    AgentScript,
    AwaitHangUp,
    Behaviour,
    CallerScript,
    Credentials,
    Pause,
    Press,
    PutDown,
)
from ivr.sipp.scenario import agent_scenario, caller_scenario, registration_scenario


def story(xml: str) -> list[str]:
    """A scenario as a line for each element: what is sent, awaited, played."""
    return [line(element) for element in ElementTree.fromstring(xml)]


def line(element: ElementTree.Element) -> str:
    what = element.attrib
    match element.tag:
        case "send":
            first = (element.text or "").strip().splitlines()[0]
            return (
                f"send {first.removesuffix(' SIP/2.0').removeprefix('SIP/2.0 ').split(' sip:')[0]}"
            )
        case "recv":
            mark = "?" if "optional" in what else ""
            return f"await {what.get('request') or what.get('response')}{mark}"
        case "nop":
            (action,) = element[0]
            return f"{action.tag} {next(iter(action.attrib.values()))}"
        case "pause":
            return f"pause {what['milliseconds']}"
        case _:
            return f"{element.tag} {what.get('id') or ''}"


def sent(xml: str) -> Iterator[str]:
    return ((element.text or "").strip() for element in ElementTree.fromstring(xml).iter("send"))


def test_caller_dials_presses_a_key_and_hangs_up() -> None:
    script = CallerScript("55512345", "+4790000001", (Pause(1.25), Press("#"), PutDown()))

    assert story(caller_scenario(script)) == [
        "send INVITE",
        "await 100?",
        "await 180?",
        "await 183?",
        "await 200",
        "send ACK",
        "exec tone.alaw,-1,8,PCMA/8000",
        "pause 1250",
        "exec key-hash.rfc4733,1,98,iLBC/8000",
        "pause 200",
        "exec tone.alaw,-1,8,PCMA/8000",
        "send BYE",
        "await 200",
        "log [call_id]",
    ]


def test_caller_who_waits_for_the_end_answers_the_bye() -> None:
    script = CallerScript("55512345", "+4790000001", (AwaitHangUp(),))

    assert story(caller_scenario(script))[-3:] == ["await BYE", "send 200 OK", "log [call_id]"]


def test_first_message_carries_numbers_headers_and_an_offer_of_speech_and_keys() -> None:
    headers = {"X-Sim-Now": "2026-11-23T10:00"}
    script = CallerScript("*55#", "+4790000001", (PutDown(),), headers)

    invite = next(sent(caller_scenario(script)))

    head, _, offer = invite.partition("\n\n")
    assert head.startswith("INVITE sip:*55%23@[remote_ip]:[remote_port] SIP/2.0\n")
    assert "\nFrom: <sip:+4790000001@[local_ip]:[local_port]>;tag=" in head
    assert "\nX-Sim-Now: 2026-11-23T10:00\n" in head
    assert "m=audio [rtpstream_audio_port] RTP/AVP 8 0 98" in offer
    assert "a=rtpmap:98 telephone-event/8000" in offer


def test_headers_are_only_in_the_first_message() -> None:
    script = CallerScript("100", "+4790000001", (PutDown(),), {"X-Sim-Now": "2026-11-23T10:00"})

    assert sum("X-Sim-Now" in message for message in sent(caller_scenario(script))) == 1


def test_agent_rings_answers_and_stays_until_the_server_hangs_up() -> None:
    script = AgentScript(answers_after=0.5)

    assert story(agent_scenario(script)) == [
        "await OPTIONS?",
        "await INVITE",
        "send 180 Ringing",
        "await CANCEL",
        "send 200 OK",
        "send 487 Request Terminated",
        "await ACK",
        "label answer",
        "send 200 OK",
        "await ACK",
        "log [call_id]",
        "await BYE",
        "send 200 OK",
        "label qualified",
        "send 200 OK",
        "label end",
    ]


def test_agent_who_is_cancelled_while_ringing_ends_both_transactions() -> None:
    cancelled = list(sent(agent_scenario(AgentScript())))[2]

    assert "\nCSeq: [last_cseq_number] INVITE\n" in cancelled


def test_agent_who_hangs_up_says_bye_from_its_own_end() -> None:
    messages = list(sent(agent_scenario(AgentScript(hangs_up_after=2.0))))

    (bye,) = (message for message in messages if message.startswith("BYE"))
    assert bye.startswith("BYE [next_url] SIP/2.0\n")
    assert "\nFrom:[$agent]\nTo:[$caller]\n" in bye


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (Behaviour.BUSY, ["send 486 Busy Here", "await ACK"]),
        (Behaviour.DECLINES, ["send 603 Decline", "await ACK"]),
        (
            Behaviour.NEVER_ANSWERS,
            ["send 180 Ringing", "await CANCEL", "send 200 OK", "send 487 Request Terminated"],
        ),
    ],
)
def test_agent_who_does_not_take_the_call_says_so(behaviour: Behaviour, says: list[str]) -> None:
    told = story(agent_scenario(AgentScript(behaviour=behaviour)))

    assert told[2 : 2 + len(says)] == says


@pytest.mark.parametrize("behaviour", Behaviour)
def test_every_jump_of_an_agent_lands_on_a_label(behaviour: Behaviour) -> None:
    for hangs_up_after in (None, 1.0):
        script = AgentScript(behaviour=behaviour, hangs_up_after=hangs_up_after)
        scenario = ElementTree.fromstring(agent_scenario(script))

        jumps = {e.get(kind) for e in scenario for kind in ("next", "ontimeout")} - {None}
        assert jumps <= {label.get("id") for label in scenario.iter("label")}


def test_signing_in_answers_the_challenge_from_the_phones_own_address() -> None:
    account = Credentials("kari", "hemmelig-passord", ("127.0.0.1", 5060))

    scenario = registration_scenario(account, expires_seconds=3600)

    first, second = sent(scenario)
    assert "\nContact: <sip:kari@[local_ip]:[local_port]>\nExpires: 3600\n" in first
    assert "hemmelig" not in first
    assert "\n[authentication username=kari password=hemmelig-passord]\n" in second
    assert "await 401" in story(scenario)


@pytest.mark.parametrize(
    "xml",
    [
        caller_scenario(CallerScript("100", "+4790000001", (Press("1"), PutDown()))),
        agent_scenario(AgentScript(hangs_up_after=1.0)),
        registration_scenario(Credentials("kari", "x", ("127.0.0.1", 5060)), expires_seconds=0),
    ],
)
def test_every_message_ends_its_headers_with_an_empty_line_and_names_its_length(xml: str) -> None:
    for element in ElementTree.fromstring(xml).iter("send"):
        head, empty_line, _ = (element.text or "").lstrip("\n").partition("\n\n")

        assert head.endswith("Content-Length: [len]")
        assert empty_line
