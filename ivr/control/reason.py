"""Why somebody asks for something: it is kept, and stands in one line of logs, the history and lists."""

from __future__ import annotations

import msgspec

from ivr.errors import ChangeRefused

LONGEST_WHY = 1000
"""Characters. Who has more to say has another place for it."""


class Reasoned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked for, and `why` in one line: what is no letter to look at (tabs, control codes) is a space."""

    why: str = ""

    def __post_init__(self) -> None:
        """Raises ChangeRefused for more than can be kept."""
        shown = "".join(sign if sign.isprintable() else " " for sign in self.why)
        why = " ".join(shown.split())
        if len(why) > LONGEST_WHY:
            message = f"a reason is at most {LONGEST_WHY} characters; this one has {len(why)}"
            raise ChangeRefused(message)
        msgspec.structs.force_setattr(self, "why", why)
