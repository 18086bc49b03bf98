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
        (
            psycopg.OperationalError(
                'connection failed: connection to server at "::1", port 5432 failed: session is read-only\n'
                "Multiple connection attempts failed. All failures were:\n"
                "- host: 'one', port: '5432', hostaddr: '::1': connection timeout expired\n"
                "- host: 'two', port: '5432', hostaddr: '::1': connection failed: connection to server at "
                '"::1", port 5432 failed: session is read-only'
            ),
            "only a standby",
            "pg_promote",
        ),
        (
            psycopg.OperationalError(
                'connection failed: connection to server at "::1", port 5432 failed: server is in hot standby mode'
            ),
            "only a standby",
            "pg_promote",
        ),
        (
            psycopg.OperationalError(
                "connection failed: FATAL:  the database system is not yet accepting connections\n"
                "DETAIL:  Consistent recovery state has not been yet reached."
            ),
            "starting or stopping",
            "nothing needs to be done",
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


def test_of_several_machines_each_says_why_it_cannot_be_reached() -> None:
    refused = (
        'connection failed: connection to server at "::1", port 5433 failed: Connection refused\n'
        "\tIs the server running on that host and accepting TCP/IP connections?"
    )
    error = psycopg.OperationalError(
        f"{refused}\nMultiple connection attempts failed. All failures were:\n"
        "- host: 'one', port: '5432', hostaddr: '127.0.0.1': connection timeout expired\n"
        f"- host: 'two', port: '5433', hostaddr: '::1': {refused}"
    )

    assert cause_in(error).says == (
        "it cannot be reached (one:5432 connection timeout expired, two:5433 Connection refused)"
    )
