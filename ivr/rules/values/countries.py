"""Text → the public holidays of a country or a region."""

from __future__ import annotations

from ivr.rules.fault import FaultKind, did_you_mean, shown
from ivr.rules.values.days import PublicHolidays, regions
from ivr.rules.values.plain import ValueRefused

HOLIDAYS_OF = {
    "Austria": "AT", "Belgium": "BE", "Denmark": "DK", "Estonia": "EE", "Finland": "FI", "France": "FR",
    "Germany": "DE", "Iceland": "IS", "Ireland": "IE", "Italy": "IT", "Latvia": "LV", "Lithuania": "LT",
    "Netherlands": "NL", "Norway": "NO", "Poland": "PL", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH",
    "United Kingdom": "GB",
}  # fmt: skip

# What a Norwegian hand writes instead.
_OWN_NAMES = {
    "norge": "Norway", "noreg": "Norway", "sverige": "Sweden", "danmark": "Denmark", "tyskland": "Germany",
    "island": "Iceland", "polen": "Poland", "estland": "Estonia", "litauen": "Lithuania",
}  # fmt: skip


def public_holidays_of(text: str) -> PublicHolidays:
    """`Norway`; or a region: `Bayern in Germany`."""
    region, within, country = text.rpartition(" in ")
    code = HOLIDAYS_OF.get(country)
    if code is None:
        meant = _OWN_NAMES.get(country.lower())
        hint = f"write {meant}" if meant else did_you_mean(country, HOLIDAYS_OF)
        message = f"the holidays of {shown(country)} are not known"
        raise ValueRefused(FaultKind.SETTING, message, hint)
    if not within:
        return PublicHolidays(code)
    known = regions(code)
    if region not in known:
        message = f"{country} has no region {shown(region)} with holidays of its own"
        hint = did_you_mean(region, known) or f"write {country}"
        raise ValueRefused(FaultKind.SETTING, message, hint)
    return PublicHolidays(code, known[region])
