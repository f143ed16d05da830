"""The cells of a comparison handout: values with signs for what agrees, and plots of numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from guidegen.agreement import Plain, Quantity, agrees, quantities
from guidegen.ladder import Rows
from guidegen.languages import PageWords
from guidegen.models import Asset, Comparison, Criterion
from guidegen.view.digest import Picture
from guidegen.view.document import line_of
from guidegen.view.drawing import plot
from guidegen.view.references import Composer
from guidegen.view.tables import sign_of, value_html

SAME, DIFFERENT = "=", "≠"
LIST = "<ul><li>"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellView:
    """A value. ``sign`` before it says how it stands to its neighbour, ``says`` the same in words.

    ``plot`` shows a number on a scale.
    """

    html: Markup
    sign: str = ""
    says: str = ""
    plot: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadView:
    """The head of a column or row; ``detail`` is an expansion or a unit.

    ``origin`` is the line of the content, left out of ``repr`` and so of the edition code.
    """

    name: str
    detail: str = ""
    group: str = ""
    sign: str = ""
    says: str = ""
    origin: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """All values with their heads, one row for each criterion; ``corner`` heads the row heads."""

    corner: str
    subjects: tuple[HeadView, ...]
    criteria: tuple[HeadView, ...]
    cells: tuple[tuple[CellView, ...], ...]

    @property
    def rows(self) -> Rows:
        """The words of the table, heads included."""
        heads = [self.corner, *(_words(head) for head in self.subjects)]
        lines = [
            [_words(head), *(f"{cell.sign} {_unbroken(cell.html)}" for cell in line)]
            for head, line in zip(self.criteria, self.cells, strict=True)
        ]
        return [heads, *lines]


def grid_of(
    comparison: Comparison,
    composer: Composer,
    plain: Plain,
    accent: str,
    figures: dict[str, Asset],
) -> Grid:
    subjects = tuple(
        HeadView(
            name=composer.plain(each.name),
            detail=composer.plain(each.expansion),
            origin=line_of(each.origin),
        )
        for each in comparison.subjects
    )
    line = composer.look.plot_line
    words = composer.words
    same, different = words.gettext("the same"), words.gettext("different")
    criteria, cells = [], []
    for criterion in comparison.criteria:
        sign = SAME if agrees(criterion, comparison.subjects, plain) else DIFFERENT
        criteria.append(
            HeadView(
                name=composer.plain(criterion.name),
                detail=composer.plain(criterion.unit),
                group=composer.plain(criterion.group),
                sign=sign,
                says=same if sign == SAME else different,
                origin=line_of(criterion.origin),
            )
        )
        plots = _plots(criterion, comparison, plain, accent, line, figures)
        shown = _cells(criterion, comparison, composer, plain, has_marks=sign == DIFFERENT)
        cells.append(
            tuple(
                dataclasses.replace(cell, plot=plots.get(str(subject.id)))
                for cell, subject in zip(shown, comparison.subjects, strict=True)
            )
        )
    return Grid(
        corner=words.gettext("Aspect"),
        subjects=subjects,
        criteria=tuple(criteria),
        cells=tuple(cells),
    )


def _cells(
    criterion: Criterion,
    comparison: Comparison,
    composer: Composer,
    plain: Plain,
    *,
    has_marks: bool,
) -> Iterator[CellView]:
    """Where three or more differ, a value says that it is the same as the one before it."""
    before, same = None, composer.words.pgettext("said before a value", "same")
    for subject in comparison.subjects:
        value = criterion.values[subject.id]
        folded = plain.folded(value)
        repeats = has_marks and len(comparison.subjects) > 2 and folded == before
        html = value_html(criterion, str(subject.id), composer)
        yield CellView(html=html, sign=SAME if repeats else "", says=same if repeats else "")
        before = folded


def _plots(
    criterion: Criterion,
    comparison: Comparison,
    plain: Plain,
    accent: str,
    line: str,
    figures: dict[str, Asset],
) -> dict[str, Picture]:
    found = quantities(criterion, comparison.subjects, plain)
    top = max((quantity.high for quantity in found.values()), default=0.0)
    pictures = {}
    for subject, quantity in found.items():
        drawing = plot(quantity, top, accent, line)
        name = f"plot-{criterion.id}-{subject}.svg"
        figures[name] = Asset(name, "image/svg+xml", drawing.svg)
        alt = _plot_words(quantity, top, plain.words)
        pictures[subject] = Picture(name, alt, drawing.width)
    return pictures


def _plot_words(quantity: Quantity, top: float, words: PageWords) -> str:
    dot, bar = (
        words.gettext("Dot at {value} on a line from 0 to {top}"),
        words.gettext("Bar from {low} to {high} on a line from 0 to {top}"),
    )
    low, high, end = f"{quantity.low:,g}", f"{quantity.high:,g}", f"{top:,g}"
    return (dot if low == high else bar).format(value=low, low=low, high=high, top=end)


def _words(head: HeadView) -> str:
    return " ".join(filter(None, (head.sign, head.name, head.detail)))


def marked(cell: CellView) -> Markup:
    """Return the value with its sign; that of a list stands in its first item."""
    if not cell.sign:
        return cell.html
    mark = Markup(
        '<span class="sign" aria-hidden="true">{}</span> <span class="unseen">{}: </span>'
    ).format(cell.sign, cell.says)
    if cell.html.startswith(LIST):
        return Markup(LIST) + mark + cell.html[len(LIST) :]
    return mark + cell.html


def _unbroken(html: Markup) -> str:
    """Return the words of a cell; where no line may break, a full stop stands for the space."""
    return html.striptags().replace("\xa0", ".")


def legend_of(
    heads: Iterable[HeadView], cells: Sequence[CellView], words: PageWords
) -> Iterator[tuple[str, str]]:
    """Yield the signs that stand in a table with what they mean; others need no explanation."""
    signs = {head.sign for head in heads}
    if DIFFERENT in signs:
        yield DIFFERENT, words.gettext("they differ")
    if SAME in signs:
        yield SAME, words.gettext("all the same")
    if any(cell.sign for cell in cells):
        yield words.gettext("= before a value"), words.gettext("the same as the one before it")
    for sign, meaning in _signs(words):
        if any(sign in cell.html and not cell.html.startswith(LIST) for cell in cells):
            yield sign, meaning
    if any(cell.plot for cell in cells):
        meaning = words.gettext("the figure on a line from 0 to the highest of its kind")
        yield words.gettext("Bars and dots"), meaning


def _signs(words: PageWords) -> Iterator[tuple[str, str]]:
    yield sign_of("yes", words), words.gettext("has it or does it")
    yield sign_of("no", words), words.gettext("does not")
    yield sign_of("partly", words), words.gettext("in part, or in some cases")
    yield words.gettext("n/a"), words.gettext("does not apply; the reason follows")
