"""The Markdown dialect: what becomes HTML, what stays text, and what is found in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidegen import markup
from guidegen.markup import (
    links_in,
    references_in,
    segments_of,
    to_inline_html,
    to_plain,
    unused_footnotes_in,
)
from guidegen.models import Inline, Markdown
from guidegen.origin import Origin, Text

PLACE = Origin("a.yaml", 5, 3)


class Echo:
    """Answers each reference with its own words; only the target ``here`` is in the document."""

    def cite(self, sources: Sequence[str]) -> str:
        return f"<cite {'+'.join(sources)}>"

    def see(self, target: str, words: str) -> str:
        return f"<see {target} {words or '-'}>"

    def term(self, term: str, words: str) -> str:
        return f"<term {term} {words or '-'}>"

    def fact(self, fact: str) -> str:
        return f"<fact {fact}>"

    def blank(self) -> str:
        return "<blank>"

    def link(self, target: str) -> str | None:
        return f"#{target}" if target == "here" else None


def rich(text: str, language: str = "en-US", heading_level: int = 3) -> str:
    return markup.to_html(text, Echo(), language, heading_level=heading_level)


def inline(text: str, language: str = "en-US") -> str:
    return to_inline_html(text, Echo(), language)


def found(text: str, kind: type[Text] = Inline) -> list[tuple[str, str, str]]:
    """Return the references of a text of this kind: kind, target, words."""
    return [(each.kind, each.target, each.words) for each in references_in(kind(text, PLACE))]


def links(text: str, kind: type[Text] = Inline) -> list[tuple[str, int, int]]:
    """Return the links of a text of this kind, with line and column."""
    return [
        (link.target, link.origin.line, link.origin.column)
        for link in links_in(kind(text, PLACE, indent=2))
    ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[@a]", "<cite a>"),
        ("[@a; @b-2;@c]", "<cite a+b-2+c>"),
        ("[see:a]", "<see a ->"),
        ("[see:a|some words]", "<see a some words>"),
        ("[see!:a]", "<see a ->"),
        ("[see!:a|words]", "<see a words>"),
        ("[term:a]", "<term a ->"),
        ("[term:a|some words]", "<term a some words>"),
        ("[fact:a]", "<fact a>"),
        ("[blank]", "<blank>"),
        ("*[@a]*", "<em><cite a></em>"),
        ("a[@b]c", "a<cite b>c"),
    ],
)
def test_each_reference_is_answered_by_the_composer(text: str, html: str) -> None:
    assert inline(text) == html
    assert rich(text) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "[@A]",
        "[@a, @b]",
        "[@]",
        "[@a|words]",
        "[see:]",
        "[see:Two]",
        "[term:a-]",
        "[term:a|]",
        "[sea:a]",
        "[fact:a_b]",
        "[fact:a|words]",
        "[fact:a|some words]",
        "[see:Two|some words]",
        "[sea:a|some words]",
        "[lang:es]",
        "[lang:es|]",
        "[lang:|words]",
        "[lang:e s|words]",
    ],
)
def test_what_was_meant_as_a_reference_is_told_and_printed_as_it_stands(text: str) -> None:
    assert [kind for kind, _, _ in found(text)] == ["malformed"]
    assert inline(text) == text


def test_words_of_another_language_say_so_and_have_its_quotation_marks() -> None:
    text = 'Ask "one": [lang:es|¿"Dónde" <b> *aquí*?].'
    foreign = '<span lang="es">¿«Dónde» &lt;b&gt; *aquí*?</span>'
    assert inline(text) == f"Ask “one”: {foreign}."
    assert found(text) == [("lang", "es", '¿"Dónde" <b> *aquí*?')]
    assert list(segments_of(text, "en")) == ["Ask “one”: ¿«Dónde» <b> *aquí*?."]


@pytest.mark.parametrize("text", ["[sic]", "[a: b]", "`[@a]`", "\\[@a]", "[words](https://a.org)"])
def test_other_brackets_are_no_references(text: str) -> None:
    assert found(text) == []


def test_references_are_found_with_their_places() -> None:
    text = Text("One [@a; @b],\nthen [term:c|d e] and\n[@a] again.", PLACE, indent=2)
    places = [
        (each.kind, each.target, each.words, each.origin.line, each.origin.column)
        for each in references_in(text)
    ]
    assert places == [
        ("cite", "a", "", 5, 7),
        ("cite", "b", "", 5, 7),
        ("term", "c", "d e", 6, 8),
        ("cite", "a", "", 7, 3),
    ]


def test_references_are_found_wherever_the_text_has_them() -> None:
    blocks = ["# [@a]", "- [@b]", "> [@c]", "|x|\n|-|\n|[@d]|", "t\n: [@e]", "x[^1]", "[^1]: [@f]"]
    text = "\n\n".join([*blocks, "**[@g]**"])
    assert sorted(target for _, target, _ in found(text, Markdown)) == list("abcdefg")


@given(st.text(alphabet="ab-[]@:;|see termfactblank()#!*_`\\\n^1", max_size=60))
def test_no_text_breaks_the_search_or_the_places(text: str) -> None:
    for reference in references_in(Text(text, PLACE, indent=2)):
        assert PLACE.line <= reference.origin.line <= PLACE.line + text.count("\n")
        assert reference.origin.column >= 1


@given(st.text(alphabet="<>/=\"' aib\n*&;-", max_size=60))
def test_no_tag_comes_from_an_author(text: str) -> None:
    tags = set(re.findall(r"</?(\w+)", rich(text)))
    assert tags <= {
        "p",
        "em",
        "strong",
        "blockquote",
        "ul",
        "li",
        "hr",
        "h3",
        "h4",
        "br",
        "pre",
        "code",
    }


@pytest.mark.parametrize(
    "address", ["https://a.org", "http://a.org/b?c=1", "mailto:a@b.org", "tel:+1555", "#here"]
)
def test_safe_links_stay(address: str) -> None:
    assert inline(f"[words]({address})") == f'<a href="{address}">words</a>'
    (link,) = links_in(Inline(f"[words]({address})"))
    assert (link.target, link.is_safe, link.is_image) == (address, True, False)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "file:///a", "a.html", "/a"],
)
def test_unsafe_links_are_told_and_lead_nowhere(address: str) -> None:
    text = Text(f"See [words]({address}).", PLACE)
    (link,) = links_in(text)
    assert (link.target, link.is_safe) == (address, False)
    assert (link.origin.line, link.origin.column) == (5, 3 + len("See [words]("))
    assert "href" not in inline(text)


def test_a_link_to_what_is_left_out_becomes_words() -> None:
    assert inline("[some *words*](#gone) stay") == "some <em>words</em> stay"
    assert inline("[a](#gone) and [b](#here)") == 'a and <a href="#here">b</a>'


def test_the_targets_of_links_within_the_guide_are_found() -> None:
    text = "[a](#here), `[b](#code)`, [c](https://x.org#part) and\n[d](#there)"
    assert links(text) == [("#here", 5, 7), ("https://x.org#part", 5, 33), ("#there", 6, 7)]


def test_a_picture_in_a_text_is_told() -> None:
    (link,) = links_in(Inline("an ![alt](a.png)"))
    assert (link.target, link.is_image) == ("a.png", True)


@pytest.mark.parametrize("kind", [Inline, Markdown])
def test_a_link_is_found_even_where_its_words_are_on_two_lines(kind: type[Text]) -> None:
    assert links("[two\nwords](javascript:x)", kind) == [("javascript:x", 6, 10)]
    assert links("[two\nwords](#nowhere)", kind) == [("#nowhere", 6, 10)]


@pytest.mark.parametrize("text", [r"\[x\](y)", r"\[x](y)", "`[x](y)`", r"a \![x\](y)"])
def test_brackets_that_are_escaped_are_no_link(text: str) -> None:
    assert links(text) == links(text, Markdown) == []


def test_a_link_by_reference_is_found_where_it_is_one() -> None:
    text = "[a][r]\n\n[r]: a.html"
    assert [target for target, *_ in links(text, Markdown)] == ["a.html"]
    assert links(text) == []
    assert inline(text) == "[a][r]\n\n[r]: a.html"


def test_a_link_without_an_address_is_not_safe() -> None:
    assert [link.is_safe for link in links_in(Inline("[words]()"))] == [False]


@pytest.mark.parametrize("text", ["[a](#x)\n[b](#x)", "[a](#x)\n[b]()", "#x\n[a](#x) [b](#y)"])
def test_each_link_has_a_place_of_its_own(text: str) -> None:
    lines = [line for _, line, _ in links(text)]
    assert lines == ([6, 6] if text.startswith("#") else [5, 6])


def test_html_is_text() -> None:
    assert inline("<b>a</b> & <!-- c -->") == "&lt;b&gt;a&lt;/b&gt; &amp; &lt;!-- c --&gt;"
    assert rich("<div>\n*a*\n</div>") == "<p>&lt;div&gt;\n<em>a</em>\n&lt;/div&gt;</p>"


def test_jinja_is_text() -> None:
    assert inline("{{ 7 * 7 }} {% raw %} {# a #}") == "{{ 7 * 7 }} {% raw %} {# a #}"


@pytest.mark.parametrize(
    ("language", "printed"),
    [
        ("en-US", "“a ‘b’”"),
        ("de", "„a ‚b‘“"),
        ("es-MX", "«a “b”»"),
        ("fr", "«\xa0a “b”\xa0»"),
        ("xx", "“a ‘b’”"),
    ],
)
def test_quotation_marks_are_those_of_the_language(language: str, printed: str) -> None:
    assert inline("\"a 'b'\"", language) == printed
    assert to_plain("\"a 'b'\"", language) == printed


def test_a_plain_text_keeps_its_signs() -> None:
    assert to_plain("*a* [@b] <c> & `d` &amp; \\e", "en") == "*a* [@b] <c> & `d` &amp; \\e"


def test_a_paragraph_written_on_several_lines_is_one_line() -> None:
    assert inline("one\n  two\nthree\n").split() == ["one", "two", "three"]
    assert "<" not in inline("one\n\ntwo")


def test_headings_begin_at_the_level_given_and_go_one_step_down() -> None:
    assert rich("## a\n\n#### b\n\n## c", heading_level=4) == "<h4>a</h4>\n<h5>b</h5>\n<h4>c</h4>"
    assert rich("a\n=\n\n###### b", heading_level=6) == "<h6>a</h6>\n<h6>b</h6>"
    assert rich("#### a\n\n# b\n\n##### c") == "<h3>a</h3>\n<h3>b</h3>\n<h4>c</h4>"


def test_a_footnote_is_printed_where_its_mark_stands() -> None:
    assert rich("a[^x] b\n\n[^x]: *c* [@d]") == (
        '<p>a<span class="footnote"><em>c</em> <cite d></span> b</p>'
    )
    assert rich("a^[b] c") == '<p>a<span class="footnote">b</span> c</p>'


def test_a_footnote_that_is_marked_twice_is_printed_once() -> None:
    assert rich("a[^x] b[^x]\n\n[^x]: n") == '<p>a<span class="footnote">n</span> b</p>'


def test_a_footnote_in_an_inline_text_is_printed_in_its_place() -> None:
    assert inline("a ^[b [@c]] d") == 'a <span class="footnote">b <cite c></span> d'
    assert inline("a[^1] b") == "a[^1] b"
    assert found("a ^[b [@c]]") == [("cite", "c", "")]


def test_a_footnote_in_a_footnote_is_printed_in_it() -> None:
    assert rich("a[^1]\n\n[^1]: b[^2]\n\n[^2]: c") == (
        '<p>a<span class="footnote">b<span class="footnote">c</span></span></p>'
    )
    assert inline("a^[b^[c]]") == (
        'a<span class="footnote">b<span class="footnote">c</span></span>'
    )


def test_footnotes_in_a_circle_come_to_an_end() -> None:
    assert rich("a[^1]\n\n[^1]: b[^1]") == '<p>a<span class="footnote">b</span></p>'
    assert rich("a[^1]\n\n[^1]: b[^2]\n\n[^2]: c[^1]") == (
        '<p>a<span class="footnote">b<span class="footnote">c</span></span></p>'
    )


def test_the_paragraphs_of_a_footnote_stay_apart() -> None:
    assert "one two" in re.sub("<[^>]+>", " ", rich("a[^1]\n\n[^1]: one\n\n    two"))


def test_a_footnote_without_a_mark_is_told_with_its_place() -> None:
    text = Markdown("a[^used]\n\n[^lost]: b\n\n[^used]: c\n[^2]: d", PLACE, indent=2)
    assert [(name, at.line, at.column) for name, at in unused_footnotes_in(text)] == [
        ("lost", 7, 3),
        ("2", 10, 3),
    ]


@pytest.mark.parametrize("text", ["a[^1]\n\n[^1]: b", "a^[b]", "a[^9]", "`[^1]:` a", "no note"])
def test_other_texts_have_no_footnote_without_a_mark(text: str) -> None:
    assert list(unused_footnotes_in(Markdown(text, PLACE))) == []
    assert list(unused_footnotes_in(Inline(text, PLACE))) == []


def test_a_table_says_what_its_head_cells_are_for_and_needs_no_styles() -> None:
    html = rich("| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |")
    assert '<th scope="col">a</th>' in html
    assert '<th class="align-center" scope="col">b</th>' in html
    assert '<td class="align-right">3</td>' in html
    assert "style" not in html


def test_a_definition_list_is_one() -> None:
    assert rich("a\n: b\n: c") == "<dl>\n<dt>a</dt>\n<dd>b</dd>\n<dd>c</dd>\n</dl>"


@pytest.mark.parametrize("start", ["~~~", "```", "    ", "# ", "[r]: ", "| a |\n|-|\n| ", "[^1]: "])
def test_the_search_sees_each_reference_that_an_inline_text_prints(start: str) -> None:
    text = f"{start} [@nowhere]"
    assert "<cite nowhere>" in inline(text)
    assert found(text) == [("cite", "nowhere", "")]


def test_the_search_sees_no_reference_that_blocks_print_as_code() -> None:
    text = "~~~ [@nowhere]\n[@nowhere]\n~~~\n\n    [@nowhere]"
    assert "<cite" not in rich(text)
    assert found(text, Markdown) == []


def test_segments_are_the_words_between_references() -> None:
    text = '*One* "two"[^1]\nthree [@a] four\n\n[^1]: five [term:b] six'
    segments = [" ".join(each.split()) for each in segments_of(text, "en")]
    assert segments == ["One “two” three", "four", "five", "six"]


def kinds(text: str, kind: type[Text] = Markdown) -> list[tuple[str, int]]:
    """Return what a text has too much of, with the lines."""
    found = markup.excesses_in(kind(text, Origin("f.md"), 0))
    return [(each.kind, each.origin.line) for each in found]


EXCESSES = [
    ("> " * 20 + "a", "> " * 19 + "a", "nesting"),
    ("- " * 10 + "a", "- " * 9 + "a", "nesting"),
    ("*a **b " * 10 + "c** d*" * 10, "*a **b " * 9 + "c** d*" * 9, "nesting"),
    ("a^[b]" * 51, "a^[b]" * 50, "footnotes"),
    ("^[a" * 22 + "]" * 22, "^[a" * 21 + "]" * 21, "within"),
    ("|a" * 21 + "|\n" + "|-" * 21 + "|", "|a" * 20 + "|\n" + "|-" * 20 + "|", "columns"),
    ("|a|\n|-|\n" + "|b|\n" * 1_000, "|a|\n|-|\n" + "|b|\n" * 999, "rows"),
]


@pytest.mark.parametrize(("much", "enough", "kind"), EXCESSES)
def test_what_no_page_can_hold_is_found_at_its_line(much: str, enough: str, kind: str) -> None:
    line = 1_004 if kind == "rows" else 3
    assert (kind, line) in kinds(f"words\n\n{much}\n\nwords\n")
    assert kinds(f"words\n\n{enough}\n\nwords\n") == []


def test_a_paragraph_of_its_own_can_have_too_much_too() -> None:
    assert kinds("a^[b]" * 51, Inline) == [("footnotes", 1)]


@pytest.mark.parametrize("opening", ["> ", "- ", "1. ", "> - ", "*", "**a *"])
def test_nothing_vanishes_before_it_is_refused_as_too_deep(opening: str) -> None:
    closing = opening[::-1] if "*" in opening else ""
    refused = []
    for depth in range(1, 150):
        text = f"{opening * depth}deep{closing * depth}"
        is_refused = ("nesting", 1) in kinds(text)
        assert is_refused or "deep" in rich(text)
        refused.append(is_refused)
    assert refused == sorted(refused)
    assert refused[0] is False


def test_very_many_quotation_marks_stay_as_they_were_typed() -> None:
    assert rich("'a' " * 250).count("‘") == 250
    assert rich("'a' " * 251).count("'") == 502


def test_a_link_without_an_address_is_not_printed_as_one() -> None:
    assert rich("[words]()") == "<p>words</p>"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("first\n\n[x](javascript&colon;y)\n", (3, 1)),
        ("[a](https://b)\n\n[x](java&#115;cript:y)\n", (3, 1)),
        ("first\n\nsecond [x](javascript:y)\n", (3, 12)),
    ],
)
def test_a_link_that_was_typed_otherwise_is_found_in_its_paragraph(
    text: str, place: tuple[int, int]
) -> None:
    *_, link = links_in(Markdown(text, Origin("f.md"), 0))
    assert (link.origin.line, link.origin.column) == place
