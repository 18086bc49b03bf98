from pathlib import Path

from ivr.asterisk.apt import configuration


def test_apt_writes_only_below_its_own_folder_and_knows_only_our_source() -> None:
    text = configuration(Path("/c/apt"), "arm64")

    assert 'Dir::State "/c/apt/state";' in text
    assert 'Dir::Cache "/c/apt/cache";' in text
    assert 'Dir::Etc::sourcelist "/c/apt/sources.list";' in text
    assert 'Dir::Etc::sourceparts "/dev/null";' in text
    assert 'APT::Architectures { "arm64"; };' in text


def test_the_machines_hooks_which_need_root_are_not_run() -> None:
    text = configuration(Path("/c/apt"), "amd64")

    for hook in ("APT::Update::Post-Invoke", "DPkg::Post-Invoke"):
        assert f"#clear {hook};" in text


def test_signatures_are_always_checked() -> None:
    text = configuration(Path("/c/apt"), "amd64").lower()

    assert "allow-unauthenticated" not in text
    assert "allowinsecure" not in text
    assert "trusted=yes" not in text
