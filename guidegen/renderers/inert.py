"""Is a finished page inert? No script, no form, and nothing that reaches out of the page.

Text of authors can't make any of it; a project's own templates could. Links are no reaching out:
a reader follows them, to where the schemes allow.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html.parser import HTMLParser

from guidegen.markup import is_safe_link

# Put into the page before all else by the renderer, so that no template can do without.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
# What is not known to be inert is refused, with comments and all else that hides tags from some
# readers and not from others.
_INERT_TAGS = (
    "html head title meta style body header footer main nav section article aside address "
    "h1 h2 h3 h4 h5 h6 hgroup p pre blockquote ol ul li dl dt dd figure figcaption hr br div span "
    "a em strong small s cite q dfn abbr ruby rt rp time code var samp kbd sub sup i b u mark bdi "
    "bdo wbr ins del img table caption colgroup col thead tbody tfoot tr th td details summary "
    "svg g path rect circle ellipse line polyline polygon text tspan defs desc symbol use stop "
    "lineargradient radialgradient clippath mask marker pattern"
)
_LOADING_ATTRIBUTES = (
    "action background cite classid code codebase data formaction href longdesc lowsrc manifest "
    "ping poster profile src srcset usemap xlink:href xml:base"
)
_INERT = frozenset(_INERT_TAGS.split())
_LOADING = frozenset(_LOADING_ATTRIBUTES.split())
_META = ("charset", "name", "content", "http-equiv")
_REACHES_OUT = re.compile(
    r"@import|\b(?:image-set|image|src|element|cross-fade)\(|"
    r"url\(\s*+['\"]?+(?!#|data:(?:image/(?:png|jpeg)|font/woff2)[;,])|-moz-binding|behavior:",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE)


def sheet_faults(sheet: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, text and words for all in a style sheet that reaches out, or ends its element."""
    plain = _ESCAPE.sub(_unescaped, sheet)
    for found in _REACHES_OUT.finditer(plain):
        line = plain.count("\n", 0, found.start()) + 1
        yield line, found[0].strip(), f"a style sheet may not use {found[0].strip()!r}"
    if end := re.search(r"</style", sheet, re.IGNORECASE):
        line = sheet.count("\n", 0, end.start()) + 1
        yield line, end[0], f"{end[0]!r} would end the style sheet and begin something else"


def _unescaped(escape: re.Match[str]) -> str:
    """Return the letter that an escape in CSS stands for: it could hide any word from a search."""
    code = int(escape[1], 16) if escape[1] else ord(escape[2])
    return chr(code) if 0x20 <= code < 0xD800 else " "


def page_faults(page: str, served: Collection[str]) -> list[tuple[str, str]]:
    """Return, for all that is not inert in ``page``, the text as it stands there, and words.

    ``served`` are the addresses of pictures that the page may show.
    """
    check = _PageCheck(served)
    check.feed(page)
    check.close()
    if check.cdata_elem:
        check.fault(f"<{check.cdata_elem}> has no end", page[-20:])
    return list(dict.fromkeys(check.faults))


class _PageCheck(HTMLParser):
    """Collects the faults of a page while it reads the tags."""

    def __init__(self, served: Collection[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.served = served
        self.faults: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INERT:
            self.fault(f"<{tag}> is not allowed in a page", f"<{tag}")
        for name, value in attrs:
            self.attribute(tag, name, (value or "").strip())

    def attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or name in ("srcdoc", "srcset"):
            self.fault(f"the attribute '{name}' is not allowed in a page")
        elif name == "style":
            for _, _, words in sheet_faults(value):
                self.fault(words)
        elif tag == "meta":
            self.meta(name, value)
        elif name == "rel" and "attachment" in value.lower():
            self.fault("an attachment is not allowed in a page")
        elif name in _LOADING and not self.is_allowed(tag, name, value):
            self.fault(f"'{name}' may not lead to {value[:60]!r}")

    def is_allowed(self, tag: str, name: str, value: str) -> bool:
        if value.startswith("#"):
            return True
        if (tag, name) == ("a", "href"):
            return is_safe_link(value)
        return (tag, name) == ("img", "src") and value in self.served

    def meta(self, name: str, value: str) -> None:
        if name not in _META or (name == "http-equiv" and value != "Content-Security-Policy"):
            self.fault(f"<meta {name}={value!r}> is not allowed in a page")

    def handle_comment(self, data: str) -> None:
        self.fault("a comment is not allowed in a page", "<!--")

    def unknown_decl(self, data: str) -> None:
        self.fault(f"<![{data[:20]} is not allowed in a page", "<![")

    def handle_pi(self, data: str) -> None:
        self.fault(f"<?{data[:20]} is not allowed in a page", "<?")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            for _, found, words in sheet_faults(data):
                self.fault(words, found)

    def fault(self, words: str, found: str | None = None) -> None:
        self.faults.append((found or self.get_starttag_text() or "", words))
