"""The tables of `sql/schema.sql` as classes. Rows stay inside `ivr/store`.

`sql/schema.sql` is the truth and says what each column means; a test demands that these agree.
"""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.types import DOUBLE_PRECISION
from sqlmodel import Field, SQLModel


class SchemaVersionRow(SQLModel, table=True):
    """A migration that this database has been through."""

    __tablename__: ClassVar[str] = "schema_version"

    version: int = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    applied_at: str = Field(sa_type=Text)


class CallEventRow(SQLModel, table=True):
    """A line of the journal."""

    __tablename__: ClassVar[str] = "call_event"

    call_id: str = Field(primary_key=True, sa_type=Text)
    seq: int = Field(primary_key=True)
    type: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    monotonic_ns: int = Field(sa_type=BigInteger)
    payload: str = Field(sa_type=Text)


class OpenCallRow(SQLModel, table=True):
    """A call that has begun and not ended."""

    __tablename__: ClassVar[str] = "open_call"

    call_id: str = Field(primary_key=True, sa_type=Text)
    arrived_at: str = Field(sa_type=Text)


class CallRow(SQLModel, table=True):
    """The record of a call that has ended."""

    __tablename__: ClassVar[str] = "call"
    __table_args__ = (
        Index("call_by_arrival", "arrived_at"),
        Index("call_by_sip_call_id", "sip_call_id"),
        Index("call_by_caller", "caller", "department", "arrived_at"),
        Index("call_by_site", "site", "arrived_at"),
        Index("call_by_department", "department", "arrived_at"),
    )

    call_id: str = Field(primary_key=True, sa_type=Text)
    arrived_at: str = Field(sa_type=Text)
    answered_at: str | None = Field(sa_type=Text)
    ended_at: str = Field(sa_type=Text)
    dialled: str = Field(sa_type=Text)
    caller: str | None = Field(sa_type=Text)
    call_time: str = Field(sa_type=Text)
    sip_call_id: str | None = Field(sa_type=Text)
    channel: str = Field(sa_type=Text)
    node: str = Field(sa_type=Text)
    revision: str = Field(sa_type=Text)
    language: str | None = Field(sa_type=Text)
    site: str | None = Field(sa_type=Text)
    department: str | None = Field(sa_type=Text)
    disposition: str = Field(sa_type=Text)
    ended_by: str = Field(sa_type=Text)
    hangup_cause: int | None
    error: str | None = Field(sa_type=Text)
    wait_seconds: float | None = Field(sa_type=DOUBLE_PRECISION)
    talk_seconds: float | None = Field(sa_type=DOUBLE_PRECISION)
    queue: str | None = Field(sa_type=Text)
    agent: str | None = Field(sa_type=Text)
    test: bool
    path: str | None = Field(sa_type=Text)


class QueueVisitRow(SQLModel, table=True):
    """A wait of a call in a queue."""

    __tablename__: ClassVar[str] = "queue_visit"
    __table_args__ = (
        Index("queue_visit_by_queue", "queue", "entered_at"),
        Index("queue_visit_by_agent", "agent", "entered_at"),
        Index("queue_visit_by_outcome", "outcome", "entered_at"),
    )

    call_id: str = Field(primary_key=True, foreign_key="call.call_id", sa_type=Text)
    visit: int = Field(primary_key=True)
    queue: str = Field(sa_type=Text)
    entered_at: str = Field(sa_type=Text)
    outcome: str = Field(sa_type=Text)
    wait_seconds: float | None = Field(sa_type=DOUBLE_PRECISION)
    agent: str | None = Field(sa_type=Text)
    offers: int
    talk_seconds: float | None = Field(sa_type=DOUBLE_PRECISION)
    estimated_seconds: float | None = Field(sa_type=DOUBLE_PRECISION)
    estimate_error_seconds: float | None = Field(sa_type=DOUBLE_PRECISION)


class MessageRow(SQLModel, table=True):
    """A message that a caller left."""

    __tablename__: ClassVar[str] = "message"

    call_id: str = Field(primary_key=True, foreign_key="call.call_id", sa_type=Text)
    message: int = Field(primary_key=True)
    voicemail: str = Field(sa_type=Text)
    file: str = Field(sa_type=Text)
    seconds: float = Field(sa_type=DOUBLE_PRECISION)


class SurveyReplyRow(SQLModel, table=True):
    """A caller who was asked after a talk."""

    __tablename__: ClassVar[str] = "survey_reply"
    __table_args__ = (Index("survey_reply_by_time", "asked_at"),)

    call_id: str = Field(primary_key=True, foreign_key="call.call_id", sa_type=Text)
    reply: int = Field(primary_key=True)
    survey: str = Field(sa_type=Text)
    queue: str = Field(sa_type=Text)
    agent: str | None = Field(sa_type=Text)
    asked_at: str = Field(sa_type=Text)
    lowest: int
    highest: int
    score: int | None


