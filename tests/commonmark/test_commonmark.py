"""What our dialect has of CommonMark comes out as the specification says; the rest is inert text.

Each example of the specification falls into one class by what is in it, and each class has a rule.
No example is skipped. The examples and their licence: SOURCE.md beside this file.
"""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt

from guidegen.markup import dialect, is_safe_link, to_html

HERE = Path(__file__).resolve().parent
INERT = {"p", "h1", "h2", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br"}


class Example(NamedTuple):
    """An example: its number, the Markdown, and the page that the specification wants."""

    number: int
    markdown: str
    page: str


EXAMPLES = [
    Example(each["example"], each["markdown"], each["html"])
    for each in json.loads((HERE / "examples.json").read_text(encoding="utf-8"))
]


class Answers:
    """Answers references; no example has one that is sound."""

    def cite(self, sources: Sequence[str]) -> str:
        raise AssertionError(sources)

    def see(self, target: str, words: str) -> str:
        raise AssertionError(target)

    def term(self, term: str, words: str) -> str:
        raise AssertionError(term)

    def fact(self, fact: str) -> str:
        raise AssertionError(fact)

    def blank(self) -> str:
        raise AssertionError

    def link(self, target: str) -> str:
        return f"#{target}"


def printed(markdown: str) -> str:
    return str(to_html(markdown, Answers(), "en", heading_level=1))


# The classes


def class_of(example: Example) -> str:
    """Return the class of an example, by what the reference parser finds in it.

    raw HTML: off in our dialect, so that what an author types is what a reader sees.
    picture: figures are blocks with alternative text and caption, and never stand in a text.
    unsafe link: relative or of another scheme than http, https, mailto and tel; leads nowhere.
    as specified: all else.
    """
    found: dict[str, dict[str, dict[str, str]]] = {}
    tokens = MarkdownIt("commonmark").parse(example.markdown, found)
    inner = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inner)}
    targets = [str(each.attrGet("href")) for each in inner if each.type == "link_open"]
    targets += [each["href"] for each in found.get("references", {}).values()]
    if kinds & {"html_block", "html_inline"}:
        return "raw HTML"
    if "image" in kinds:
        return "picture"
    return "as specified" if all(map(is_safe_link, targets)) else "unsafe link"


def of_class(*names: str) -> list[Example]:
    return [example for example in EXAMPLES if class_of(example) in names]


def test_each_of_the_652_examples_is_in_a_class() -> None:
    assert [example.number for example in EXAMPLES] == list(range(1, 653))
    assert Counter(map(class_of, EXAMPLES)) == {
        "as specified": 454,
        "unsafe link": 104,
        "raw HTML": 72,
        "picture": 22,
    }


# The rules


@pytest.mark.parametrize("example", of_class("as specified"), ids=lambda each: str(each.number))
def test_what_the_dialect_has_comes_out_as_specified(example: Example) -> None:
    assert normal(printed(example.markdown)) == expected(example)


@pytest.fixture
def every_link_is_safe(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The dialect with one thing changed: it links wherever an author asks for it."""
    with monkeypatch.context() as patch:
        patch.setattr(dialect, "is_safe_link", lambda url: True)
        dialect._parser.cache_clear()
        yield
    dialect._parser.cache_clear()


@pytest.mark.parametrize("example", of_class("unsafe link"), ids=lambda each: str(each.number))
@pytest.mark.usefixtures("every_link_is_safe")
def test_links_are_found_as_specified(example: Example) -> None:
    assert normal(printed(example.markdown)) == expected(example)


@pytest.mark.parametrize("example", of_class("unsafe link"), ids=lambda each: str(each.number))
def test_an_unsafe_link_leads_nowhere(example: Example) -> None:
    targets = re.findall(r'href="([^"]*)"', printed(example.markdown))
    assert all(map(is_safe_link, targets))


@pytest.mark.parametrize(
    "example", of_class("raw HTML", "picture"), ids=lambda each: str(each.number)
)
def test_what_the_dialect_lacks_is_inert_text(example: Example) -> None:
    page = normal(printed(example.markdown))
    assert {part.tag for part in page if isinstance(part, Tag)} <= INERT
    # Every letter that was typed is there to be read; the language of code is its class.
    shown = letters("".join(map(words_of, page)))
    assert letters(html.unescape(example.markdown)) - shown == Counter()


def words_of(part: Tag | str) -> str:
    return part if isinstance(part, str) else "".join(value or "" for _, value in part.attributes)


def letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter.isalnum())


# What is compared


class Tag(NamedTuple):
    """A tag; the name of one that ends something begins with a slash."""

    name: str
    attributes: tuple[tuple[str, str | None], ...] = ()

    @property
    def tag(self) -> str:
        return self.name.removeprefix("/")


class _Reader(HTMLParser):
    """Reads HTML into tags and texts."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Tag | str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Paper has no place for the title of a link, so ours have none.
        kept = sorted(each for each in attrs if (tag, each[0]) != ("a", "title"))
        self.parts.append(Tag(tag, tuple(kept)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(Tag(f"/{tag}"))

    def handle_data(self, text: str) -> None:
        straight = re.sub("[‘’]", "'", re.sub("[“”]", '"', text))
        if straight != "\n":
            self.parts.append(straight)


def normal(page: str) -> list[Tag | str]:
    """Return HTML without what differs by our rules and not by CommonMark's.

    Quotation marks are typographic, links have no titles; line ends between blocks mean nothing.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.parts


def expected(example: Example) -> list[Tag | str]:
    """Return what the specification wants, with headings one step deep at most, as ours are."""
    levels = re.findall(r"<h([1-6])>", example.page)
    return normal(
        re.sub(
            r"(</?h)([1-6])>",
            lambda found: f"{found[1]}{1 + (found[2] > levels[0])}>",
            example.page,
        )
    )
