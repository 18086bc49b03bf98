"""What our Asterisk is to be: drawn from settings and rules."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from ivr.asterisk.blueprint import Blueprint, Floor, MusicClass, PhoneAccount, PhoneTls
from ivr.asterisk.installation import Installation
from ivr.asterisk.networks import networks_of
from ivr.asterisk.obtain import cache_folder, find_asterisk
from ivr.asterisk.passwords import keep_passwords
from ivr.asterisk.ports import free_port
from ivr.audio.catalogue import APOLOGY, ON_OUR_WAY, PromptCatalogue
from ivr.audio.waiting_tone import write_waiting_tone
from ivr.certificates import open_own
from ivr.errors import PromptMissing
from ivr.rulebook.emergency import emergency_faults
from ivr.rulebook.floor import floor_faults
from ivr.rulebook.in_force import RulesInForce
from ivr.rules.model import RuleSet
from ivr.server.home import Home
from ivr.settings import Emergency, Settings, Sip, split_address, split_range
from ivr.trunks import LooksUp, open_trunks

log = structlog.get_logger()


def draw(home: Home, in_force: RulesInForce, settings: Settings, look: LooksUp) -> Blueprint:
    """The blueprint of a private Asterisk. Blocks: finding one may mean fetching it. Raises ConfigRefused.

    `look` says what carriers' names mean.
    """
    installation = find_asterisk(cache_folder(), _say)
    host, port = split_address(settings.sip.address)
    first, last = split_range(settings.sip.rtp)
    blueprint = Blueprint(
        home=home.folder,
        installation=installation,
        http_port=free_port(),
        ari_password=keep_passwords(home.folder, ()).ari,
        fallback_prompt=installation.sounds / "vm-sorry",
        application=settings.asterisk.application,
        sip_host=host,
        sip_port=port,
        rtp_first=first,
        rtp_last=last,
        external_address=settings.sip.external_address,
        local_networks=_local_networks(settings.sip),
        test_facts=settings.test.call_time_header,
    )
    return for_settings(blueprint, in_force, settings, look)


def for_settings(
    blueprint: Blueprint, in_force: RulesInForce, settings: Settings, look: LooksUp
) -> Blueprint:
    """The blueprint with all that settings decide and a running Asterisk can take. Blocks. Raises ConfigRefused."""
    trunks = open_trunks(settings.trunk, look)
    ports = dict(blueprint.tls_ports)
    transports = [trunk.transport for trunk in trunks if trunk.tls]
    changed = replace(
        blueprint,
        tls=_tls(settings.sip),
        trunks=trunks,
        tls_ports=tuple(
            (name, ports.get(name) or free_port(blueprint.sip_host)) for name in transports
        ),
        emergency_trunks=settings.emergency.trunks,
        emergency_first_answer_seconds=settings.emergency.first_answer_seconds,
        floor=_floor(settings, in_force.rules),
    )
    return for_rules(changed, in_force, settings.emergency)


def for_rules(blueprint: Blueprint, in_force: RulesInForce, emergency: Emergency) -> Blueprint:
    """The blueprint with all that rules and prompts decide. Blocks: passwords are made for new accounts."""
    has_trunks = bool(blueprint.trunks)
    for finding in emergency_faults(emergency, in_force.rules, has_trunks=has_trunks):
        log.warning("emergency calls could be better", finding=str(finding))
    passwords = keep_passwords(blueprint.home, in_force.accounts)
    prompts, languages = in_force.prompts, in_force.rules.languages
    return replace(
        blueprint,
        fallback_prompt=floor_apology(prompts, languages, blueprint.installation),
        floor=replace(blueprint.floor, on_our_way=_recorded(prompts, ON_OUR_WAY, languages)),
        accounts=tuple(
            PhoneAccount(
                name,
                passwords.phones[name],
                emergency_number=emergency.number_of(in_force.site_of(name)),
            )
            for name in in_force.accounts
        ),
        music=_music(in_force, blueprint.home),
        language=in_force.rules.languages[0],
    )


def _tls(sip: Sip) -> PhoneTls | None:
    """Blocks. Raises ConfigRefused."""
    if sip.tls_address is None or sip.certificate_file is None:
        return None
    certificate = sip.certificate_file.absolute()
    key = sip.key_file.absolute() if sip.key_file else None
    own = open_own("sip.certificate_file", certificate, key, "sip.key_file")
    _, port = split_address(sip.tls_address)
    is_demanded = sip.encrypt_speech == "demanded"
    return PhoneTls(port, certificate, own, is_demanded)


def _local_networks(sip: Sip) -> tuple[str, ...]:
    """Those of the settings, and our own."""
    if sip.external_address is None:
        return ()
    own = map(str, networks_of(sip.host))
    return tuple(dict.fromkeys((*sip.local_networks, *own)))


def floor_apology(
    prompts: PromptCatalogue, languages: Sequence[str], installation: Installation
) -> Path:
    """What the dialplan says by itself: ours if it can be played, else Asterisk's own; without its suffix."""
    return _recorded(prompts, APOLOGY, languages) or installation.sounds / "vm-sorry"


def _recorded(prompts: PromptCatalogue, name: str, languages: Sequence[str]) -> Path | None:
    """The recording in the first language that has it; without its suffix, as the dialplan wants it."""
    try:
        found = prompts.find(name, language=languages[0], site=None, languages=languages)
    except PromptMissing:
        return None
    return found.path.with_suffix("")


def _floor(settings: Settings, rules: RuleSet) -> Floor:
    """Without its fallback where that may not be called: the dialplan would not ask."""
    faults = [*floor_faults(settings, rules)]
    for finding in faults:
        log.warning("no server, no fallback", finding=str(finding))
    said = settings.floor
    return Floor(wait_seconds=said.wait_seconds, fallback=None if faults else said.number)


def _music(in_force: RulesInForce, home: Path) -> tuple[MusicClass, ...]:
    """All that the rules name. A class that cannot be played is a tone: a caller who waits hears something, always."""
    playable = in_force.prompts.music
    rules = in_force.rules
    named = {queue.music for queue in rules.queues.values()}
    named |= {phone.music for phone in rules.phones.values() if phone.music}
    named.add("calm")  # for an agent's hold key and for the floor, which no rule names
    tone = (home / "asterisk" / "music" / "waiting.wav").absolute()
    if named - set(playable):
        write_waiting_tone(tone)
    return tuple(MusicClass(name, playable.get(name, (tone,))) for name in sorted(named))


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