class RulesChangeRow(SQLModel, table=True):
    """A change of the rules in force."""

    __tablename__: ClassVar[str] = "rules_change"
    __table_args__ = (Index("rules_change_by_state", "state"),)

    change_id: str = Field(primary_key=True, sa_type=Text)
    asked_at: str = Field(sa_type=Text)
    due_at: str = Field(sa_type=Text)
    how: str = Field(sa_type=Text)
    author: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
    revision: str = Field(sa_type=Text)
    file: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    settled_at: str | None = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text)


class OverrideRow(SQLModel, table=True):
    """Something that was closed by hand."""

    __tablename__: ClassVar[str] = "override"
    __table_args__ = (Index("override_by_end", "until"),)

    override_id: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    say: str | None = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
    author: str = Field(sa_type=Text)
    set_at: str = Field(sa_type=Text)
    until: str = Field(sa_type=Text)
    lifted_at: str | None = Field(sa_type=Text)
    lifted_by: str | None = Field(sa_type=Text)


class FollowUpRow(SQLModel, table=True):
    """A caller who gave up, and was seen to."""

    __tablename__: ClassVar[str] = "follow_up"
    __table_args__ = (Index("follow_up_by_time", "at"),)

    follow_up_id: str = Field(primary_key=True, sa_type=Text)
    caller: str = Field(sa_type=Text)
    at: str = Field(sa_type=Text)
    author: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)


class OfferDayRow(SQLModel, table=True):
    """Offers of a day."""

    __tablename__: ClassVar[str] = "offer_day"

    day: str = Field(primary_key=True, sa_type=Text)
    queue: str = Field(primary_key=True, sa_type=Text)
    site: str = Field(primary_key=True, sa_type=Text)
    department: str = Field(primary_key=True, sa_type=Text)
    answered: int
    abandoned: int
    overflowed: int
    callback: int
    exit_key: int
    system_dropped: int
    blocked: int
    closed: int
    wait_ms: int = Field(sa_type=BigInteger)
    talks: int
    talk_ms: int = Field(sa_type=BigInteger)
    answered_within_20s: int
    abandoned_within_5s: int
    waits_answered: str = Field(sa_type=Text)
    waits_abandoned: str = Field(sa_type=Text)
    waits_overflowed: str = Field(sa_type=Text)
    waits_callback: str = Field(sa_type=Text)
    waits_exit_key: str = Field(sa_type=Text)
    waits_system_dropped: str = Field(sa_type=Text)
    waits_blocked: str = Field(sa_type=Text)


class OfferQuarterRow(SQLModel, table=True):
    """Offers of a quarter of an hour."""

    __tablename__: ClassVar[str] = "offer_quarter"

    day: str = Field(primary_key=True, sa_type=Text)
    quarter: str = Field(primary_key=True, sa_type=Text)
    queue: str = Field(primary_key=True, sa_type=Text)
    answered: int
    abandoned: int
    overflowed: int
    callback: int
    exit_key: int
    system_dropped: int
    blocked: int
    closed: int
    wait_ms: int = Field(sa_type=BigInteger)
    talks: int
    talk_ms: int = Field(sa_type=BigInteger)
    answered_within_20s: int
    abandoned_within_5s: int
    waits_answered: str = Field(sa_type=Text)
    waits_abandoned: str = Field(sa_type=Text)
    waits_overflowed: str = Field(sa_type=Text)
    waits_callback: str = Field(sa_type=Text)
    waits_exit_key: str = Field(sa_type=Text)
    waits_system_dropped: str = Field(sa_type=Text)
    waits_blocked: str = Field(sa_type=Text)


class OfferAgentRow(SQLModel, table=True):
    """Answered offers of a day and an agent."""

    __tablename__: ClassVar[str] = "offer_agent"

    day: str = Field(primary_key=True, sa_type=Text)
    agent: str = Field(primary_key=True, sa_type=Text)
    queue: str = Field(primary_key=True, sa_type=Text)
    answered: int
    wait_ms: int = Field(sa_type=BigInteger)
    talks: int
    talk_ms: int = Field(sa_type=BigInteger)
    answered_within_20s: int
    waits_answered: str = Field(sa_type=Text)


class CallDayRow(SQLModel, table=True):
    """Calls of a day."""

    __tablename__: ClassVar[str] = "call_day"

    day: str = Field(primary_key=True, sa_type=Text)
    site: str = Field(primary_key=True, sa_type=Text)
    department: str = Field(primary_key=True, sa_type=Text)
    disposition: str = Field(primary_key=True, sa_type=Text)
    calls: int


class FirstCallDayRow(SQLModel, table=True):
    """First calls of a day."""

    __tablename__: ClassVar[str] = "first_call_day"

    day: str = Field(primary_key=True, sa_type=Text)
    site: str = Field(primary_key=True, sa_type=Text)
    department: str = Field(primary_key=True, sa_type=Text)
    first_calls: int
    repeated: int


