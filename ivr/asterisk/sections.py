"""Sections of `pjsip.conf`, and what every endpoint has in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import TypeAlias

from ivr.asterisk.blueprint import Blueprint

Value: TypeAlias = str | int | Sequence[str] | None
"""Of an option: one, several lines of one, or none at all."""

COMMON_VARIABLES = ("FORWARD_CONTEXT=nowhere",)
"""Of every endpoint's channels: where Asterisk would call a number that a phone forwards to."""


def section(name: str, kind: str, *options: tuple[str, Value]) -> str:
    """One section. What would begin a remark is written so that it does not."""
    lines = [f"[{name}]", f"type = {kind}"]
    for key, value in options:
        values = [value] if isinstance(value, str | int) else value or ()
        lines += [f"{key} = {_written(one)}" for one in values]
    return "\n".join([*lines, ""])


def endpoint(
    blueprint: Blueprint, name: str, context: str, own: Mapping[str, Value] | None = None
) -> str:
    """An endpoint whose calls come into `context`; its `own` options come before those that all have.

    Digits by RFC 4733 only: `auto` would also listen for them in the sound, and hear some in
    speech. Media goes through Asterisk always; it answers where the sound comes from, which is what
    a phone behind NAT needs.

    Silence ends no call: a muted phone may send nothing. Whether the other side is there is asked by
    session timers every two minutes, whether it knows them or not. Not more often: a program that is there
    and answers no re-INVITE is lost by the question. (One that has spoken and falls silent is asked by our server at
    once: `ivr/call/lifesign.py`.)

    No phone makes a call for us. Where it answers with another address (302), Asterisk would call that
    in the context that FORWARD_CONTEXT names; a text (MESSAGE) is taken to `message_context` like a call.
    """
    common: dict[str, Value] = {
        "context": context,
        "transport": "udp.transport",
        "disallow": "all",
        "allow": "alaw,ulaw,g722",
        "dtmf_mode": "rfc4733",
        "direct_media": "no",
        "rtp_symmetric": "yes",
        "force_rport": "yes",
        "rewrite_contact": "yes",
        "ice_support": "no",
        **_media_address(blueprint),
        "rtp_timeout": 0,
        "rtp_timeout_hold": 0,
        "timers": "always",
        "timers_min_se": 90,
        "timers_sess_expires": 240,
        "set_var": COMMON_VARIABLES,
        "message_context": "nowhere",
        "language": blueprint.language,
        "allow_transfer": "no",
        "allow_subscribe": "no",
        "allow_overlap": "no",
        "send_pai": "no",
        "max_video_streams": 0,
    }
    return section(name, "endpoint", *{**common, **(own or {})}.items())


def _media_address(blueprint: Blueprint) -> dict[str, Value]:
    """Sound is bound where SIP is bound; on all addresses only when SIP is."""
    if ip_address(blueprint.sip_host).is_unspecified:
        return {}
    return {"media_address": blueprint.sip_host, "bind_rtp_to_media_address": "yes"}


def _written(value: str | int) -> str:
    return str(value).replace(";", "\\;")
