"""Which tests one worker runs one after the other, where several workers run the tests on real parts.

pytest-xdist has groups by a marker, which its workers write into a test's name; with pytest 9.2 that is lost without a
word. So what belongs together is read from the file here.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from xdist.scheduler.loadscope import LoadScopeScheduling

ROOT = Path(__file__).parents[1]
CONTRACT = "tests/contract/"


def turn_of(nodeid: str) -> str:
    """Tests that share something, a server most likely, have one turn; any other has its own."""
    path, _, name = nodeid.partition("::")
    if path.startswith(CONTRACT):
        return f"{CONTRACT} on a real Asterisk" if "[real" in name else path
    return path if is_shared(path) else nodeid


@cache
def is_shared(path: str) -> bool:
    """Whether a file's tests share a fixture."""
    return 'scope="module"' in (ROOT / path).read_text("utf-8")


class Turns(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Whoever is free takes the next turn."""

    def _split_scope(self, nodeid: str) -> str:
        return turn_of(nodeid)
