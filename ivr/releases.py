"""Which releases of Asterisk are known to work here, which are not and why, and what an untried one must show."""

from __future__ import annotations

from collections.abc import Mapping

Release = tuple[int, int, int]

OLDEST: Release = (22, 10, 1)
"""It closed 20 advisories, two of which let an ARI user write files; nothing older is safe."""

KNOWN_GOOD: frozenset[Release] = frozenset({(22, 10, 1)})
"""All our tests on real calls have passed on these."""

SIPP_KNOWN_GOOD = frozenset({"3.8.0"})
"""SIPp places calls in the demo and in tests only: another release is told, and never refused."""

KNOWN_BAD: Mapping[Release, str] = {
    (
        22,
        11,
        0,
    ): "its WebSocket server can crash when a client answers a ping (asterisk#2085), and a call that was "
    "listened to cannot be bridged (asterisk#2134)",
}
"""Newer than the oldest, and still not to be used, with the reason."""


def unfit(release: Release) -> str | None:
    """Why this release is not to be used; None where nothing is known against it."""
    if release < OLDEST:
        return f"it is older than {dotted(OLDEST)}, and nothing older is safe"
    return KNOWN_BAD.get(release)


def is_untried(release: Release) -> bool:
    """Nobody of us has run the tests on it; nothing is known against it either."""
    return release not in KNOWN_GOOD and unfit(release) is None


def dotted(release: tuple[int, ...]) -> str:
    """`(22, 10, 1)` → `22.10.1`."""
    return ".".join(str(part) for part in release)
