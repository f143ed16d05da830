"""How our Markdown is read and printed; the package says what it adds to CommonMark."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore, smartquotes
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from guidegen.budgets import MAX_NESTING, MAX_QUOTES
from guidegen.languages import quotes_of
from guidegen.spaceless import set_without_spaces

LINK_SCHEMES = ("http", "https", "mailto", "tel")
_ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_CITATION = re.compile(rf"\[(@{_ID}(?:\s*;\s*@{_ID})*)\]")
_NAMED = re.compile(rf"\[(see!?|term|fact):({_ID})(?:\|([^\[\]\n]++))?\]")
_FOREIGN = re.compile(r"\[lang:([A-Za-z][A-Za-z0-9-]*)\|([^\[\]\n]++)\]")
_BLANK = re.compile(r"\[blank\]")
# What was meant as a reference but is not one: reported, never printed as if it were text.
# A bracket inside ends it, so that no text is searched twice for the bracket that closes it.
_MALFORMED = re.compile(
    rf"\[(?:(?:@|(?:see!?|term|fact|lang):)[^\[\]\n]*+(?:\](?!\()|(?=\[))"
    rf"|[A-Za-z]++!?:(?:[^\[\]\s]*+|{_ID}\|[^\[\]\n]*+)\](?!\())"
)
# Far above MAX_NESTING: what lies deeper would vanish, so it must be seen and refused before.
_DEEPEST = 3 * MAX_NESTING
_COMPOSER = "composer"
_NOTES = "notes"


class References(Protocol):
    """What a composer must answer to turn references into HTML."""

    def cite(self, sources: Sequence[str]) -> str: ...
    def see(self, target: str, words: str) -> str: ...
    def term(self, term: str, words: str) -> str: ...
    def fact(self, fact: str) -> str: ...
    def blank(self) -> str: ...
    def link(self, target: str) -> str | None: ...


def to_html(text: str, references: References, language: str, *, heading_level: int = 3) -> Markup:
    """Return the HTML of Markdown ``text``; its highest headings get ``heading_level``."""
    env: dict[str, Any] = {_COMPOSER: references}
    tokens = _lift_footnotes(_parser(language).parse(text, env), env)
    _set_heading_levels(tokens, heading_level)
    return _rendered(tokens, language, env)


def to_inline_html(text: str, references: References, language: str) -> Markup:
    """Return the HTML of one paragraph of Markdown, without the paragraph's tag."""
    env: dict[str, Any] = {_COMPOSER: references}
    tokens = _lift_footnotes(_parser(language).parseInline(text, env), env)
    return _rendered(tokens, language, env)


def _rendered(tokens: Sequence[Token], language: str, env: EnvType) -> Markup:
    parser = _parser(language)
    return Markup(parser.renderer.render(tokens, parser.options, env).strip())


def to_plain(text: str, language: str) -> str:
    """Return text without markup, with the quotation marks of the language."""
    return html.unescape(_quoting(language).renderInline(text))


def segments_of(text: str, language: str) -> Iterator[str]:
    """Yield the runs of plain words in ``text``, as they are printed, between its references."""
    words: list[str] = []
    for token in _parser(language).parse(text, {}):
        for child in [*(token.children or ()), None]:
            if child and child.type in ("text", "code_inline"):
                words.append(child.content)
            elif child and child.info == "lang":
                words.append(_foreign_words(child))
            elif child and child.type in ("softbreak", "hardbreak"):
                words.append(" ")
            elif words and (child is None or child.type == "reference"):
                yield "".join(words)
                words = []


@functools.cache
def _parser(language: str) -> MarkdownIt:
    quotes = quotes_of(language)
    options = {"typographer": True, "quotes": quotes, "html": False, "maxNesting": _DEEPEST}
    parser = MarkdownIt("commonmark", options).enable(["table", "smartquotes"])
    _set_quotes(parser, language)
    parser.disable(["html_block", "html_inline", "image"])
    parser.use(deflist_plugin).use(footnote_plugin)
    parser.validateLink = is_safe_link  # type: ignore[method-assign]  # the documented way to override
    parser.inline.ruler.before("link", "reference", _parse_reference)
    for name, rule in _RULES.items():
        parser.add_render_rule(name, rule)
    return parser


