import psycopg
import pytest

from ivr.store.postgres.causes import cause_in


@pytest.mark.parametrize(
    ("error", "says", "mend"),
    [
        (
            psycopg.OperationalError(
                'connection failed: FATAL:  password authentication failed for user "x"'
            ),
            "does not take the password",
            "password_file",
        ),
        (
            psycopg.OperationalError("connection failed: Connection refused"),
            "cannot be reached",
            "start PostgreSQL",
        ),
        (
            psycopg.OperationalError("FATAL:  sorry, too many clients already"),
            "no connection left",
            "max_connections",
        ),
        (
            psycopg.OperationalError('FATAL:  too many connections for role "x"'),
            "no connection left",
            "max_connections",
        ),
        (
            psycopg.OperationalError('FATAL:  role "x" does not exist'),
            "no such user",
            "createuser",
        ),
        (
            psycopg.OperationalError('FATAL:  database "x" does not exist'),
            "no such database",
            "createdb",
        ),
        (psycopg.errors.ReadOnlySqlTransaction("cannot execute"), "read-only", "standby"),
        (psycopg.errors.DiskFull("could not extend file"), "disk is full", "make room"),
        (psycopg.errors.UndefinedColumn("column x"), "column x", "PostgreSQL's own log"),
    ],
)
def test_what_postgresql_says_is_told_with_its_mend(
    error: psycopg.Error, says: str, mend: str
) -> None:
    cause = cause_in(error)

    assert says in cause.says
    assert mend in cause.mend
    assert "; " not in cause.mend, "where it is told, it is what stands behind the last"
