"""A comparison in a guide that is too wide for the page: on landscape pages, split if need be."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from guidegen import ladder
from guidegen.composition import is_readable
from guidegen.view.document import ColumnView, RowView, TableView, WideTableView

# The measure of a landscape page in em of the table type: 243 mm on letter at 9.25 pt, A4 has more.
WIDE_MEASURE_EM = 72.0


def spread(view: TableView, measure_em: float) -> TableView:
    """Return ``view``, on landscape pages if its columns can't be read in ``measure_em``."""
    rows = _texts(view)
    if is_readable(rows, measure_em):
        return view
    sheets = _sheets(rows)
    first, *more = (_part(view, rows, sheets, number) for number in range(len(sheets)))
    fields = {field.name: getattr(first, field.name) for field in dataclasses.fields(first)}
    return WideTableView(**fields, more=tuple(more))


def _sheets(rows: ladder.Rows) -> tuple[tuple[int, ...], ...]:
    """Return the columns of each table: as few tables as can be read, of two columns or more."""
    columns = len(rows[0]) - 1
    most = max(1, columns // 2)
    for count in range(1, most):
        sheets = ladder.shared_out(columns, count)
        if all(is_readable(ladder.columns_of(rows, each), WIDE_MEASURE_EM) for each in sheets):
            return sheets
    return ladder.shared_out(columns, most)


def _texts(view: TableView) -> list[list[str]]:
    heads = [f"{column.name} {column.detail}" for column in view.columns]
    lines = ([row.head, *row.cells] for row in view.rows if row.cells)
    return [heads, *([Markup(text).striptags() for text in line] for line in lines)]


def _part(
    view: TableView, rows: ladder.Rows, sheets: Sequence[Sequence[int]], number: int
) -> TableView:
    columns = sheets[number]
    join = f", sheet {number + 1} of {len(sheets)}" if len(sheets) > 1 else ""
    is_last = number == len(sheets) - 1
    return dataclasses.replace(
        view,
        caption=view.caption + join,
        columns=_columns(view, rows, columns),
        rows=tuple(_rows(view, columns)),
        intro=Markup() if number else view.intro,
        note=view.note if is_last else Markup(),
    )


def _columns(view: TableView, rows: ladder.Rows, columns: Sequence[int]) -> tuple[ColumnView, ...]:
    shown = [view.columns[0], *(view.columns[column + 1] for column in columns)]
    widths = ladder.widths(ladder.columns_of(rows, columns), WIDE_MEASURE_EM)
    return tuple(
        dataclasses.replace(column, width=width)
        for column, width in zip(shown, widths, strict=True)
    )


def _rows(view: TableView, columns: Sequence[int]) -> Iterator[RowView]:
    for row in view.rows:
        cells = tuple(row.cells[column] for column in columns) if row.cells else ()
        yield RowView(head=row.head, cells=cells)
