"""Document -> HTML, by the templates; the only module that uses Jinja2."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from guidegen.models import Asset
from guidegen.view.document import Document

Medium = Literal["print", "screen"]
SHEETS: Mapping[Medium, tuple[str, ...]] = {
    "print": ("tokens", "base", "components", "page"),
    "screen": ("tokens", "base", "components", "screen"),
}
_FACES = {"serif": "Source Serif Pro", "sans": "Source Sans Pro"}


def render(
    document: Document,
    medium: Medium,
    templates: Sequence[Path],
    *,
    asset_url: Callable[[str], str],
    extra_sheets: Sequence[str] = (),
) -> str:
    """Return ``document`` as one HTML page.

    ``templates`` are folders, the first that holds a template wins; ``asset_url`` gives the
    address of a figure; ``extra_sheets`` are style sheets put before ours, such as the fonts.
    """
    environment = _environment(templates)
    sheets = [*extra_sheets, *(_sheet(environment, name) for name in SHEETS[medium])]
    return environment.get_template("guide.html.jinja").render(
        document=document,
        medium=medium,
        style_sheets=[Markup(sheet) for sheet in sheets],
        asset_url=asset_url,
    )


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


def _environment(templates: Sequence[Path]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in templates]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_null_translations()  # type: ignore[attr-defined]  # added by the extension
    return environment


def _sheet(environment: Environment, name: str) -> str:
    """Return a style sheet as it stands: it is text, never a template."""
    assert environment.loader is not None
    return environment.loader.get_source(environment, f"css/{name}.css")[0]
