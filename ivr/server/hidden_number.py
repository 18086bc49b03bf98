"""Callers' numbers as nobody can tell them back: what a server remembers of callers, it remembers by these."""

from __future__ import annotations

import secrets
from hashlib import blake2b

from ivr.numbers import PhoneNumber, number_from_sip


class HiddenNumbers:
    """A number is known by a hash with a key that ends with the process."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)

    def of(self, caller: PhoneNumber | str) -> bytes:
        """The same for the same caller: a number, or a caller as a record has one."""
        digits = _digits(caller) if isinstance(caller, str) else caller.digits
        return blake2b(digits.encode(), digest_size=8, key=self._key).digest()


def _digits(caller: str) -> str:
    """A record has E.164 as we wrote it: to take it apart once more takes as long as all the rest."""
    if caller.startswith("+"):
        return caller
    known = number_from_sip(caller)
    return known.digits if known is not None else caller
