"""What stands in texts: code that must stay text, and references and links that lead nowhere."""

from __future__ import annotations

import random

from .in_yaml import put, quoted, spots
from .mutant import Accepted, Mutant, Refused, edited, line_of, mutator
from .seeds import Seed

HTML = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<!--",
    "<iframe src=//a.example>", "</style><script>alert(1)</script>", "]]>", "<![CDATA[", "--><b>",
    "<a href='javascript:alert(1)'>x</a>", "\"><script>alert(1)</script>", "&lt;script&gt;", "&#60;b&#62;",
    "<base href=//a.example>", "<meta http-equiv=refresh content=0>", "<style>*{color:red}</style>",
    "<object data=x>", "<embed src=x>", "<form action=//a.example><button>", "</title><script>1</script>",
    "<details open ontoggle=alert(1)>", "<!DOCTYPE x>", "<?xml version='1.0'?>", "</div></div></main>",
    "<math><mi xlink:href='data:x'>", "<link rel=stylesheet href=x>", "&quot; onclick=alert(1)",
    "<table><tr><td>", "<p style='position:fixed'>", "<audio src=x autoplay>", "<ScRiPt>1</sCrIpT>",
)  # fmt: skip
TEMPLATES = (
    "{{ 1337*7331 }}", "{% set x = 1337*7331 %}{{ x }}", "{# gone #}", "${1337*7331}", "<%= 1337*7331 %>",
    "#{1337*7331}", "{{ ''.__class__.__mro__ }}", "{% include '/etc/passwd' %}", "{% raw %}", "%(x)s",
    "{0.__class__}", "$(id)", "{{ config }}", "{% for x in y %}", "}}", "%}", "{{", "{%", "{{ document }}",
    "{%- endblock -%}", "{{ self }}", "\\write18{id}", "=cmd|' /C calc'!A0", "@import url(x)",
)  # fmt: skip
SCRIPTS = (
    "Ελληνικά", "Привет", "日本語", "العربية", "עברית", "हिन्दी", "😀", "👩‍⚕️", "ﬁ", "é", "𝒳", "½", "“”", "\u00a0",
    "a\u0301", "ﷺ", "ʼ", "Ǆ", "ß", "İ", "\u00ad", "\u200d", "\u200b", "￼",
)  # fmt: skip
UNSAFE = (
    "[x](javascript:alert(1))", "[x](JAVASCRIPT:alert(1))", "[x](data:text/html,x)", "[x](vbscript:x)",
    "[x](file:///etc/passwd)", "[x](//a.example)", "[x](../../secret)", "[x](/etc/passwd)",
    "<javascript:alert(1)>", "<data:text/html,x>", "[x](ftp://a.example)", "[x](java&#115;cript:alert(1))",
    "[x](<javascript:a b>)", "[x](javascript&colon;alert(1))", "[x]()", "[x](#not-there-at-all)",
    "[x](blob:x)", "[x](a.html)", "[x](about:blank)",
)  # fmt: skip
PICTURES = (
    "![x](http://a.example/b.png)", "![x](bed.svg)", "![](data:image/png;base64,AAAA)", "![x](/etc/passwd)",
    "![a ![b](c)](d)", "[![x](y)](https://a.example)",
)  # fmt: skip
UNKNOWN = (
    "[@not-there]", "[see:not-there]", "[see!:not-there]", "[term:not-there]", "[fact:not-there]",
    "[term:not-there|words]", "[see:not-there|words]", "[@ground-book; @not-there]",
)  # fmt: skip
MALFORMED = (
    "[@Not An Id]", "[see: a b]", "[see:UPPER]", "[fact:a|words]", "[term:]", "[term:a|]", "[@]", "[@a, @b]",
    "[see:../../etc/passwd]", "[fact:{{ x }}]", "[see:<script>]", "[term:a|b|[c]", "[Fact:a]", "[sea:x]",
)  # fmt: skip


def in_text(seed: Seed, chance: random.Random, what: str, *sorts: str) -> Mutant | None:
    """Put ``what`` behind some text, where it must be accepted."""
    fit = spots(seed, *sorts)
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(seed, file, spot, quoted(f"{str(spot.value).rstrip()} {what}"), Accepted())


def refused_text(seed: Seed, chance: random.Random, what: str) -> Mutant | None:
    """Put ``what`` into some text, where it must be refused."""
    fit = spots(seed, "Inline", "Markdown")
    if not fit:
        return None
    file, spot = chance.choice(fit)
    text = seed.text(file)
    if spot.is_block and text[spot.start] == "|" and chance.random() < 0.7:
        at = spot.end if text[spot.end - 1 : spot.end] != "\n" else spot.end - 1
        while text[at - 1] == "\n":
            at -= 1
        first = text.index("\n", spot.start) + 1
        indent = " " * (len(text[first:]) - len(text[first:].lstrip(" ")))
        changed = f"{text[:at]}\n\n{indent}Read {what} here.{text[at:]}"
        return edited(seed, file, changed, Refused(file, line_of(text, at) + 2))
    return put(seed, file, spot, quoted(f"{what} {spot.value}"), Refused(file, spot.line))


@mutator
def html_in_text(seed: Seed, chance: random.Random) -> Mutant | None:
    return in_text(seed, chance, chance.choice(HTML), "Inline", "Markdown", "Name", "Alt")


