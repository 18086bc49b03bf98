"""Snom desk phones: an XML file, which the phone fetches or which is loaded on its web page (Advanced, Update)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from ivr.phones.page import PhonePage

_SAVP = {"none": "off", "offered": "optional", "demanded": "mandatory"}


def text(page: PhonePage) -> str:
    """The first identity of the phone."""
    way = f"sip:{page.server};transport={page.transport.lower()}"
    values = {
        "user_active": "on",
        "user_realname": page.title,
        "user_name": page.login,
        "user_pname": page.login,
        "user_pass": page.password,
        "user_host": page.server,
        "user_outbound": way,
        "user_expiry": str(page.register_seconds),
        "user_srtp": "off" if page.speech_keys == "none" else "on",
        "user_savp": _SAVP[page.speech_keys],
        "user_dtmf_info": "off",
        "codec_priority_list": "pcma,pcmu,g722,telephone-event",
    }
    lines = (
        f'  <{name} idx="1" perm="">{escape(value)}</{name}>' for name, value in values.items()
    )
    return "\n".join(
        (
            '<?xml version="1.0" encoding="utf-8"?>',
            "<settings>",
            ' <phone-settings e="2">',
            *lines,
            " </phone-settings>",
            "</settings>",
            "",
        )
    )
