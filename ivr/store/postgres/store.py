"""The store on PostgreSQL, as those read it who ask for figures: its tables are those of the journal's file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath

import psycopg
from sqlalchemy import Engine, QueuePool, create_engine

from ivr.disk import MEND
from ivr.errors import ChangeRefused, StoreFailed
from ivr.records.changes import SHORTEST, RulesChange
from ivr.store.changes import TableHistory
from ivr.store.door import Keeping, KeptText, PastCalls, Reading, Store
from ivr.store.fold_readers import TableFolds
from ivr.store.postgres.address import PostgresAddress
from ivr.store.postgres.causes import cause_in
from ivr.store.postgres.schema import PostgresLine, require_current_postgres
from ivr.store.readers import TableCalls
from ivr.store.removals import TableRemovals
from ivr.store.revisions import the_one_named
from ivr.store.schema import known_migrations


class PostgresStore:
    """See Store. It is read here; what is written goes through the home folder's own journal, `local`."""

    def __init__(self, address: PostgresAddress, local: Store) -> None:
        self._address = address
        self._local = local
        self.texts = PostgresTexts(address)

    def has_begun(self) -> bool:
        with connected(self._address) as connection:
            found = connection.execute("SELECT to_regclass('shipped') IS NOT NULL").fetchone()
            return bool(found and found[0])

    def set_aside(self) -> Sequence[str]:
        return self._local.set_aside()

    def is_sent_on(self) -> bool:
        return self._local.is_sent_on()

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        with connected(self._address) as connection:
            require_current_postgres(connection, known_migrations())
            _require_whole(connection, self._address)
            server_runs = _server_runs(connection)
        engine = _engine(self._address)
        told = self._address.told
        try:
            yield Reading(
                TableCalls(told, engine),
                TableHistory(told, engine),
                TableFolds(told, engine),
                TableRemovals(told, engine),
                server_runs,
            )
        finally:
            engine.dispose()

    def adding(self) -> AbstractContextManager[PastCalls]:
        return self._local.adding()

    def refold(self, now: datetime, *, dry_run: bool = False) -> Mapping[str, bool]:
        return self._local.refold(now, dry_run=dry_run)

    def keeping(self) -> AbstractAsyncContextManager[Keeping]:
        return self._local.keeping()


class PostgresTexts:
    """The texts of rules that a server sent here. See Texts."""

    def __init__(self, address: PostgresAddress) -> None:
        self._address = address

    def keep(self, revision: str, text: KeptText) -> None:
        """They are kept in the home folder, and come here from there. Raises StoreFailed."""
        message = f"the text of revision {revision[:12]} is kept by the server, not by who reads"
        raise StoreFailed(message)

    def read(self, change: RulesChange) -> KeptText:
        files = self._files(change.revision)
        name = PurePosixPath(change.file).name
        if name not in files:
            message = f"the text of revision {change.revision[:12]} is gone: {self._address.told} has it not"
            raise ChangeRefused(message)
        included = {other: text.encode() for other, text in files.items() if other != name}
        return KeptText(f"{change.revision}/{name}", files[name].encode(), included)

    def named(self, beginning: str) -> str:
        with connected(self._address) as connection:
            rows = connection.execute(
                "SELECT DISTINCT revision FROM rules_text WHERE starts_with(revision, %s)",
                (beginning,),
            ).fetchall()
        found = [str(name) for (name,) in rows] if len(beginning) >= SHORTEST else []
        return the_one_named(beginning, found)

    def where(self, change: RulesChange) -> str | None:
        name = PurePosixPath(change.file).name
        is_there = name in self._files(change.revision)
        return f"{change.revision}/{name}" if is_there else None

    def _files(self, revision: str) -> dict[str, str]:
        query = "SELECT name, content FROM rules_text WHERE revision = %s ORDER BY name"
        with connected(self._address) as connection:
            return {str(n): str(text) for n, text in connection.execute(query, (revision,))}


@contextmanager
def connected(address: PostgresAddress) -> Iterator[PostgresLine]:
    """One connection. Raises StoreFailed for whatever goes wrong with it, with what to do."""
    try:
        with psycopg.connect(**address.words, autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        cause = cause_in(error)
        message = f"{address.told} cannot be used: {cause.says}{MEND}{cause.mend}"
        raise StoreFailed(message) from error


def _engine(address: PostgresAddress) -> Engine:
    return create_engine(
        "postgresql+psycopg://",
        creator=partial(psycopg.connect, **address.words),
        poolclass=QueuePool,
        isolation_level="REPEATABLE READ",  # one snapshot, however many queries
        execution_options={"postgresql_readonly": True},
    )


def _server_runs(connection: PostgresLine) -> bool:
    """Whether it said so a moment ago; an older one said nothing."""
    row = connection.execute(
        "SELECT 1 FROM shipped WHERE (to_jsonb(shipped) ->> 'runs_at')::timestamptz > now() - interval '1 minute'"
    ).fetchone()
    return row is not None


def _require_whole(connection: PostgresLine, address: PostgresAddress) -> None:
    row = connection.execute("SELECT whole FROM shipped").fetchone()
    if row is None or not row[0]:
        message = (
            f"{address.told} is being filled from the journal, and does not have everything yet: `/health` of "
            "the server tells how much waits; on its own machine, ask without IVR_STORE__URL"
        )
        raise StoreFailed(message)
