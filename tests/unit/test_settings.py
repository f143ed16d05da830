"""The settings file: written whole, read strictly, and every fault told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from guidegen.problems import ContentError, RequestError
from guidegen.settings import (
    NO_OFFSET,
    Offset,
    Settings,
    parse_offset,
    read_settings,
    settings_folder,
    write_settings,
)


@pytest.mark.parametrize("offset", [NO_OFFSET, Offset(0.5, -1.25), Offset(-10, 10)])
def test_what_is_written_is_read_again(tmp_path: Path, offset: Offset) -> None:
    path = write_settings(Settings(offset), tmp_path / "new")
    assert path == tmp_path / "new/settings.yaml"
    assert read_settings(tmp_path / "new") == Settings(offset)


def test_without_a_file_nothing_is_moved(tmp_path: Path) -> None:
    assert read_settings(tmp_path) == Settings(NO_OFFSET)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("format: 1\nback_ofset:\n  x: 1\n", "2:1: unknown-field"),
        ("format: 1\nback_offset:\n  x: 1mm\n", "3:6: wrong-value"),
        ("format: 1\nback_offset:\n  x: 11\n", "3:6: wrong-value"),
        ("format: 1\nback_offset:\n  z: 1\n", "3:3: unknown-field"),
        ("format: 1\nback_offset: 1,2\n", "2:14: wrong-type"),
        ("format: 2\n", "1:9: format"),
        ("back_offset:\n  x: 1\n", "1:1: missing-field"),
        ("- 1\n", "1:1: wrong-type"),
        ("format: 1\nback_offset: [1\n", "2:14: yaml-syntax"),
        ("format: 1\nback_offset:\n  x:\n", "3:3: empty-value"),
        ("", "1:1: empty-file"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "settings.yaml").write_text(text)
    with pytest.raises(ContentError) as raised:
        read_settings(tmp_path)
    problems = [str(each).partition("settings.yaml:")[2] for each in raised.value.problems]
    assert len(problems) == 1
    assert problems[0].startswith(told)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ContentError, match="not-utf8"):
        read_settings(tmp_path)


@pytest.mark.parametrize("text", ["1", "1,2,3", "a,1", "1,", "11,0", "0,-10.5", "nan,0", "1e1,0"])
def test_what_is_no_offset_is_refused(text: str) -> None:
    with pytest.raises(RequestError, match="is no offset"):
        parse_offset(text)


def test_an_offset_is_read_as_typed() -> None:
    assert parse_offset(" 0.5, -1 ") == Offset(0.5, -1.0)


def test_the_folder_is_that_of_the_person(tmp_path: Path) -> None:
    named = settings_folder({"XDG_CONFIG_HOME": str(tmp_path)})
    assert named == tmp_path / "guidegen"
    assert settings_folder({"XDG_CONFIG_HOME": "relative"}).parts[-2:] == (".config", "guidegen")
