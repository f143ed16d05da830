"""Document -> HTML, by the templates; the only module that uses Jinja2."""

from __future__ import annotations

import base64
import contextlib
import functools
import itertools
import re
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from jinja2 import (
    Environment,
    FunctionLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from guidegen.languages import PageWords, direction_of, isolated, words_for
from guidegen.models import Asset
from guidegen.origin import Origin
from guidegen.problems import ContentError, Problem, RenderError, unknown
from guidegen.renderers.inert import POLICY, page_faults
from guidegen.renderers.scripts import Face, scripts_of
from guidegen.renderers.templates import read_ours, read_own, template_origin
from guidegen.themes import TOKENS, sheet_name
from guidegen.view.document import Page

Medium = Literal["print", "screen"]
GUIDE = "guide.html.jinja"
SHEETS: Mapping[Medium, tuple[str, ...]] = {
    "print": ("base", "components", "page"),
    "screen": ("base", "components", "screen"),
}
_POLICY_FIRST = re.compile(
    r'\s*<!doctype html>\s*<html[^<>]*>\s*<head>\s*<meta charset="utf-8">\s*'
    + re.escape(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">')
)
_NOTE = re.compile(r'<span class="footnote"')
_START = re.compile(r'<ol start="(\d+)"')


def render(
    document: Page,
    medium: Medium,
    templates: Mapping[str, str],
    *,
    asset_url: Callable[[str], str],
    extra_sheets: Sequence[str] = (),
    template: str = GUIDE,
    last_sheets: Sequence[str] = (),
) -> str:
    """Return ``document`` as one HTML page.

    ``templates`` come from :func:`load_templates`, and ``template`` is one of them; ``asset_url``
    gives the address of a figure; ``extra_sheets`` are style sheets put before ours, such as the
    fonts, and ``last_sheets`` names some of ``templates`` that are put after them.

    Raises RenderError for whatever a template does wrong, at its line.
    """
    words = words_for(document.language)
    environment = _environment(tuple(templates.items()), words)
    names = (*_sheets(medium, document), *(f"css/{name}.css" for name in last_sheets))
    sheets = [*extra_sheets, *(templates[name] for name in names)]
    served: set[str] = set()

    def served_url(name: str) -> str:
        served.add(url := asset_url(name))
        return url

    try:
        page = environment.get_template(template).render(
            document=document,
            medium=medium,
            direction=direction_of(document.language),
            page_count=_page_count(words),
            apart=functools.partial(isolated, language=document.language),
            policy=Markup(POLICY),
            style_sheets=[Markup(sheet) for sheet in sheets],
            asset_url=served_url,
        )
    except MemoryError:
        raise
    except Exception as error:
        raise RenderError([_fault(error, templates, template)]) from error
    _refuse_active(page, served, medium, templates, template)
    return page if medium == "screen" else _numbered(page)


def _refuse_active(
    page: str,
    served: Collection[str],
    medium: Medium,
    templates: Mapping[str, str],
    template: str,
) -> None:
    """Raise RenderError for a page that does or loads anything, or that has lost its policy."""
    hint = "a template may show what is in the document, and nothing else"
    problems = [
        Problem(_place_of(found, templates, template), "template-error", words, hint)
        for found, words in page_faults(page, served)
    ]
    if medium == "screen" and not _POLICY_FIRST.match(page):
        words = "a web page must begin with <meta charset> and the content security policy"
        hint = "begin it as templates/base.html.jinja of guidegen does"
        problems.append(Problem(template_origin(template), "template-error", words, hint))
    if problems:
        raise RenderError(problems)


def _place_of(found: str, templates: Mapping[str, str], template: str) -> Origin:
    """Return where a template has ``found``, or else the start of ``template``."""
    for name, text in sorted(templates.items()):
        if found and (at := text.casefold().find(found.casefold())) >= 0:
            return template_origin(name, text.count("\n", 0, at) + 1)
    return template_origin(template)


def _numbered(page: str) -> str:
    """Count what the PDF engine would count wrong.

    It numbers a note within a note before the one around it, and begins each list with one.
    """
    notes = itertools.count(1)
    page = _NOTE.sub(lambda found: f'{found[0]} data-number="{next(notes)}"', page)
    reset = 'style="counter-reset: list-item {}"'
    return _START.sub(lambda found: f"{found[0]} {reset.format(int(found[1]) - 1)}", page)


def _sheets(medium: Medium, document: Page) -> Iterator[str]:
    """Yield the names of the style sheets; those that set tokens anew follow the tokens."""
    yield TOKENS
    if medium == "print":
        yield from (
            f"css/scripts/{each.name.lower()}.css" for each in scripts_of(document.language)
        )
    if theme := document.look.theme:
        yield sheet_name(theme)
    yield from (f"css/{name}.css" for name in SHEETS[medium])
    if medium == "print" and direction_of(document.language) == "rtl":
        yield "css/rtl.css"


def load_templates(folders: Sequence[Path]) -> dict[str, str]:
    """Return the templates and style sheets in ``folders`` by name; the first folder wins.

    The last folder is the one that comes with guidegen. Raises ContentError with all that is
    wrong in the others.
    """
    templates, problems = read_templates(folders)
    if problems:
        raise ContentError(problems)
    return templates


def read_templates(folders: Sequence[Path]) -> tuple[dict[str, str], list[Problem]]:
    """Return the templates as :func:`load_templates` does, and what is wrong in the project's."""
    *of_project, ours = folders
    templates, problems = read_ours(ours), []
    for folder in reversed(of_project):
        own, found = read_own(folder)
        templates |= own
        problems += [*found, *_syntax_faults(templates, own)]
    return templates, problems


def _syntax_faults(templates: Mapping[str, str], own: Iterable[str]) -> Iterator[Problem]:
    environment = _environment(tuple(templates.items()), words_for("en"))
    for name in own:
        if name.endswith(".jinja"):
            try:
                environment.get_template(name)
            # Python, too, has limits that a template can pass, such as twenty nested loops.
            except Exception as error:
                yield _fault(error, templates, name)


def prepare(templates: Mapping[str, str], languages: Iterable[str]) -> None:
    """Compile all templates, so that each process forked from this one has them."""
    for words in {words_for(language) for language in languages}:
        environment = _environment(tuple(templates.items()), words)
        for name in templates:
            if name.endswith(".jinja"):
                with contextlib.suppress(Exception):
                    environment.get_template(name)


def _fault(error: Exception, templates: Mapping[str, str], template: str) -> Problem:
    """Return what went wrong in a template, at the last of its lines that had a part in it."""
    words = f"{type(error).__name__}: {error}"
    hint = "compare it with guidegen's own template of this name, or delete it to use that one"
    names = {_code_name(name): name for name in templates}
    places = [
        (names[frame.f_code.co_filename], line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename in names
    ]
    name, line = places[-1] if places else (template, 1)
    match error:
        case TemplateSyntaxError():
            name, line, words = error.name or name, error.lineno, str(error.message)
        case TemplateNotFound():
            words, hint = unknown("template", str(error.name), templates)
        case SecurityError():
            words = str(error)
            hint = "a template may use what is in the document, and no inner parts of Python"
        case UndefinedError():
            words = str(error)
        case SyntaxError():
            words = error.msg
        case RecursionError():
            words = "templates or macros that call each other without end"
    return Problem(template_origin(name, line or 1), "template-error", words, hint)


def data_url(asset: Asset) -> str:
    """Return the asset as an address that carries its content."""
    return f"data:{asset.media_type};base64,{base64.b64encode(asset.data).decode()}"


def font_sheet(faces: Mapping[Face, bytes]) -> str:
    """Return the style sheet that carries the WOFF2 files of ``faces``."""
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f"font-style: {face.style}; font-display: swap; "
        f"src: url(data:font/woff2;base64,{base64.b64encode(data).decode()}) "
        'format("woff2") }'
        for face, data in faces.items()
    )


def _page_count(words: PageWords) -> Markup:
    """Return ``Page 3 of 12`` as the value of the CSS property ``content``."""
    parts = re.split(r"({pages?})", words.gettext("Page {page} of {pages}"))
    counters = {"{page}": "counter(page)", "{pages}": "counter(pages)"}
    # A quotation mark or backslash would end the string, and "<" the style sheet.
    texts = (re.sub(r'["\\<]', "", part) for part in parts)
    shown = (counters.get(part) or f'"{text}"' for part, text in zip(parts, texts, strict=True))
    return Markup(" ".join(part for part in shown if part != '""'))


class _Generator(CodeGenerator):
    """Computes nothing while it compiles, which happens outside of what can be ended."""

    def _output_child_to_const(self, node: nodes.Expr, frame: Any, finalize: Any) -> str:
        if not isinstance(node, nodes.TemplateData):
            raise nodes.Impossible
        return super()._output_child_to_const(node, frame, finalize)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Keeps the templates of a project, and ours no less, to what they are given."""

    code_generator_class = _Generator


def _code_name(name: str) -> str:
    """Return the file name by which a traceback tells the template.

    Python opens files of such names, to show a line of them, so it must not be a path.
    """
    return f"<{name.replace('/', ':')}>"


# Compiling the templates takes a tenth of a build, and jobs of one build have them in common.
@functools.lru_cache(maxsize=4)
def _environment(templates: tuple[tuple[str, str], ...], words: PageWords) -> Environment:
    texts = dict(templates)

    def load(name: str) -> tuple[str, str, None] | None:
        return (texts[name], _code_name(name), None) if name in texts else None

    environment = _Sandbox(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    # Not "newstyle", which takes a translation for HTML; these are words, and are escaped.
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        words.gettext, words.ngettext, newstyle=False, pgettext=words.pgettext
    )
    environment.globals.update(listed=words.listed, joined=words.joined)
    return environment
