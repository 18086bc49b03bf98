"""Sites, and how the site of a call is found: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from ivr.numbers import PhoneNumber
from ivr.rules.fault import FaultKind
from ivr.rules.link.references import IN_A_DEPARTMENT, References
from ivr.rules.model import LocalDepartment, Postcodes, Site, SiteWay, ToHangUp, ToVoicemail
from ivr.rules.parsed import LocalWords, RulesFile, SiteWords
from ivr.rules.reading.source import WordPath


def link_sites(
    parsed: RulesFile, references: References, own: Collection[PhoneNumber]
) -> dict[str, Site]:
    """The sites by name; `own` are the numbers that callers dial."""
    linking = _Sites(parsed, references, own)
    return {name: linking.site(name, words) for name, words in parsed.sites.items()}


class _Sites:
    def __init__(
        self, parsed: RulesFile, references: References, own: Collection[PhoneNumber]
    ) -> None:
        self._own = own
        self._parsed = parsed
        self._references = references
        self._source = references.source

    def site(self, name: str, words: SiteWords) -> Site:
        path: WordPath = ("sites", name)
        departments = {}
        for department, local in words.departments.items():
            here = (*path, "departments", department)
            self._references.refer("departments", department, here, of_key=True)
            departments[department] = self._local(local, here)
        if words.caller_id is not None and words.caller_id not in self._own:
            message = "whom you call would see a number that is not among `numbers`"
            hint = "show a number of your own, and write it in `numbers`"
            self._references.refuse(FaultKind.CALLER_ID, (*path, "caller_id"), message, hint)
        location = self._source.key(path)
        public_at = self._source.value((*path, "holidays")) if words.holidays else None
        return Site(
            name,
            words.name or name,
            departments,
            location,
            tuple(words.postcodes),
            words.holidays,
            public_at,
            words.caller_id,
            self._references.refer("phones", words.phone, (*path, "phone")),
            words.at_most,
        )

    def _local(self, words: LocalWords, path: WordPath) -> LocalDepartment:
        migrated_at = None
        if words.migrated:
            migrated_at = self._source.value((*path, "migrated"))
            self._check_national(str(path[-1]), (*path, "migrated"))
        target = self._references.target(words.local, (*path, "local"), IN_A_DEPARTMENT)
        if words.ramp is not None and not self._source.may_have((*path, "migrated")):
            message = "a ramp stands here without the day on which it begins"
            here = (*path, "ramp")
            hint = "write migrated: 2027-02-01"
            self._references.refuse(FaultKind.WORDS_TOGETHER, here, message, hint)
        location = self._source.key(path)
        return LocalDepartment(target, words.migrated, location, migrated_at, words.ramp)

    def _check_national(self, department: str, path: WordPath) -> None:
        words = self._parsed.departments.get(department)
        is_written = self._source.may_have(("departments", department, "national"))
        if words is None or (words.national is None and is_written):
            return
        if words.national is None or isinstance(words.national, ToHangUp | ToVoicemail):
            message = f"{department} is migrated here, but has no national queue"
            hint = f"write national: queue … in departments.{department}"
            self._references.refuse(FaultKind.MIGRATED_TO_NOWHERE, path, message, hint)


def local_until(sites: Mapping[str, Site]) -> dict[str, date]:
    """For each department with a place of its own somewhere, the last day on which the site makes a difference."""
    latest: dict[str, date] = {}
    for site in sites.values():
        for name, local in site.departments.items():
            until = _last_local_day(local)
            latest[name] = max(latest.get(name, until), until)
    return latest


def _last_local_day(local: LocalDepartment) -> date:
    if local.migrated is None:
        return date.max
    if local.ramp is None:
        return local.migrated - timedelta(days=1)
    full_after = (99 // local.ramp.percent) * local.ramp.days
    return local.migrated + timedelta(days=full_after - 1)


def link_site_of_call(parsed: RulesFile, references: References) -> tuple[SiteWay, ...]:
    """The ways to find a call's site, each once."""
    path: WordPath = ("site_of_call",)
    for number, way in enumerate(parsed.site_of_call):
        if way in parsed.site_of_call[:number]:
            message = "this way stands here twice"
            references.refuse(FaultKind.NEVER_REACHED, (*path, number), message, "keep the first")
    return tuple(parsed.site_of_call)


def link_postcodes(parsed: RulesFile, references: References) -> tuple[tuple[Postcodes, str], ...]:
    """Postcodes with their sites, sorted. One postcode belongs to one site."""
    listed = sorted(
        ((codes, name, number) for name, site in parsed.sites.items()
         for number, codes in enumerate(site.postcodes)),
        key=lambda one: (one[0].first, one[0].last, one[1]),
    )  # fmt: skip
    latest: tuple[Postcodes, str] | None = None
    for codes, name, number in listed:
        if latest is not None and codes.first <= latest[0].last:
            path = references.source.as_written(("sites", name, "postcodes", number))
            message = f"{codes} and {latest[0]} of site {latest[1]} have postcodes in common"
            references.refuse(
                FaultKind.AMBIGUOUS_SITE, path, message, "give each postcode to one site"
            )
        if latest is None or codes.last > latest[0].last:
            latest = (codes, name)
    return tuple((codes, name) for codes, name, _ in listed)
