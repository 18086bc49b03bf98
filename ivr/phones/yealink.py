"""Yealink desk phones: a text file, which the phone fetches or which is loaded on its web page (Settings)."""

from __future__ import annotations

from ivr.phones.page import PhonePage

_TRANSPORT = {"UDP": 0, "TLS": 2}
_SRTP = {"none": 0, "offered": 1, "demanded": 2}
_CODECS = ("pcma", "pcmu", "g722")
_RTP_EVENTS = 1


def text(page: PhonePage) -> str:
    """The first account of the phone. The first line is the form's name; it must stay."""
    values: dict[str, str | int] = {
        "enable": 1,
        "label": page.title,
        "display_name": page.title,
        "user_name": page.login,
        "auth_name": page.login,
        "password": page.password,
        "sip_server.1.address": page.host,
        "sip_server.1.port": page.port,
        "sip_server.1.transport_type": _TRANSPORT[page.transport],
        "sip_server.1.expires": page.register_seconds,
        "srtp_encryption": _SRTP[page.speech_keys],
        "dtmf.type": _RTP_EVENTS,
    }
    for priority, codec in enumerate(_CODECS, start=1):
        values[f"codec.{codec}.enable"] = 1
        values[f"codec.{codec}.priority"] = priority
    lines = (f"account.1.{name} = {value}" for name, value in values.items())
    return "\n".join(("#!version:1.0.0.1", *lines, ""))
