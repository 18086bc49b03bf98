"""What programs see that may not see numbers."""

from __future__ import annotations

import msgspec
import pytest

from ivr.control import PresentState, without_numbers
from tests.unit.web.waiting import CALL, CALLER, NOW


@pytest.mark.parametrize(
    ("dialled", "shown"),
    [("+4790123456", "+47…456"), ("21", "21"), ("kari", "kari"), ("*14", "*14"), ("112", "112")],
)
def test_whom_an_agent_calls_is_masked_as_callers_are(dialled: str, shown: str) -> None:
    own = msgspec.structs.replace(CALL, dialled=dialled, own_call=True)

    (seen,) = without_numbers(PresentState(at=NOW, queues=(), agents=(), calls=(own,))).calls

    assert (seen.dialled, seen.caller) == (shown, "+47…456")


def test_our_own_number_that_a_caller_dialled_is_no_secret() -> None:
    (seen,) = without_numbers(PresentState(at=NOW, queues=(), agents=(), calls=(CALL,))).calls

    assert seen.dialled == CALL.dialled
    assert CALLER not in str(seen)
