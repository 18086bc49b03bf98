"""The texts for SIP and RTP: who may call in, and how their sound travels."""

from __future__ import annotations

from ipaddress import ip_address

from ivr.asterisk.blueprint import DIRECT, TRUNK_ON_LOOPBACK, Blueprint, PhoneAccount


def pjsip_conf(blueprint: Blueprint) -> str:
    """Who may call in: accounts, and loopback while SIP listens on nothing else.

    Everybody else is asked for a password that does not exist: there is no endpoint for strangers.
    """
    sections = [_common(blueprint), _direct(blueprint)]
    if blueprint.on_loopback:
        sections.append(_trunk_on_loopback(blueprint))
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


def _common(blueprint: Blueprint) -> str:
    """By name first, so that an account's phone on loopback is that phone and not the trunk.

    The timers are half of SIP's own (RFC 3261, 17.1.1.1), so that whoever is gone is known to be after 16 s, not 32.
    """
    return f"""\
[global]
type = global
user_agent = Sentralbord
endpoint_identifier_order = username,ip
keep_alive_interval = 0

[system]
type = system
disable_tcp_switch = yes
timer_t1 = 250
timer_b = 16000

[udp.transport]
type = transport
protocol = udp
bind = {blueprint.sip_address}
"""


def _endpoint(blueprint: Blueprint, name: str, context: str) -> str:
    """What every endpoint has in common.

    Digits by RFC 4733 only: `auto` would also listen for them in the sound, and hear some in
    speech. Media goes through Asterisk always; it answers where the sound comes from, which is what
    a phone behind NAT needs.

    Silence ends no call: a muted phone may send nothing. Whether the other side is there is asked by
    session timers every two minutes, whether it knows them or not. Not more often: a program that is there
    and answers no re-INVITE is lost by the question.

    No phone makes a call for us. Where it answers with another address (302), Asterisk would call that
    in the context that FORWARD_CONTEXT names; a text (MESSAGE) is taken to `message_context` like a call.
    """
    return f"""\
[{name}]
type = endpoint
context = {context}
transport = udp.transport
disallow = all
allow = alaw,ulaw,g722
dtmf_mode = rfc4733
direct_media = no
rtp_symmetric = yes
force_rport = yes
rewrite_contact = yes
ice_support = no
{_media_address(blueprint)}\
rtp_timeout = 0
rtp_timeout_hold = 0
timers = always
timers_min_se = 90
timers_sess_expires = 240
set_var = FORWARD_CONTEXT=nowhere
message_context = nowhere
language = {blueprint.language}
allow_transfer = no
allow_subscribe = no
allow_overlap = no
send_pai = no
max_video_streams = 0
"""


def _media_address(blueprint: Blueprint) -> str:
    """Sound is bound where SIP is bound; on all addresses only when SIP is."""
    if ip_address(blueprint.sip_host).is_unspecified:
        return ""
    return f"media_address = {blueprint.sip_host}\nbind_rtp_to_media_address = yes\n"


def _trunk_on_loopback(blueprint: Blueprint) -> str:
    here = "::1" if ":" in blueprint.sip_host else "127.0.0.0/8"
    return f"""\
{_endpoint(blueprint, TRUNK_ON_LOOPBACK, "from-trunk")}\
identify_by = ip

[{TRUNK_ON_LOOPBACK}.identify]
type = identify
endpoint = {TRUNK_ON_LOOPBACK}
match = {here}
"""


def _direct(blueprint: Blueprint) -> str:
    """For ringing only: identified by address and given none, so that nobody calls in as it."""
    return f"{_endpoint(blueprint, DIRECT, 'nowhere')}identify_by = ip\n"


def _account(blueprint: Blueprint, account: PhoneAccount) -> str:
    """One contact each: a softphone that starts again takes the place of what it left behind."""
    name = account.name
    return f"""\
{_endpoint(blueprint, name, "from-phone")}\
auth = {name}
aors = {name}
identify_by = username

[{name}]
type = auth
auth_type = digest
username = {name}
password = {account.password}

[{name}]
type = aor
max_contacts = 1
remove_existing = yes
qualify_frequency = 30
qualify_timeout = 3
default_expiration = 300
minimum_expiration = 30
maximum_expiration = 3600
"""
