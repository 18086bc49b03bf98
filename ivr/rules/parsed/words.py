"""A table of words: what is not known there is refused, and it says which words it needs.

Each word has its sentence below it, for the completion of an editor (`ivr/showing/words.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Words(BaseModel):
    """A table of words of the language."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    needed: ClassVar[Mapping[str, str]] = {}
