"""The catalogues of page words, made anew from code and templates: ``make messages``.

Babel finds the messages and compiles the catalogues; at run time the standard library reads them.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from guidegen.languages import DOMAIN, FOLDER

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = FOLDER / f"{DOMAIN}.pot"
_HEADER = "# Words that guidegen prints on pages; `make messages` renews this file."
_UNUSED = re.compile(
    rb'"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date'
    rb"|Last-Translator|Language-Team|Generated-By): .*\n"
)
_NO_DATE = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}


def catalogue_files() -> list[Path]:
    """Return the catalogue of each language."""
    return sorted(FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def messages() -> Catalog:
    """Return all messages of code and templates, each with the files that print it."""
    catalogue = Catalog(charset="utf-8", fuzzy=False, header_comment=_HEADER)
    for name, source, method in _sources():
        found = extract(method, io.BytesIO(source), _KEYWORDS, options={"silent": "false"})
        for _, message, _, context in found:
            # Files without line numbers: these would change with every edit above a message.
            catalogue.add(message, locations=[(name, 0)], context=context)
    return catalogue


def _sources() -> Iterator[tuple[str, bytes, str]]:
    for path in sorted((ROOT / "guidegen").rglob("*.py")):
        yield path.relative_to(ROOT).as_posix(), path.read_bytes(), "python"
    for path in sorted((ROOT / "templates").rglob("*.jinja")):
        yield path.relative_to(ROOT).as_posix(), path.read_bytes(), "jinja2.ext:babel_extract"


def read(path: Path) -> Catalog:
    """Return the catalogue in a ``.po`` or ``.pot`` file."""
    with path.open("rb") as file:
        return read_po(file, locale=None if path == TEMPLATE else path.parts[-3])


def as_text(catalogue: Catalog) -> bytes:
    """Return a catalogue as it is written, without what differs from day to day or is unused."""
    file = io.BytesIO()
    write_po(file, catalogue, sort_output=True, omit_header=False, include_lineno=False, width=100)
    return _UNUSED.sub(b"", file.getvalue())


def compiled(path: Path) -> bytes:
    """Return the ``.mo`` file of a catalogue."""
    file = io.BytesIO()
    catalogue = read(path)
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    write_mo(file, catalogue)
    return file.getvalue()


def renew() -> None:
    """Write the template, bring each catalogue up to date with it, and compile them."""
    found = messages()
    TEMPLATE.write_bytes(as_text(found))
    for path in catalogue_files():
        catalogue = read(path)
        catalogue.update(found, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.write_bytes(as_text(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(path))


if __name__ == "__main__":
    renew()