class PathDayRow(SQLModel, table=True):
    """Calls of a day that took the same way."""

    __tablename__: ClassVar[str] = "path_day"

    day: str = Field(primary_key=True, sa_type=Text)
    path: str = Field(primary_key=True, sa_type=Text)
    disposition: str = Field(primary_key=True, sa_type=Text)
    calls: int


class SurveyDayRow(SQLModel, table=True):
    """Surveys of a day."""

    __tablename__: ClassVar[str] = "survey_day"

    day: str = Field(primary_key=True, sa_type=Text)
    queue: str = Field(primary_key=True, sa_type=Text)
    site: str = Field(primary_key=True, sa_type=Text)
    department: str = Field(primary_key=True, sa_type=Text)
    agent: str = Field(primary_key=True, sa_type=Text)
    survey: str = Field(primary_key=True, sa_type=Text)
    lowest: int = Field(primary_key=True)
    highest: int = Field(primary_key=True)
    asked: int
    answered: int
    score_sum: int = Field(sa_type=BigInteger)
    score_squares: int = Field(sa_type=BigInteger)


class AgentHourRow(SQLModel, table=True):
    """How long an agent was at what in an hour."""

    __tablename__: ClassVar[str] = "agent_hour"

    hour: str = Field(primary_key=True, sa_type=Text)
    agent: str = Field(primary_key=True, sa_type=Text)
    state: str = Field(primary_key=True, sa_type=Text)
    ms: int = Field(sa_type=BigInteger)


class DutyQuarterRow(SQLModel, table=True):
    """How long agents together were at what for a queue, in a quarter of an hour."""

    __tablename__: ClassVar[str] = "duty_quarter"

    queue: str = Field(primary_key=True, sa_type=Text)
    quarter: str = Field(primary_key=True, sa_type=Text)
    state: str = Field(primary_key=True, sa_type=Text)
    ms: int = Field(sa_type=BigInteger)


class FoldMadeRow(SQLModel, table=True):
    """By which version the history was made."""

    __tablename__: ClassVar[str] = "fold_made"

    version: int = Field(primary_key=True)
    made_at: str = Field(sa_type=Text)


class EmergencyCallRow(SQLModel, table=True):
    """A phone's call to an emergency number."""

    __tablename__: ClassVar[str] = "emergency_call"
    __table_args__ = (Index("emergency_call_by_time", "began_at"),)

    call: str = Field(primary_key=True, sa_type=Text)
    number: str = Field(sa_type=Text)
    phone: str = Field(sa_type=Text)
    began_at: str = Field(sa_type=Text)
    site: str | None = Field(sa_type=Text)
    shown: str | None = Field(sa_type=Text)
    answered_at: str | None = Field(sa_type=Text)
    ended_at: str | None = Field(sa_type=Text)
    trunk: str | None = Field(sa_type=Text)
    outcome: str | None = Field(sa_type=Text)
    talk_seconds: int | None
    tries: str = Field(sa_type=Text)


class RemovalRow(SQLModel, table=True):
    """Something that was taken out."""

    __tablename__: ClassVar[str] = "removal"

    removal_id: str = Field(primary_key=True, sa_type=Text)
    what: str = Field(sa_type=Text)
    asked_at: str = Field(sa_type=Text)
    author: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
    since: str = Field(sa_type=Text)
    events: int
    numbers: int
    messages: int
    files: int
    words: int
    done_at: str | None = Field(sa_type=Text)
    under_way: int
    changes: int | None


class RemovalCallRow(SQLModel, table=True):
    """A call that a removal has still to do."""

    __tablename__: ClassVar[str] = "removal_call"

    removal_id: str = Field(primary_key=True, sa_type=Text)
    call_id: str = Field(primary_key=True, sa_type=Text)


class RemovalFileRow(SQLModel, table=True):
    """A file that is still to be deleted."""

    __tablename__: ClassVar[str] = "removal_file"

    file: str = Field(primary_key=True, sa_type=Text)
    removal_id: str = Field(sa_type=Text)


class ClosedMonthRow(SQLModel, table=True):
    """A month that is closed."""

    __tablename__: ClassVar[str] = "closed_month"

    month: str = Field(primary_key=True, sa_type=Text)
    closed_at: str = Field(sa_type=Text)
    definitions: str = Field(sa_type=Text)


class AgentChangeRow(SQLModel, table=True):
    """Something that happened to an agent."""

    __tablename__: ClassVar[str] = "agent_change"
    __table_args__ = (Index("agent_change_by_time", "at"),)

    agent: str = Field(primary_key=True, sa_type=Text)
    seq: int = Field(primary_key=True)
    at: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    before: str = Field(sa_type=Text)
    state: str = Field(sa_type=Text)
    author: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text)
    signed_in: bool
    taken: str = Field(sa_type=Text)
    left_queues: str = Field(sa_type=Text)
    phone: str | None = Field(sa_type=Text)
    queue: str | None = Field(sa_type=Text)
    call_id: str | None = Field(sa_type=Text)
    until: str | None = Field(sa_type=Text)
    serves: str | None = Field(sa_type=Text)
    for_queue: str | None = Field(sa_type=Text)
