"""The Markdown dialect: what becomes HTML, what stays text, and what is found in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidegen import markup
from guidegen.markup import bad_links_in, fragments_in, references_in, to_inline_html, to_plain
from guidegen.origin import Origin, Text

PLACE = Origin("a.yaml", 5, 3)


class Echo:
    """Answers each reference with its own words; only the target ``here`` is in the document."""

    def cite(self, sources: Sequence[str]) -> str:
        return f"<cite {'+'.join(sources)}>"

    def see(self, target: str) -> str:
        return f"<see {target}>"

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


def found(text: str) -> list[tuple[str, str, str]]:
    return [(each.kind, each.target, each.words) for each in references_in(Text(text, PLACE))]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[@a]", "<cite a>"),
        ("[@a; @b-2;@c]", "<cite a+b-2+c>"),
        ("[see:a]", "<see a>"),
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
    "text", ["[@A]", "[@a, @b]", "[@]", "[see:]", "[see:Two]", "[term:a-]", "[sea:a]", "[fact:a_b]"]
)
def test_what_was_meant_as_a_reference_is_told_and_printed_as_it_stands(text: str) -> None:
    assert [kind for kind, _, _ in found(text)] == ["malformed"]
    assert inline(text) == text


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
    assert sorted(target for _, target, _ in found(text)) == list("abcdefg")


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
    assert list(bad_links_in(Text(f"[words]({address})"))) == []


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "file:///a", "a.html", "/a"],
)
def test_unsafe_links_are_told_and_lead_nowhere(address: str) -> None:
    text = Text(f"See [words]({address}).", PLACE)
    [(target, origin)] = bad_links_in(text)
    assert address.startswith(target)
    assert (origin.line, origin.column) == (5, 3 + len("See [words]("))
    assert "href" not in inline(text)


def test_a_link_to_what_is_left_out_becomes_words() -> None:
    assert inline("[some *words*](#gone) stay") == "some <em>words</em> stay"
    assert inline("[a](#gone) and [b](#here)") == 'a and <a href="#here">b</a>'


def test_the_targets_of_links_within_the_guide_are_found() -> None:
    text = Text(
        "[a](#here), `[b](#code)`, [c](https://x.org#part) and\n[d](#there)", PLACE, indent=2
    )
    assert [(name, origin.line) for name, origin in fragments_in(text)] == [
        ("here", 5),
        ("there", 6),
    ]


def test_a_picture_in_a_text_is_told() -> None:
    assert [target for target, _ in bad_links_in(Text("an ![alt](a.png)"))] == ["image"]


@pytest.mark.xfail(reason="the search for links does not see labels that go over a line's end")
def test_a_bad_link_is_told_even_where_its_words_are_on_two_lines() -> None:
    assert list(bad_links_in(Text("[two\nwords](javascript:x)")))
    assert list(fragments_in(Text("[two\nwords](#nowhere)")))


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
    assert inline("one\n  two\nthree\n") == "one two three"


def test_headings_begin_at_the_level_given_and_go_one_step_down() -> None:
    assert rich("## a\n\n#### b\n\n## c", heading_level=4) == "<h4>a</h4>\n<h5>b</h5>\n<h4>c</h4>"
    assert rich("a\n=\n\n###### b", heading_level=6) == "<h6>a</h6>\n<h6>b</h6>"


def test_a_footnote_is_printed_where_its_mark_stands() -> None:
    assert rich("a[^x] b\n\n[^x]: *c* [@d]") == (
        '<p>a<span class="footnote"><em>c</em> <cite d></span> b</p>'
    )
    assert rich("a^[b] c") == '<p>a<span class="footnote">b</span> c</p>'


@pytest.mark.xfail(raises=KeyError, reason="a note in an inline text is not provided for")
def test_a_footnote_in_an_inline_text_does_no_harm() -> None:
    assert "b" in inline("a ^[b]")


@pytest.mark.xfail(raises=KeyError, reason="a note in a note is not provided for")
def test_a_footnote_in_a_footnote_does_no_harm() -> None:
    assert "c" in rich("a[^1]\n\n[^1]: b[^2]\n\n[^2]: c")


@pytest.mark.xfail(reason="notes that nothing refers to vanish without a word")
def test_a_footnote_without_a_mark_is_not_lost() -> None:
    assert "lost" in rich("a\n\n[^1]: lost")


def test_a_table_says_what_its_head_cells_are_for_and_needs_no_styles() -> None:
    html = rich("| a | b | c |\n|---|:-:|--:|\n| 1 | 2 | 3 |")
    assert '<th scope="col">a</th>' in html
    assert '<th class="align-center" scope="col">b</th>' in html
    assert '<td class="align-right">3</td>' in html
    assert "style" not in html


def test_a_definition_list_is_one() -> None:
    assert rich("a\n: b\n: c") == "<dl>\n<dt>a</dt>\n<dd>b</dd>\n<dd>c</dd>\n</dl>"


@pytest.mark.xfail(reason="inline texts are searched as if they were blocks")
def test_the_search_sees_each_reference_that_an_inline_text_prints() -> None:
    text = "~~~ [@nowhere]"
    assert "<cite" in inline(text)
    assert found(text) == [("cite", "nowhere", "")]
