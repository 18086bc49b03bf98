"""`ivr agents credentials`: the page, the picture, the files, and a new password."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from ivr.asterisk.passwords import keep_passwords
from ivr.cli import ivr

RULES = """\
version: 1
country: Norway
timezone: Europe/Oslo
languages: [nb]
numbers: {anything else: {to: hangup}}
agents:
  kari: {name: Kari Nordmann, phone: kari}
  berit: {name: Berit, phone: 'sip:berit@192.0.2.9'}
phones:
  vakt: {phone: vakttelefon}
"""
TLS = """\
[sip]
address = "192.0.2.10:5060"
tls_address = "192.0.2.10:5061"
certificate_file = "server.pem"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "home").mkdir()
    return tmp_path


def credentials(*words: str) -> Result:
    options = ("--home", "home", "--rules", "rules.yaml")
    return CliRunner().invoke(ivr, ["agents", "credentials", *words, *options])


def password(account: str = "kari") -> str:
    return keep_passwords(Path("home"), [account]).phones[account]


def refusal(*words: str) -> str:
    asked = credentials(*words)
    assert asked.exit_code != 0
    return f"{asked.exception} {asked.output}"


def test_the_page_says_server_login_and_password(folder: Path) -> None:
    page = credentials("kari").stdout

    assert page.startswith("Kari Nordmann\n")
    assert re.search(r"(?m)^server +127\.0\.0\.1:5060$", page)
    assert re.search(rf"(?m)^password +{password()}$", page)


def test_a_phone_outside_the_queues_has_a_page_too(folder: Path) -> None:
    assert re.search(r"(?m)^login +vakttelefon$", credentials("vakt").stdout)


def test_over_tls_where_phones_can_and_by_udp_where_that_is_asked_for(folder: Path) -> None:
    (folder / "home/ivr.toml").write_text(TLS)

    by_itself, asked = credentials("kari").stdout, credentials("kari", "--transport", "udp").stdout

    assert "192.0.2.10:5061" in by_itself.splitlines()[1]
    assert re.search(r"(?m)^encryption +SRTP", by_itself)
    assert re.search(r"(?m)^or +192\.0\.2\.10:5060 with UDP$", by_itself)
    assert "192.0.2.10:5060" in asked.splitlines()[1]
    assert re.search(r"(?m)^encryption +off", asked)
    assert "sip.tls_address" not in by_itself


@pytest.mark.parametrize("rules", ["rules.yaml", "elsewhere/rules.yaml"])
def test_settings_beside_the_rules_that_are_named_count(folder: Path, rules: str) -> None:
    file = folder / rules
    file.parent.mkdir(exist_ok=True)
    file.write_text(RULES)
    (file.parent / "ivr.toml").write_text(TLS)

    words = ["agents", "credentials", "kari", "--home", "home", "--rules", rules]

    assert "5061" in CliRunner().invoke(ivr, words).stdout


def test_settings_that_the_environment_names_count_here_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.toml").write_text(TLS)
    (folder / "home/ivr.toml").write_text("")
    monkeypatch.setenv("IVR_CONFIG", str(folder / "mine.toml"))

    assert "5061" in credentials("kari").stdout


def test_tls_that_the_server_has_not_is_refused(folder: Path) -> None:
    assert "sip.tls_address" in refusal("kari", "--transport", "tls")


@pytest.mark.parametrize(
    ("server", "shown"),
    [
        ("sentral.example.no", "sentral.example.no:5060"),
        ("sentral.example.no:5070", "sentral.example.no:5070"),
        ("[2001:db8::1]", "[2001:db8::1]:5060"),
    ],
)
def test_the_server_may_have_another_name_for_phones(folder: Path, server: str, shown: str) -> None:
    page = credentials("kari", "--server", server).stdout

    assert page.splitlines()[1].split() == ["server", shown]


def test_behind_a_router_the_address_outside_is_told_too(folder: Path) -> None:
    (folder / "home/ivr.toml").write_text(
        '[sip]\naddress = "192.168.1.10:5060"\nexternal_address = "203.0.113.7"\n'
    )

    page = credentials("kari").stdout

    assert "192.168.1.10:5060" in page.splitlines()[1]
    assert "203.0.113.7 as the server" in page


