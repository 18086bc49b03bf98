"""What an agent's phone must be told: as a page to read, as files that phones read, as a picture for a camera. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ivr.phones import linphone, snom, yealink
from ivr.phones.page import PhonePage
from ivr.phones.wave import wave_text

__all__ = ["KINDS", "PhoneFile", "PhonePage", "wave_text"]


@dataclass(frozen=True, slots=True)
class PhoneFile:
    """A file that a kind of phone reads: how its name ends, and its text."""

    suffix: str
    text: Callable[[PhonePage], str]


KINDS: Mapping[str, PhoneFile] = {
    "linphone": PhoneFile(".xml", linphone.text),
    "snom": PhoneFile(".xml", snom.text),
    "yealink": PhoneFile(".cfg", yealink.text),
}
"""By the maker's name."""
