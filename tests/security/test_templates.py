"""A project's own templates: kept to what they are given, and told of at their very line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import write

from guidegen import reading
from guidegen.problems import ContentError, Problem, RenderError
from guidegen.project import bundled
from guidegen.renderers import inert
from guidegen.renderers.html import load_templates, read_templates, render
from guidegen.themes import Look
from guidegen.view.document import Page

OURS = bundled() / "templates"
PROSE = "components/prose.html.jinja"
GUIDE = """\
format: 1
title: G
lead: L
edition: 2026-11-24
sections:
  - id: s
    title: S
    blocks:
      - kind: prose
        text: Words.
"""


def faults(folder: Path, texts: dict[str, str]) -> list[str]:
    """Return what is told of templates in a project when they are loaded."""
    write(folder / "templates", texts)
    return [str(each) for each in read_templates([folder / "templates", OURS])[1]]


def fault_of(text: str) -> Problem:
    """Return what is told when a template of this text is rendered."""
    templates = load_templates([OURS]) | {"guide.html.jinja": text}
    with pytest.raises(RenderError) as caught:
        render(NOTHING, "print", templates, asset_url=lambda name: f"own:{name}")
    (problem,) = caught.value.problems
    assert problem.code == "template-error"
    assert problem.hint
    return problem


class _Nothing:
    """A document of which a template can ask nothing."""

    language = "en"
    look = Look()

    def __init__(self) -> None:
        self.open = {"key": "value"}
        self._inner = "hidden"


NOTHING: Page = _Nothing()  # type: ignore[assignment]


# What comes with guidegen


def test_our_own_templates_are_sound_and_reach_nowhere() -> None:
    templates, problems = read_templates([OURS, OURS])
    assert problems == []
    assert len(templates) > 30


# Told when they are loaded


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{% if %}", ":2:1: template-error: Expected an expression"),
        ("a\n\n{{ 1 + }}", ":3:1: template-error: "),
        ("{{ x", ":1:1: template-error: unexpected end of template"),
        ("{% nonsense %}", ":1:1: template-error: Encountered unknown tag 'nonsense'"),
        ("{{ x | nonsense }}", ":1:1: template-error: No filter named 'nonsense'"),
        ("{% for a in b %}" * 30 + "{% endfor %}" * 30, "template-error: too many statically"),
        ("(" * 3 + "{{ " + "(" * 5_000, "template-error: "),
    ],
)
def test_a_mistake_in_a_template_is_told_at_its_line(text: str, told: str, tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, {PROSE: text})
    assert fault.startswith(f"templates/{PROSE}:")
    assert told in fault


def test_all_that_is_wrong_is_told_in_one_pass(tmp_path: Path) -> None:
    texts = {PROSE: "{{", "guide.html.jinja": "{%", "css/base.css": "@import 'x';"}
    assert len(faults(tmp_path, texts)) == 3
    with pytest.raises(ContentError) as caught:
        load_templates([tmp_path / "templates", OURS])
    assert len(caught.value.problems) == 3


SHEETS = [
    "@import 'a.css';",
    "@IMPORT url(a.css);",
    "@\\69mport 'a.css';",
    "@\\i\\mport 'a.css';",
    "p { background: url(http://127.0.0.1/a.png) }",
    "p { background: url(  'file:///etc/passwd') }",
    "p { background: URL(//127.0.0.1/a.png) }",
    "p { background: u\\72 l(a.png) }",
    "p { background: url(data:image/svg+xml,<svg/>) }",
    "p { background: image-set('a.png' 1x) }",
    "p { background: -webkit-image-set('a.png' 1x) }",
    "@font-face { font-family: F; src: url(a.woff2) }",
    "p { behavior: url(#default) }",
    "p { -moz-binding: url(#x) }",
    "</style><script>alert(1)</script>",
    "p { content: '</STYLE' }",
]


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_style_sheet_that_reaches_out_is_refused(sheet: str, tmp_path: Path) -> None:
    told = faults(tmp_path, {"css/base.css": f"p {{ color: red }}\n{sheet}"})
    assert told
    assert all(each.startswith("templates/css/base.css:2:1: template-error: ") for each in told)


@pytest.mark.parametrize(
    "sheet",
    [
        "p::before { content: '\\2014' }",
        "p { background: url(data:image/png;base64,iVBORw0KGgo=) }",
        "p { fill: url(#gradient) }",
        "a::after { content: target-counter(attr(href), page) }",
    ],
)
def test_a_style_sheet_may_use_what_it_holds(sheet: str, tmp_path: Path) -> None:
    assert faults(tmp_path, {"css/base.css": sheet}) == []


def test_files_that_are_no_templates_are_told(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    folder = tmp_path / "project/templates"
    write(folder, {"components/-.html.jinja": "x", "components/a\x1b[1mb.jinja": "x"})
    (folder / PROSE).write_bytes(b"words\n\xff")
    (folder / "guide.html.jinja").symlink_to(secret)
    (folder / "base.html.jinja").symlink_to("base.html.jinja")
    (folder / "diff.html.jinja").mkdir()
    os.mkfifo(folder / "handout.html.jinja")
    (folder / "worksheet.html.jinja").write_text("x" * 500_001)
    templates, problems = read_templates([folder, OURS])
    assert sorted((each.code, each.origin.file) for each in problems) == [
        ("bad-file-name", "templates/components/-.html.jinja"),
        ("bad-file-name", "templates/components/a?[1mb.jinja"),
        ("not-utf8", f"templates/{PROSE}"),
        ("outside-project", "templates/guide.html.jinja"),
        ("too-large", "templates/worksheet.html.jinja"),
        ("unreadable", "templates/base.html.jinja"),
        ("unreadable", "templates/diff.html.jinja"),
        ("unreadable", "templates/handout.html.jinja"),
    ]
    assert "secret" not in templates.values()


def test_a_folder_of_templates_elsewhere_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", {PROSE: "secret"})
    (tmp_path / "project").mkdir()
    (tmp_path / "project/templates").symlink_to(tmp_path / "elsewhere")
    templates, problems = read_templates([tmp_path / "project/templates", OURS])
    assert [each.code for each in problems] == ["outside-project"]
    assert "secret" not in templates.values()


# Told when they are rendered


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\n{{ document.nothing }}", "2:1: template-error: '"),
        ("a\nb\n{{ nothing }}", "3:1: template-error: 'nothing' is undefined"),
        ("{% include 'components/pose.html.jinja' %}", "1:1: template-error: there is no template"),
        ("{% extends 'bass.html.jinja' %}", "1:1: template-error: there is no template"),
        ("{% include '/etc/passwd' %}", "1:1: template-error: there is no template"),
        ("{% include '../../../../etc/passwd' %}", "1:1: template-error: there is no template"),
        ("{{ 1 / 0 }}", "1:1: template-error: ZeroDivisionError: division by zero"),
        ("{{ 'a' + 1 }}", "1:1: template-error: TypeError: "),
        ("{% include 'guide.html.jinja' %}", "template-error: templates or macros that call"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "template-error: templates or macros"),
    ],
)
def test_what_goes_wrong_in_a_template_is_told_at_its_line(text: str, told: str) -> None:
    problem = str(fault_of(text))
    assert problem.startswith("templates/guide.html.jinja:")
    assert told in problem


ESCAPES = [
    "{{ ''.__class__ }}",
    "{{ ''['__class__'] }}",
    "{{ ''|attr('__class__') }}",
    "{{ ''|attr('\\x5f_class_\\x5f') }}",
    "{{ [''] | map(attribute='__class__') | first }}",
    "{{ (['']|groupby('__class__'))[0].grouper }}",
    "{{ document._inner }}",
    "{{ document.__init__.__globals__ }}",
    "{{ asset_url.__globals__ }}",
    "{{ asset_url.__closure__ }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ '{0.__class__}'.format('') }}",
    "{{ '{x.__class__}'.format_map({'x': ''}) }}",
    "{{ ('{0.__class__}'|attr('format'))('') }}",
    "{{ '%s'|format(''.__class__) }}",
    "{{ document.open.update({'a': 1}) }}",
    "{{ document.open.clear() }}",
    "{{ [].append(1) }}",
    "{{ range(10**9) }}",
    "{% for a in range(999999) %}{% endfor %}",
    "{{ namespace.__init__ }}",
    "{{ joiner.__init__.__builtins__ }}",
    "{{ ().__class__.__base__.__subclasses__() }}",
    "{{ (x for x in []).gi_frame }}",
    "{% import 'os' as os %}",
]


@pytest.mark.parametrize("text", ESCAPES)
def test_no_template_escapes_from_its_sandbox(text: str) -> None:
    problem = fault_of(f"\n{text}")
    assert problem.origin.file == "templates/guide.html.jinja"
    assert "Traceback" not in str(problem)


@pytest.mark.parametrize(
    "text", ["{{ 10 ** (10 ** 10) }}", "{{ 'a' | center(10 ** 12) }}", "{{ 'a' * 10 ** 12 }}"]
)
def test_nothing_is_computed_while_templates_are_loaded(text: str, tmp_path: Path) -> None:
    assert faults(tmp_path, {PROSE: text}) == []


# What they may print


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//127.0.0.1/a.js></SCRIPT>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><animate attributeName=href to=javascript:x /></svg>",
        "<svg><use href='file:///etc/passwd#a'/></svg>",
        "<svg><image href='http://127.0.0.1/a.png'/></svg>",
        "<p onclick=alert(1)>x</p>",
        "<p OnMouseOver='alert(1)'>x</p>",
        "<img src='http://127.0.0.1/a.png'>",
        "<img src='own:not-asked-for'>",
        "<img src='data:image/png;base64,AA=='>",
        "<img srcset='http://127.0.0.1/a.png 2x'>",
        "<iframe srcdoc='x'></iframe>",
        "<object data='file:///etc/passwd'></object>",
        "<embed src=x>",
        "<form action='http://127.0.0.1/'></form>",
        "<link rel=stylesheet href='http://127.0.0.1/a.css'>",
        "<link rel=attachment href='file:///etc/passwd'>",
        "<link rel=dns-prefetch href='//127.0.0.1'>",
        "<a rel=attachment href='#x'>x</a>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<a href='file:///etc/passwd'>x</a>",
        "<a href='#x' ping='http://127.0.0.1/'>x</a>",
        "<base href='http://127.0.0.1/'>",
        "<meta http-equiv=refresh content='0; http://127.0.0.1/'>",
        "<p style='background: url(http://127.0.0.1/a.png)'>x</p>",
        "<style>@import 'http://127.0.0.1/a.css';</style>",
        "<style>@import 'http://127.0.0.1/a.css';",
        "<!-- <p> -->",
        "<textarea><!--</textarea><script>alert(1)</script>-->",
        "<![CDATA[x]]>",
        "<?xml version='1.0'?>",
        "{{ ('<scr' ~ 'ipt>') | safe }}",
    ],
)
def test_a_page_that_does_or_loads_anything_is_refused(markup: str) -> None:
    templates = load_templates([OURS]) | {"guide.html.jinja": f"<p>\n{markup}"}
    with pytest.raises(RenderError) as caught:
        render(NOTHING, "print", templates, asset_url=lambda name: f"own:{name}")
    assert {each.code for each in caught.value.problems} == {"template-error"}
    places = {(each.origin.file, each.origin.line) for each in caught.value.problems}
    assert places <= {("templates/guide.html.jinja", 1), ("templates/guide.html.jinja", 2)}


def test_a_page_may_show_what_it_is_given() -> None:
    text = "<img src=\"{{ asset_url('a') }}\"><a href='https://example.org'>x</a><a href='#y'>y</a>"
    templates = load_templates([OURS]) | {"guide.html.jinja": text}
    page = render(NOTHING, "print", templates, asset_url=lambda name: f"own:{name}")
    assert page == text.replace("{{ asset_url('a') }}", "own:a")


@pytest.mark.parametrize(
    "head",
    [
        "<!doctype html><html><head>",
        "<!doctype html><html><head><meta charset=utf-8>",
        "<!doctype html><html><head><meta charset='utf-8'><style></style>",
        "<!doctype html><p>",
    ],
)
def test_a_web_page_without_its_policy_first_is_refused(head: str) -> None:
    policy = '<meta http-equiv="Content-Security-Policy" content="{{ policy }}">'
    good = f'<!doctype html><html><head><meta charset="utf-8">{policy}'
    templates = load_templates([OURS])
    render(NOTHING, "screen", templates | {"guide.html.jinja": good}, asset_url=str)
    with pytest.raises(RenderError, match="content security policy"):
        render(NOTHING, "screen", templates | {"guide.html.jinja": head + policy}, asset_url=str)


def test_the_policy_lets_nothing_in() -> None:
    rules = dict(rule.split(" ", 1) for rule in inert.POLICY.split("; "))
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


# Through the command line


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "{{ ''.__class__.__mro__ }}",
            f"templates/{PROSE}:1:1: template-error: access to attribut",
        ),
        ("\n{{ block.nothing }}", f"templates/{PROSE}:2:1: template-error: '"),
        ("{{ 10 ** (10 ** 10) }}", "content/guides/g.yaml:1:1: layout-too-long: "),
        ("{{ 'a' * 10 ** 12 }}", "content/guides/g.yaml:1:1: layout-too-big: "),
        ("<a rel=attachment href='file:///etc/passwd'>x</a>", f"templates/{PROSE}:1:1: "),
    ],
)
@pytest.mark.parametrize("format_", ["pdf", "html"])
def test_a_hostile_template_ends_the_build_with_its_place(
    text: str, told: str, format_: str, tmp_path: Path
) -> None:
    write(tmp_path, {"content/guides/g.yaml": GUIDE, f"templates/{PROSE}": text})
    done = subprocess.run(
        [sys.executable, "-m", "guidegen", "build", "--format", format_, "--quiet"],
        cwd=tmp_path,
        env=os.environ | {"GUIDEGEN_TIME_LIMIT": "3" if "too-long" in told else "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(told), done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert not (tmp_path / "build").exists()


# Files


def test_a_link_put_in_place_after_the_look_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, root = tmp_path / "secret", tmp_path / "root"
    write(root, {"folder/file": "open"})
    write(secret, {"file": "secret"})
    assert reading.read_inside(root / "folder/file", root, 9) == b"open"
    look = reading.leads_outside

    def swap(path: Path, inside: Path) -> bool:
        answer = look(path, inside)
        (root / "folder").rename(root / "away")
        (root / "folder").symlink_to(secret)
        return answer

    monkeypatch.setattr(reading, "leads_outside", swap)
    # The second look, which says where links lead, is the one that the attacker is too late for.
    real = os.path.realpath(root / "folder/file")
    monkeypatch.setattr(
        os.path, "realpath", lambda path: real if "file" in str(path) else str(path)
    )
    with pytest.raises(OSError, match=r"[Nn]ot a directory|symbolic"):
        reading.read_inside(root / "folder/file", root, 9)
