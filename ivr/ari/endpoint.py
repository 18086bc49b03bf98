"""How Asterisk reaches a phone."""

from __future__ import annotations

from ivr.rules.model import Account, SipAddress


def endpoint_of(phone: Account | SipAddress) -> str:
    """What Asterisk dials. Nothing but a checked account name or SIP URI gets here."""
    match phone:
        case Account(name):
            return f"PJSIP/{name}"
        case SipAddress(uri):
            return f"PJSIP/direct/{uri}"
