"""Hostile projects through the command line: nothing outside is read, nothing inside is told."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import hostile
import pikepdf
import pytest

from guidegen.markup import is_safe_link
from guidegen.project import bundled, find
from guidegen.renderers.fonts import PACKAGES, font_folder, web_fonts
from guidegen.renderers.inert import POLICY

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = re.compile(r"[\w./-]+:\d+:\d+: (?:warning: )?[a-z0-9-]+: .*\S")
Checked = Callable[[str, str], subprocess.CompletedProcess[str]]
NAME = "wombat"  # of user, host, home and every folder, in no other word of an output

# Tells every file that Python opens and every way out of the process, forked ones included.
WATCHED = """
import json, os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def watch(event, arguments):
    if event in ("open", "os.listdir", "os.scandir"):
        path = arguments[0]
        os.write(log, (json.dumps([event, str(path)]) + "\\n").encode())
    elif event.split(".")[0] in ("socket", "subprocess", "urllib", "ftplib", "http") or event in (
        "os.exec", "os.posix_spawn", "os.spawn", "os.system"
    ):
        os.write(log, (json.dumps([event, repr(arguments)]) + "\\n").encode())

sys.addaudithook(watch)
sys.argv[:2] = ["guidegen"]
from guidegen.cli import main
main()
"""


@pytest.fixture(scope="module")
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        yield listener


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, server: socket.socket) -> Path:
    """The hostile projects, in a folder with a telling name."""
    folder = tmp_path_factory.mktemp(NAME) / NAME
    hostile.make(folder, server.getsockname()[1])
    return folder


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    """A home of its own, with fonts alone in its cache, and names that an output would tell."""
    fonts = find(bundled(), bundled()).cache
    web_fonts(fonts)
    shutil.copytree(fonts / "web-fonts", folder / "cache/guidegen/web-fonts")
    # Measuring coverage opens files of its own.
    usual = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    names = dict.fromkeys(("USER", "LOGNAME", "HOSTNAME", "USERNAME"), NAME)
    home = {"HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "cache")}
    return usual | names | home | {"PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def checked(folder: Path, environment: dict[str, str]) -> Checked:
    """Runs a command on one of the projects, once for all tests."""
    return functools.cache(
        lambda command, project: run(
            folder, environment, "-m", "guidegen", command, "--project", project
        )
    )


def run(
    folder: Path, environment: dict[str, str], *command: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def nothing_came_in(server: socket.socket) -> bool:
    try:
        server.accept()
    except BlockingIOError:
        return True
    return False


# Problems


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize(
    ("project", "most", "least"),
    [("files", 80, 50), ("links", 40, 30), ("bombs", 30, 11), ("long", 20, 5)],
)
def test_a_hostile_project_is_answered_with_problems(
    command: str,
    project: str,
    most: int,
    least: int,
    folder: Path,
    checked: Checked,
    server: socket.socket,
) -> None:
    done = checked(command, project)
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).splitlines()
    problems = [line for line in lines if PROBLEM.fullmatch(line)]
    assert least <= len(problems) <= most
    assert [each for each in problems if not each.endswith(")")] == [], "each has a hint"
    assert len(lines) <= len(problems) + 1
    assert hostile.SECRET not in done.stdout + done.stderr
    assert not (folder / "build").exists()
    assert not (folder / "owned").exists()
    assert nothing_came_in(server)


def test_every_link_is_refused_at_its_line(folder: Path, checked: Checked) -> None:
    done = checked("check", "links")
    lines = (folder / "links/content/guides/links.yaml").read_text().splitlines()
    places = [number for number, line in enumerate(lines, 1) if "[words](" in line]
    told = re.findall(r"^content/guides/links.yaml:(\d+):\d+: bad-link: ", done.stdout, re.M)
    assert [int(number) for number in told] == places
    assert len(places) == len(hostile.LINKS)


def test_every_budget_of_a_file_is_told(checked: Checked) -> None:
    done = checked("check", "bombs")
    found = re.findall(r"^content/(\S+?):\d+:\d+: ([a-z-]+): ", done.stdout, re.M)
    expected = {(name, code) for name, (code, _) in hostile.BOMBS.items()}
    assert expected | {("figures/pixels.png", "bad-figure")} <= set(found)


def test_every_budget_of_a_text_is_told(checked: Checked) -> None:
    done = checked("check", "long")
    told = "".join(f"content/guides/long.yaml:.*{words}.*\n" for words in hostile.LONG_TEXTS)
    assert re.search(told, done.stdout)
    assert "content/courses/c0.yaml:3:10: too-deep: " in done.stdout


def test_every_picture_is_refused(checked: Checked) -> None:
    done = checked("check", "files")
    links = ("out.svg", "chain.svg", "loop.svg", "pipe.svg")
    for name in (*hostile.PICTURES, *links):
        assert f"\ncontent/figures/{name}:" in done.stdout


@pytest.mark.parametrize(
    ("target", "is_safe"),
    [
        *((target, False) for target in hostile.LINKS if "&" not in target),
        ("java\tscript:alert(1)", False),
        ("\x00javascript:alert(1)", False),
        (" https://example.org", False),
        ("", False),
        (":", False),
        ("https", False),
        ("https://example.org", True),
        ("HTTP://example.org", True),
        ("mailto:a@example.org", True),
        ("tel:+1", True),
        ("#section", True),
    ],
)
def test_a_link_leads_to_the_web_a_person_or_a_place_here(target: str, is_safe: bool) -> None:
    assert is_safe_link(target) is is_safe


# Reads


def allowed_folders(folder: Path, project: str) -> tuple[Path, ...]:
    ours = (ROOT / "guidegen", bundled() / "templates", bundled() / "pyproject.toml")
    python = {Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix)}
    packages = {Path(path).resolve() for path in sys.path if "site-packages" in path}
    fonts = {font_folder(name) for name in PACKAGES}
    own = (folder / project, folder / "cache", folder / "out", folder / "log")
    return (*ours, *python, *packages, *fonts, *own, Path("/dev/null"))


def imported_from() -> set[str]:
    command = [sys.executable, "-c", "import sys; print(*sys.path, sep='\\n')"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    editable = {str(Path(path).resolve()) for path in sys.path}
    return {str(ROOT), *done.stdout.splitlines(), *editable}


@pytest.mark.parametrize("project", ["files", "text"])
def test_nothing_outside_the_project_is_opened(
    project: str, folder: Path, environment: dict[str, str], server: socket.socket
) -> None:
    log = folder / f"log/{project}"
    log.parent.mkdir(exist_ok=True)
    command = ("build", "--project", project, "--out", "out", "--no-cache", "--quiet")
    done = run(folder, environment, "-c", WATCHED, str(log), *command)
    assert done.returncode == (0 if project == "text" else 1), done.stderr
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(events) > 200
    # The SVG of the text carries a picture in itself, which urllib unpacks.
    events = [
        each for each in events if each[0] != "urllib.Request" or "'data:image/" not in each[1]
    ]
    assert {event for event, _ in events} <= {"open", "os.listdir", "os.scandir"}
    # Names without a folder are opened from an open folder, see guidegen.reading, or are none.
    paths = {path for _, path in events if "/" in path}
    allowed = allowed_folders(folder, project)
    real = {path: Path(os.path.realpath(folder / path)) for path in paths}
    strays = {path for path in paths if not any(map(real[path].is_relative_to, allowed))}
    # Python looks through the folders that it imports from.
    listed = {path for event, path in events if event == "os.listdir" and path in imported_from()}
    assert strays - listed <= {str(folder)}, strays
    assert nothing_came_in(server)


def can_trace() -> bool:
    command = ["strace", "-qq", "-e", "trace=openat", "true"]
    return bool(shutil.which("strace")) and subprocess.run(command, check=False).returncode == 0


def test_the_system_sees_nothing_either(
    folder: Path, environment: dict[str, str], server: socket.socket
) -> None:
    if not can_trace():
        pytest.skip("strace is not installed here, or may not be used")
    seen = ""
    for project in ("text", "files"):
        log = folder / f"{project}.strace"
        trace = ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=openat,connect,execve"]
        build = [sys.executable, "-m", "guidegen", "build", "--no-cache", "--project", project]
        subprocess.run([*trace, *build], cwd=folder, env=environment, capture_output=True)
        seen += log.read_text()
    opened = re.findall(r"openat\((?:.*?), \"([^\"]*)\"[^\n]*\) = \d", seen)
    assert len(opened) > 500
    assert "connect(" not in seen
    assert seen.count("execve(") == 2
    assert [path for path in opened if re.search(r"passwd|\.secret|/secret/|127\.0", path)] == []
    assert nothing_came_in(server)


# Outputs


@pytest.fixture(scope="module")
def outputs(folder: Path, environment: dict[str, str]) -> dict[str, bytes]:
    """The files made of the project in which every attempt is text."""
    done = run(folder, environment, "-m", "guidegen", "build", "--project", "text", "--out", "made")
    assert done.returncode == 0, done.stderr
    return {path.suffix: path.read_bytes() for path in (folder / "made").iterdir()}


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_web_page_does_nothing_and_loads_nothing(outputs: dict[str, bytes]) -> None:
    page = outputs[".html"].decode()
    tags = _Tags(page).tags
    assert len(tags) > 60
    assert {tag for tag, _ in tags} & {
        "script",
        "iframe",
        "object",
        "embed",
        "link",
        "form",
    } == set()
    assert [name for _, attrs in tags for name in attrs if name.startswith("on")] == []
    assert tags[3] == ("meta", {"http-equiv": "Content-Security-Policy", "content": POLICY})
    sources = [str(attrs["src"]) for _, attrs in tags if "src" in attrs]
    assert sources
    assert all(source.startswith("data:image/svg+xml;base64,") for source in sources)
    targets = [str(attrs["href"]) for _, attrs in tags if "href" in attrs]
    assert len(targets) > 5
    assert all(map(is_safe_link, targets))
    urls = re.findall(r"url\(([^)]{0,30})", page.split("</head>")[0])
    assert urls
    assert all(url.startswith("data:font/woff2;base64,") for url in urls)


def test_the_pdf_does_nothing_and_carries_nothing(outputs: dict[str, bytes], folder: Path) -> None:
    with pikepdf.open(folder / "made/text.pdf") as document:
        parts = list(dictionaries(document))
        assert len(parts) > 100
        for each in parts:
            assert set(each.keys()) & {"/JS", "/AA", "/EF", "/AcroForm", "/XFA", "/F"} <= {"/F"}
            assert each.get("/Type") not in ("/Filespec", "/EmbeddedFile")
        actions = [each for each in parts if each.get("/Type") == "/Action" or "/URI" in each]
        assert {str(each.S) for each in actions} == {"/URI"}
        assert all(is_safe_link(str(each.URI)) for each in actions)
        assert "/OpenAction" not in document.Root
        assert set(document.Root.get("/Names", {}).keys()) <= {"/Dests"}


def dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Yield every dictionary of a PDF, those inside of others too."""
    for each in document.objects:
        yield from _dictionaries(each)


