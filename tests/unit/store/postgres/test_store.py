"""What is read from PostgreSQL is never written there by who reads."""

from __future__ import annotations

import pytest

from ivr.errors import StoreFailed
from ivr.store.door import KeptText
from ivr.store.postgres.address import PostgresAddress
from ivr.store.postgres.store import PostgresTexts, connected


def test_who_reads_keeps_no_text_there() -> None:
    texts = PostgresTexts(PostgresAddress("postgresql://me@127.0.0.1/x"))

    with pytest.raises(
        StoreFailed, match="the text of revision 0123456789ab is kept by the server"
    ):
        texts.keep("0123456789abcdef", KeptText("rules.yaml", b"", {}))


def test_a_server_that_is_not_there_is_told_with_its_address_and_its_mend() -> None:
    nowhere = PostgresAddress("postgresql://me@127.0.0.1:1/x?connect_timeout=1")

    with (
        pytest.raises(
            StoreFailed, match=r"^postgresql://me@127\.0\.0\.1:1/x cannot be used: .* To mend it, "
        ),
        connected(nowhere),
    ):
        pass
