"""The texts that make an Asterisk ours and small: folders, modules, log, the door to ARI."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ivr.asterisk.blueprint import Blueprint

# Only what is used is loaded: it starts faster, and what is not there cannot be attacked. Left out
# on purpose: app_system, func_shell, func_curl, func_env, func_db (they reach the machine),
# res_http_media_cache (fetches any address it is told).
MODULES = (
    # Timing, sound files, codecs
    "res_timing_timerfd", "format_pcm", "format_wav", "format_sln",
    "codec_alaw", "codec_ulaw", "codec_g722", "codec_resample", "res_musiconhold",
    # Bridges: two legs, three legs (a supervisor), callers who wait
    "bridge_simple", "bridge_native_rtp", "bridge_softmix", "bridge_holding",
    # SIP and RTP; res_geolocation, res_statsd and res_pjsip_pubsub are asked for by others
    "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_pjproject",
    "res_geolocation", "res_statsd", "res_pjsip", "res_pjsip_session", "res_pjsip_pubsub",
    "res_rtp_asterisk", "res_pjsip_sdp_rtp", "res_srtp", "res_pjsip_nat", "res_pjsip_caller_id",
    "res_pjsip_authenticator_digest", "res_pjsip_endpoint_identifier_user",
    "res_pjsip_endpoint_identifier_ip", "res_pjsip_registrar", "res_pjsip_rfc3326",
    "res_pjsip_outbound_registration", "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_diversion", "res_pjsip_header_funcs", "res_pjsip_logger", "res_security_log", "res_pjsip_acl",
    "chan_pjsip",
    # What carriers' names mean, from a file of ours: Asterisk asks a name server only for what is not in it
    "res_resolver_unbound",
    # Only so that requests within a call are answered: what no module takes gets no answer at all,
    # and the other side then ends the call. Transfers (refer) are refused by each endpoint, texts
    # (messaging) lead nowhere.
    "res_pjsip_dlg_options", "res_pjsip_empty_info", "res_pjsip_dtmf_info", "res_pjsip_messaging",
    "res_pjsip_refer",
    # The dialplan, which is only the floor
    "pbx_config", "app_dial", "app_playback", "app_verbose", "func_callerid", "func_channel", "func_hangupcause",
    "func_logic",
    "func_strings", "func_timeout", "func_global",
    # The watch over callers whom no server has
    "app_channelredirect", "app_softhangup",
    # The second ledger
    "res_cdrel_custom", "cel_custom",
    # ARI
    "res_http_websocket", "res_stasis", "res_stasis_answer", "res_stasis_playback",
    "res_stasis_recording", "res_stasis_snoop", "app_stasis", "res_websocket_client", "res_ari",
    "res_ari_model", "res_ari_applications", "res_ari_asterisk", "res_ari_bridges",
    "res_ari_channels", "res_ari_endpoints", "res_ari_events", "res_ari_playbacks",
    "res_ari_recordings", "res_ari_sounds",
    # What callers say, on its way to a speech worker: Asterisk opens a WebSocket to it
    "chan_websocket",
)  # fmt: skip


def asterisk_conf(blueprint: Blueprint) -> str:
    """Folders and options.

    Two of ours on one machine need names of their own, else both are known by the MAC address.
    `astrundir` is relative to the folder that Asterisk is started in: a Unix socket's path may have
    107 bytes, and the home folder's may be longer.
    """
    folder = blueprint.folder
    name = f"{blueprint.application}-{blueprint.sip_port}-{blueprint.http_port}"
    return f"""\
[directories]
astetcdir => {folder}/etc
astmoddir => {blueprint.installation.modules}
astvarlibdir => {folder}/lib
astdbdir => {folder}/db
astkeydir => {folder}/lib
astdatadir => {blueprint.installation.data}
astagidir => {folder}/lib
astspooldir => {folder}/spool
astrundir => run
astlogdir => {folder}/log
astcachedir => {folder}/cache
astsbindir => {folder}/lib

[options]
systemname = {name}
entityid = {_entity_id(blueprint)}
defaultlanguage = {blueprint.language}
documentation_language = en_US
maxfiles = {blueprint.max_open_files}
live_dangerously = no
nocolor = yes
hideconnect = yes
dontwarn = yes
"""


def modules_conf(_blueprint: Blueprint) -> str:
    """The allow-list: nothing else is loaded."""
    return modules_listed(MODULES)


def modules_listed(modules: Iterable[str]) -> str:
    """A list of modules to load, none else."""
    loads = "\n".join(f"load = {module}.so" for module in modules)
    return f"[modules]\nautoload = no\n{loads}\n"


def logger_conf(_blueprint: Blueprint) -> str:
    """One file, which is the server's letterbox, and nothing on the console.

    No notices: they tell every stranger's name and number. Wrong passwords come as `security`.
    """
    return """\
[general]
dateformat = %F %T.%3q
use_callids = yes
queue_log = no

[logfiles]
messages.log = warning,error,security
"""


def http_conf(blueprint: Blueprint) -> str:
    """ARI is loopback's only, whatever SIP listens on: who reaches it owns every call."""
    return f"""\
[general]
enabled = yes
bindaddr = 127.0.0.1
bindport = {blueprint.http_port}
sessionlimit = 100
session_inactivity = 30000
session_keep_alive = 60000
enable_static = no
enable_status = no
"""


