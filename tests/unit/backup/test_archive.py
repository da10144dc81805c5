"""Backups that were not made by us, or not left alone since."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from server.backup import restore
from server.backup.archive import writing
from server.backup.contents import FORMAT, HEAD, MANIFEST, Head, encoded, manifest_lines
from server.backup.faults import BackupError
from server.backup.restore import restore_backup, verify

CREATED = Head(format=FORMAT, store_id="a", version="0", created_at="2024-01-01T00:00:00.000Z")


def member(name: str, **changes: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    for attribute, value in changes.items():
        setattr(info, attribute, value)
    return info


def tar_of(path: Path, *members: tarfile.TarInfo, contents: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for info in members:
            content = contents.get(info.name, b"")
            info.size = len(content) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(content))
    return path


def written(path: Path, **files: bytes) -> Path:
    """A backup with these files."""
    with path.open("wb") as raw, writing(raw, path.name) as archive:
        archive.add_bytes(HEAD, encoded(CREATED))
        for name, content in files.items():
            archive.add_bytes(name, content)
        archive.add_bytes(MANIFEST, b"".join(manifest_lines(archive.copied)))
    return path


@pytest.mark.parametrize(
    "stranger",
    [
        member("../outside"),
        member("/etc/outside"),
        member("results/../../outside"),
        member("results//x"),
        member("a\\b"),
        member("results/line\nbreak"),
        member("link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        member("hard", type=tarfile.LNKTYPE, linkname=HEAD),
        member("pipe", type=tarfile.FIFOTYPE),
        member("device", type=tarfile.CHRTYPE),
        member("folder", type=tarfile.DIRTYPE),
    ],
    ids=lambda info: info.name.replace("\n", "-"),
)
def test_what_leads_out_of_the_folder_is_refused_and_nothing_is_left(tmp_path: Path, stranger: tarfile.TarInfo) -> None:
    path = tar_of(tmp_path / "it.tar", member(HEAD), stranger, contents={HEAD: encoded(CREATED)})
    with pytest.raises(BackupError, match="no file that a backup has"):
        restore_backup(path, tmp_path / "new" / "home")
    assert {found.name for found in tmp_path.rglob("*")} == {"it.tar", "new"}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2_000])


def changed(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"some bars", b"same bars"))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def another_kind(path: Path) -> None:
    path.write_bytes(b"no tar at all " * 100)


@pytest.mark.parametrize("damage", [cut, changed, emptied, another_kind])
def test_damage_is_noticed(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = written(tmp_path / "it.tar", bars=b"some bars")
    assert verify(path) == CREATED
    damage(path)
    with pytest.raises(BackupError, match=r"no backup|damaged"):
        verify(path)


def test_a_compressed_one_that_was_cut_short_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path / "it.tar.gz", bars=bytes(range(256)) * 64)
    verify(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BackupError, match="cut short"):
        verify(path)


def test_a_file_that_comes_twice_is_refused(tmp_path: Path) -> None:
    path = tar_of(tmp_path / "it.tar", member(HEAD), member("a"), member("a"), contents={HEAD: encoded(CREATED)})
    with pytest.raises(BackupError, match="twice"):
        verify(path)


def test_a_manifest_may_be_longer_than_what_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "_SPEAKING_LIMIT", 200)
    path = written(tmp_path / "it.tar", **{f"file{number}": b"content" for number in range(50)})
    assert verify(path) == CREATED


def test_a_file_that_the_manifest_lacks_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "it.tar"
    with path.open("wb") as raw, writing(raw, path.name) as archive:
        archive.add_bytes(HEAD, encoded(CREATED))
        archive.add_bytes("bars", b"some bars")
        archive.add_bytes(MANIFEST, b"")
    with pytest.raises(BackupError, match="bars is not in its manifest"):
        verify(path)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    newer = Head(format=FORMAT + 1, store_id="a", version="9", created_at="2024-01-01T00:00:00.000Z")
    path = tar_of(tmp_path / "it.tar", member(HEAD), contents={HEAD: encoded(newer)})
    with pytest.raises(BackupError, match=f"this version knows {FORMAT}"):
        verify(path)


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"\.tar\.gz"):
        written(tmp_path / "it.zip")


def test_a_backup_packed_with_zstd_can_be_read(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = written(tmp_path / "it.tar.zst", bars=b"some bars" * 1_000)
    assert path.stat().st_size < 5_000
    assert verify(path) == CREATED
