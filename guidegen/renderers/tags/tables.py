"""Which cells head which: scopes, ids and headers, by the table model of HTML.

A cell is headed by the heads of its rows, those of its columns, and the heading of the group of
rows in which it stands, in this order (HTML standard, 4.9.12.2 "Forming relationships between data
cells and header cells"); an empty head is none. All groups of our tables share one body, so a
group lasts until the next heading of a group. Such a heading spans the columns, and its scope is
the column: a reader that does not know ``Headers`` then finds it above each cell of the group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from guidegen.renderers.tags.nodes import Node

# The scopes of HTML, and what ISO 32000-1, table 349, has for them.
_SCOPES = {"col": "Column", "colgroup": "Column", "row": "Row", "rowgroup": "Column"}


class _Cell(NamedTuple):
    node: Node
    row: int
    column: int
    rows: range
    columns: range


@dataclass(slots=True)
class _Heads:
    """The heads met so far; a cell meets those above it and before it, and no others."""

    of_rows: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    of_columns: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    of_group: list[str] = field(default_factory=list)


def head_cells(document: Node) -> None:
    """Give the header cells of all tables an id and a scope, and each cell its headers."""
    tables = (node for node in document.all() if node.type == "Table")
    for number, table in enumerate(tables, 1):
        heads = _Heads()
        for cell in _cells(table):
            scope = _scope_of(cell.node)
            if scope != "rowgroup":
                cell.node.headers = _headers_of(cell, heads)
            if scope:
                cell.node.id = f"table-{number}-{cell.row + 1}-{cell.column + 1}"
                cell.node.scope = _SCOPES[scope]
                if cell.node.kids:
                    _enter(cell, scope, heads)


def _cells(table: Node) -> Iterator[_Cell]:
    """Yield the cells in the order of rows; a cell that spans rows moves those below it along."""
    taken: dict[int, int] = {}  # by column, the first row that is free again
    rows = [node for node in table.all() if node.type == "TR"]
    for row, node in enumerate(rows):
        column = 0
        for cell in node.inner():
            while taken.get(column, 0) > row:
                column += 1
            across = range(column, column + span_of(cell.element, "colspan"))
            down = range(row, row + span_of(cell.element, "rowspan"))
            yield _Cell(cell, row, column, down, across)
            taken |= dict.fromkeys(across, down.stop)
            column = across.stop


def span_of(element: Any, name: str) -> int:
    """Return how many rows or columns a cell spans by its attribute ``name``."""
    written = element.get(name, "1")
    return max(int(written), 1) if written.isdecimal() else 1


def _scope_of(cell: Node) -> str:
    """Return the scope of a header cell in the words of HTML, nothing for any other cell."""
    if cell.type != "TH":
        return ""
    written: str = cell.element.get("scope", "")
    if written in _SCOPES:
        return written
    is_in_head = cell.parent and cell.parent.parent and cell.parent.parent.type == "THead"
    return "col" if is_in_head else "row"


def _headers_of(cell: _Cell, heads: _Heads) -> tuple[str, ...]:
    by_row = (name for row in cell.rows for name in heads.of_rows[row])
    by_column = (name for column in cell.columns for name in heads.of_columns[column])
    return tuple(dict.fromkeys([*by_row, *by_column, *heads.of_group]))


def _enter(cell: _Cell, scope: str, heads: _Heads) -> None:
    if scope == "rowgroup":
        heads.of_group = [cell.node.id]
    elif scope == "row":
        for row in cell.rows:
            heads.of_rows[row].append(cell.node.id)
    else:
        for column in cell.columns:
            heads.of_columns[column].append(cell.node.id)
