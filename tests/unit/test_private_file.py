import stat
from pathlib import Path

from ivr.private_file import write_private


def test_a_file_is_replaced_in_one_step_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("old")
    path.chmod(0o644)

    write_private(path, "new")

    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
