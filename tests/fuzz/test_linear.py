"""Twice the text takes twice the time, whatever is in it; else a page of signs could take hours.

The exponent is the slope of the logarithm of the time over the logarithm of the length. A linear
parser has 1, one that starts anew at each sign has 2. Measured over a factor of eight and with the
garbage collector off, noise and logarithmic terms stay below 0.3, so 1.3 tells the two apart even
on a busy machine. Times are those of the processor, the best of two.
"""

from __future__ import annotations

import gc
import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence

import pytest

from guidegen import gate, markup
from guidegen.budgets import MAX_BYTES
from guidegen.figures import svg_faults
from guidegen.markup import search
from guidegen.models import Markdown
from guidegen.origin import Origin
from guidegen.yamltree import parse, read_text

from .pictures import svg

HIGHEST = 1.3
LONG_ENOUGH = 0.025
# Below it lie the limits of nesting, from which on a text costs less.
SMALLEST = 512

Make = Callable[[int], str]

MARKDOWN: dict[str, Make] = {
    "[": lambda n: "[" * n,
    "![": lambda n: "![" * n,
    "![[]()": lambda n: "![[]()" * n,
    "[]": lambda n: "[" * n + "]" * n,
    "[a](b)": lambda n: "[" * n + "a" + "](b)" * n,
    "[a](": lambda n: "[a](" * n,
    "[a](<b": lambda n: "[a](<b" * n,
    '[a](b "': lambda n: '[a](b "' * n,
    "[a](((": lambda n: "[a](" + "(" * n,
    "links": lambda n: "[a](http://b.c) " * n,
    "`": lambda n: "".join("e" + "`" * length for length in range(math.isqrt(2 * n))),
    "`a``b": lambda n: "`a``b" * n,
    "*a ": lambda n: "*a " * n,
    "a_ ": lambda n: "a_ " * n,
    "*a**a ": lambda n: "*a**a " * n,
    "a**b c*": lambda n: "a**b" + "c* " * n,
    "___": lambda n: "_" * n + "a" + "_" * n,
    "**x [a*b**c*](d)": lambda n: "**x [a*b**c*](d)" * n,
    "&": lambda n: "&" * n,
    "&a;": lambda n: "&a;" * n,
    "&aaa": lambda n: "&" + "a" * n,
    "<": lambda n: "<" * n,
    "<a:": lambda n: "<http:" * n,
    "<!--": lambda n: "<!--" * n,
    "\\": lambda n: "\\" * n,
    ">": lambda n: ">" * n + "a",
    "> lines": lambda n: "> a\n" * n,
    "- -": lambda n: "- " * n + "a",
    "items": lambda n: "- a\n" * n,
    "mixed items": lambda n: "+ a\n* b\n- c\n" * n,
    "numbers": lambda n: "1. a\n" * n,
    "rows": lambda n: "|a|b|\n|-|-|\n" + "|c|d|\n" * n,
    "columns": lambda n: "|a" * n + "|\n" + "|-" * n + "|\n",
    "almost a table": lambda n: "a|b\n-|\n" * n,
    "almost a heading": lambda n: "a\n" * n + "===",
    "almost a line": lambda n: "* " * n + "a",
    "fences": lambda n: "~~~ a\n``` b\n" * n,
    "definitions": lambda n: "".join(f"[a{number}]: #b\n" for number in range(n)),
    "the same definition": lambda n: "[a]: #b\n" * n,
    "titles without end": lambda n: "[a]: #b '\n" * n,
    "uses": lambda n: "[a]: #b\n\n" + "[a] " * n,
    "[a lines": lambda n: "[a\n" * n,
    "terms": lambda n: "a\n: b\n\n" * n,
    "nested terms": lambda n: "a\n" + ": " * n + "b",
    "quotes": lambda n: "'" * n,
    "quotes of both kinds": lambda n: "'a\" " * n,
    "opening quotes": lambda n: '"a ' * n,
    "paragraphs": lambda n: "a\n\n" * n,
    "spaces": lambda n: "a" + " " * n + "b",
    "empty lines": lambda n: "\n" * n,
    "references": lambda n: "[@a; @b] [see:x] " * n,
    "[@a": lambda n: "[@a " * n,
    "[@a;": lambda n: "[" + "@a;" * n + "]",
    "[see:a|": lambda n: "[see:a|" * n,
    "[aaa:b": lambda n: "[aaa:b" * n,
    "[see:a-a-": lambda n: "[see:" + "a-" * n,
    "footnotes": lambda n: "".join(f"[^{number}] " for number in range(n)),
    "notes": lambda n: "[^1] " * n + "\n\n[^1]: x\n",
    "^[": lambda n: "^[a " * n,
    "^[a]": lambda n: "^[a] " * n,
}
YAML: dict[str, Make] = {
    "items": lambda n: "- a\n" * n,
    "keys": lambda n: "".join(f"k{number}: v\n" for number in range(n)),
    "flow items": lambda n: "- [" + "a, " * n + "a]\n",
    "flow pairs": lambda n: "a: {" + "".join(f"k{number}: v, " for number in range(n)) + "}\n",
    "rows": lambda n: "- {a: b, c: [d, e]}\n" * n,
    "[": lambda n: "a: " + "[ " * n,
    "{a: ": lambda n: "a: " + "{a: " * n,
    "- -": lambda n: "- " * n + "a\n",
    "? ": lambda n: "? a\n" * n,
    "a plain text": lambda n: "a: " + "word " * n + "\n",
    "a plain text of lines": lambda n: "a:\n" + "  word\n" * n,
    "a literal text": lambda n: "a: |\n" + "  word word\n" * n,
    "a folded text": lambda n: "a: >\n" + "  word word\n\n" * n,
    "a quoted text": lambda n: 'a: "' + "\\u0041 " * n + '"\n',
    "a quotation of lines": lambda n: "a: 'b\n" + "  it''s\n" * n + "  '\n",
    "an open quotation": lambda n: 'a: "' + "b c\n" * n,
    "quotations": lambda n: '- "a: b"\n' * n,
    "open and closed": lambda n: "- 'a\n- b'\n" * n,
    "remarks": lambda n: "# a\n" * n + "a: b\n",
    "remarks behind": lambda n: "a: b # c\n" * n,
    "empty lines": lambda n: "\n" * n + "a: b\n",
    "colons": lambda n: "a: " + "b:c " * n + "\n",
    "anchors": lambda n: "- &a b\n" * n,
    "tags": lambda n: "- !a b\n" * n,
    "tabs": lambda n: "a: b\tc\nb: |\n" + "  a\tb\n" * n,
    "question marks": lambda n: "- [a, b?]\n" * n,
    "deeper": lambda n: "".join(f"{' ' * depth}a:\n" for depth in range(math.isqrt(2 * n))),
    "words": lambda n: "a" * 1_000 + " " + ("b" * 999 + " ") * (n // 100),
    "control characters": lambda n: "\x01" * n,
}  # fmt: skip
SVG: dict[str, Make] = {
    "numbers": lambda n: f"<path d='M0 0{'L9,9' * n}'/>",
    "a long number": lambda n: f"<path d='{'1' * n}'/>",
    "points": lambda n: f"<polygon points='{'1 2 ' * n}x'/>",
    "digits": lambda n: f"<rect x='{'1' * n}x'/>",
    "spaces": lambda n: f"<rect x='1{' ' * n}x'/>",
    "transforms": lambda n: f"<g transform='{'rotate(1)' * n}x'/>",
    "open transforms": lambda n: f"<g transform='{'rotate(' * n}'/>",
    "rules": lambda n: f"<style>{'.a{b:c}' * n}</style>",
    "open remarks": lambda n: f"<style>{'/*' * n}</style>",
    "a long selector": lambda n: f"<style>{'a' * n}</style>",
    "open selectors": lambda n: f"<style>{'a{' * n}</style>",
    "addresses": lambda n: f"<g style='{'fill:url(#a);' * n}'/>",
    "open addresses": lambda n: f"<g style='fill:{'url(' * n}#'/>",
    "a picture": lambda n: f"<image href='data:image/png;base64,{'AAAA' * n}'/>",
    "parameters": lambda n: f"<image href='data:image/png{';a' * n}'/>",
    "used parts": lambda n: "<g id='a'/>" + "<use href='#a'/>" * (n // 8),
    "text": lambda n: f"<text>{'a &lt; b ' * n}</text>",
    "style text": lambda n: f"<style>{'&lt;a ' * n}</style>",
}


class Answers:
    """Answers references with single letters."""

    def cite(self, sources: Sequence[str]) -> str:
        return "c"

    def see(self, target: str, words: str) -> str:
        return "s"

    def term(self, term: str, words: str) -> str:
        return "t"

    def fact(self, fact: str) -> str:
        return "f"

    def blank(self) -> str:
        return "_"

    def link(self, target: str) -> str:
        return f"#{target}"


def read_markdown(source: str) -> None:
    """Search a text as the checks do, and print it unless they would refuse it."""
    search._seen.cache_clear()
    text = Markdown(source, Origin("f.md"), 0)
    is_refused = any(markup.excesses_in(text))
    list(markup.references_in(text))
    list(markup.links_in(text))
    list(markup.unused_footnotes_in(text))
    if not is_refused:
        markup.to_html(text, Answers(), "en")


def read_yaml(source: str) -> None:
    text, _ = read_text(source.encode(), "f.yaml")
    if text is not None:
        parse(text, "f.yaml")


def read_svg(inside: str) -> None:
    svg_faults(svg(inside))


@pytest.fixture(autouse=True)
def _no_garbage_collection() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown_is_read_in_linear_time(name: str) -> None:
    assert exponent(read_markdown, MARKDOWN[name], 100_000) < HIGHEST


@pytest.mark.parametrize("name", YAML)
def test_yaml_is_read_in_linear_time(name: str) -> None:
    assert exponent(read_yaml, YAML[name], 400_000) < HIGHEST


@pytest.mark.parametrize("name", SVG)
def test_pictures_are_read_in_linear_time(name: str) -> None:
    assert exponent(read_svg, SVG[name], 400_000) < HIGHEST


def test_pages_are_searched_in_linear_time() -> None:
    assert (
        exponent(
            lambda page: gate._searchable("a.html", page.encode()), lambda n: "<" * n, MAX_BYTES
        )
        < HIGHEST
    )


def test_the_measure_knows_linear_from_quadratic_time() -> None:
    def quadratic(text: str) -> None:
        for at in range(0, len(text), 8):
            text.count("b", at)

    def a(n: int) -> str:
        return "a" * n

    assert exponent(lambda text: sum(map(ord, text)), a, 1_000_000) < HIGHEST
    assert exponent(quadratic, a, 1_000_000) > HIGHEST


def exponent(read: Callable[[str], object], make: Make, longest: int) -> float:
    """Return the slope for texts up to ``longest``; the best of three, should one be too steep."""
    size = SMALLEST
    while len(make(2 * size)) < longest and seconds(read, make(size)) < LONG_ENOUGH:
        size *= 2
    best = math.inf
    for _ in range(3):
        best = min(best, slope(read, make, size))
        if best < HIGHEST:
            break
    return best


def slope(read: Callable[[str], object], make: Make, size: int) -> float:
    """Return the slope over a factor of eight, by least squares."""
    texts = [make(size // part) for part in (8, 4, 2, 1)]
    points = [
        (math.log(len(text)), math.log(min(seconds(read, text) for _ in range(2))))
        for text in texts
    ]
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def seconds(read: Callable[[str], object], text: str) -> float:
    begin = time.process_time()
    read(text)
    return max(time.process_time() - begin, 1e-5)
