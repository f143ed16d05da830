"""A table in a guide that is too wide for the page: on landscape pages, split if need be."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from markupsafe import Markup

from guidegen import ladder
from guidegen.composition import Measure, holds_words, is_readable
from guidegen.languages import PageWords
from guidegen.view.document import ColumnView, RowView, TableView, WideTableView


def spread(view: TableView, measure: Measure, words: PageWords) -> TableView:
    """Return ``view``, on landscape pages if its columns can't be read on an upright one.

    A comparison, whose rows are read across, is given up earlier than another table: as soon as a
    column is narrow, and not only when a word does not fit.
    """
    rows = _texts(view)
    fits = is_readable if view.kind == "comparison" else holds_words
    if fits(rows, measure.upright):
        return view
    first, *more = _parts(view, rows, measure.landscape, words)
    fields = {field.name: getattr(first, field.name) for field in dataclasses.fields(first)}
    return WideTableView(**fields, more=tuple(more))


def _parts(
    view: TableView, rows: ladder.Rows, measure_em: float, words: PageWords
) -> list[TableView]:
    """Return the tables that take the place of ``view``, which is one if it has no row heads."""
    if not view.row_heads:
        return [dataclasses.replace(view, columns=_columns(view.columns, rows, measure_em))]
    sheets = _sheets(rows, measure_em)
    return [_part(view, rows, sheets, number, measure_em, words) for number in range(len(sheets))]


def _sheets(rows: ladder.Rows, measure_em: float) -> tuple[tuple[int, ...], ...]:
    """Return the columns of each table: as few tables as can be read, of two columns or more."""
    columns = len(rows[0]) - 1
    most = max(1, columns // 2)
    for count in range(1, most):
        sheets = ladder.shared_out(columns, count)
        if all(is_readable(ladder.columns_of(rows, each), measure_em) for each in sheets):
            return sheets
    return ladder.shared_out(columns, most)


def _texts(view: TableView) -> list[list[str]]:
    heads = [f"{column.name} {column.detail}" for column in view.columns]
    lines = ([row.head, *row.cells][not view.row_heads :] for row in view.rows if row.cells)
    return [heads, *([Markup(text).striptags() for text in line] for line in lines)]


def _part(
    view: TableView,
    rows: ladder.Rows,
    sheets: Sequence[Sequence[int]],
    number: int,
    measure_em: float,
    words: PageWords,
) -> TableView:
    columns = sheets[number]
    shown = [view.columns[0], *(view.columns[column + 1] for column in columns)]
    caption = view.caption
    if len(sheets) > 1:
        caption = words.gettext("{caption}, sheet {number} of {count}").format(
            caption=caption, number=number + 1, count=len(sheets)
        )
    is_last = number == len(sheets) - 1
    return dataclasses.replace(
        view,
        caption=caption,
        columns=_columns(shown, ladder.columns_of(rows, columns), measure_em),
        rows=tuple(_rows(view, columns)),
        intro=Markup() if number else view.intro,
        note=view.note if is_last else Markup(),
    )


def _columns(
    columns: Sequence[ColumnView], rows: ladder.Rows, measure_em: float
) -> tuple[ColumnView, ...]:
    widths = ladder.widths(rows, measure_em)
    return tuple(
        dataclasses.replace(column, width=width)
        for column, width in zip(columns, widths, strict=True)
    )


def _rows(view: TableView, columns: Sequence[int]) -> Iterator[RowView]:
    for row in view.rows:
        cells = tuple(row.cells[column] for column in columns) if row.cells else ()
        yield dataclasses.replace(row, cells=cells)