@functools.cache
def permissive_parser() -> MarkdownIt:
    """Accepts every link and picture, so that a check can see what an author meant."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _DEEPEST}).enable(["table"])
    parser.disable(["html_block", "html_inline"])
    parser.use(deflist_plugin).use(footnote_plugin)
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # as above
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]  # as typed
    parser.inline.ruler.before("link", "reference", _parse_reference)
    return parser


@functools.cache
def _quoting(language: str) -> MarkdownIt:
    options = {"typographer": True, "quotes": quotes_of(language)}
    parser = MarkdownIt("zero", options).enable("smartquotes")
    _set_quotes(parser, language)
    return parser


def _set_quotes(parser: MarkdownIt, language: str) -> None:
    """Say how quotation marks are made typographic, in time that grows with the text.

    Where no spaces stand between words, an opening mark is one that comes first of two, and where
    lines of the file end there, none is meant.
    """
    is_spaceless = language.split("-")[0] == "ja"
    parser.core.ruler.at("smartquotes", set_without_spaces if is_spaceless else _set_a_few)


def _set_a_few(state: StateCore) -> None:
    """Leave a paragraph of very many quotation marks as it was typed; see MAX_QUOTES."""
    everything = state.tokens
    state.tokens = [
        token
        for token in everything
        if token.content.count("'") + token.content.count('"') <= MAX_QUOTES
    ]
    smartquotes(state)
    state.tokens = everything


def is_safe_link(url: str) -> bool:
    """Say whether a link may lead to ``url``: a place in the document, or one of LINK_SCHEMES."""
    return url.startswith("#") or (url.partition(":")[0].lower() in LINK_SCHEMES and ":" in url)


def _parse_reference(state: StateInline, silent: bool) -> bool:
    found = _match_reference(state.src, state.pos)
    if found is None:
        return False
    kind, raw, targets, words = found
    if not silent:
        token = state.push("reference", "", 0)
        token.content, token.info = raw, kind
        token.meta = {"targets": targets, "words": words}
    state.pos += len(raw)
    return True


def _match_reference(source: str, at: int) -> tuple[str, str, list[str], str] | None:
    if source[at] != "[":
        return None
    if match := _CITATION.match(source, at):
        return "cite", match[0], [name.strip(" @\n") for name in match[1].split(";")], ""
    match = _NAMED.match(source, at)
    if match and not (match[1] == "fact" and match[3]):
        return match[1], match[0], [match[2]], match[3] or ""
    if match := _FOREIGN.match(source, at):
        return "lang", match[0], [match[1]], match[2]
    if match := _BLANK.match(source, at):
        return "blank", match[0], [""], ""
    if match := _MALFORMED.match(source, at):
        return "malformed", match[0], [match[0]], ""
    return None


def _lift_footnotes(tokens: list[Token], env: EnvType) -> list[Token]:
    """Take the notes from the end of the text; each is printed where its mark stands.

    The style sheet sends it to the foot of the page; on a screen it stays in the line, so that
    nobody has to jump there and back.
    """
    notes: dict[int, list[Token]] = {}
    body: list[Token] = []
    current: int | None = None
    for token in tokens:
        if token.type == "footnote_open":
            current = token.meta["id"]
            notes[current] = []
        elif token.type == "footnote_close":
            current = None
        elif current is not None:
            if token.children and notes[current]:
                notes[current].append(Token("text", "", 0, content=" "))
            notes[current].extend(token.children or ())
        elif not token.type.startswith("footnote_block"):
            body.append(token)
    env[_NOTES] = notes
    return body


def _render_footnote(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """Print a note once, at its first mark; popping it also stops a note that holds itself."""
    children = env[_NOTES].pop(tokens[at].meta["id"], None)
    if children is None:
        return ""
    return f'<span class="footnote">{renderer.renderInline(children, options, env)}</span>'


def _set_heading_levels(tokens: Sequence[Token], top: int) -> None:
    """Number headings from ``top``, one step at most, since a reader can't hear skipped levels."""
    first = next((token.tag for token in tokens if token.type == "heading_open"), "h1")
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(top + (token.tag > first), 6)}"


def _render_reference(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    token, references = tokens[at], env[_COMPOSER]
    targets: list[str] = token.meta["targets"]
    match token.info:
        case "cite":
            return str(references.cite(targets))
        case "see" | "see!":
            return str(references.see(targets[0], token.meta["words"]))
        case "term":
            return str(references.term(targets[0], token.meta["words"]))
        case "fact":
            return str(references.fact(targets[0]))
        case "lang":
            return f'<span lang="{targets[0]}">{html.escape(_foreign_words(token))}</span>'
        case "blank":
            return str(references.blank())
        case _:
            return html.escape(token.content)


def _foreign_words(token: Token) -> str:
    """Return words of another language with the quotation marks of that language."""
    return to_plain(token.meta["words"], token.meta["targets"][0])


def _render_link(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """A link into this document stays a link only where its target is in this selection."""
    href = str(tokens[at].attrGet("href") or "")
    if href.startswith("#"):
        target = env[_COMPOSER].link(href[1:])
    else:
        # An empty address gets past the parser.
        target = href if is_safe_link(href) else None
    env.setdefault("links", []).append(target)
    if target is None:
        return ""
    tokens[at].attrs = {"href": target}
    return renderer.renderToken(tokens, at, options, env)


def _render_link_end(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    return "" if env["links"].pop() is None else "</a>"


def _render_cell(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: EnvType
) -> str:
    """Header cells get their scope; alignment becomes a class, since styles are ours alone."""
    token = tokens[at]
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrSet("class", style.replace("text-align:", "align-"))
    if token.tag == "th":
        token.attrSet("scope", "col")
    return renderer.renderToken(tokens, at, options, env)


_Rule = Callable[[RendererHTML, Sequence[Token], int, OptionsDict, EnvType], str]
_RULES: dict[str, _Rule] = {
    "reference": _render_reference,
    "footnote_ref": _render_footnote,
    "link_open": _render_link,
    "link_close": _render_link_end,
    "th_open": _render_cell,
    "td_open": _render_cell,
}
