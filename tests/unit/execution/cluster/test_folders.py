"""Folders of hosts that share a machine."""

from pathlib import Path

from server.execution.cluster.folders import own_folder


def test_a_folder_goes_with_its_host(tmp_path: Path) -> None:
    with own_folder(tmp_path) as folder:
        (folder / "board").touch()
        assert folder.parent == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_what_killed_hosts_left_goes_and_what_others_hold_stays(tmp_path: Path) -> None:
    left = tmp_path / "host-left"
    left.mkdir()
    (left / "lock").touch()
    (tmp_path / "datasets").mkdir()
    with own_folder(tmp_path) as first, own_folder(tmp_path) as second:
        assert set(tmp_path.iterdir()) == {first, second, tmp_path / "datasets", tmp_path / "lock"}
