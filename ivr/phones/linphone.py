"""Linphone: an XML file that it fetches from an https address, typed in or scanned (remote provisioning)."""

from __future__ import annotations

from xml.sax.saxutils import escape

from ivr.phones.page import PhonePage

_MEDIA = {"none": "none", "offered": "srtp", "demanded": "srtp"}


def text(page: PhonePage) -> str:
    """One account, in place of what stood under the same numbers."""
    way = f"<sip:{page.server};transport={page.transport.lower()}>"
    title = page.title.replace('"', "'")
    sections: dict[str, dict[str, str | int]] = {
        "proxy_0": {
            "reg_proxy": way,
            "reg_identity": f'"{title}" <sip:{page.login}@{page.shown_host}>',
            "reg_sendregister": 1,
            "reg_expires": page.register_seconds,
        },
        "auth_info_0": {
            "username": page.login,
            "passwd": page.password,
            "domain": page.host,
        },
        "sip": {
            "default_proxy": 0,
            "media_encryption": _MEDIA[page.speech_keys],
            "media_encryption_mandatory": int(page.speech_keys == "demanded"),
            "use_rfc2833": 1,
            "use_info": 0,
        },
    }
    lines = []
    for name, entries in sections.items():
        lines.append(f' <section name="{name}">')
        lines += (
            f'  <entry name="{key}" overwrite="true">{escape(str(value))}</entry>'
            for key, value in entries.items()
        )
        lines.append(" </section>")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<config xmlns="http://www.linphone.org/xsds/lpconfig.xsd">'
    return "\n".join((head, *lines, "</config>", ""))
