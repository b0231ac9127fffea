"""The 200 questions, and their answers by the most naive route: plain loops over whole cents.

Shares no code with the package. An answer is in whole cents, in hundredths of an fte, or a word.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from bench.plan import Book, Rows

YEARS = (2023, 2024, 2025, 2026)
GOALS = ("R1", "R2a", "1a", "1b", "1c", "1d", "2c", "2d", "4c", "R3")
STRENGTH = ("geen", "ondersteunend", "alleen kop", "gedeeld", "expliciet")
OWN = ("gedeeld", "expliciet")
NO_GOAL = ""
KINDS = {"i": "incidenteel", "s": "structureel"}


class Question(NamedTuple):
    """One figure of one year; what is None does not limit it."""

    measure: str
    """lasten, beschikbaar, ruimte, cumulatief, fte or niveau."""
    year: int
    kind: str | None = None
    block: str | None = None
    theme: str | None = None
    department: str | None = None
    goal: str | None = None
    basis: str | None = None


def _questions() -> Iterable[Question]:
    for year in YEARS:
        yield Question("lasten", year)
        yield Question("lasten", year, kind="structureel")
        if year < 2025:  # the incidental column of later years does not exist
            yield Question("lasten", year, kind="incidenteel")
        yield from (Question("lasten", year, block=block) for block in ("fte", "middelen"))
        for measure in ("beschikbaar", "ruimte", "cumulatief"):
            yield from (Question(measure, year, basis=basis) for basis in ("afgerond", "exact"))
        yield Question("fte", year)
        yield Question("lasten", year, goal=NO_GOAL)
        yield from (Question("lasten", year, theme=theme) for theme in ("toek. CB", "versterken IM"))
        for department in ("CB", "S&B", "BGC", "CB/RD", "IM", "(de)centraal?"):
            yield Question("lasten", year, department=department)
    for goal in GOALS:
        for measure in ("lasten", "fte", "niveau"):
            yield from (Question(measure, year, goal=goal) for year in YEARS)


QUESTIONS = tuple(_questions())[:200]
"""82 figures of the plan, 118 of its goals."""


def as_whole(answer: object) -> object:
    """Return an answer in euros or fte as whole hundredths, rounded half up; a word as it is."""
    if isinstance(answer, int | float):
        return int((Decimal(repr(float(answer))) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if isinstance(answer, Decimal):
        return int((answer * 100).quantize(Decimal(1), ROUND_HALF_UP))
    return answer


def expected(work: Book) -> dict[Question, object]:
    """Return the naive answer to every question."""
    lines, norm = _Lines(work), _cents(premises(work)["normbedrag fte"])
    return {question: _answer(question, lines, work, norm) for question in QUESTIONS}


def premises(work: Book) -> dict[object, object]:
    """Return what each uitgangspunt says."""
    return {row[0]: row[1] for row in work["premises"][1:]}


def _answer(asked: Question, lines: "_Lines", work: Book, norm: int) -> object:
    if asked.measure == "niveau":
        return lines.level(asked, work)
    if asked.measure == "fte":
        cost = lines.total(asked._replace(kind="structureel", block="fte"), [asked.year])
        return _half_up(Fraction(cost * 100, norm))
    if asked.measure == "lasten":
        return lines.total(asked, [asked.year])
    years = [year for year in YEARS if year <= asked.year] if asked.measure == "cumulatief" else [asked.year]
    grant = sum(_grant(work["budget"], year, asked.basis) for year in years)
    return grant if asked.measure == "beschikbaar" else grant - lines.total(asked, years)


class _Lines:
    """The plan as lines with the goals they serve, each amount in cents."""

    def __init__(self, work: Book) -> None:
        assumed = premises(work)["ongesplitst als"]
        headings, *rows = work["plan"]
        at = {name: position for position, name in enumerate(headings)}
        self.columns = [
            (position, int(match[1]), KINDS.get(match[2], assumed))
            for position, heading in enumerate(headings)
            if (match := re.fullmatch(r"(\d{4}) ?([is]?)", str(heading)))
        ]
        goals = served(work)
        self.groups: dict[tuple[object, ...], dict[int, int]] = {}
        self.years_of: dict[object, set[int]] = {}
        for row in rows:
            names = (row[at["blok"]], row[at["hoofdthema"]], row[at["afdeling/sector"]])
            group = self.groups.setdefault((*names, goals.get(row[at["regel"]], frozenset())), {})
            for position, year, _ in self.columns:
                if row[position] is not None:
                    group[position] = group.get(position, 0) + _cents(row[position])
                    self.years_of.setdefault(row[at["regel"]], set()).add(year)

    def total(self, asked: Question, years: list[int]) -> int:
        wanted = [at for at, year, kind in self.columns if year in years and asked.kind in (None, kind)]
        answer = 0
        for (block, theme, department, goals), cents in self.groups.items():
            limits = ((asked.block, block), (asked.theme, theme), (asked.department, department))
            if all(limit in (None, name) for limit, name in limits) and _serves(asked.goal, goals):
                answer += sum(cents.get(at, 0) for at in wanted)
        return answer

    def level(self, asked: Question, work: Book) -> str:
        areas = {area for area, goals in goals_of_areas(work["areas"]).items() if asked.goal in goals}
        best = 0
        for line, area, level, *_ in work["links"][1:]:
            counts = level not in OWN or asked.year in self.years_of.get(line, ())
            if area in areas and counts:
                best = max(best, STRENGTH.index(str(level)))
        return STRENGTH[best]


def _serves(goal: str | None, goals: object) -> bool:
    assert isinstance(goals, frozenset)
    return goal is None or (goal in goals if goal else not goals)


def served(work: Book) -> dict[object, frozenset[str]]:
    """Return per line the goals it serves with a line of its own."""
    goals = goals_of_areas(work["areas"])
    found: dict[object, frozenset[str]] = {}
    for line, area, level, *_ in work["links"][1:]:
        if level in OWN:
            found[line] = found.get(line, frozenset()) | goals[area]
    return found


def goals_of_areas(areas: Rows) -> dict[object, frozenset[str]]:
    """Return per focus area its goals."""
    headings, *rows = areas
    own, objectives = headings.index("RCDV-doel afgeleid"), headings.index("RBP-doelen")
    return {row[0]: frozenset([str(row[own]), *str(row[objectives] or "").split()]) for row in rows}


def _grant(budget: Rows, year: int, basis: str | None) -> int:
    headings, *rows = budget
    row = dict(zip(headings, next(row for row in rows if row[0] == year), strict=True))
    exact = row["exact bedrag"] if basis == "exact" else None
    return _cents(row["beschikbaar Tabel 2"] if exact is None else exact)


def _cents(cell: object) -> int:
    return int(Decimal(repr(cell)) * 100)


def _half_up(number: Fraction) -> int:
    return int((2 * number + 1) // 2)
