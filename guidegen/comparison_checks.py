"""Rules for comparison files: every subject has a value of the right kind for every criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guidegen.course_checks import Rule, unknown_names
from guidegen.models import Comparison, Inline, Library, NotApplicable
from guidegen.origin import Text
from guidegen.problems import Problem

YES_NO = ("yes", "no", "partly")
VALUES_OF_KIND = {
    "text": "a text, not a list",
    "number": "a number, a range or a fact",
    "yes-no": "yes, no or partly",
    "list": "a list",
}


def uneven_comparisons(library: Library) -> Iterator[Problem]:
    """Each criterion has one value of its kind for each subject; what is missing is not n/a."""
    for comparison in library.comparisons.values():
        yield from _uneven(comparison)


def _uneven(comparison: Comparison) -> Iterator[Problem]:
    subjects = {str(subject.id) for subject in comparison.subjects}
    for criterion in comparison.criteria:
        for name in sorted(subjects - set(criterion.values)):
            yield Problem(
                criterion.origin,
                "missing-value",
                f"the criterion {str(criterion.id)!r} has no value for the subject {name!r}",
                "give one, or `not_applicable:` with a reason",
            )
        for name, value in criterion.values.items():
            yield from unknown_names("unknown-subject", "subject", [name], subjects)
            if not isinstance(value, NotApplicable):
                yield from _wrong_kind(criterion.kind, name, value)


def _wrong_kind(kind: str, subject: Text, value: Inline | tuple[Inline, ...]) -> Iterator[Problem]:
    if is_of_kind(kind, value):
        return
    message = f"the value for {str(subject)!r} must be {VALUES_OF_KIND[kind]}"
    other = "list" if kind == "text" else "text"
    hint = f"the criterion is of kind {kind}; kind {other} may be what you want"
    yield Problem(subject.origin, "wrong-value", message, hint)


def is_of_kind(kind: str, value: Inline | tuple[Inline, ...]) -> bool:
    """Say whether a comparison's value is what its criterion's kind promises."""
    if kind == "list":
        return isinstance(value, tuple)
    if isinstance(value, tuple):
        return False
    if kind == "yes-no":
        return value in YES_NO
    return kind == "text" or "[fact:" in value or any(letter.isdigit() for letter in value)


CHECKS: Mapping[str, Rule] = {"uneven-comparison": uneven_comparisons}
