"""Which comparison a handout shows: from files or subjects, as a course has it, narrowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guidegen.agreement import Plain
from guidegen.comparing import Gathered, Part, gather, narrow
from guidegen.courses import changed_library, effective
from guidegen.fitting import LANGUAGE, Chosen
from guidegen.languages import PageWords
from guidegen.models import Comparison, ComparisonBlock, Course, CourseGuide, Library, walk
from guidegen.problems import RequestError, unknown


def choose(library: Library, names: Sequence[str], part: Part, asked: str | None) -> Chosen:
    """Return what was named, as the course ``asked`` has it and narrowed to ``part``.

    ``names`` is one comparison, or two subjects and more. Raises RequestError for what does not
    exist.
    """
    course = None
    if asked is not None:
        _refuse_unknown("course", asked, library.courses)
        course = effective(asked, library.courses)
        library = _library_of(course, library, names)
    language = _language(library, course)
    plain = Plain(library, language)
    gathered = _gathered(names, library, plain.words)
    comparison = narrow(gathered.comparison, part, plain)
    return Chosen(
        name="-".join(names),
        comparison=comparison,
        library=library,
        course=course,
        language=language,
        subtitle=_subtitle(gathered, comparison, library, part, plain),
        files=gathered.files,
        left_out=gathered.left_out,
        has_all=not part.differences_only,
    )


def _refuse_unknown(what: str, asked: str, known: Mapping[str, object]) -> None:
    if asked not in known:
        message, hint = unknown(what, asked, known)
        raise RequestError(f"{message} ({hint})")


def _language(library: Library, course: Course | None) -> str:
    """Return the language of the course, or of the guides, if they are all in the same one."""
    if course and course.language:
        return course.language
    names = course.guides if course else library.guides
    languages = {library.guides[name].language for name in names if name in library.guides}
    return languages.pop() if len(languages) == 1 else LANGUAGE


def _library_of(course: Course, library: Library, names: Sequence[str]) -> Library:
    """Return the library as that guide of the course has it which shows the comparison."""
    guides = [*course.guides.items()]
    guides.sort(
        key=lambda item: (not _narrows(item[1], names), not _shows(item[0], library, names))
    )
    return changed_library(library, guides[0][1])[0] if guides else library


def _narrows(taken: CourseGuide, names: Sequence[str]) -> bool:
    return any(name in taken.comparisons for name in names)


def _shows(guide: str, library: Library, names: Sequence[str]) -> bool:
    blocks = (each for each in walk(library.guides.get(guide)) if isinstance(each, ComparisonBlock))
    return any(block.comparison in names for block in blocks)


def _gathered(names: Sequence[str], library: Library, words: PageWords) -> Gathered:
    if len(names) == 1:
        name = names[0]
        subjects = (each for file in library.comparisons.values() for each in file.subjects)
        if name not in library.comparisons and any(subject.id == name for subject in subjects):
            raise RequestError(f"{name!r} is a subject; name another to compare it with")
        _refuse_unknown("comparison", name, library.comparisons)
        return Gathered(library.comparisons[name], (name,))
    for name in names:
        if name in library.comparisons:
            raise RequestError(f"{name!r} is a comparison; print one at a time, or name subjects")
    return gather(names, library.comparisons, words)


def _subtitle(
    gathered: Gathered, shown: Comparison, library: Library, part: Part, plain: Plain
) -> str:
    """Return what was narrowed, against the whole as the course or the files have it."""
    whole = gathered.comparison
    of_file = library.comparisons[gathered.files[0]] if len(gathered.files) == 1 else whole
    said = []
    if len(shown.subjects) < len(of_file.subjects):
        said.append(plain.words.listed(plain.name(each.name) for each in shown.subjects))
    if part.group:
        said.append(plain.name(next(iter(shown.criteria)).group or ""))
    if len(shown.criteria) < len(whole.criteria):
        pattern = _count_words(len(whole.criteria), part, plain.words)
        said.append(pattern.format(number=len(shown.criteria), count=len(whole.criteria)))
    return " · ".join(said)


def _count_words(count: int, part: Part, words: PageWords) -> str:
    if part.differences_only:
        return words.ngettext(
            "only where they differ, {number} of {count} aspect",
            "only where they differ, {number} of {count} aspects",
            count,
        )
    return words.ngettext("{number} of {count} aspect", "{number} of {count} aspects", count)
