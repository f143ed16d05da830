"""The view: a guide made ready for print, with every number, anchor and text worked out.

Templates loop over these values and print them; there is nothing left to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol, TypedDict

from markupsafe import Markup

from guidegen.models import Asset, Edition
from guidegen.origin import Origin
from guidegen.themes import PLAIN, Look

Align = Literal["start", "center", "end"]


def line_of(origin: Origin) -> str:
    """Return the line of the content that a part of the page is told to come from."""
    return f"{origin.file}:{origin.line}"


class Page(Protocol):
    """What every page must have for the shell around it, base.html.jinja."""

    @property
    def title(self) -> str: ...
    @property
    def lead(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def paper(self) -> str: ...
    @property
    def tokens(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def figures(self) -> Mapping[str, Asset]: ...
    @property
    def look(self) -> Look: ...


class Head(TypedDict):
    """The fields that every block view shares, before its own are known."""

    kind: str
    anchor: str
    title: str
    for_instructor: bool
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockView:
    """What all blocks share: ``kind`` names the component, ``anchor`` the place to link to.

    ``origin`` is left out of ``repr``, and so of the edition code: moving a block to another line
    changes nothing that is printed.
    """

    is_landscape: ClassVar[bool] = False

    kind: str
    anchor: str
    title: str = ""
    for_instructor: bool = False
    origin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProseView(BlockView):
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsView(BlockView):
    """Objectives, steps, checklists and key points; ``lines`` are ruled lines under each item."""

    intro: Markup = Markup()
    items: tuple[Markup, ...]
    lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """A word of the glossary with its definition."""

    anchor: str
    term: str
    expansion: str
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionView(BlockView):
    term: TermView
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnView:
    """A column of a table; ``width`` is its share in percent."""

    name: str
    width: float
    detail: str = ""
    align: Align = "start"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row of a table. A row without cells is a heading over a group of rows."""

    head: Markup | str = ""
    cells: tuple[Markup, ...] = ()
    origin: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView(BlockView):
    """Tables, comparisons and facts. With ``row_heads`` the first column is ``RowView.head``."""

    label: str
    caption: str
    columns: tuple[ColumnView, ...]
    rows: tuple[RowView, ...]
    row_heads: bool = True
    intro: Markup = Markup()
    note: Markup = Markup()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartedTableView(TableView):
    """A table too wide for a page, split; ``more`` are tables with its further columns."""

    more: tuple[TableView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WideTableView(PartedTableView):
    """A table, split or not, on landscape pages of its own."""

    is_landscape: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineView(BlockView):
    events: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalloutView(BlockView):
    style: str
    label: str
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class FaqView(BlockView):
    items: tuple[tuple[str, Markup], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MnemonicView(BlockView):
    word: str
    use: Markup
    letters: tuple[tuple[str, str, Markup], ...]
    has_prompts: bool
    note: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A review question; ``choices`` are lettered, ``prompts`` are to be matched or put in order.

    ``is_short``: two choices fit beside each other.
    """

    label: str
    anchor: str
    type: str
    html: Markup
    choices: tuple[tuple[str, Markup], ...] = ()
    prompts: tuple[Markup, ...] = ()
    lines: int = 0
    is_short: bool = False
    answer: AnswerView | None = None
    origin: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsView(BlockView):
    intro: Markup
    items: tuple[QuestionView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureView(BlockView):
    label: str
    file: str
    alt: str
    caption: Markup
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WideFigureView(FigureView):
    """A figure on a landscape page of its own."""

    is_landscape: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """The answer to the question of the same label."""

    label: str
    question: str
    html: Markup
    why: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersView(BlockView):
    items: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryView(BlockView):
    items: tuple[TermView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A source, under the number by which the text cites it."""

    number: int
    anchor: str
    html: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesView(BlockView):
    items: tuple[SourceView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A section; back matter has no ``label``."""

    anchor: str
    label: str
    title: str
    blocks: tuple[BlockView, ...]
    origin: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Everything that a renderer needs.

    ``about`` are the lines over the title, ``note`` is the course's word to the reader,
    ``tokens`` override the style sheet's, ``figures`` holds the pictures that are shown. ``look``
    is left out of ``repr``: to an edition code its theme counts, and nothing else of it.
    """

    title: str
    subtitle: str
    lead: Markup
    language: str
    paper: str
    edition: str
    code: str = ""
    kind: Edition = "complete"
    about: tuple[str, ...] = ()
    note: Markup = Markup()
    tokens: tuple[tuple[str, str], ...] = ()
    logo: str = ""
    logo_alt: str = ""
    sections: tuple[SectionView, ...]
    figures: Mapping[str, Asset] = field(default_factory=dict)
    look: Look = field(default=PLAIN, repr=False)

    @property
    def landscape(self) -> str:
        """The paper in landscape; CSS has a word for it only where the paper has a name."""
        width, _, height = self.paper.partition(" ")
        return f"{height} {width}" if height else f"{self.paper} landscape"
