"""An Asterisk in memory, behind the same door as the link to a real one. It ships with the code.

What it does is held against a real Asterisk by `tests/contract`: a test that passes on one passes on the other.
"""

from ivr.ari.fake.asterisk import FakeAsterisk
from ivr.ari.fake.people import Caller, FakePhone, Person

__all__ = ["Caller", "FakeAsterisk", "FakePhone", "Person"]
