"""What is installed from the wheel works without the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow

Run = Callable[..., str]


def succeed(*command: str, cwd: Path, **env: str) -> str:
    """Return what a command prints; show its errors when it fails."""
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder))
    succeed(*build, str(CHECKOUT), cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the wheel was installed, as pip does it."""
    folder = tmp_path_factory.mktemp("installed")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    succeed(*pip, "--no-index", "--no-deps", "--target", str(folder), str(wheel), cwd=folder)
    return folder


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Runs Python in an empty folder, where the wheel comes before the checkout."""

    def run(*arguments: str) -> str:
        return succeed(sys.executable, *arguments, cwd=tmp_path, PYTHONPATH=str(installed))

    return run


def test_content_and_templates_are_in_the_wheel_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = {name.split("/")[0] for name in names}
    assert {name for name in inside if not name.endswith(".dist-info")} == {"guidegen"}
    bundled = "guidegen/_bundled/"
    for folder in ("content", "templates"):
        there = [path for path in (CHECKOUT / folder).rglob("[!.]*") if path.is_file()]
        assert there
        wanted = [bundled + path.relative_to(CHECKOUT).as_posix() for path in there]
        assert [name for name in wanted if name not in names] == []
    assert "guidegen/locale/ar/LC_MESSAGES/guidegen.mo" in names
    assert [name for name in names if "__pycache__" in name or "/tests/" in name] == []
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_bundled_content_is_listed(run: Run, installed: Path) -> None:
    place = run("-c", "import guidegen.project as p; print(p.__file__, p.bundled())").split()
    assert place == [str(installed / "guidegen/project.py"), str(installed / "guidegen/_bundled")]
    listed = json.loads(run("-m", "guidegen", "list", "--json"))
    assert "ems-vs-emt" in [guide["id"] for guide in listed["guides"]]


def test_the_bundled_guide_is_built_in_an_empty_folder(run: Run, tmp_path: Path) -> None:
    run("-m", "guidegen", "build", "ems-vs-emt", "--format", "html")
    page = (tmp_path / "build/ems-vs-emt.html").read_text()
    assert "<h1>EMS and EMT</h1>" in page
    assert "font/woff2" in page
    assert [path.name for path in tmp_path.iterdir()] == ["build"]


def test_a_new_project_is_made_and_built(run: Run, tmp_path: Path) -> None:
    run("-m", "guidegen", "new", "bio")
    run("-m", "guidegen", "build", "--project", "bio", "--format", "html")
    assert (tmp_path / "build/cell-division.html").is_file()


def test_the_command_is_installed(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin/guidegen"
    assert "list" in succeed(str(command), "--help", cwd=tmp_path, PYTHONPATH=str(installed))
