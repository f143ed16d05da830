"""How a table in a guide is set: on upright paper, or else across it, in parts, or folded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from guidegen import ladder
from guidegen.composition import Measure, column_widths, has_room, holds_words, is_readable
from guidegen.languages import PageWords
from guidegen.view.document import ColumnView, PartedTableView, RowView, TableView, WideTableView


class _Layout(NamedTuple):
    """The columns of each table, and the measure in em that they are set in."""

    sheets: tuple[tuple[int, ...], ...]
    measure: float
    is_landscape: bool


def spread(view: TableView, measure: Measure, words: PageWords) -> TableView:
    """Return ``view`` with the widths that its columns deserve.

    One that has no room on upright paper is set across it, in parts if need be, and where that
    can't be read either, or is not for its kind of table, it may be folded. A comparison, whose
    rows are read across, is given up earlier than another table: as soon as a column is narrow,
    and not only when a word does not fit.
    """
    rows = _texts(view)
    if _stands(view, rows, measure):
        return _upright(view, measure)
    may_turn = view.kind == "comparison" or measure.turns_tables
    layouts = _layouts(view, rows, measure) if may_turn else iter(())
    if layout := next(layouts, None):
        return _laid(view, rows, layout, words)
    if measure.folds_tables:
        return _upright(_folded(view), measure)
    if not may_turn:
        return _upright(view, measure)
    return _laid(view, rows, _last(view, measure), words)


def _stands(view: TableView, rows: ladder.Rows, measure: Measure) -> bool:
    if view.kind == "comparison":
        return is_readable(rows, measure.upright)
    return (has_room if measure.folds_tables else holds_words)(rows, measure.upright)


def _upright(view: TableView, measure: Measure) -> TableView:
    widths = column_widths(_texts(view), measure.upright)
    return dataclasses.replace(view, columns=_with_widths(view.columns, widths))


def _layouts(view: TableView, rows: ladder.Rows, measure: Measure) -> Iterator[_Layout]:
    """Yield what can be read, the fewest tables first; two columns or more to each."""
    if not view.row_heads:
        yield _last(view, measure)
        return
    columns = len(view.columns) - 1
    measures = ((measure.upright, False), (measure.landscape, True))
    for count in range(1, _most(columns) + 1):
        sheets = ladder.shared_out(columns, count)
        for room, is_landscape in measures:
            if all(is_readable(ladder.columns_of(rows, each), room) for each in sheets):
                yield _Layout(sheets, room, is_landscape)


def _last(view: TableView, measure: Measure) -> _Layout:
    """Return the layout of what can be read in none: many tables, or one without row heads."""
    if not view.row_heads:
        return _Layout((tuple(range(len(view.columns) - 1)),), measure.landscape, True)
    columns = len(view.columns) - 1
    return _Layout(ladder.shared_out(columns, _most(columns)), measure.landscape, True)


def _most(columns: int) -> int:
    return max(1, columns // 2)


def _laid(view: TableView, rows: ladder.Rows, layout: _Layout, words: PageWords) -> PartedTableView:
    numbers = range(len(layout.sheets))
    first, *more = (_part(view, rows, layout, number, words) for number in numbers)
    fields = {field.name: getattr(first, field.name) for field in dataclasses.fields(first)}
    kind = WideTableView if layout.is_landscape else PartedTableView
    return kind(**fields, more=tuple(more))


def _texts(view: TableView) -> list[list[str]]:
    heads = [f"{column.name} {column.detail}" for column in view.columns]
    lines = ([row.head, *row.cells][not view.row_heads :] for row in view.rows if row.cells)
    return [heads, *([Markup(text).striptags() for text in line] for line in lines)]


def _part(
    view: TableView, rows: ladder.Rows, layout: _Layout, number: int, words: PageWords
) -> TableView:
    sheets, columns = layout.sheets, layout.sheets[number]
    shown = [view.columns[0], *(view.columns[column + 1] for column in columns)]
    widths = ladder.widths(ladder.columns_of(rows, columns), layout.measure)
    caption = view.caption
    if len(sheets) > 1:
        caption = words.gettext("{caption}, sheet {number} of {count}").format(
            caption=caption, number=number + 1, count=len(sheets)
        )
    is_last = number == len(sheets) - 1
    return dataclasses.replace(
        view,
        caption=caption,
        columns=_with_widths(shown, widths),
        rows=tuple(_rows(view, columns)),
        intro=Markup() if number else view.intro,
        note=view.note if is_last else Markup(),
    )


def _with_widths(columns: Sequence[ColumnView], widths: Sequence[float]) -> tuple[ColumnView, ...]:
    return tuple(
        dataclasses.replace(column, width=width)
        for column, width in zip(columns, widths, strict=True)
    )


def _rows(view: TableView, columns: Sequence[int]) -> Iterator[RowView]:
    if not view.row_heads:
        yield from view.rows
        return
    for row in view.rows:
        cells = tuple(row.cells[column] for column in columns) if row.cells else ()
        yield dataclasses.replace(row, cells=cells)


# --- all columns but the first in one, under each other with their names


def _folded(view: TableView) -> TableView:
    first, *others = view.columns
    if len(others) < 2:
        return view
    names = [column.name for column in others]
    one = ColumnView(name=" · ".join(filter(None, names)), width=0)
    rows = tuple(_folded_row(row, names, has_head=view.row_heads) for row in view.rows)
    return dataclasses.replace(view, columns=(first, one), rows=rows)


def _folded_row(row: RowView, names: Sequence[str], *, has_head: bool) -> RowView:
    if not row.cells:
        return row
    kept, cells = ((), row.cells) if has_head else (row.cells[:1], row.cells[1:])
    parts = (_folded_cell(name, cell) for name, cell in zip(names, cells, strict=True) if cell)
    return dataclasses.replace(row, cells=(*kept, Markup("").join(parts)))


def _folded_cell(name: str, cell: Markup) -> Markup:
    named = Markup('<span class="part-name">{}:</span> ').format(name) if name else Markup()
    return Markup('<div class="part">{}{}</div>').format(named, cell)