@mutator
def template_in_text(seed: Seed, chance: random.Random) -> Mutant | None:
    return in_text(seed, chance, chance.choice(TEMPLATES), "Inline", "Markdown", "Name", "Alt")


@mutator
def other_scripts(seed: Seed, chance: random.Random) -> Mutant | None:
    return in_text(seed, chance, chance.choice(SCRIPTS), "Inline", "Markdown", "Name", "Alt")


@mutator
def html_in_prose_file(seed: Seed, chance: random.Random) -> Mutant | None:
    return _in_prose_file(seed, chance, chance.choice(HTML + TEMPLATES), Accepted)


def _in_prose_file(
    seed: Seed, chance: random.Random, what: str, verdict: type[Accepted | Refused]
) -> Mutant | None:
    files = [name for name in seed.files if name.endswith(".md")]
    if not files:
        return None
    file = chance.choice(files)
    text = seed.text(file)
    line = line_of(text, len(text)) + 1
    expected = Refused(file, line) if verdict is Refused else Accepted()
    return edited(seed, file, f"{text}\nWords {what}\n", expected)


@mutator
def good_link(seed: Seed, chance: random.Random) -> Mutant | None:
    links = ["[x](https://a.example/b?c=d&e=f#g)", "<https://a.example>", "[x](mailto:a@b.example)",
             "[x](tel:+1-555)", "<a@b.example>", "[x](HTTP://A.EXAMPLE)", "[a] [b]", "[x][y]", "x] [y",
             "[x](https://a.example/%2e%2e/%00)", "\\[@not a reference\\]", "`[@code]`"]  # fmt: skip
    return in_text(seed, chance, chance.choice(links), "Inline", "Markdown")


@mutator
def unsafe_link(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_text(seed, chance, chance.choice(UNSAFE))


@mutator
def picture_in_text(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_text(seed, chance, chance.choice(PICTURES))


@mutator
def unknown_reference(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_text(seed, chance, chance.choice(UNKNOWN))


@mutator
def reference_of_another_kind(seed: Seed, chance: random.Random) -> Mutant | None:
    """Cite a term, mark a source, point to a fact: each id exists, as something else."""
    library = seed.library
    kinds = {"@": library.sources, "fact:": library.facts, "term:": library.glossary}
    wrong = [
        f"[{sign}{name}]"
        for sign, known in kinds.items()
        for other in kinds.values()
        for name in other
        if name not in known
    ]
    return refused_text(seed, chance, chance.choice(sorted(wrong))) if wrong else None


@mutator
def malformed_reference(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_text(seed, chance, chance.choice(MALFORMED))


@mutator
def fault_in_prose_file(seed: Seed, chance: random.Random) -> Mutant | None:
    return _in_prose_file(seed, chance, chance.choice(UNSAFE + UNKNOWN + MALFORMED), Refused)


@mutator
def footnote_nobody_marks(seed: Seed, chance: random.Random) -> Mutant | None:
    files = [name for name in seed.files if name.endswith(".md")]
    if not files:
        return None
    text = seed.text(files[0])
    line = line_of(text, len(text)) + 1
    return edited(seed, files[0], f"{text}\n[^lost]: A note.\n", Refused(files[0], line))


@mutator
def endless_markup(seed: Seed, chance: random.Random) -> Mutant | None:
    """Markdown that no page can hold, or that other parsers need hours for."""
    killers = [">" * 30 + " a", "- " * 30 + "a", "*a **b " * 60 + "c** d*" * 60, "1. " * 25 + "a",
               "x^[n]" * 60, "^[a " * 30 + "]" * 30, "**a *b " * 12 + "c* d** " * 12]  # fmt: skip
    files = [name for name in seed.files if name.endswith(".md")]
    if not files:
        return None
    text = seed.text(files[0])
    line = line_of(text, len(text)) + 1
    expected = Refused(files[0], line, has_followers=True)
    return edited(seed, files[0], f"{text}\n{chance.choice(killers)}\n", expected)


@mutator
def endless_table(seed: Seed, chance: random.Random) -> Mutant | None:
    files = [name for name in seed.files if name.endswith(".md")]
    if not files:
        return None
    wide = chance.random() < 0.5
    columns, rows = (chance.choice([21, 300]), 1) if wide else (2, 1_200)
    table = f"{'|a' * columns}|\n{'|-' * columns}|\n" + f"{'|b' * columns}|\n" * rows
    text = seed.text(files[0])
    line = line_of(text, len(text)) + 1 + (0 if wide else 1_001)
    return edited(seed, files[0], f"{text}\n{table}", Refused(files[0], line))


@mutator
def signs_without_end(seed: Seed, chance: random.Random) -> Mutant | None:
    """Thousands of signs that open something and never close it: odd, and no fault."""
    signs = chance.choice(
        ["[ ", "` ", "_ ", "& ", "< ", "( ", "\\ ", "' ", '" ', "| ", "~ ", "![ ", "[^ "]
    )
    files = [name for name in seed.files if name.endswith(".md")]
    if not files:
        return None
    text = seed.text(files[0])
    return edited(seed, files[0], f"{text}\nSigns {signs * 4_000}\n", Accepted())
