"""Which folders a command works on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import guidegen
from guidegen import project
from guidegen.problems import RequestError
from guidegen.project import bundled, find

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A project folder without templates of its own."""
    (tmp_path / "course/content/guides").mkdir(parents=True)
    return tmp_path / "course"


def test_the_project_around_the_working_folder_is_found(course: Path) -> None:
    for cwd in (course, course / "content", course / "content/guides"):
        found = find(None, cwd)
        assert (found.root, found.content) == (course, course / "content")
        assert found.output == cwd / "build"


def test_the_nearest_of_two_projects_wins(course: Path) -> None:
    inner = course / "content/inner"
    (inner / "content/guides").mkdir(parents=True)
    assert find(None, inner / "content").root == inner


def test_outside_any_project_the_bundled_content_is_used(tmp_path: Path) -> None:
    found = find(None, tmp_path)
    assert found.root == CHECKOUT
    assert found.templates == (CHECKOUT / "templates",)
    assert found.output == tmp_path / "build"


def test_a_project_named_on_the_command_line_wins(course: Path, tmp_path: Path) -> None:
    assert find(course, CHECKOUT).root == course
    assert find(Path("course"), tmp_path).root == course
    assert find(Path("course"), tmp_path).output == tmp_path / "build"


def test_templates_of_the_project_come_before_the_bundled_ones(course: Path) -> None:
    assert find(course, course).templates == (CHECKOUT / "templates",)
    (course / "templates").mkdir()
    assert find(course, course).templates == (course / "templates", CHECKOUT / "templates")


def test_all_paths_are_absolute(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course)
    found = find(Path(), Path())
    paths = [found.root, found.content, *found.templates, found.output, found.cache]
    assert [path for path in paths if not path.is_absolute()] == []


def test_the_content_folder_instead_of_the_project_gets_a_hint(course: Path) -> None:
    with pytest.raises(RequestError, match=rf"no project.*did you mean {course}\?"):
        find(course / "content", course)


def test_a_folder_without_content_gets_a_hint(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"holds no folder 'content' \(guides belong in"):
        find(tmp_path, tmp_path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=f"there is no folder {tmp_path / 'nowhere'}"):
        find(Path("nowhere"), tmp_path)


def test_the_cache_follows_the_xdg_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert find(None, tmp_path).cache == tmp_path / "cache/guidegen"
    assert find(None, tmp_path).cache.is_dir()
    for ignored in ("", "relative/folder"):
        monkeypatch.setenv("XDG_CACHE_HOME", ignored)
        assert find(None, tmp_path).cache == tmp_path / "home/.cache/guidegen"


def test_without_a_home_the_cache_is_a_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", no_home)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert find(None, tmp_path).cache.parent == tmp_path


def test_a_checkout_bundles_its_own_folders() -> None:
    assert bundled() == CHECKOUT
    assert Path(guidegen.__file__).parent == CHECKOUT / "guidegen"


def test_an_installed_package_bundles_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages/guidegen"
    package.mkdir(parents=True)
    shutil.copy(CHECKOUT / "guidegen/project.py", package)
    monkeypatch.setattr(project, "__file__", str(package / "project.py"))
    # Other packages, too, may have installed a top-level "content".
    (package.parent / "content").mkdir()
    assert bundled() == package / "_bundled"
