"""The texts for trunks: who a carrier is to Asterisk, and where its calls go in the dialplan."""

from __future__ import annotations

from ivr.asterisk.blueprint import Blueprint
from ivr.asterisk.sections import Value, endpoint, section
from ivr.trunks import Trunk, TrunkTls

FOREVER = 1_000_000
"""Tries to register; without a number Asterisk gives up, until somebody restarts it."""

RETRY_SECONDS, REFUSED_RETRY_SECONDS = 30, 300
"""After so long a registration that failed is tried again; and one that was refused (403, 404)."""


def context_of(trunk: Trunk) -> str:
    """The dialplan's context that the trunk's calls come into."""
    return f"trunk-{trunk.name}"


def tcp_transport(blueprint: Blueprint) -> str:
    """For carriers who speak TCP; at the port of UDP, where they find us."""
    return section(
        "tcp.transport",
        "transport",
        ("protocol", "tcp"),
        ("bind", blueprint.sip_address),
        *blueprint.nat,
    )


def _tls_transport(blueprint: Blueprint, trunk: Trunk, tls: TrunkTls) -> str:
    """It listens too, at a port of its own: so a carrier comes back by the connection that we made, or to that port."""
    host = f"[{blueprint.sip_host}]" if ":" in blueprint.sip_host else blueprint.sip_host
    own = str(blueprint.certificate_of(trunk.transport)) if tls.own else None
    return section(
        trunk.transport,
        "transport",
        ("protocol", "tls"),
        ("bind", f"{host}:{dict(blueprint.tls_ports)[trunk.transport]}"),
        ("ca_list_file", str(tls.ca)),
        ("cert_file", own),
        ("priv_key_file", own),
        ("verify_server", "yes"),
        ("method", "tlsv1_2"),
        *blueprint.nat,
    )


def trunk_sections(blueprint: Blueprint, trunk: Trunk) -> str:
    """All sections of one trunk, each with the trunk's name, or one that begins with it."""
    parts = [_endpoint(blueprint, trunk), _aor(trunk)]
    if trunk.password is not None:
        parts.append(_auth(trunk))
    if trunk.sources:
        parts.append(_identify(trunk))
    if trunk.tls is not None:
        parts.append(_tls_transport(blueprint, trunk, trunk.tls))
    if trunk.said.registers:
        parts.append(_registration(trunk))
    return "\n".join(parts)


def way_out_for_emergencies(trunk: Trunk) -> str:
    """The endpoint that emergency calls go out by."""
    return f"emergency.{trunk.name}"


def emergency_endpoint(blueprint: Blueprint, trunk: Trunk) -> str:
    """The trunk once more, for calls that neither silence nor a question that is not answered may end.

    Nobody calls in by it: it has no address to be known by.
    """
    unlimited: dict[str, Value] = {"rtp_timeout": 0, "timers": "no"}
    own = {**_own(trunk), **unlimited}
    return endpoint(blueprint, way_out_for_emergencies(trunk), "nowhere", own)


def _endpoint(blueprint: Blueprint, trunk: Trunk) -> str:
    """By address only, so that no name in From takes its calls elsewhere.

    Where a request came from says nothing of where the next one goes: a carrier has several machines, and an
    ACK that goes to the wrong one ends the call after half a minute.
    """
    return endpoint(blueprint, trunk.name, context_of(trunk), _own(trunk))


def _own(trunk: Trunk) -> dict[str, Value]:
    """What a trunk's endpoint has of its own.

    What a carrier is told of who talks is told once, in the INVITE: an update as legs are bridged would be another
    INVITE, with the caller's own number where the rules show ours, or the agent's account.
    """
    said = trunk.said
    return {
        "aors": trunk.name,
        "transport": trunk.transport,
        "media_encryption": "sdes" if said.speech_is_encrypted else "no",
        "media_encryption_optimistic": "no",
        "identify_by": "ip",
        "outbound_auth": trunk.name if trunk.password is not None else None,
        "outbound_proxy": _proxy(trunk),
        "from_domain": trunk.domain,
        "allow": ",".join(said.codecs),
        "dtmf_mode": said.digits,
        "from_user": said.account if said.from_user == "account" else None,
        "send_pai": _yes(said.identity == "pai"),
        "send_rpid": _yes(said.identity == "rpid"),
        "trust_id_inbound": _yes(said.trust_caller),
        "trust_id_outbound": "yes",
        "send_connected_line": "no",
        "rewrite_contact": _yes(said.private_contacts),
        "rtp_timeout": said.silence_seconds,
        "timers": _yes(said.session_timers),
        "timers_sess_expires": 1800,
    }


def _aor(trunk: Trunk) -> str:
    """Its addresses, which are asked whether they are there (any answer will do)."""
    said = trunk.said
    return section(
        trunk.name,
        "aor",
        ("contact", [trunk.uri(host) for host in trunk.hosts]),
        ("qualify_frequency", said.ping_seconds),
        ("qualify_timeout", 3 if said.ping_seconds else None),
        ("outbound_proxy", _proxy(trunk)),
    )


def _auth(trunk: Trunk) -> str:
    return section(
        trunk.name,
        "auth",
        ("auth_type", "digest"),
        ("username", trunk.said.user),
        ("password", trunk.password),
    )


def _identify(trunk: Trunk) -> str:
    return section(
        f"{trunk.name}.identify",
        "identify",
        ("endpoint", trunk.name),
        ("match", [str(network) for network in trunk.sources]),
    )


def _registration(trunk: Trunk) -> str:
    """With a line, so that calls from an address of the carrier's that nobody told us of are known by it.

    The first try is not put off by chance, as Asterisk would: one server is no crowd.
    """
    said = trunk.said
    return section(
        f"{trunk.name}.registration",
        "registration",
        ("outbound_auth", trunk.name),
        ("outbound_proxy", _proxy(trunk)),
        ("transport", trunk.transport),
        ("server_uri", trunk.uri(trunk.registrar)),
        ("client_uri", trunk.client),
        ("contact_user", said.account),
        ("line", "yes"),
        ("endpoint", trunk.name),
        ("expiration", said.register_seconds),
        ("retry_interval", RETRY_SECONDS),
        ("max_retries", FOREVER),
        ("forbidden_retry_interval", REFUSED_RETRY_SECONDS),
        ("fatal_retry_interval", REFUSED_RETRY_SECONDS),
        ("auth_rejection_permanent", "no"),
        ("max_random_initial_delay", 0),
    )


def _proxy(trunk: Trunk) -> str | None:
    return f"{trunk.uri(trunk.proxy)};lr" if trunk.proxy else None


def _yes(fact: bool) -> str:  # noqa: FBT001 - it is a word's value, not a switch
    return "yes" if fact else "no"
