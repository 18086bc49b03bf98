"""From a blueprint to the files that Asterisk reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ivr.asterisk import conf_core, conf_dialplan, conf_sip
from ivr.asterisk.blueprint import Blueprint
from ivr.private_file import write_private
from ivr.trunks.resolver import HOSTS_FILE

_TEXTS: Mapping[str, Callable[[Blueprint], str]] = {
    "asterisk.conf": conf_core.asterisk_conf,
    "modules.conf": conf_core.modules_conf,
    "logger.conf": conf_core.logger_conf,
    "http.conf": conf_core.http_conf,
    "ari.conf": conf_core.ari_conf,
    "musiconhold.conf": conf_core.music_conf,
    "indications.conf": conf_core.tones_conf,
    "pjsip.conf": conf_sip.pjsip_conf,
    "resolver_unbound.conf": conf_core.resolver_conf,
    "rtp.conf": conf_sip.rtp_conf,
    "extensions.conf": conf_dialplan.extensions_conf,
    "manager.conf": conf_core.manager_conf,
    "cdr.conf": conf_core.records_conf,
    "cel.conf": conf_core.channel_events_conf,
    "stasis.conf": conf_core.messages_conf,
    "cel_custom.conf": conf_core.channel_events_lines,
    "acl.conf": conf_core.empty,
    "ccss.conf": conf_core.general,
    "features.conf": conf_core.general,
    "geolocation.conf": conf_core.empty,
    "pjproject.conf": conf_core.empty,
    "sorcery.conf": conf_core.sorcery_conf,
    "statsd.conf": conf_core.general,
    "udptl.conf": conf_core.general,
    "websocket_client.conf": conf_core.empty,
    "chan_websocket.conf": conf_core.empty,
}

_FOLDERS = ("etc", "lib", "db", "spool", "spool/recording", "run", "log", "log/cel-custom", "cache")


def texts(blueprint: Blueprint) -> dict[str, str]:
    """Every file of the configuration: path below `blueprint.folder` → text. Touches nothing."""
    ours = {name: text(blueprint) for name, text in _TEXTS.items()}
    return {f"etc/{name}": text for name, text in {**ours, **dict(blueprint.instead)}.items()}


def changes_dialplan(blueprint: Blueprint) -> bool:
    """Whether Asterisk would read another dialplan than it has been given. Touches nothing."""
    there = blueprint.folder / "etc/extensions.conf"
    return not there.exists() or there.read_text("utf-8") != texts(blueprint)["etc/extensions.conf"]


def sweep(blueprint: Blueprint) -> None:
    """Take away copies of certificates and of names that are no more; not while an Asterisk runs that may read them."""
    wanted = {*blueprint.certificates, _names_file(blueprint)}
    folder = blueprint.folder / "etc"
    for file in (*folder.glob("*.pem"), *folder.glob("hosts-*")):
        if file not in wanted:
            file.unlink(missing_ok=True)


def _names_file(blueprint: Blueprint) -> Path:
    return blueprint.folder / "etc" / conf_core.names_file(blueprint)


def _of_this_machine() -> str:
    """Its own hosts file, which Asterisk looks into no more since it has ours."""
    try:
        return HOSTS_FILE.read_text("utf-8", "replace")
    except OSError:
        return ""


def write(blueprint: Blueprint) -> Path:
    """Write the configuration, for this user's eyes only; return the path of `asterisk.conf`."""
    blueprint.home.mkdir(parents=True, exist_ok=True)
    blueprint.folder.mkdir(mode=0o700, exist_ok=True)
    for folder in _FOLDERS:
        (blueprint.folder / folder).mkdir(mode=0o700, exist_ok=True)
    for relative, text in texts(blueprint).items():
        write_private(blueprint.folder / relative, text)
    for file, text in blueprint.certificates.items():
        write_private(file, text)
    write_private(_names_file(blueprint), conf_core.names_text(blueprint) + _of_this_machine())
    return blueprint.folder / "etc/asterisk.conf"