def ari_conf(blueprint: Blueprint) -> str:
    """No `allowed_origins`: no web page may talk to ARI.

    `channelvars` are told with each event: how much was heard of a leg, which Asterisk says as it ends.

    The write time-out is 100 ms unless told, which a busy moment exceeds. The password is in clear
    since this file is 0600 and a crypt of it would cost 2 ms a request.
    """
    return f"""\
[general]
enabled = yes
pretty = no
websocket_write_timeout = 5000
channelvars = RTPAUDIOQOS

[{blueprint.ari_user}]
type = user
read_only = no
password_format = plain
password = {blueprint.ari_password}
"""


def music_conf(blueprint: Blueprint) -> str:
    """A class for each kind of music; `default`, for an agent's hold key, is `calm` if there is one."""
    kinds = {music.name: music.files for music in blueprint.music}
    if kinds:
        kinds.setdefault("default", kinds.get("calm", blueprint.music[0].files))
    return "\n".join(["[general]\ncachertclasses = no\n", *map(_music_class, kinds.items())])


def _music_class(kind: tuple[str, tuple[Path, ...]]) -> str:
    """By file and not by folder: a file that Asterisk cannot play would be a silence."""
    name, files = kind
    entries = "".join(f"entry = {file.with_suffix('')}\n" for file in files)
    return f"[{name}]\nmode = playlist\nsort = random\n{entries}"


def tones_conf(_blueprint: Blueprint) -> str:
    """Norway's tones (ITU-T E.180 supplement 2); without a country Asterisk has no tones at all."""
    return """\
[general]
country = no

[no]
description = Norway
ringcadence = 1000,4000
dial = 425
busy = 425/500,0/500
ring = 425/1000,0/4000
congestion = 425/200,0/200
callwaiting = 425/200,0/600,425/200,0/10000
dialrecall = 470/400,425/400
record = 1400/400,0/15000
info = 950/330,1400/330,1800/330,0/1000
stutter = 470/400,425/400
"""


def manager_conf(_blueprint: Blueprint) -> str:
    """The manager port stays shut: ARI is the one door."""
    return "[general]\nenabled = no\n"


def records_conf(_blueprint: Blueprint) -> str:
    """No call detail records: the server's journal is the record."""
    return "[general]\nenable = no\n"


def messages_conf(_blueprint: Blueprint) -> str:
    """Messages that nobody here reads: each would be put into words for every application, and filtered then.

    Asterisk's own record of channels (CEL) needs those of bridges, and does not start without.
    """
    return "[declined_message_types]\n" + "".join(f"decline = {name}\n" for name in _DECLINED)


_DECLINED = (
    "ast_channel_varset_type",
    "ast_rtp_rtcp_sent_type",
    "ast_rtp_rtcp_received_type",
)


def channel_events_conf(_blueprint: Blueprint) -> str:
    """The second ledger, which the first one is compared with: when channels came and went, and why."""
    return "[general]\nenable = yes\napps = stasis\nevents = CHAN_START,CHAN_END,HANGUP,APP_START\n"


CHANNEL_EVENTS = (
    "eventtype",
    "eventtime",
    "channame",
    "appname",
    "uniqueid",
    "linkedid",
    "eventextra",
)
"""What a line of the second ledger has: no number of anybody."""

_OF_CHANNEL = frozenset({"channame", "appname", "uniqueid", "linkedid"})


def channel_events_lines(_blueprint: Blueprint) -> str:
    """A file of values with commas, opened anew for each line, so that it may be moved away at any time."""
    fields = (f"CHANNEL({name})" if name in _OF_CHANNEL else name for name in CHANNEL_EVENTS)
    line = ",".join(f"${{CSV_QUOTE(${{{field}}})}}" for field in fields)
    return f"[mappings]\n{CHANNEL_EVENTS_FILE} => {line}\n"


CHANNEL_EVENTS_FILE = "cel.csv"


def names_text(blueprint: Blueprint) -> str:
    """What carriers' names mean, in the form of a hosts file: what the server found out, so that Asterisk need not."""
    known = dict.fromkeys(name for trunk in blueprint.trunks for name in trunk.names)
    return "".join(f"{address} {name}\n" for name, address in known)


def names_file(blueprint: Blueprint) -> str:
    """What that file is called: another one when another thing is in it, else Asterisk would not read it anew."""
    return f"hosts-{hashlib.sha256(names_text(blueprint).encode()).hexdigest()[:8]}"


def resolver_conf(blueprint: Blueprint) -> str:
    """Where names are looked for before name servers are asked."""
    return f"[general]\nhosts = {blueprint.folder}/etc/{names_file(blueprint)}\n"


def sorcery_conf(_blueprint: Blueprint) -> str:
    """What comes and goes lies in memory, and is made and taken away one by one, without a reload.

    Access lists are among it, and where speech workers are: their addresses change when they are started again.
    """
    return "[acl]\nacl = memory\n\n[res_websocket_client]\nwebsocket_client = memory\n"


def general(_blueprint: Blueprint) -> str:
    """For files whose module takes its defaults in silence only if they have a section."""
    return "[general]\n"


def empty(_blueprint: Blueprint) -> str:
    """For files of objects, of which we have none."""
    return "; nothing\n"


def _entity_id(blueprint: Blueprint) -> str:
    """A MAC-shaped id made from the ports, which two on one machine cannot share."""
    octets = (
        0x02,
        0x69,
        *blueprint.http_port.to_bytes(2, "big"),
        *blueprint.sip_port.to_bytes(2, "big"),
    )
    return ":".join(f"{octet:02x}" for octet in octets)
