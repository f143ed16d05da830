"""The fonts are ours alone, the same everywhere, and small enough to travel in a page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from guidegen.problems import RequestError
from guidegen.project import bundled, find
from guidegen.renderers import fonts
from guidegen.renderers.fonts import (
    FACES,
    PACKAGES,
    REPERTOIRE,
    font_folder,
    fontconfig_file,
    web_fonts,
)
from guidegen.renderers.scripts import Face
from guidegen.writer import WriteError

SERIF, SERIF_ITALIC = FACES[0], FACES[1]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds every face."""
    shared = find(bundled(), bundled()).cache
    web_fonts(shared)
    folder = tmp_path_factory.mktemp("cache")
    shutil.copytree(shared / "web-fonts", folder / "web-fonts")
    return folder


@pytest.mark.parametrize("package", PACKAGES)
def test_each_font_package_holds_the_faces(package: str) -> None:
    names = {path.name for path in font_folder(package).iterdir()}
    needed = {face.file for face in FACES if face.package == package}
    assert needed
    assert needed <= names


def test_missing_fonts_are_named() -> None:
    with pytest.raises(RequestError, match="fonts of font-of-nobody are not installed"):
        font_folder("font_of_nobody")


def test_settings_show_our_folders_and_a_cache_inside_ours(tmp_path: Path) -> None:
    root = ElementTree.fromstring(fontconfig_file(tmp_path).read_bytes())
    assert [node.text for node in root.findall("dir")] == [str(font_folder(p)) for p in PACKAGES]
    assert [node.text for node in root.findall("cachedir")] == [str(tmp_path / "fontconfig")]
    assert [node.text for node in root.iter("glob")] == [
        f"{font_folder(package)}/*.otf" for package in PACKAGES
    ]


def test_settings_survive_signs_that_xml_reserves(tmp_path: Path) -> None:
    cache = tmp_path / "R&D <1>"
    root = ElementTree.fromstring(fontconfig_file(cache).read_bytes())
    assert root.findtext("cachedir") == str(cache / "fontconfig")


def test_settings_have_an_absolute_path_as_the_engine_ignores_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert fontconfig_file(Path("cache")).parent == tmp_path / "cache"


def test_settings_are_written_once_and_again_when_damaged(tmp_path: Path) -> None:
    path = fontconfig_file(tmp_path)
    os.utime(path, (1, 1))
    assert fontconfig_file(tmp_path).stat().st_mtime == 1
    sound = path.read_bytes()
    path.write_bytes(b"<fontconfig>")
    assert fontconfig_file(tmp_path).read_bytes() == sound


@pytest.mark.skipif(not shutil.which("fc-list"), reason="fc-list is not installed")
def test_fontconfig_sees_our_true_type_fonts_and_no_others(tmp_path: Path) -> None:
    settings = os.environ | {"FONTCONFIG_FILE": str(fontconfig_file(tmp_path))}
    run = subprocess.run(
        ["fc-list", ":", "file"], env=settings, capture_output=True, text=True, check=True
    )
    listed = {line.strip().removesuffix(":") for line in run.stdout.splitlines()}
    expected = {str(path) for package in PACKAGES for path in font_folder(package).glob("*.ttf")}
    assert listed == expected
    assert not run.stderr


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.name)
def test_each_web_font_is_small_whole_and_licensed(face: Face, cache: Path, tmp_path: Path) -> None:
    web = web_fonts(cache, [face])[face]
    assert len(web) < 30_000
    (tmp_path / "font.woff2").write_bytes(web)
    with (
        TTFont(tmp_path / "font.woff2") as subset,
        TTFont(font_folder(face.package) / face.file) as original,
    ):
        assert subset.flavor == "woff2"
        assert set(subset.getBestCmap()) == set(original.getBestCmap()) & REPERTOIRE
        assert subset["head"].modified == original["head"].modified
        assert "SIL Open Font License" in subset["name"].getDebugName(13)
        # Digits line up in columns as they are: no feature need be switched on for it.
        assert (
            len({subset["hmtx"][subset.getBestCmap()[ord(digit)]][0] for digit in "0123456789"})
            == 1
        )
        kerning = {record.FeatureTag for record in subset["GPOS"].table.FeatureList.FeatureRecord}
        assert "kern" in kerning
        assert original["OS/2"].usWeightClass == face.weight
        assert bool(original["head"].macStyle & 2) == (face.style == "italic")
        assert original["name"].getBestFamilyName() == face.family


def test_upright_faces_have_the_signs_that_guides_use(cache: Path, tmp_path: Path) -> None:
    for face in (SERIF, FACES[3]):
        (tmp_path / face.name).write_bytes(web_fonts(cache, [face])[face])
        with TTFont(tmp_path / face.name) as font:
            has = font.getBestCmap()
        assert [sign for sign in "←→↑↓✓☐≤≥≈×−…–—“”‘’½°µ" if ord(sign) not in has] == []


def test_the_same_bytes_come_out_again(cache: Path, tmp_path: Path) -> None:
    assert web_fonts(tmp_path, [SERIF_ITALIC]) == web_fonts(cache, [SERIF_ITALIC])


def test_the_cache_answers_without_the_font_library(cache: Path) -> None:
    script = f"""
import sys, pathlib
from guidegen.renderers.fonts import FACES, web_fonts
assert list(web_fonts(pathlib.Path({str(cache)!r}))) == list(FACES)
assert not {{"fontTools", "font_source_serif_pro", "weasyprint"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "folder"])
def test_a_damaged_cache_entry_is_noticed(damage: str, cache: Path, tmp_path: Path) -> None:
    sound = web_fonts(cache, [SERIF_ITALIC])
    (entry,) = (cache / "web-fonts").glob("serif-400-italic-*")
    copy = tmp_path / "web-fonts" / entry.name
    copy.parent.mkdir()
    sealed = entry.read_bytes()
    if damage == "folder":
        copy.mkdir()
    else:
        flipped = sealed[:99] + bytes([sealed[99] ^ 1]) + sealed[100:]
        copy.write_bytes({"flip": flipped, "cut": sealed[:-1], "empty": b""}[damage])
    assert web_fonts(tmp_path, [SERIF_ITALIC]) == sound
    if damage != "folder":
        assert copy.read_bytes() == sealed


def test_a_full_disk_does_not_keep_the_font_from_the_page(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise WriteError(path, f"no room for {len(content)} bytes")

    monkeypatch.setattr(fonts, "write_cache", full)
    assert web_fonts(tmp_path, [SERIF_ITALIC]) == web_fonts(cache, [SERIF_ITALIC])


def test_another_repertoire_gets_another_cache_entry(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "REPERTOIRE", frozenset(map(ord, "abc")))
    monkeypatch.setattr(fonts, "write_cache", lambda *_: None)
    assert len(web_fonts(cache, [SERIF_ITALIC])[SERIF_ITALIC]) < 10_000
