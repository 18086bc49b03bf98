"""What is looked at, in the order in which one thing needs the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ivr.diagnosis.centre_files import certificates, rules_and_prompts, settings_of
from ivr.diagnosis.home_folder import home_folder, journal
from ivr.diagnosis.machine import machine
from ivr.diagnosis.postgresql import postgresql
from ivr.diagnosis.programs import asterisk
from ivr.diagnosis.server import HealthTold, ports, running
from ivr.diagnosis.symptom import Symptom


@dataclass(frozen=True, slots=True)
class Patient:
    """What is to be looked at. `settings` is their file, if there is one; `health` what a server says that runs."""

    home: Path
    rules: Path
    prompts: Path
    settings: Path | None
    health: HealthTold | None


def examine(patient: Patient) -> Iterator[Symptom]:
    """Look at all of it; each symptom is told as it is found. Blocks."""
    now = datetime.now(UTC)
    kept, newest = journal(patient.home)
    yield from machine(patient.home, newest, journal_goes_first=_goes_first(patient.health))
    yield from home_folder(patient.home)
    yield kept
    told, settings = settings_of(patient.settings)
    yield told
    if settings is not None:
        yield from postgresql(settings.store, patient.home)
        yield from asterisk(settings.asterisk.ari)
        yield from rules_and_prompts(patient.rules, patient.prompts, settings, now)
        yield from certificates(settings, now)
    if patient.health is not None:
        yield from running(patient.health)
    elif settings is not None:
        yield from ports(settings)


def _goes_first(health: HealthTold | None) -> bool | None:
    return health.journal_goes_first if health else None
