"""The SIP messages that played phones send, in SIPp's words for what it fills in itself."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from ivr.sipp.script import CallerScript, Credentials
from ivr.sipp.sounds import EVENT_PAYLOAD_TYPE

OFFER = f"""\
v=0
o=caller 1 1 IN IP4 [media_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [rtpstream_audio_port] RTP/AVP 8 0 {EVENT_PAYLOAD_TYPE}
a=rtpmap:8 PCMA/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:{EVENT_PAYLOAD_TYPE} telephone-event/8000
a=fmtp:{EVENT_PAYLOAD_TYPE} 0-15
a=ptime:20
a=sendrecv
"""

ALLOW = "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, NOTIFY, UPDATE"
"""As real phones say: who allows UPDATE is asked by it whether the session goes on, and SIPp answers that by itself."""

# `-rtp_echo` answers on [media_port], one socket for every call of an agent's phone.
ANSWER = """\
v=0
o=agent 1 1 IN IP4 [media_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendrecv
"""


def agents_bye() -> str:
    """The scenario has kept both ends, tags included, from the server's ACK."""
    return _message(
        "BYE [next_url] SIP/2.0",
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
        "From:[$agent]",
        "To:[$caller]",
        "Call-ID: [call_id]",
        "CSeq: 1 BYE",
        "Max-Forwards: 70",
    )


def callers_request(
    method: str,
    number: int,
    script: CallerScript,
    *,
    headers: Mapping[str, str] | None = None,
    body: str = "",
) -> str:
    """`number` is the CSeq. Every request after the first is inside the dialog, so it has the server's tag."""
    dialled, caller = quote(script.dialled, safe="+*"), quote(script.caller_number, safe="+*")
    there = f"sip:{dialled}@[remote_ip]:[remote_port]"
    return _message(
        f"{method} {there} SIP/2.0",
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
        f"From: <sip:{caller}@[local_ip]:[local_port]>;tag=[pid]c[call_number]",
        f"To: <{there}>" + "[peer_tag_param]" * (method != "INVITE"),
        "Call-ID: [call_id]",
        f"CSeq: {number} {method}",
        f"Contact: <sip:{caller}@[local_ip]:[local_port]>",
        ALLOW,
        "Max-Forwards: 70",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
        body=body,
    )


def register(account: Credentials, number: int, expires_seconds: int, *headers: str) -> str:
    """`number` is the CSeq; the contact is the address that SIPp itself listens on."""
    there = f"<sip:{account.name}@[remote_ip]:[remote_port]>"
    return _message(
        "REGISTER sip:[remote_ip]:[remote_port] SIP/2.0",
        "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]",
        f"From: {there};tag=[pid]r[call_number]",
        f"To: {there}",
        "Call-ID: [call_id]",
        f"CSeq: {number} REGISTER",
        f"Contact: <sip:{account.name}@[local_ip]:[local_port]>",
        f"Expires: {expires_seconds}",
        "Max-Forwards: 70",
        *headers,
    )


def response(status: str, *, tagged: bool = False, cseq: str | None = None, body: str = "") -> str:
    """`tagged`: the request is outside a dialog, so our own tag is added to its To."""
    return _message(
        f"SIP/2.0 {status}",
        "[last_Via:]",
        "[last_From:]",
        "[last_To:]" + ";tag=[pid]a[call_number]" * tagged,
        "[last_Call-ID:]",
        f"CSeq: {cseq}" if cseq else "[last_CSeq:]",
        "Contact: <sip:agent@[local_ip]:[local_port]>",
        ALLOW,
        body=body,
    )


def _message(*lines: str, body: str = "") -> str:
    kind = ["Content-Type: application/sdp"] if body else []
    return "\n".join([*lines, *kind, "Content-Length: [len]", "", body])