def _dictionaries(part: object) -> Iterator[pikepdf.Object]:
    if isinstance(part, pikepdf.Array):
        inner = list(part)
    elif isinstance(part, (pikepdf.Dictionary, pikepdf.Stream)):
        yield part
        inner = [part[key] for key in part.keys()]  # noqa: SIM118  # no mapping of Python's
    else:
        return
    for each in inner:
        # What is indirect comes by itself.
        if isinstance(each, pikepdf.Object) and not each.is_indirect:
            yield from _dictionaries(each)


def test_no_output_tells_of_this_machine(outputs: dict[str, bytes], folder: Path) -> None:
    texts = [outputs[".html"], outputs[".pdf"]]
    with pikepdf.open(folder / "made/text.pdf") as document:
        for each in document.objects:
            if isinstance(each, pikepdf.Stream):
                texts += [each.read_raw_bytes(), readable(each)]
            texts.append(str(each).encode())
    assert any(b"x:xmpmeta" in text for text in texts)
    host = socket.gethostname()
    words = [NAME, str(folder), str(ROOT), sys.prefix, "/tmp", "site-packages"]
    words += [host] if len(host) > 5 else []
    for word in words:
        assert [text[:80] for text in texts if word.encode() in text] == []


def readable(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except (pikepdf.PdfError, zlib.error):
        return b""


def test_names_of_figures_are_not_told_to_the_engine() -> None:
    from guidegen.models import Asset
    from guidegen.renderers import pdf

    one = pdf.asset_url(Asset("../../etc/passwd", "image/png", b"one"))
    assert re.fullmatch(r"http://guidegen\.invalid/[0-9a-f]{64}", one)
    assert one == pdf.asset_url(Asset("other.png", "image/png", b"one"))
    assert one != pdf.asset_url(Asset("../../etc/passwd", "image/png", b"two"))
