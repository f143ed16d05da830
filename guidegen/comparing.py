"""Comparisons narrowed to a part, and comparisons put together from several files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guidegen.agreement import Plain, Value, agrees
from guidegen.courses import narrowed
from guidegen.languages import PageWords
from guidegen.letters import WORD
from guidegen.models import Comparison, Criterion, Id, Inline, Name, Narrowing, Subject
from guidegen.problems import RequestError, unknown


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a comparison is wanted; what is empty means all of it."""

    subjects: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    group: str | None = None
    differences_only: bool = False


@dataclass(frozen=True, slots=True)
class Gathered:
    """A comparison of subjects named one by one.

    ``files`` are the comparisons it was made from, ``left_out`` the names of the criteria that
    not every subject has.
    """

    comparison: Comparison
    files: tuple[str, ...]
    left_out: tuple[str, ...] = ()


# --- narrowing


def narrow(comparison: Comparison, part: Part, plain: Plain) -> Comparison:
    """Return the part of ``comparison`` that is wanted, in the order in which it is named.

    Raises RequestError for names that do not exist and when too little is left to compare.
    """
    if part.criteria and part.group:
        raise RequestError("give either criteria or a group, not both")
    _refuse_unknown("subject", part.subjects, [str(each.id) for each in comparison.subjects])
    _refuse_unknown("criterion", part.criteria, [str(each.id) for each in comparison.criteria])
    criteria = part.criteria or _of_group(comparison, part.group)
    chosen = narrowed(
        comparison,
        Narrowing(
            subjects=tuple(map(Id, dict.fromkeys(part.subjects))),
            criteria=tuple(map(Id, dict.fromkeys(criteria))),
        ),
    )
    if len(chosen.subjects) < 2:
        raise RequestError("a comparison needs two subjects or more")
    return without_agreement(chosen, plain) if part.differences_only else chosen


def _refuse_unknown(what: str, asked: Iterable[str], known: Sequence[str]) -> None:
    for name in asked:
        if name not in known:
            message, hint = unknown(what, name, known)
            raise RequestError(f"{message} ({hint})")


def _of_group(comparison: Comparison, group: str | None) -> tuple[str, ...]:
    if group is None:
        return ()
    names = {slug(each.group): str(each.group) for each in comparison.criteria if each.group}
    _refuse_unknown("group", [slug(group)], list(names))
    return tuple(
        str(each.id) for each in comparison.criteria if slug(each.group or "") == slug(group)
    )


def slug(name: str) -> str:
    """Return a name as it is typed on the command line: ``Training and exam`` without spaces."""
    return "-".join(WORD.findall(name.casefold()))


def without_agreement(comparison: Comparison, plain: Plain) -> Comparison:
    """Return the criteria in which the subjects differ; RequestError when there is none."""
    differing = tuple(
        each for each in comparison.criteria if not agrees(each, comparison.subjects, plain)
    )
    if not differing:
        raise RequestError("the subjects agree in all of these criteria; there is no difference")
    return comparison.model_copy(update={"criteria": differing})


# --- gathering


def gather(
    subjects: Sequence[str], comparisons: Mapping[str, Comparison], words: PageWords
) -> Gathered:
    """Return a comparison of subjects that may stand in several files; ``words`` give its title.

    A file that holds them all wins (the one with most criteria); else the criteria of all files
    are put together by their ids, and only those stay that every subject has a value for. Raises
    RequestError for an unknown subject and when nothing is shared.
    """
    wanted = list(dict.fromkeys(subjects))
    known = {str(each.id) for comparison in comparisons.values() for each in comparison.subjects}
    _refuse_unknown("subject", wanted, sorted(known))
    if len(wanted) < 2:
        raise RequestError("a comparison needs two subjects or more")
    holding = [name for name, each in sorted(comparisons.items()) if _ids(each) >= set(wanted)]
    if holding:
        best = max(holding, key=lambda name: len(comparisons[name].criteria))
        narrowing = Narrowing(subjects=tuple(map(Id, wanted)))
        return Gathered(narrowed(comparisons[best], narrowing), (best,))
    return _merged(wanted, comparisons, words)


def _ids(comparison: Comparison) -> set[str]:
    return {str(subject.id) for subject in comparison.subjects}


def _merged(
    wanted: Sequence[str], comparisons: Mapping[str, Comparison], words: PageWords
) -> Gathered:
    files = {name: each for name, each in sorted(comparisons.items()) if _ids(each) & set(wanted)}
    subjects = [_subject(name, files.values()) for name in wanted]
    criteria, left_out = [], []
    for name in dict.fromkeys(str(each.id) for file in files.values() for each in file.criteria):
        merged = _merged_criterion(name, wanted, files.values())
        if merged:
            criteria.append(merged)
        else:
            left_out.append(name)
    if not criteria:
        raise RequestError(_nothing_shared(wanted, files))
    *names, last = (str(subject.name) for subject in subjects)
    title = words.gettext("{names} and {last} side by side")
    question = words.gettext("What do they have in common, and where do they differ?")
    first = next(iter(files.values()))
    comparison = first.model_copy(
        update={
            "title": Name(title.format(names=words.listed(names), last=last)),
            "question": Inline(question),
            "subjects": tuple(subjects),
            "criteria": tuple(criteria),
            "remember": (),
        }
    )
    return Gathered(comparison, tuple(files), tuple(left_out))


def _subject(name: str, files: Iterable[Comparison]) -> Subject:
    return next(each for file in files for each in file.subjects if each.id == name)


def _merged_criterion(
    name: str, wanted: Sequence[str], files: Iterable[Comparison]
) -> Criterion | None:
    """Return the criterion with a value for each subject, or None where one has none.

    Only files that mean the same by it count: the same kind and unit as in the first.
    """
    found = [each for file in files for each in file.criteria if each.id == name]
    alike = [each for each in found if (each.kind, each.unit) == (found[0].kind, found[0].unit)]
    values: dict[Id, Value] = {}
    for criterion in alike:
        for subject in criterion.values:
            values.setdefault(subject, criterion.values[subject])
    if not set(wanted) <= set(values):
        return None
    chosen = {Id(subject): values[Id(subject)] for subject in wanted}
    return found[0].model_copy(update={"values": chosen})


def _nothing_shared(wanted: Sequence[str], files: Mapping[str, Comparison]) -> str:
    places = {
        subject: [name for name, each in files.items() if subject in _ids(each)]
        for subject in wanted
    }
    listing = "; ".join(f"{subject} is in {', '.join(names)}" for subject, names in places.items())
    return (
        f"{_listed(wanted)} share no criterion, so there is nothing to compare them by "
        f"({listing}; give their criteria the same ids)"
    )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
