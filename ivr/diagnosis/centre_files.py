"""The centre's own files: settings, rules, prompts, certificates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from ivr.amount import counted
from ivr.audio.catalogue import PromptCatalogue
from ivr.audio.inspection import silent_files
from ivr.certificates import until
from ivr.diagnosis.symptom import Symptom, doubtful, right, wrong
from ivr.errors import ConfigRefused, IvrError
from ivr.regular_file import read_regular
from ivr.rulebook.emergency import emergency_faults
from ivr.rulebook.floor import floor_faults
from ivr.rulebook.folder import files_beside
from ivr.rulebook.outgoing import outgoing_faults
from ivr.rulebook.trunks import trunk_faults
from ivr.rules.fault import Fault
from ivr.rules.lint.prompts import WANTED_PROMPTS, Sounds
from ivr.rules.load import read_rules
from ivr.rules.model import RuleSet
from ivr.settings import Settings, TrunkSettings, load_settings
from ivr.trunks import open_trunk

ENDS_SOON = timedelta(days=30)
"""A month: whoever renews by hand asks for a certificate in time, and whoever has it done should see that it was."""


def settings_of(file: Path | None) -> tuple[Symptom, Settings | None]:
    """Look at the settings, where there is a file of them."""
    try:
        settings = load_settings(file)
    except (IvrError, OSError) as error:
        return wrong("settings", f"{file or 'IVR_…'}: {error}", "write what it asks for"), None
    return right("settings", str(file) if file else "no file: everything as it comes"), settings


def rules_and_prompts(
    rules: Path, prompts: Path, settings: Settings, now: datetime
) -> Iterator[Symptom]:
    """Look at both as `ivr check` does: a server that starts now reads these."""
    try:
        text = read_regular(rules)
    except OSError as error:
        mend = "name them with --rules FILE, or make a first centre with `ivr init FOLDER`"
        yield wrong("rules", f"{rules} cannot be read: {error.strerror}", mend)
        return
    try:
        catalogue = PromptCatalogue.load(prompts)
    except IvrError as error:
        yield wrong("prompts", str(error), "name their folder with --prompts DIR")
        return
    unheard = (*catalogue.faults, *silent_files(catalogue))
    sounds = Sounds(catalogue.music, {one.file: one.text for one in unheard}, {})
    read, found = read_rules(
        text, str(rules), catalogue.names(), files=files_beside(rules), sounds=sounds, at=now
    )
    if read is not None:
        has_trunks = bool(settings.trunk)
        of_settings = (
            emergency_faults(settings.emergency, read, has_trunks=has_trunks),
            floor_faults(settings, read),
            outgoing_faults(settings, read),
            trunk_faults(settings),
        )
        found = (*found, *chain.from_iterable(of_settings))
    yield _rules(rules, read, found)
    yield _prompts(prompts, catalogue, [one.text for one in unheard])


def certificates(settings: Settings, now: datetime) -> Iterator[Symptom]:
    """Look at each certificate of ours that the settings name."""
    sip = settings.sip
    if sip.certificate_file is not None:
        yield _certificate(
            "certificate for phones",
            partial(_until, "sip", private_key=sip.key_file),
            sip.certificate_file,
            now,
            "renew it, and say `ivr reload`: phones over TLS sign in no more from then on",
        )
    for trunk in settings.trunk:
        if trunk.certificate_file is not None:
            key = f"trunk.{trunk.name}"
            yield _certificate(
                f"certificate for trunk {trunk.name}",
                partial(_until, key, private_key=trunk.key_file),
                trunk.certificate_file,
                now,
                "renew it, and say `ivr reload`: its carrier takes no calls of ours from then on",
            )
        if trunk.ca_file is not None or trunk.password_file is not None:
            yield _files_of(trunk)


def _rules(file: Path, read: RuleSet | None, found: Sequence[Fault]) -> Symptom:
    errors = [one for one in found if one.severity == "error"]
    more = "see all of them with `ivr check`"
    if read is None or errors:
        return wrong("rules", str(errors[0]) if errors else f"{file} cannot be read", more)
    if found:
        return doubtful(
            "rules", f"{file}: {counted(len(found), 'warning')}, the first: {found[0]}", more
        )
    return right("rules", f"{file}: no errors, no warnings")


def _prompts(folder: Path, catalogue: PromptCatalogue, unheard: list[str]) -> Symptom:
    if unheard:
        mend = (
            "record them again, or bring them in with `ivr prompts import`; see `ivr prompts check`"
        )
        return doubtful("prompts", f"{len(unheard)} cannot be heard: {unheard[0]}", mend)
    names = catalogue.names()
    recorded = {name for of in names.values() for name in of}
    for name, missed in WANTED_PROMPTS.items():
        if name not in recorded:
            message = f"nobody has recorded {name}, so {missed}"
            mend = "run `ivr prompts stand-ins`, then have a person read it"
            return doubtful("prompts", message, mend)
    languages = ", ".join(f"{len(of)} in {language}" for language, of in sorted(names.items()))
    return right("prompts", f"{folder}: {languages or 'none'}")


def _until(key: str, certificate: Path, private_key: Path | None) -> datetime:
    return until(f"{key}.certificate_file", certificate, private_key, f"{key}.key_file")


def _files_of(trunk: TrunkSettings) -> Symptom:
    """Look at the password that it signs in with, and at those who vouch for its carrier."""
    subject = f"files of trunk {trunk.name}"
    try:
        open_trunk(trunk, lambda _: ())
    except ConfigRefused as error:
        return wrong(subject, str(error), "put the right file there")
    files = (trunk.password_file, trunk.ca_file)
    return right(subject, f"{', '.join(str(file) for file in files if file)} can be read")


def _certificate(
    subject: str, read: Callable[[Path], datetime], file: Path, now: datetime, mend: str
) -> Symptom:
    try:
        ends = read(file)
    except ConfigRefused as error:
        return wrong(subject, str(error), "put the right file there")
    says = f"{file} is good until {ends:%Y-%m-%d}"
    if ends - now.astimezone(UTC) < ENDS_SOON:
        return doubtful(subject, says, mend)
    return right(subject, says)
