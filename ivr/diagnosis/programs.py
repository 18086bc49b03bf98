"""Asterisk: is there one, and is it one to be trusted?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from ivr.asterisk.cache import cache_folder, cached_asterisk
from ivr.asterisk.installation import installed
from ivr.asterisk.obtain import on_the_path
from ivr.diagnosis.symptom import Symptom, doubtful, right, wrong
from ivr.releases import is_untried, unfit

_SUBJECT = "asterisk"


def asterisk(elsewhere: str | None) -> Iterator[Symptom]:
    """Look for the one that a server would run. `elsewhere` is the address of one that settings name."""
    if elsewhere is not None:
        yield right(_SUBJECT, f"one that runs elsewhere is used: {elsewhere}")
        return
    own = on_the_path("asterisk")
    found = installed(own) if own else None
    reason = unfit(found.release) if found else None
    if found is None or reason is not None:
        found = cached_asterisk(cache_folder())
    if found is None:
        lacking = f"{own} is not used: {reason}" if reason else "there is none"
        if shutil.which("apt-get") is None:
            mend = "install Asterisk 22, or run on Debian, where `ivr asterisk fetch` gets a private one"
            yield wrong(_SUBJECT, lacking, mend)
        else:
            mend = "`ivr asterisk fetch` gets a private one, without root; so does the first start"
            yield doubtful(_SUBJECT, lacking, mend)
    elif is_untried(found.release):
        yield doubtful(
            _SUBJECT,
            f"{found.version} was not tried by us",
            "`ivr asterisk fetch` tries it, and says what it found",
        )
    else:
        yield right(_SUBJECT, f"{found.version} ({found.argv[0]})")
