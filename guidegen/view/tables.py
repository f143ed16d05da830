"""Tables, comparisons and facts: three kinds of data, one kind of table."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from guidegen.courses import narrowed
from guidegen.languages import PageWords
from guidegen.models import (
    Column,
    Comparison,
    ComparisonBlock,
    Criterion,
    Fact,
    FactsBlock,
    Id,
    Narrowing,
    NotApplicable,
    TableBlock,
)
from guidegen.view.document import ColumnView, Head, RowView, TableView, line_of
from guidegen.view.references import Composer, quantity
from guidegen.view.wide import spread


def table_view(
    block: TableBlock | ComparisonBlock | FactsBlock,
    head: Head,
    label: str,
    composer: Composer,
) -> TableView:
    intro = Markup()
    match block:
        case TableBlock():
            columns, rows = _table_columns(block, composer), _table_rows(block, composer)
        case ComparisonBlock():
            comparison = composer.library.comparisons[block.comparison]
            intro = composer.inline(comparison.question)
            shown = _narrowed(comparison, block)
            columns = _subject_columns(shown, composer)
            rows = tuple(_criterion_rows(shown, composer))
        case FactsBlock():
            columns = tuple(_fact_columns(composer.words))
            facts = [composer.library.facts[name] for name in block.facts]
            rows = tuple(_fact_row(fact, composer) for fact in facts)
    view = TableView(
        **head,
        label=label,
        caption=_caption(block, composer),
        columns=columns,
        rows=rows,
        row_heads=not isinstance(block, TableBlock) or (block.row_heads and len(columns) > 1),
        intro=intro,
        note=composer.inline(block.note),
    )
    return spread(view, composer.measure, composer.words)


def _caption(block: TableBlock | ComparisonBlock | FactsBlock, composer: Composer) -> str:
    if isinstance(block, ComparisonBlock) and block.caption is None:
        return composer.plain(composer.library.comparisons[block.comparison].title)
    return composer.plain(block.caption)


def _table_columns(block: TableBlock, composer: Composer) -> tuple[ColumnView, ...]:
    columns = (
        column if isinstance(column, Column) else Column(name=column) for column in block.columns
    )
    return tuple(
        ColumnView(name=composer.plain(column.name), width=0, align=column.align)
        for column in columns
    )


def _table_rows(block: TableBlock, composer: Composer) -> tuple[RowView, ...]:
    rows = [(line_of(row[0].origin), composer.inlines(row)) for row in block.rows]
    if not block.row_heads or len(block.columns) == 1:
        return tuple(RowView(cells=row, origin=origin) for origin, row in rows)
    return tuple(RowView(head=row[0], cells=row[1:], origin=origin) for origin, row in rows)


def _narrowed(comparison: Comparison, block: ComparisonBlock) -> Comparison:
    """Return what the block shows of what a course has left of the comparison."""
    subjects = {str(subject.id) for subject in comparison.subjects}
    criteria = {str(criterion.id) for criterion in comparison.criteria}
    return narrowed(
        comparison,
        Narrowing(
            subjects=tuple(name for name in block.subjects if name in subjects),
            criteria=tuple(name for name in block.criteria if name in criteria),
        ),
    )


def _subject_columns(comparison: Comparison, composer: Composer) -> tuple[ColumnView, ...]:
    return (
        ColumnView(name=composer.words.gettext("Aspect"), width=0),
        *(
            ColumnView(
                name=composer.plain(subject.name),
                width=0,
                detail=composer.plain(subject.expansion),
            )
            for subject in comparison.subjects
        ),
    )


def _criterion_rows(comparison: Comparison, composer: Composer) -> Iterator[RowView]:
    subjects = [subject.id for subject in comparison.subjects]
    group = None
    for criterion in comparison.criteria:
        if criterion.group and criterion.group != group:
            yield RowView(head=composer.plain(criterion.group))
        group = criterion.group
        unit = f" ({criterion.unit})" if criterion.unit else ""
        yield RowView(
            head=composer.plain(criterion.name) + unit,
            cells=tuple(value_html(criterion, subject, composer) for subject in subjects),
            origin=line_of(criterion.origin),
        )


def value_html(criterion: Criterion, subject: str, composer: Composer) -> Markup:
    """Return the value of one subject as HTML; yes, no and partly get a sign and a word."""
    value = criterion.values[Id(subject)]
    if isinstance(value, NotApplicable):
        why = composer.inline(value.not_applicable)
        return Markup(composer.words.gettext("n/a: {reason}")).format(reason=why)
    if isinstance(value, tuple):
        items = Markup("").join(
            Markup("<li>{}</li>").format(composer.inline(item)) for item in value
        )
        return Markup("<ul>{}</ul>").format(items)
    if criterion.kind == "yes-no":
        return Markup("{}").format(sign_of(value, composer.words))
    return composer.inline(value)


def sign_of(value: str, words: PageWords) -> str:
    """Return what stands in a table for yes, no and partly: a sign and a word."""
    signs = {
        "yes": words.gettext("✓ Yes"),
        "no": words.gettext("– No"),
        "partly": words.gettext("± Partly"),
    }
    return signs.get(value, value)


def _fact_columns(words: PageWords) -> Iterator[ColumnView]:
    for name in (
        words.pgettext("a number and what it counts", "Figure"),
        words.gettext("Value"),
        words.gettext("Where"),
        words.gettext("As of"),
        words.gettext("Source"),
    ):
        yield ColumnView(name=name, width=0)


def _fact_row(fact: Fact, composer: Composer) -> RowView:
    note = Markup(" {}").format(composer.doubt) if fact.review else Markup()
    source = composer.library.sources[fact.source].short
    label = composer.plain(fact.label)
    if fact.note:
        label = Markup('{}<span class="aside">{}</span>').format(label, composer.inline(fact.note))
    return RowView(
        head=label,
        cells=(
            Markup('<span class="figure-value">{}</span>').format(quantity(fact)) + note,
            Markup("{}").format(fact.place),
            Markup("{}").format(composer.apart(fact.as_of)),
            Markup("{} ").format(source) + Markup(composer.cite([fact.source])),
        ),
        origin=line_of(fact.origin),
    )
