from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ivr.disk import MEND
from ivr.errors import ConfigRefused, StoreFailed
from ivr.settings import load_settings
from ivr.store.postgres.address import PostgresAddress, address_in
from ivr.store.postgres.causes import cause_in

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


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (b"", "its first line is empty"),
        (b"\nsecret\n", "its first line is empty"),
        (b" \r\nsecret\n", "its first line is empty"),
        (b"\xff\xfes\x00", "no text (UTF-8)"),
        (None, "no such file or directory"),
    ],
)
def test_a_file_without_a_password_is_told_with_its_mend(
    tmp_path: Path, held: bytes | None, why: str
) -> None:
    file = tmp_path / "password"
    if held is not None:
        file.write_bytes(held)

    with pytest.raises(StoreFailed) as refused:
        PostgresAddress(URL, file).words  # noqa: B018 - it is read here

    says, _, mend = str(refused.value).partition(MEND)
    assert f"cannot be read in {file}: " in says
    assert why in says
    assert mend.startswith("put it on the first line of that file")
    assert "secret" not in str(refused.value)


def test_what_an_editor_adds_to_a_password_is_none_of_it(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes("\ufeffsøt \r\nmore\r\n".encode())

    assert PostgresAddress(URL, file).words["password"] == "søt "


def test_the_environment_says_it_by_the_names_of_the_settings() -> None:
    assert address_in({}) is None
    found = address_in({"IVR_STORE__URL": URL, "IVR_STORE__PASSWORD_FILE": "/run/password"})
    assert found == PostgresAddress(URL, Path("/run/password"))


@pytest.mark.parametrize("url", ["db.example.no", "postgresql://sentral:hunter2@db/sentral"])
def test_an_address_in_the_environment_is_refused_as_the_settings_do_and_not_repeated(
    url: str,
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        address_in({"IVR_STORE__URL": url})

    assert "write postgresql://USER@HOST:PORT/DATABASE" in str(refused.value)
    assert url not in str(refused.value)
    assert address_in({"IVR_STORE__URL": ""}) is None


def test_what_stands_behind_the_address_counts_before_what_is_usual() -> None:
    usual = PostgresAddress(URL).words
    asked = PostgresAddress(f"{URL}?connect_timeout=9&options=-csearch_path%3Dcalls").words

    assert usual["connect_timeout"] == 4
    assert asked["options"] == f"{usual['options']} -csearch_path=calls"
    said = make_conninfo(**asked)
    assert conninfo_to_dict(said)["connect_timeout"] == "9"


def test_what_postgresql_does_not_know_behind_the_address_is_named_with_its_mend() -> None:
    with pytest.raises(psycopg.Error) as refused:
        psycopg.connect(f"{URL}?sslmod=require")

    cause = cause_in(refused.value)

    assert "sslmod" in cause.says
    assert "behind the `?` of `[store] url`" in cause.mend


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
