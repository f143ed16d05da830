"""Themes: how an edition looks, as a style sheet that sets tokens and nothing else.

Why they are read here: a column is made as wide as its words are in the type that they are set in,
so pages must be composed with the very numbers that they are printed with. The style sheets are the
one place for these; a theme in a project's own ``templates/css/themes/`` works like one of ours.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import tinycss2

from guidegen.colour import LEAST_CONTRAST, contrast
from guidegen.origin import Origin
from guidegen.problems import ContentError, Problem, RequestError, unknown

TOKENS = "css/tokens.css"
FOLDER = "css/themes/"
# Em of the narrow letters that the longest words are full of, such as "certification".
_NARROW_LETTER = 0.39

# What is read or compared here must be of the same kind in a theme as it is by default.
_KINDS: Mapping[str, re.Pattern[str]] = {
    "a colour such as #1c2329": re.compile(r"#[0-9a-f]{6}"),
    "a size such as 10.5pt": re.compile(r"[0-9]+(\.[0-9]+)?pt"),
    "a length such as 36mm": re.compile(r"[0-9]+(\.[0-9]+)?mm"),
    "a number": re.compile(r"[0-9]+(\.[0-9]+)?"),
    "as-drawn or greys": re.compile(r"as-drawn|greys"),
    "unsaid or printed": re.compile(r"unsaid|printed"),
}
_CONTRASTS = (
    ("paper", ("ink", "muted", "accent")),
    ("screen-paper", ("ink", "muted", "accent")),
    ("dark-paper", ("dark-ink", "dark-muted", "dark-accent")),
)


@dataclass(frozen=True, slots=True)
class Spacing:
    """How a table is set: size, line height, cell padding, unit of other spaces; in points.

    ``stretch`` is how much wider letter-spacing makes a text.
    """

    size: float
    leading: float
    above: float
    beside: float
    unit: float
    stretch: float = 1.0

    @property
    def em(self) -> float:
        """The length in points by which estimates of widths, which are in em, are counted."""
        return self.size * self.stretch


@dataclass(frozen=True, slots=True)
class Look:
    """What pages are composed with, as tokens.css has it unless a theme says otherwise.

    ``theme`` is the theme's id and ``name`` what its edition calls itself, both empty without one;
    ``sets`` are the tokens that it decides, whatever a course wishes. Type sizes are in points,
    ``margins`` (left and right together), ``aspect`` (the first column of a blank table) and
    ``cards_height`` (of all cards on a sheet) in mm. ``has_greys``: drawings lose their colours.
    ``says_pictures``: what figures show is printed below them, too, since lettering in a drawing
    is as small as it was drawn.
    """

    theme: str = ""
    name: str = ""
    sets: frozenset[str] = frozenset()
    ink: str = "#1c2329"
    accent: str = "#1f4e79"
    plot_line: str = "#6b757f"
    tint: float = 0.06
    text: float = 10.5
    least: float = 9.0
    least_leading: float = 11.5
    normal: Spacing = Spacing(size=9.25, leading=12, above=2.75, beside=7, unit=7)
    tight: Spacing = Spacing(size=9, leading=10.8, above=1.75, beside=5, unit=5)
    margins: float = 36.0
    aspect: float = 36.0
    point: float = 1.0
    card: float = 11.0
    cards_height: float = 240.0
    card_columns: int = 2
    card_rows: int = 4
    has_greys: bool = False
    says_pictures: bool = False

    def spacing(self, *, is_tight: bool = False) -> Spacing:
        """Return how tables are set."""
        return self.tight if is_tight else self.normal

    @property
    def text_em(self) -> float:
        """The length in points by which widths of running text are counted."""
        return self.text * self.normal.stretch


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    origin: Origin


def theme_names(templates: Mapping[str, str]) -> list[str]:
    """Return the ids of all themes among ``templates``, sorted."""
    return sorted(PurePosixPath(name).stem for name in templates if name.startswith(FOLDER))


def look_of(templates: Mapping[str, str], theme: str | None) -> Look:
    """Return the look of ``theme``, or without one that of tokens.css.

    ``templates`` are style sheets by name, as :func:`guidegen.renderers.html.load_templates`
    returns them. Raises RequestError for a theme that does not exist, ContentError for a style
    sheet that sets anything but tokens, or sets them so that they can't be used.
    """
    names = theme_names(templates)
    if theme is not None and theme not in names:
        message, hint = unknown("theme", theme, names)
        raise RequestError(f"{message} ({hint})")
    if TOKENS not in templates:
        return PLAIN
    return _look(templates[TOKENS], theme or "", templates[sheet_name(theme)] if theme else "")


def problems_of_themes(templates: Mapping[str, str]) -> list[Problem]:
    """Return what is wrong with all themes among ``templates``."""
    problems: list[Problem] = []
    for theme in theme_names(templates):
        try:
            look_of(templates, theme)
        except ContentError as error:
            problems += error.problems
    return problems


def sheet_name(theme: str) -> str:
    """Return the name among the templates of the style sheet of ``theme``."""
    return f"{FOLDER}{theme}.css"


def with_theme(stem: str, theme: str | None) -> str:
    """Return the name of a file, without ending, for an edition in ``theme``."""
    return f"{stem}-{theme}" if theme else stem


# Every job of a batch asks for one of a few looks, and parsing takes some milliseconds.
@functools.lru_cache(maxsize=16)
def _look(defaults_sheet: str, theme: str, theme_sheet: str) -> Look:
    problems: list[Problem] = []
    # Our own sheet also says what is the other way round in a script that runs to the left.
    defaults = _tokens(defaults_sheet, TOKENS, [])
    own = _tokens(theme_sheet, sheet_name(theme), problems)
    problems += _misplaced(own, defaults)
    if not problems:
        problems += _unreadable({**defaults, **own}, own)
    if problems:
        raise ContentError(problems)
    values = {name: token.value for name, token in (defaults | own).items()}
    return _composed(theme, frozenset(own), values)


def _composed(theme: str, sets: frozenset[str], values: Mapping[str, str]) -> Look:
    def number(name: str) -> float:
        return float(values[name].removesuffix("pt").removesuffix("mm"))

    def spacing(*names: str) -> Spacing:
        size, leading, above, beside, unit = map(number, names)
        return Spacing(size, leading, above, beside, unit, stretch)

    stretch = 1 + _ems(values["letter-spacing"]) / _NARROW_LETTER
    return Look(
        theme=theme,
        name=values["edition-name"].strip('"'),
        sets=sets,
        ink=values["ink"],
        accent=values["accent"],
        plot_line=values["plot-line"],
        tint=number("diagram-tint"),
        text=number("text-size"),
        least=number("least-size"),
        least_leading=number("least-leading"),
        normal=spacing("small-size", "small-leading", "cell-above", "cell-beside", "unit"),
        tight=spacing("tight-size", "tight-leading", "tight-above", "tight-beside", "tight-unit"),
        margins=number("page-left") + number("page-right"),
        aspect=number("aspect-width"),
        point=number("pt"),
        card=number("card-size"),
        cards_height=number("cards-height"),
        card_columns=int(number("card-columns")),
        card_rows=int(number("card-rows")),
        has_greys=values["picture-colours"] == "greys",
        says_pictures=values["picture-words"] == "printed",
    )


def _ems(value: str) -> float:
    return float(value.removesuffix("em")) if value.endswith("em") else 0.0


# --- reading style sheets


def _tokens(sheet: str, name: str, problems: list[Problem]) -> dict[str, _Token]:
    """Return the tokens that a style sheet sets; ``problems`` gets whatever else it holds."""
    file = f"templates/{name}"
    tokens: dict[str, _Token] = {}
    for rule in tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule" or tinycss2.serialize(rule.prelude).strip() != ":root":
            problems.append(_no_token(_origin(file, rule), "a rule for something but :root"))
            continue
        for entry in tinycss2.parse_blocks_contents(
            rule.content, skip_comments=True, skip_whitespace=True
        ):
            origin = _origin(file, entry)
            if entry.type != "declaration" or not entry.name.startswith("--"):
                what = entry.name if entry.type == "declaration" else "something that is no token"
                problems.append(_no_token(origin, what))
                continue
            value = tinycss2.serialize(entry.value).strip()
            tokens[entry.name[2:]] = _Token(value, origin)
    return tokens


def _origin(file: str, node: Any) -> Origin:
    return Origin(file, node.source_line, node.source_column)


def _no_token(origin: Origin, what: str) -> Problem:
    return Problem(
        origin,
        "not-a-token",
        f"the theme sets {what}",
        "a theme sets tokens on :root and nothing else, such as `:root { --ink: #000000; }`",
    )


def _misplaced(own: Mapping[str, _Token], defaults: Mapping[str, _Token]) -> Iterator[Problem]:
    """Yield a problem for each token that is unknown, or of another kind than it is by default."""
    for name, token in own.items():
        if name not in defaults:
            message, hint = unknown("token", f"--{name}", [f"--{each}" for each in defaults])
            yield Problem(token.origin, "unknown-token", message, hint)
            continue
        kinds = (kind for kind, form in _KINDS.items() if form.fullmatch(defaults[name].value))
        kind = next(kinds, None)
        if kind and not _KINDS[kind].fullmatch(token.value):
            message = f"--{name} must be {kind}, not {token.value!r}"
            yield Problem(token.origin, "bad-token", message, f"by default {defaults[name].value}")


def _unreadable(tokens: Mapping[str, _Token], own: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for type below the theme's own least size, and for what is hard to see."""
    size = _KINDS["a size such as 10.5pt"]
    least = float(tokens["least-size"].value.removesuffix("pt"))
    for name, token in tokens.items():
        is_size = name.endswith("-size") and size.fullmatch(token.value)
        if is_size and float(token.value.removesuffix("pt")) < least:
            place = token if name in own else tokens["least-size"]
            message = f"--{name} is {token.value}, below --least-size, which is {least:g}pt"
            yield Problem(place.origin, "small-type", message, "make it larger")
    for paper, colours in _CONTRASTS:
        for name in colours:
            ratio = contrast(tokens[name].value, tokens[paper].value)
            if ratio < LEAST_CONTRAST:
                yield Problem(
                    tokens[name].origin,
                    "low-contrast",
                    f"--{name} has a contrast of {ratio:.1f} to 1 on --{paper}",
                    f"WCAG AA asks for {LEAST_CONTRAST} to 1",
                )
