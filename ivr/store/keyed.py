"""Reading what callers keyed, for many calls at once. Blocks for as long as SQLite reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from ivr.records.events import MenuTry
from ivr.records.keyed import KeyedCall
from ivr.store.readers import engine_for_reading, events_of, session_on
from ivr.store.tables import CallRow
from ivr.store.texts import read_event, time_text

_AT_ONCE = 500  # calls whose keys are read by one query


def keyed_calls(path: Path, first: datetime, last: datetime) -> Iterator[KeyedCall]:
    """The ended calls that arrived from `first` until before `last` (aware), oldest first. Raises StoreFailed."""
    engine = engine_for_reading(path)
    try:
        with session_on(engine, path) as session:
            ids = session.exec(
                select(CallRow.call_id)
                .where(CallRow.arrived_at >= time_text(first), CallRow.arrived_at < time_text(last))
                .order_by(col(CallRow.arrived_at), col(CallRow.call_id))
            ).all()
            for start in range(0, len(ids), _AT_ONCE):
                yield from _some(session, ids[start : start + _AT_ONCE])
    finally:
        engine.dispose()


def _some(session: Session, ids: Sequence[str]) -> Iterator[KeyedCall]:
    tries = _tries(session, ids)
    rows = session.exec(select(CallRow).where(col(CallRow.call_id).in_(ids))).all()
    by_id = {row.call_id: row for row in rows}
    for call_id in ids:
        row = by_id[call_id]
        yield KeyedCall(
            call_id=call_id,
            dialled=row.dialled,
            caller=row.caller,
            call_time=row.call_time,
            test=row.test,
            tries=tuple(tries[call_id]),
        )


def _tries(session: Session, ids: Sequence[str]) -> dict[str, list[MenuTry]]:
    found: dict[str, list[MenuTry]] = defaultdict(list)
    for row in events_of(session, ids, "menu_try"):
        event = read_event(row.payload)
        if isinstance(event, MenuTry):
            found[row.call_id].append(event)
    return found
