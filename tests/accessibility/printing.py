"""Files made by guidegen itself, as a reader gets them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROCESSES = 2


def printed(folder: Path, commands: Sequence[str], format_: str) -> list[Path]:
    """Run guidegen with each command line in ``folder``; return the files of the format there."""

    def run(command: str) -> None:
        line = [sys.executable, "-m", "guidegen", *command.split(), "--format", format_]
        ended = subprocess.run(line, cwd=folder, capture_output=True, text=True)
        assert ended.returncode == 0, f"guidegen {command}\n{ended.stdout}{ended.stderr}"

    with ThreadPoolExecutor(PROCESSES) as pool:
        list(pool.map(run, commands))
    files = sorted((folder / "build").rglob(f"*.{format_}"))
    assert len(files) >= len(commands)
    return files
