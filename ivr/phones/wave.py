"""Grandstream Wave, a softphone for mobile phones: an account in a QR code, with nothing to be fetched."""

from __future__ import annotations

from xml.sax.saxutils import escape

from ivr.phones.page import PhonePage


def wave_text(page: PhonePage) -> str:
    """What the QR code holds. The form has no word for the transport: the phone takes UDP until it is told another."""
    values = {
        "RegisterServer": page.server,
        "OutboundServer": "",
        "UserID": page.login,
        "AuthID": page.login,
        "AuthPass": page.password,
        "AccountName": page.title,
        "DisplayName": page.title,
    }
    account = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    return (
        "<?xml version='1.0' encoding='utf-8'?>"
        f"<AccountConfig version='1'><Account>{account}</Account></AccountConfig>"
    )
