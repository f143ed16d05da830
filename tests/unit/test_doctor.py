"""The doctor names what is missing and the command that mends it."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from guidegen import doctor
from guidegen.doctor import Finding, examine
from guidegen.problems import RequestError
from guidegen.renderers.fonts import PACKAGES

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]


def found(name: str) -> Finding:
    (finding,) = [finding for finding in examine() if finding.name == name]
    return finding


def test_what_these_tests_run_on_is_sound() -> None:
    findings = examine()
    assert [finding.name for finding in findings] == [
        "Python",
        "WeasyPrint",
        "Pango",
        "Pango FT2",
        "HarfBuzz subset",
        "font-source-serif-pro",
        "font-source-sans-pro",
        "Arabic letters",
        "Devanagari letters",
        "Japanese letters",
    ]
    assert [finding for finding in findings if not finding.ok or finding.mend] == []


def test_versions_are_told() -> None:
    assert found("Python").found == platform.python_version()
    assert found("WeasyPrint").found == importlib.metadata.version("weasyprint")
    assert found("Pango").found.split(".")[0] == "1"


def test_it_looks_for_what_the_project_asks_for() -> None:
    oldest = ".".join(map(str, doctor.OLDEST_PYTHON))
    assert PROJECT["requires-python"] == f">={oldest}"
    wanted = {doctor.WEASYPRINT} | {
        f"{package.replace('_', '-')}=={doctor.FONTS_VERSION}" for package in PACKAGES
    }
    assert wanted <= set(PROJECT["dependencies"])
    assert doctor.WEASYPRINT.startswith(f"weasyprint>={doctor.WEASYPRINT_MAJOR},")


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (9, 9))
    finding = found("Python")
    assert not finding.ok
    assert finding.mend.endswith("apt-get install --no-install-recommends python9.9-venv")


@pytest.mark.parametrize("version", ["69.1", "71.0", "7.0"])
def test_another_major_of_the_engine_is_refused(
    version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: version)
    finding = found("WeasyPrint")
    assert (finding.ok, finding.found) == (False, version)
    assert finding.mend == f"{sys.executable} -m pip install 'weasyprint>=70,<71'"


def test_a_missing_engine_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", nothing)
    assert (found("WeasyPrint").ok, found("WeasyPrint").found) == (False, "not installed")


@pytest.mark.parametrize(
    ("system", "user", "mends"),
    [
        (
            "Linux",
            1000,
            [
                f"sudo apt-get install --no-install-recommends {package}"
                for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
            ],
        ),
        (
            "Linux",
            0,
            [
                f"apt-get install --no-install-recommends {package}"
                for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
            ],
        ),
        ("Darwin", 501, ["brew install pango", "brew install pango", "brew install harfbuzz"]),
    ],
)
def test_missing_libraries_get_the_command_of_the_system(
    system: str, user: int, mends: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    bad = [finding for finding in examine() if not finding.ok]
    assert [finding.mend for finding in bad] == mends
    assert {finding.found for finding in bad} == {"not installed"}


def test_missing_fonts_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "SourceSerifPro-Regular.ttf").write_bytes(b"")
    monkeypatch.setattr(doctor, "font_folder", lambda _: tmp_path)
    finding = found("font-source-serif-pro")
    assert (finding.ok, finding.found) == (False, "1 of 3 faces")
    assert finding.mend.endswith("pip install --force-reinstall font-source-serif-pro==0.0.1")


def test_a_missing_font_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> Path:
        raise RequestError(package)

    monkeypatch.setattr(doctor, "font_folder", missing)
    assert found("font-source-sans-pro").found == "0 of 4 faces"


def test_it_does_not_import_what_may_be_broken() -> None:
    script = "import sys, guidegen.doctor as d; d.examine(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "guidegen.doctor" in run.stdout
    assert not {"weasyprint", "fontTools", "font_source_serif_pro"} & set(run.stdout.split())
