"""What a project holds, as plain values: guides, sections with their size, courses, comparisons."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from guidegen.letters import count_words
from guidegen.models import Guide, Library, Section, walk
from guidegen.origin import Text

# Measured on the bundled guide: words of content, tables and questions among them, to a page.
WORDS_PER_PAGE = 380


@dataclass(frozen=True, slots=True)
class SectionSize:
    """A section and its length; ``pages`` is an estimate, None for what the tool generates."""

    id: str
    title: str
    tags: tuple[str, ...]
    words: int | None
    pages: float | None


@dataclass(frozen=True, slots=True)
class GuideOverview:
    """A guide and its sections in order."""

    id: str
    title: str
    edition: str
    language: str
    sections: tuple[SectionSize, ...]


@dataclass(frozen=True, slots=True)
class Titled:
    """A comparison or a course."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that can be built."""

    guides: tuple[GuideOverview, ...]
    comparisons: tuple[Titled, ...]
    courses: tuple[Titled, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the overview as plain data for ``--json``."""
        return asdict(self)


def overview(library: Library) -> Overview:
    """Return what ``library`` holds, in alphabetical order of ids, sections in guide order."""
    return Overview(
        guides=tuple(_guide(name, guide) for name, guide in sorted(library.guides.items())),
        comparisons=tuple(
            Titled(name, str(each.title)) for name, each in sorted(library.comparisons.items())
        ),
        courses=tuple(
            Titled(name, str(each.title)) for name, each in sorted(library.courses.items())
        ),
    )


def _guide(name: str, guide: Guide) -> GuideOverview:
    sections = tuple(_section(section) for section in guide.sections)
    return GuideOverview(name, str(guide.title), str(guide.edition), guide.language, sections)


def _section(section: Section) -> SectionSize:
    words = sum(count_words(text) for text in walk(section) if isinstance(text, Text))
    tags = tuple(str(tag) for tag in section.tags)
    if section.is_generated:
        return SectionSize(str(section.id), str(section.title), tags, None, None)
    pages = round(words / WORDS_PER_PAGE, 1)
    return SectionSize(str(section.id), str(section.title), tags, words, pages)
