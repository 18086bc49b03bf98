"""How many of something, in words."""

from __future__ import annotations


def counted(count: int, one: str, many: str | None = None) -> str:
    """`1 call`, `2 calls`; where the plural is more than an s, `many` says it."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"
