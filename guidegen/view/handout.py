"""The view of a comparison handout: a grid of cells first, then laid out as a plan says."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup

from guidegen import ladder
from guidegen.agreement import Plain
from guidegen.ladder import Plan
from guidegen.languages import PageWords, words_for
from guidegen.models import Asset, Comparison, Course, Library, Paper
from guidegen.themes import PLAIN, Look
from guidegen.view.back_matter import sources_of
from guidegen.view.digest import DigestView, digest_view
from guidegen.view.document import SourceView, line_of
from guidegen.view.grid import CellView, Grid, HeadView, grid_of, legend_of, marked
from guidegen.view.numbering import Numbering
from guidegen.view.references import Composer

ROUNDING = 0.2  # mm; copies as high as the sheet together would begin a second one


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A row of a table; one without cells is the heading of a group."""

    head: HeadView
    cells: tuple[CellView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetView:
    """One table; ``join`` says which part of the whole it is, ``widths`` are in percent."""

    join: str
    corner: str
    heads: tuple[HeadView, ...]
    widths: tuple[float, ...]
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoutView:
    """Everything that handout.html.jinja prints; the fields of Page are those of the shell.

    ``has_name_line`` asks for name and date, as on a worksheet. The same table is printed
    ``copies`` times on the sheet.
    """

    title: str
    lead: Markup
    subtitle: str = ""
    language: str
    paper: str
    code: str = ""
    about: tuple[str, ...] = ()
    tokens: tuple[tuple[str, str], ...] = ()
    logo: str = ""
    logo_alt: str = ""
    origin: str = field(default="", repr=False)
    has_name_line: bool = False
    copies: int = 1
    layout: str = ""
    sheets: tuple[SheetView, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    digest: DigestView | None = None
    remember: tuple[Markup, ...] = ()
    sources: tuple[SourceView, ...] = ()
    short_sources: str = ""
    figures: Mapping[str, Asset] = field(default_factory=dict)
    look: Look = field(default=PLAIN, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """What a handout says, before it is decided how it is set."""

    grid: Grid
    view: HandoutView


def compose_handout(
    comparison: Comparison,
    library: Library,
    *,
    language: str,
    subtitle: str = "",
    course: Course | None = None,
    with_citations: bool = True,
    with_diagram: bool = True,
    look: Look = PLAIN,
) -> Handout:
    """Return what a handout of ``comparison`` says; its edition code follows from that alone.

    ``subtitle`` tells what was narrowed; without citations the sources are listed by name only.
    A diagram would mislead where what is the same was left out.
    """
    composer = _composer(library, language, look, with_citations=with_citations)
    plain = Plain(library, language)
    theme = course.theme if course else None
    wished = theme.accent if theme and "accent" not in look.sets else None
    accent = wished or look.accent
    figures: dict[str, Asset] = {}
    grid = grid_of(comparison, composer, plain, accent, figures)
    digest = None
    if with_citations:
        drawn = figures if with_diagram else None
        digest = digest_view(comparison, plain, accent, drawn, look)
    remember = composer.inlines(comparison.remember)
    if theme and theme.logo:
        figures[theme.logo] = library.figures[theme.logo]
    view = HandoutView(
        title=composer.plain(comparison.title),
        subtitle=subtitle,
        lead=composer.inline(comparison.question),
        language=language,
        paper="",
        about=_about(course, composer),
        tokens=(("accent", accent),) if accent != look.accent else (),
        logo=theme.logo or "" if theme else "",
        logo_alt=composer.plain(theme.logo_alt) if theme else "",
        origin=line_of(comparison.origin),
        digest=digest,
        remember=remember,
        sources=tuple(sources_of(composer)),
        short_sources=composer.words.joined(library.sources[name].short for name in composer.cited),
        figures=figures,
        look=look,
    )
    return Handout(grid=grid, view=_with_code(dataclasses.replace(view, sheets=_bare(grid)), view))


class _Uncited(Composer):
    """Takes note of what is cited but prints nothing there."""

    def cite(self, sources: Sequence[str]) -> str:
        """Return nothing; the source is listed all the same."""
        super().cite(sources)
        return ""


def _composer(library: Library, language: str, look: Look, *, with_citations: bool) -> Composer:
    kind = Composer if with_citations else _Uncited
    return kind(
        library,
        Numbering(),
        {},
        frozenset({"sources"}),
        language,
        elsewhere=words_for(language).gettext("not in this handout"),
        shows_answers=False,
        look=look,
    )


def _about(course: Course | None, composer: Composer) -> tuple[str, ...]:
    if course is None:
        return ()
    parts = (course.institution, course.code, course.title, course.instructor, course.term)
    return (" · ".join(composer.plain(part) for part in parts if part),)


def _with_code(whole: HandoutView, view: HandoutView) -> HandoutView:
    """Give ``view`` its edition code: five letters that differ when anything said differs."""
    figures = [(name, asset.data) for name, asset in sorted(whole.figures.items())]
    printed = repr((whole, figures)) + whole.look.theme
    digest = hashlib.sha256(printed.encode()).digest()
    return dataclasses.replace(view, code=base64.b32encode(digest).decode()[:5])


def _bare(grid: Grid) -> tuple[SheetView, ...]:
    lines = tuple(
        LineView(head=head, cells=cells)
        for head, cells in zip(grid.criteria, grid.cells, strict=True)
    )
    return (SheetView(join="", corner="", heads=grid.subjects, widths=(), lines=lines),)


# --- the grid laid out


def lay(handout: Handout, plan: Plan, paper: Paper) -> HandoutView:
    """Return the handout set as ``plan`` says, for print on ``paper``."""
    look = handout.view.look
    spacing = look.spacing(is_tight=plan.is_tight)
    copy_width, copy_height = ladder.copy_size(paper, plan)
    tokens = (
        ("copy-width", f"{copy_width:g}mm"),
        ("copy-height", f"{copy_height - ROUNDING:g}mm"),
        ("small-size", f"{spacing.size:g}pt"),
        ("small-leading", f"{spacing.leading:g}pt"),
        ("cell-above", f"{spacing.above:g}pt"),
        ("cell-beside", f"{spacing.beside:g}pt"),
        ("unit", f"{spacing.unit:g}pt"),
    )
    sheets = tuple(_sheets(handout, plan, ladder.measure_em(paper, plan, look)))
    return dataclasses.replace(
        handout.view,
        paper=paper if plan.orientation == "portrait" else f"{paper} landscape",
        tokens=(*handout.view.tokens, *tokens),
        copies=plan.copies,
        layout=plan.rung,
        sheets=sheets,
        legend=_legend(handout, sheets),
    )


def lay_for_screen(handout: Handout, *, is_transposed: bool) -> HandoutView:
    """Return the handout as one table, which scrolls inside itself where it is too wide."""
    columns = len(handout.grid.criteria if is_transposed else handout.grid.subjects)
    plan = Plan("portrait", "portrait", (tuple(range(columns)),), is_transposed=is_transposed)
    sheets = tuple(_sheets(handout, plan, ladder.measure_em("letter", plan, handout.view.look)))
    return dataclasses.replace(
        handout.view,
        paper="letter",
        layout="portrait",
        sheets=sheets,
        legend=_legend(handout, sheets),
    )


def _legend(handout: Handout, sheets: Sequence[SheetView]) -> tuple[tuple[str, str], ...]:
    cells = [cell for sheet in sheets for line in sheet.lines for cell in line.cells]
    return tuple(legend_of(handout.grid.criteria, cells, words_for(handout.view.language)))


def _sheets(handout: Handout, plan: Plan, measure: float) -> Iterator[SheetView]:
    grid, words = handout.grid, words_for(handout.view.language)
    rows = ladder.turned(grid.rows) if plan.is_transposed else grid.rows
    heads = grid.criteria if plan.is_transposed else grid.subjects
    for number, columns in enumerate(plan.sheets, 1):
        shown = tuple(heads[column] for column in columns)
        yield SheetView(
            join=_join(plan, number, [head.name for head in shown], words),
            corner=grid.corner,
            heads=shown,
            widths=ladder.widths(ladder.columns_of(rows, columns), measure),
            lines=tuple(_lines(grid, columns, is_transposed=plan.is_transposed)),
        )


def _join(plan: Plan, number: int, names: Sequence[str], words: PageWords) -> str:
    if len(plan.sheets) == 1 or plan.rung == "cards":
        return ""
    return words.gettext("Sheet {number} of {count}: {names}").format(
        number=number, count=len(plan.sheets), names=words.listed(names)
    )


def _lines(grid: Grid, columns: Sequence[int], *, is_transposed: bool) -> Iterator[LineView]:
    if is_transposed:
        for at, head in enumerate(grid.subjects):
            shown = [grid.cells[column][at] for column in columns]
            yield LineView(head=head, cells=_marked(shown))
        return
    pairs = zip(grid.criteria, grid.cells, strict=True)
    for group, lines in groupby(pairs, key=lambda pair: pair[0].group):
        if group:
            yield LineView(head=HeadView(name=group))
        for head, cells in lines:
            row_head = dataclasses.replace(head, group="")
            first, *others = (cells[column] for column in columns)
            # The first column of a sheet has no neighbour to be the same as.
            alone = dataclasses.replace(first, sign="", says="")
            yield LineView(head=row_head, cells=_marked([alone, *others]))


def _marked(cells: Sequence[CellView]) -> tuple[CellView, ...]:
    return tuple(dataclasses.replace(cell, html=marked(cell)) for cell in cells)
