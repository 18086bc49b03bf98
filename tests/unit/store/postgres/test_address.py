from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from ivr.errors import ConfigRefused, StoreFailed
from ivr.settings import load_settings
from ivr.store.postgres.address import PostgresAddress, address_in

URL = "postgresql://sentral@db.example:5432/sentral"


def test_the_password_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "password"
    address = PostgresAddress(URL, file)
    with pytest.raises(StoreFailed, match="first line"):
        address.words  # noqa: B018 - it is read here

    file.write_text("one\n")
    assert address.words["password"] == "one"
    file.write_text("two\n")
    assert address.words["password"] == "two"


def test_the_environment_says_it_by_the_names_of_the_settings() -> None:
    assert address_in({}) is None
    found = address_in({"IVR_STORE__URL": URL, "IVR_STORE__PASSWORD_FILE": "/run/password"})
    assert found == PostgresAddress(URL, Path("/run/password"))


@pytest.mark.parametrize(
    "url",
    [
        URL,
        "postgresql:///sentral",
        "postgresql://sentral@[::1]:5432/sentral?sslmode=verify-full",
        "postgresql://one:5432,two:5433/sentral?target_session_attrs=read-write",
        "postgresql://sentral@[::1]:5432,[::2],three/sentral?target_session_attrs=read-write",
    ],
)
def test_an_address_is_taken_as_postgresql_itself_reads_it(url: str) -> None:
    assert load_settings(None, {}, store={"url": url}).store.url == url
    conninfo_to_dict(url)  # raises for what the driver does not take


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://sentral:secret@db/sentral",
        "postgresql://db/sentral?password=secret",
        "mysql://db/sentral",
        "postgresql://db",
        "postgresql://db:port:5/[",
        "postgresql://sentral:secret@one,two/sentral",
        "postgresql://sentral@one,two",
        "postgresql://sentral@one,two:x/sentral",
        "postgresql://sentral@one,/sentral",
        "postgresql://sentral@one:5432,two:0/sentral",
        "sentral",
    ],
)
def test_an_address_with_a_password_or_without_a_database_is_refused_and_the_form_told(
    url: str,
) -> None:
    with pytest.raises(ConfigRefused, match="postgresql://USER@HOST:PORT/DATABASE") as refused:
        load_settings(None, {}, store={"url": url})

    assert "secret" not in str(refused.value)
