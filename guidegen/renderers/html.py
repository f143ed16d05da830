"""Document -> HTML, by the templates; the only module that uses Jinja2."""

from __future__ import annotations

import base64
import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from guidegen.models import Asset
from guidegen.view.document import Page

Medium = Literal["print", "screen"]
GUIDE = "guide.html.jinja"
SHEETS: Mapping[Medium, tuple[str, ...]] = {
    "print": ("tokens", "base", "components", "page"),
    "screen": ("tokens", "base", "components", "screen"),
}
_FACES = {"serif": "Source Serif Pro", "sans": "Source Sans Pro"}


def render(
    document: Page,
    medium: Medium,
    templates: Mapping[str, str],
    *,
    asset_url: Callable[[str], str],
    extra_sheets: Sequence[str] = (),
    template: str = GUIDE,
    last_sheets: Sequence[str] = (),
) -> str:
    """Return ``document`` as one HTML page.

    ``templates`` come from :func:`load_templates`, and ``template`` is one of them; ``asset_url``
    gives the address of a figure; ``extra_sheets`` are style sheets put before ours, such as the
    fonts, and ``last_sheets`` names some of ``templates`` that are put after them.
    """
    environment = _environment(tuple(templates.items()))
    names = (*SHEETS[medium], *last_sheets)
    sheets = [*extra_sheets, *(templates[f"css/{name}.css"] for name in names)]
    return environment.get_template(template).render(
        document=document,
        medium=medium,
        style_sheets=[Markup(sheet) for sheet in sheets],
        asset_url=asset_url,
    )


def load_templates(folders: Sequence[Path]) -> dict[str, str]:
    """Return the templates and style sheets in ``folders`` by name; the first folder wins."""
    templates: dict[str, str] = {}
    for folder in folders:
        for pattern in ("*.jinja", "components/*.jinja", "css/*.css", "css/themes/*.css"):
            for path in sorted(folder.glob(pattern)):
                name = path.relative_to(folder).as_posix()
                templates.setdefault(name, path.read_text(encoding="utf-8"))
    return templates


def data_url(asset: Asset) -> str:
    """Return the asset as an address that carries its content."""
    return f"data:{asset.media_type};base64,{base64.b64encode(asset.data).decode()}"


def font_sheet(faces: Mapping[str, bytes]) -> str:
    """Return the style sheet that carries WOFF2 ``faces``, named ``serif-400-italic`` and so on."""
    rules = []
    for name, data in faces.items():
        family, weight, *italic = name.split("-")
        rules.append(
            f'@font-face {{ font-family: "{_FACES[family]}"; font-weight: {weight}; '
            f"font-style: {'italic' if italic else 'normal'}; font-display: swap; "
            f"src: url(data:font/woff2;base64,{base64.b64encode(data).decode()}) "
            'format("woff2") }'
        )
    return "\n".join(rules)


# Compiling the templates takes a tenth of a build, and jobs of one build have them in common.
@functools.lru_cache(maxsize=2)
def _environment(templates: tuple[tuple[str, str], ...]) -> Environment:
    environment = Environment(
        loader=DictLoader(dict(templates)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations()  # type: ignore[attr-defined]  # added by the extension
    return environment
