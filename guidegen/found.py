"""What could be read of a project, and which of its problems are in the way of what.

A problem in a course's file, or in a guide's, is that course's or guide's own: it keeps nobody
else from being built. A problem in anything else, such as the facts, is everybody's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from guidegen.courses import effective
from guidegen.models import Library
from guidegen.origin import Origin
from guidegen.problems import TOO_MANY, ContentError, Problem, RequestError, unknown


@dataclass(frozen=True, slots=True)
class Found:
    """The content that could be read, with the problems of single files and those between files."""

    library: Library
    of_files: Sequence[Problem] = ()
    between_files: Sequence[Problem] = ()

    @property
    def errors(self) -> list[Problem]:
        """Return all errors; what broken files make of the rules between files is no error."""
        of_files = [each for each in self.of_files if each.severity == "error"]
        return of_files or [each for each in self.between_files if each.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """Return what does not stop a build."""
        every = (*self.of_files, *self.between_files)
        return [each for each in every if each.severity == "warning"]


def course_names(found: Found) -> list[str]:
    """Return the ids of all courses, those that could not be read among them."""
    broken = (_stem(each) for each in found.of_files if _is_in("courses", each))
    return sorted({*found.library.courses, *broken})


def guides_of(found: Found, course: str | None, asked: str | None) -> list[str]:
    """Return the guides that ``course`` hands out, or the only guide there is without a course.

    Raises ContentError when the course is broken, RequestError for a course or guide that does
    not exist.
    """
    if course is None:
        return [_only_guide(found, asked)]
    refuse_unknown("course", course, course_names(found))
    if problems := problems_of(found, course):
        raise ContentError(problems)
    guides = [str(name) for name in effective(course, found.library.courses).guides]
    if asked is None:
        return guides
    refuse_unknown(f"guide in the course {course}", asked, guides)
    return [asked]


def problems_of(
    found: Found, course: str | None, guides: Iterable[str] | None = None
) -> list[Problem]:
    """Return the errors that keep ``guides`` of a course, or without one, from being built.

    ``guides`` None means all that the course hands out. Errors in other courses and in other
    guides do not.
    """
    courses = found.library.courses
    lineage = _lineage(found, course)
    taken = {str(name) for each in lineage if each in courses for name in courses[each].guides}
    names = taken if guides is None else {*guides}
    if errors := [each for each in found.of_files if _concerns(each, lineage, names)]:
        return errors
    # A file that could not be read makes others point nowhere, which is not their fault.
    innocent = {*_pointing_at_broken(found)}
    return [
        each
        for each in found.between_files
        # What was not told any more could be anybody's.
        if each.code == TOO_MANY
        or (_concerns(each, lineage, names) and (each.code, each.origin) not in innocent)
    ]


def _pointing_at_broken(found: Found) -> Iterator[tuple[str, Origin]]:
    """Yield code and place of the problems that courses have with files that were not read."""
    guides = {_stem(each) for each in found.of_files if _is_in("guides", each)}
    courses = {_stem(each) for each in found.of_files if _is_in("courses", each)}
    for course in found.library.courses.values():
        if course.extends in courses - found.library.courses.keys():
            yield "unknown-course", course.extends.origin
        for name in course.guides:
            if name in guides - found.library.guides.keys():
                yield "unknown-guide", name.origin


def shared_guides(found: Found, course: str, other: str | None, guide: str | None) -> list[str]:
    """Return the guides that both courses hand out, or ``guide`` alone.

    Raises as :func:`guides_of`, and RequestError when there is none.
    """
    own = guides_of(found, course, guide)
    if other is None:
        return own
    theirs = guides_of(found, other, guide)
    both = [name for name in own if name in theirs]
    if not both:
        raise RequestError(f"the courses {course} and {other} have no guide in common")
    return both


def handed_out(found: Found) -> list[str]:
    """Return the ids of the guides that courses hand out; the courses must be sound."""
    courses = found.library.courses
    return sorted({str(name) for course in courses for name in effective(course, courses).guides})


def _only_guide(found: Found, asked: str | None) -> str:
    broken = {_stem(each) for each in found.of_files if _is_in("guides", each)}
    known = sorted({*found.library.guides, *broken})
    if not known:
        raise ContentError(found.errors) if found.errors else RequestError("there is no guide yet")
    if asked is None and len(known) != 1:
        raise RequestError(f"say which guide: {', '.join(known)}")
    name = asked or known[0]
    refuse_unknown("guide", name, known)
    if problems := problems_of(found, None, [name]):
        raise ContentError(problems)
    return name


def refuse_unknown(what: str, asked: str, known: Collection[str]) -> None:
    """Raise RequestError, with the nearest match, when ``asked`` is not ``known``."""
    if asked not in known:
        message, hint = unknown(what, asked, known)
        raise RequestError(f"{message} ({hint})")


def _lineage(found: Found, course: str | None) -> set[str]:
    """Return the course and those that it extends, however far they could be read."""
    names: set[str] = set()
    while course is not None and course not in names:
        names.add(course)
        read = found.library.courses.get(course)
        course = str(read.extends) if read and read.extends else None
    return names


def _concerns(problem: Problem, courses: set[str], guides: set[str]) -> bool:
    if problem.severity != "error":
        return False
    if _is_in("courses", problem):
        return _stem(problem) in courses
    return not _is_in("guides", problem) or _stem(problem) in guides


def _is_in(folder: str, problem: Problem) -> bool:
    file = PurePosixPath(problem.origin.file)
    return file.parent.name == folder and file.suffix == ".yaml"


def _stem(problem: Problem) -> str:
    return PurePosixPath(problem.origin.file).stem
