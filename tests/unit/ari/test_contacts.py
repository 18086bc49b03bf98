"""Which phones are deaf."""

from __future__ import annotations

import pytest

from ivr.ari.contacts import Contacts
from ivr.ari.generated import models as m


@pytest.mark.parametrize(
    ("told", "deaf"),
    [
        (("Created", "Unreachable"), {"kari"}),
        (("NonQualified", "Unreachable", "Unreachable"), {"kari"}),
        (("Unreachable", "Reachable"), set()),
        (("Reachable", "Unreachable"), set()),
        (("Unreachable", "Removed"), set()),
        (("Reachable", "Removed", "Created", "Unreachable"), {"kari"}),
        (("Created",), set()),
    ],
)
def test_a_phone_is_deaf_that_was_asked_and_has_not_answered_since_it_registered(
    told: tuple[str, ...], deaf: set[str]
) -> None:
    contacts = Contacts()

    for status in told:
        contacts.take(change(status))

    assert contacts.deaf == deaf


def test_a_new_link_begins_anew() -> None:
    contacts = Contacts()
    contacts.take(change("Unreachable"))

    contacts.forget()

    assert contacts.deaf == set()


def change(status: str) -> m.ContactStatusChange:
    return m.ContactStatusChange(
        application="ivr-phones",
        timestamp="2026-11-23T10:00:00.000+0100",
        endpoint=m.Endpoint(technology="PJSIP", resource="kari", state="offline", channel_ids=[]),
        contact_info=m.ContactInfo(uri="sip:kari@127.0.0.1", contact_status=status, aor="kari"),
    )
