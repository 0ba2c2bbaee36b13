"""The files that an option `path` names."""

from pathlib import Path

from generators.files import files_at


def test_a_file_is_itself_and_a_folder_all_files_below_it_by_their_paths_but_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", ".hidden", ".git/config", "a/y.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert files_at(str(tmp_path / "b.txt")) == [tmp_path / "b.txt"]
    assert files_at(str(tmp_path)) == [tmp_path / name for name in ("a/y.txt", "a/z.txt", "b.txt")]


def test_where_nothing_is_there_are_no_files(tmp_path: Path) -> None:
    assert files_at(str(tmp_path / "no")) == files_at(str(tmp_path)) == []
