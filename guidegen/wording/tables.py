"""The words for each kind of fault, by what pydantic calls it."""

from __future__ import annotations

from typing import Any, NamedTuple, get_args

from guidegen.models import Date, Id, MultipleChoiceQuestion, Name, ProseBlock, Url
from guidegen.models.blocks import FileName
from guidegen.models.course import Colour
from guidegen.models.shared import Language


def _pattern(annotation: Any) -> str:
    """Return the pattern of ``Annotated[str, StringConstraints(pattern=…)]``, optional or not."""
    found = getattr(annotation, "__metadata__", ()) or _pattern(get_args(annotation)[0])
    return found if isinstance(found, str) else str(found[0].pattern)


class Words(NamedTuple):
    """How a problem is told; the order is that of the fields of ``Problem``."""

    code: str
    message: str
    hint: str


TAGGED = {"kind": "block", "type": "question"}

_TEXT = ("text", "write the text behind the key, or below it after a '|'")
_LIST = ("a list", "write each item on a line of its own, after '- '")
_PAIRS = ("'key: value' lines", "write each key with its value on a line of its own")
_FLAG = ("true or false", "write the word true or the word false")
_NUMBER = ("a whole number", "write a number such as 3")
_MEASURE = ("a number", "write a number such as 11 or 10.5")
SHAPES = {
    "string_type": _TEXT,
    "tuple_type": _LIST,
    "dict_type": _PAIRS,
    "model_type": _PAIRS,
    "model_attributes_type": _PAIRS,
    "bool_type": _FLAG,
    "bool_parsing": _FLAG,
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": _NUMBER,
    "float_type": _MEASURE,
    "float_parsing": _MEASURE,
}

FIGURE_FILE = str(FileName.pattern)
PROSE_FILE = _pattern(ProseBlock.model_fields["file"].annotation)
PATTERNS = {
    str(Id.pattern): Words(
        "bad-id",
        "{} is not an id",
        "an id has lower-case letters, digits and single hyphens, such as 'trauma-care'",
    ),
    str(Name.pattern): Words(
        "several-lines",
        "this must stand on one line: {}",
        "write it behind the key, without a '|'",
    ),
    str(Date.pattern): Words(
        "bad-date",
        "{} is not a date",
        "write the year, or with month and day: 2023, 2023-05 or 2023-05-17",
    ),
    str(Url.pattern): Words(
        "bad-url",
        "{} is not a web address",
        "write it in full and without spaces, such as 'https://www.ems.gov/what-is-ems'",
    ),
    str(Language.pattern): Words(
        "bad-language", "{} is not a language code", "write it such as 'en', 'en-US' or 'es-MX'"
    ),
    FIGURE_FILE: Words(
        "bad-file-name",
        "{} is not a file name that can be used here",
        "use letters, digits, '.', '_' and '-', such as 'chain-of-care.svg'",
    ),
    PROSE_FILE: Words(
        "bad-file-name",
        "{} is not the name of a .md file",
        "name a file that lies beside the guide, such as 'history.md'",
    ),
    str(Colour.pattern): Words(
        "bad-colour", "{} is not a colour", "write '#' and six digits in quotes, such as '#1f4e79'"
    ),
    str(MultipleChoiceQuestion.model_fields["answer"].metadata[0].pattern): Words(
        "bad-answer",
        "{} is not the letter of an option",
        "write one capital letter, A for the first option",
    ),
}

OWN = {
    "impossible_date": ("bad-date", "check month and day"),
    "text_or_file": ("text-or-file", "write 'text: |' with the text below it, or 'file: name.md'"),
    "one_place": ("one-place", "name the block of the guide that stands next to the new ones"),
    "one_way_to_choose": ("one-way-to-choose", "keep one of them and delete the others"),
    "logo_alt": ("logo-alt", "say in 'logo_alt' what the picture 'logo' shows"),
    "uneven_row": ("uneven-row", "give each row one cell a column; an empty cell is written '–'"),
    "answer_without_option": (
        "answer-without-option",
        "name the letter of an option, A is the first",
    ),
    "same_twice": ("same-twice", "change one of them, or delete it"),
    "blanks_and_answers": (
        "blanks-and-answers",
        "write one answer for each [blank], in their order",
    ),
}

# Where in the value the culprit stands of which the validator tells.
CULPRITS: dict[str, tuple[str, ...]] = {
    "uneven_row": ("rows",),
    "answer_without_option": ("answer",),
    "blanks_and_answers": ("answers",),
}

FORMAT = Words("format", "the file must say 'format: 1'", "write 'format: 1' as its first line")
ODD = Words("not-allowed", "this is not allowed here", "compare it with another file of its kind")
