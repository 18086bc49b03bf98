from __future__ import annotations

import pytest

from ivr.errors import ConfigRefused
from ivr.settings import load_settings


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("localhost:5390", "127.0.0.1:5390"),
        ("LOCALHOST:5390", "127.0.0.1:5390"),
        ("sentral.local:5390", "an address in numbers, such as 127.0.0.1:5390"),
        ("127.0.0.1", "HOST:PORT for SIP over UDP"),
        ("127.0.0.1:70000", "HOST:PORT for SIP over UDP"),
    ],
)
def test_an_address_that_is_a_name_is_told_the_numbers_to_write(address: str, advice: str) -> None:
    with pytest.raises(ConfigRefused) as refused:
        load_settings(None, {}, sip={"address": address})

    assert (refused.value.value, refused.value.expected) == (address, advice)
