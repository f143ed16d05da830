"""Pictures that are broken, hostile, or far too large to be drawn."""

from __future__ import annotations

import base64
import random

from .mutant import Accepted, Mutant, Refused, mutator
from .pictures import SVG_HEAD, jpeg, png, svg
from .seeds import Seed

HOSTILE = (
    "<script>alert(1)</script>", "<g onload='x'/>", "<foreignObject/>", "<a href='javascript:x'/>",
    "<image href='file:///etc/passwd'/>", "<image href='http://a.example/b.png'/>", "<use href='//a#b'/>",
    "<style>@import 'x';</style>", "<path fill='url(http://a.example/#x)'/>", "<set to='x'/>", "<animate/>",
    "<path style='fill: u\\72l(x)'/>", "<iframe xmlns='http://www.w3.org/1999/xhtml'/>", "<?php x ?>",
    "<image href='data:image/svg+xml,x'/>", "</g>", "&nbsp;", "<a b='1' b='2'/>", "<g ", "<feImage href='x'/>",
    "<style>a { background: url(x) }</style>", "<path d='M0 0' style='mask: url(x.svg#y)'/>", "<g onClick='x'/>",
    "<style>a ~ b { fill: red }</style>", "<style>@media print { a { fill: red } }</style>", "<style>{{{</style>",
    "<g transform='rotate()'/>", "<rect width='abcpx'/>", "<svg viewBox='0 0 0 0'/>", "<svg viewBox='a b c d'/>",
    "<g transform='matrix(1 2 3)'/>", "<linearGradient spreadMethod='repeat'/>", "<rect x='nan'/>",
    "<g id='a'><use href='#a'/></g>", "<pattern id='p'><rect fill='url(#p)'/></pattern>",
    "<mask id='m'><rect mask='url(#m)'/></mask>", "<marker id='m'><path style='marker-end:url(#m)'/></marker>",
    "<style>path{marker-end:url(#m)}</style><marker id='m'><path d='M0 0'/></marker>",
    "<clipPath id='c'><use href='#d'/></clipPath><g id='d' clip-path='url(#c)'/>",
    "<image href='data:image/png;base64,AAAA'/>", "<image href='data:image/jpeg;base64,/9j/'/>",
)  # fmt: skip
HARMLESS = (
    "<g transform='translate(1,2) rotate(-30 5 5)scale(2)'/>", "<path d='M0 0L9,9-3.5.5e1z' fill='none'/>",
    "<style>.a, #b > path:hover { fill: #333 } /* x */</style>", "<text x='1 2 3' y='50%'>{{ 1337*7331 }}</text>",
    "<title>A &lt;script&gt; in words</title>", "<metadata><x:y xmlns:x='u'>z</x:y></metadata>",
    "<linearGradient id='g'><stop offset='50%' stop-color='red'/></linearGradient><rect fill='url(#g)'/>",
    "<symbol id='s' viewBox='0 0 1 1'><rect/></symbol><use href='#s'/>", "<a href='#top'><text>x</text></a>",
    "<switch><g systemLanguage='de'/></switch>", "<rect width='1e1' height='.5em' rx='auto'/>",
    "<path stroke-dasharray='1,2 3' stroke-width='.5'/>", "<![CDATA[x < y]]>", "<!-- {{ x }} -->",
)  # fmt: skip


def with_figure(seed: Seed, name: str, content: bytes, line: int | None) -> Mutant:
    """Add a picture, which must be refused at this line or, when there is none, accepted."""
    file = f"content/figures/{name}"
    expected = Accepted() if line is None else Refused(file, line)
    return Mutant(seed, {**seed.files, file: content}, expected)


def _times_ten(often: int) -> str:
    groups = "".join(
        f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, often)
    )
    return f'<g id="a0"><rect/></g>{groups}<use href="#a{often - 1}"/>'


