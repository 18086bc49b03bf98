"""A PostgreSQL for the tests of the store: made where a test asks for it, one for each process that runs tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.postgres import PASSWORD, PostgresCluster, postgres_cluster


@pytest.fixture(scope="session")
def running_postgres() -> Iterator[PostgresCluster]:
    with postgres_cluster() as cluster:
        yield cluster


@pytest.fixture
def postgres(running_postgres: PostgresCluster, monkeypatch: pytest.MonkeyPatch) -> PostgresCluster:
    """One that runs, and whose password is known."""
    monkeypatch.setenv("IVR_STORE_PASSWORD", PASSWORD)
    return running_postgres