def test_a_phone_is_never_told_to_call_every_address(folder: Path) -> None:
    (folder / "home/ivr.toml").write_text(
        '[sip]\naddress = "0.0.0.0:5060"\nexternal_address = "203.0.113.7"\n'
    )

    assert "203.0.113.7:5060" in credentials("kari").stdout.splitlines()[1]


@pytest.mark.parametrize(("kind", "file"), [("snom", "kari-snom.xml"), ("yealink", "kari-y.cfg")])
def test_a_provisioning_file_is_for_this_users_eyes_only_and_the_password_in_it_alone(
    folder: Path, kind: str, file: str
) -> None:
    done = credentials("kari", "--provision", kind, "--into", file)

    assert done.exit_code == 0, done.output
    assert password() in (folder / file).read_text()
    assert stat.S_IMODE((folder / file).stat().st_mode) == 0o600
    assert password() not in done.output


def test_a_file_that_is_there_is_not_written_over(folder: Path) -> None:
    (folder / "kari-snom.xml").write_text("mine")

    assert "not there yet" in refusal("kari", "--provision", "snom")
    assert (folder / "kari-snom.xml").read_text() == "mine"


@pytest.mark.parametrize(("name", "head"), [("kari.svg", b"<?xml"), ("kari.png", b"\x89PNG")])
def test_the_qr_code_becomes_a_picture_for_this_users_eyes_only(
    folder: Path, name: str, head: bytes
) -> None:
    done = credentials("kari", "--qr-file", name)

    assert done.exit_code == 0, done.output
    assert (folder / name).read_bytes().startswith(head)
    assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert "Grandstream Wave" in done.stderr
    assert password() not in done.output


def test_a_picture_of_another_kind_is_refused(folder: Path) -> None:
    assert ".svg or .png" in refusal("kari", "--qr-file", "kari.jpg")


def test_the_qr_code_stands_in_the_terminal_and_its_softphone_is_named(folder: Path) -> None:
    shown = credentials("kari", "--qr").stdout

    assert "for Grandstream Wave:" in shown
    assert "█" in shown
    assert password() in shown


def account_in(picture: Image.Image) -> dict[str, str]:
    """What a softphone's camera finds in a picture."""
    (code,) = zxingcpp.read_barcodes(picture)
    assert code.symbology is zxingcpp.BarcodeFormat.QRCode
    (account,) = ET.fromstring(code.text.encode())
    return {one.tag: one.text or "" for one in account}


def as_seen(shown: str) -> Image.Image:
    """The terminal's drawing, two rows of the code in each line, as a camera sees it: light on dark, and larger."""
    drawing = [line for line in shown.splitlines() if set(line) <= set("█▀▄ ") and "█" in line]
    width = max(map(len, drawing))
    picture = Image.new("L", (width, 2 * len(drawing)))
    for row, line in enumerate(drawing):
        for column, block in enumerate(line):
            picture.putpixel((column, 2 * row), 255 * (block in "█▀"))
            picture.putpixel((column, 2 * row + 1), 255 * (block in "█▄"))
    return picture.resize((8 * width, 16 * len(drawing)), Image.Resampling.NEAREST)


def test_a_camera_reads_the_account_out_of_the_picture_and_off_the_screen(folder: Path) -> None:
    (folder / "home/ivr.toml").write_text('[sip]\naddress = "192.0.2.10:5060"\n')
    credentials("kari", "--qr-file", "kari.png")
    shown = credentials("kari", "--qr").stdout

    with Image.open(folder / "kari.png") as picture:
        read = account_in(picture)

    assert read["RegisterServer"] == "192.0.2.10:5060"
    assert (read["UserID"], read["AuthPass"]) == ("kari", password())
    assert read["DisplayName"] == "Kari Nordmann"
    assert account_in(as_seen(shown)) == read


def test_a_new_password_without_a_server_holds_from_the_next_start(folder: Path) -> None:
    old = password()

    done = credentials("kari", "--renew")

    assert "holds when one starts" in done.stderr
    assert old not in done.output
    assert password() in done.stdout
    assert password() != old


@pytest.mark.parametrize(
    ("name", "said"),
    [("kary", "the name of an agent"), ("berit", "an account name, for a phone that registers")],
)
def test_who_has_no_account_is_refused(folder: Path, name: str, said: str) -> None:
    assert said in refusal(name)
