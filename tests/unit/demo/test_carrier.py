from dataclasses import replace
from pathlib import Path

import pytest

from ivr.asterisk import configure
from ivr.asterisk.conf_core import MODULES
from ivr.demo.carrier import ACCOUNT, HOST, TRUNK, PlayedCarrier, dialplan
from ivr.demo.script import DIALLED
from ivr.errors import DemoFailed
from ivr.settings import load_settings
from tests.unit.asterisk.test_configure import PLAN


def played(home: Path) -> PlayedCarrier:
    return PlayedCarrier(home, replace(PLAN, sip_host=HOST, sip_port=5072), DIALLED)


def test_the_customers_settings_are_one_trunk_that_registers(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"

    played(tmp_path).write_settings(file)

    (trunk,) = load_settings(file).trunk
    assert (trunk.name, trunk.account, trunk.registers) == (TRUNK, ACCOUNT, True)
    assert trunk.addresses == (f"{HOST}:5072",)
    assert trunk.password_file == tmp_path / "password"


def test_settings_are_written_again_but_never_over_somebodys_own(tmp_path: Path) -> None:
    file = tmp_path / "ivr.toml"
    played(tmp_path).write_settings(file)
    played(tmp_path).write_settings(file)
    file.write_text("[web]\n")

    with pytest.raises(DemoFailed, match="own"):
        played(tmp_path).write_settings(file)

    assert file.read_text() == "[web]\n"


def test_each_number_of_the_customers_is_brought_to_where_it_signed_in() -> None:
    text = dialplan(DIALLED)

    for number in DIALLED:
        assert f"exten => {number},1," in text
    assert text.count(f"PJSIP_DIAL_CONTACTS({ACCOUNT})") == len(DIALLED)


def test_the_carriers_own_texts_stand_in_place_of_a_servers() -> None:
    ours, theirs = (
        configure.texts(plan)
        for plan in (PLAN, replace(PLAN, instead=(("extensions.conf", dialplan(DIALLED)),)))
    )

    differ = {name for name in ours if ours[name] != theirs[name]}
    assert differ == {"etc/extensions.conf"}
    assert "app_stack" not in MODULES  # a server needs none of what only a carrier needs
