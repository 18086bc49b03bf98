"""The texts for SIP and RTP: who may call in, and how their sound travels."""

from __future__ import annotations

from ivr.asterisk.blueprint import PHONES_TLS, Blueprint, PhoneAccount
from ivr.asterisk.conf_emergency import shown_by
from ivr.asterisk.conf_trunks import emergency_endpoint, tcp_transport, trunk_sections
from ivr.asterisk.sections import COMMON_VARIABLES, Value, endpoint, section
from ivr.endpoints import DIRECT, TRUNK_ON_LOOPBACK

NONCE_SECONDS = 10
"""So long a login that was overheard is worth something, at the address that it came from; Asterisk would choose 32."""


def pjsip_conf(blueprint: Blueprint) -> str:
    """Who may call in: accounts, trunks, and loopback while SIP listens on nothing else.

    Everybody else is asked for a password that does not exist: there is no endpoint for strangers.
    """
    sections = [_common(), _transports(blueprint), _direct(blueprint)]
    if blueprint.on_loopback:
        sections.append(_trunk_on_loopback(blueprint))
    sections += [trunk_sections(blueprint, trunk) for trunk in blueprint.trunks]
    sections += [emergency_endpoint(blueprint, trunk) for trunk in blueprint.emergency_ways]
    sections += [_account(blueprint, account) for account in blueprint.accounts]
    return "\n".join(sections)


def rtp_conf(blueprint: Blueprint) -> str:
    """Sound is taken only from where the call's first sound came from."""
    return f"""\
[general]
rtpstart = {blueprint.rtp_first}
rtpend = {blueprint.rtp_last}
strictrtp = yes
icesupport = no
"""


def _common() -> str:
    """By address first, so that a caller over a trunk who is called like an account is no phone of ours.

    Loopback's own trunk is asked last (request_uri), so that an account's phone there is that phone.
    A carrier may ask for a newer digest than MD5.

    The timers are half of SIP's own (RFC 3261, 17.1.1.1), so that whoever is gone is known to be after 16 s, not 32.
    """
    return """\
[global]
type = global
user_agent = Sentralbord
endpoint_identifier_order = ip,username,request_uri
default_auth_algorithms_uac = SHA-256,MD5
keep_alive_interval = 0

[system]
type = system
disable_tcp_switch = yes
timer_t1 = 250
timer_b = 16000
"""


def _transports(blueprint: Blueprint) -> str:
    """UDP, and TLS for phones where there is a certificate.

    Who is in none of the local networks is told the external address, in SIP and in the offer of sound alike. Our own
    networks must be among them, else Asterisk tells the one in SIP and the other for sound.
    """
    nat = blueprint.nat
    udp = section(
        "udp.transport", "transport", ("protocol", "udp"), ("bind", blueprint.sip_address), *nat
    )
    parts = [udp]
    if any(trunk.said.transport == "tcp" for trunk in blueprint.trunks):
        parts.append(tcp_transport(blueprint))
    if blueprint.tls is None:
        return "\n".join(parts)
    tls = section(
        PHONES_TLS,
        "transport",
        ("protocol", "tls"),
        ("bind", blueprint.tls_address),
        ("cert_file", str(blueprint.certificate_of(PHONES_TLS))),
        ("priv_key_file", str(blueprint.certificate_of(PHONES_TLS))),
        ("method", "tlsv1_2"),
        *nat,
    )
    return "\n".join([*parts, tls])


def _of_phones(blueprint: Blueprint) -> dict[str, Value]:
    """A phone is reached the way it signed in. Without TLS nobody is offered keys, which would go in clear."""
    if blueprint.tls is None:
        return {}
    return {
        "transport": None,
        "media_encryption": "sdes",
        "media_encryption_optimistic": "no" if blueprint.tls.is_speech_demanded else "yes",
    }


def _trunk_on_loopback(blueprint: Blueprint) -> str:
    """Whoever is not known otherwise: loopback is all that reaches us."""
    name = TRUNK_ON_LOOPBACK
    return "\n".join(
        (
            endpoint(blueprint, name, "from-trunk", {"identify_by": "request_uri"}),
            section(
                f"~{name}.identify",
                "identify",
                ("endpoint", name),
                ("match_request_uri", "/./"),
            ),
        )
    )


def _direct(blueprint: Blueprint) -> str:
    """For ringing only: identified by address and given none, so that nobody calls in as it."""
    return endpoint(blueprint, DIRECT, "nowhere", {"identify_by": "ip"})


def _account(blueprint: Blueprint, account: PhoneAccount) -> str:
    """One contact each: a softphone that starts again takes the place of what it left behind."""
    name = account.name
    own: dict[str, Value] = {
        **_of_phones(blueprint),
        "auth": name,
        "aors": name,
        "identify_by": "username",
        "set_var": [*COMMON_VARIABLES, *shown_by(blueprint, account)],
    }
    return "\n".join(
        (
            endpoint(blueprint, name, "from-phone", own),
            section(
                name,
                "auth",
                ("auth_type", "digest"),
                ("username", name),
                ("password", account.password),
                ("nonce_lifetime", NONCE_SECONDS),
            ),
            section(
                name,
                "aor",
                ("max_contacts", 1),
                ("remove_existing", "yes"),
                ("qualify_frequency", 30),
                ("qualify_timeout", 3),
                ("default_expiration", 300),
                ("minimum_expiration", 30),
                ("maximum_expiration", 3600),
            ),
        )
    )