BOMBS = (
    _times_ten(6), _times_ten(200), "<g>" * 150 + "</g>" * 150, "<rect/>" * 12_000, "<g>" * 5_000,
    "<marker id='m'>" + "<rect/>" * 50 + "</marker><path marker-mid='url(#m)' d='M0 0" + "L9 9" * 400 + "'/>",
    "<pattern id='p'>" + "<rect/>" * 200 + "</pattern><g fill='url(#p)'>" + "<rect/>" * 200 + "</g>",
    "<style>" + ".a { fill: red } " * 3_000 + "</style>" + "<rect/>" * 200,
    "".join(f"<g id='b{n}'><use href='#b{n + 1}'/></g>" for n in range(2_000)),
)  # fmt: skip


@mutator
def hostile_svg(seed: Seed, chance: random.Random) -> Mutant:
    return with_figure(seed, "new.svg", svg(chance.choice(HOSTILE)), 2)


@mutator
def harmless_svg(seed: Seed, chance: random.Random) -> Mutant:
    return with_figure(seed, "new.svg", svg(chance.choice(HARMLESS)), None)


@mutator
def svg_bomb(seed: Seed, chance: random.Random) -> Mutant:
    return with_figure(seed, "new.svg", svg(chance.choice(BOMBS)), 2)


@mutator
def no_svg(seed: Seed, chance: random.Random) -> Mutant:
    entity = b"<!DOCTYPE svg [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>"
    contents = [b"", b"\0" * 99, png(), b"<html/>", b"<svg/>", b"{}", entity + SVG_HEAD.encode(),
                b"<?xml version='1.0' encoding='utf-7'?><svg/>", b"<svg:svg/>", b"\xff\xfe<\0s\0"]  # fmt: skip
    return with_figure(seed, "new.svg", chance.choice(contents), 1)


@mutator
def large_svg(seed: Seed, chance: random.Random) -> Mutant:
    return with_figure(seed, "new.svg", svg(f"<path d='M0 0{'L9 9' * 600_000}'/>"), 1)


@mutator
def broken_photograph(seed: Seed, chance: random.Random) -> Mutant:
    kind, content = chance.choice([("png", png(9, 9)), ("jpg", jpeg(9, 9))])
    cut = chance.randrange(len(content))
    broken = [content[:cut], content[: cut // 2], b"", content[::-1], b"x" + content]
    if kind == "png":
        at = chance.randrange(16, len(content) - 12)
        broken.append(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
    return with_figure(seed, f"new.{kind}", chance.choice(broken), 1)


@mutator
def wrong_magic(seed: Seed, chance: random.Random) -> Mutant:
    contents = {"png": png(), "jpg": jpeg(), "jpeg": jpeg(), "svg": svg("")}
    name, other = chance.sample([*contents], 2)
    if {name, other} == {"jpg", "jpeg"}:
        other = "png"
    return with_figure(seed, f"new.{name}", contents[other], 1)


@mutator
def endless_photograph(seed: Seed, chance: random.Random) -> Mutant:
    width, height = chance.choice(
        [(20_000, 20_000), (2**31 - 1, 2**31 - 1), (60_000, 1_000), (0, 9)]
    )
    kind = chance.choice(["png", "jpg"])
    if kind == "jpg":
        width, height = min(width, 65_535), min(height, 65_535)
    content = png(min(width, 60_000) or 1, height or 1) if kind == "png" else jpeg(width, height)
    if width == 0 and kind == "png":
        content = png(60_000, 60_000)
    return with_figure(seed, f"new.{kind}", content, 1)


@mutator
def picture_in_a_picture(seed: Seed, chance: random.Random) -> Mutant:
    good = chance.random() < 0.5
    content = base64.b64encode(png(3, 3) if good else png(30_000, 30_000)).decode()
    image = f"<image href='data:image/png;base64,{content}'/>"
    return with_figure(seed, "new.svg", svg(image), None if good else 2)


@mutator
def good_photograph(seed: Seed, chance: random.Random) -> Mutant:
    contents = {
        "a.png": png(40, 30),
        "b.PNG": png(),
        "c.jpg": jpeg(8_000, 6_000),
        "d/e.jpeg": jpeg(),
    }
    name = chance.choice([*contents])
    return with_figure(seed, name, contents[name], None)
