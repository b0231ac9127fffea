"""The 200 answers by native formulas: a workbook as someone who knows SUMIFS would lay it out.

Which goals a line serves stands beside it as marks (values), and beside each link which years count:
SUMIFS cannot follow codes from table to table. That work the others do anew each time.
"""

import re
from functools import cache
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from bench.files import folder
from bench.plan import Book, Rows, book
from bench.questions import GOALS, NO_GOAL, OWN, QUESTIONS, STRENGTH, YEARS, Question, goals_of_areas, served

ANSWERS = "Antwoorden"
ANSWER_RANGE = f"{ANSWERS}!A1:A{len(QUESTIONS)}"
LIMITS = {"block": "blok", "theme": "hoofdthema", "department": "afdeling/sector"}


@cache
def workbook(lines: int) -> Path:
    """Return a workbook with a plan of so many lines and a formula per question."""
    return write(book(lines), folder() / f"native{lines}.xlsx")


def write(work: Book, path: Path) -> Path:
    """Write the plan, its marks, and the formulas."""
    sheets = {"Plan": _with_goals(work), "Budget": work["budget"], "Koppeling": _with_years(work)}
    formulas = Formulas(sheets, work)
    with xlsxwriter.Workbook(path) as target:
        for name, rows in sheets.items():
            sheet = target.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        answers = target.add_worksheet(ANSWERS)
        for number, asked in enumerate(QUESTIONS):
            answers.write_formula(number, 0, formulas.answer(asked))
    return path


def _with_goals(work: Book) -> Rows:
    """Return the plan with a column per goal, 1 where the line serves it; the last: serves none."""
    headings, *lines = work["plan"]
    goals = served(work)
    marked = [
        (*line, *(1.0 if goal in mine else None for goal in GOALS), None if mine else 1.0)
        for line in lines
        for mine in [goals.get(line[0], frozenset())]
    ]
    return (*headings, *(f"doel {goal}" for goal in GOALS), f"doel {NO_GOAL}"), *marked


def _with_years(work: Book) -> Rows:
    """Return the links with, as 1, the years in which each counts and the goals of its focus area."""
    headings, *lines = work["plan"]
    areas = goals_of_areas(work["areas"])
    columns = {year: [at for at, name in enumerate(headings) if str(name)[:4] == str(year)] for year in YEARS}
    stated = {
        line[0]: {year for year in YEARS if any(line[at] is not None for at in columns[year])}
        for line in lines
    }
    found = []
    for line, area, level, *_ in work["links"][1:]:
        years = (1.0 if level not in OWN or year in stated[line] else None for year in YEARS)
        goals = (1.0 if goal in areas.get(area, ()) else None for goal in GOALS)
        found.append((line, area, level, *years, *goals))
    names = ("regel", "aandachtsgebied", "dekking", *map(str, YEARS), *(f"doel {goal}" for goal in GOALS))
    return names, *found


class Formulas:
    """Writes the formula of a question; figures that build on another refer to its cell."""

    def __init__(self, sheets: dict[str, Rows], work: Book) -> None:
        self._ranges = {
            (name, str(heading)): f"{name}!${letter}$2:${letter}${len(rows)}"
            for name, rows in sheets.items()
            for letter, heading in ((xl_col_to_name(at), heading) for at, heading in enumerate(rows[0]))
        }
        self._columns = [str(name) for name in work["plan"][0] if re.fullmatch(r"\d{4}( [is])?", str(name))]
        self._norm = next(row[1] for row in work["premises"] if row[0] == "normbedrag fte")

    def answer(self, asked: Question) -> str:
        """Return the formula of a question."""
        return f"={getattr(self, f'_{asked.measure}')(asked)}"

    def cell(self, asked: Question) -> str:
        """Return the cell of another question."""
        return f"A{QUESTIONS.index(asked) + 1}"

    def _lasten(self, asked: Question) -> str:
        limits = [(LIMITS[field], f'"{getattr(asked, field)}"') for field in LIMITS if getattr(asked, field)]
        limits += [] if asked.goal is None else [(f"doel {asked.goal}", "1")]
        criteria = ",".join(f"{self._ranges['Plan', column]},{value}" for column, value in limits)
        columns = [
            self._ranges["Plan", name]
            for name in self._columns
            if name[:4] == str(asked.year) and asked.kind in (None, self._kind(name))
        ]
        return "+".join(f"SUMIFS({one},{criteria})" if criteria else f"SUM({one})" for one in columns)

    @staticmethod
    def _kind(heading: str) -> str:
        return "incidenteel" if heading.endswith("i") else "structureel"

    def _fte(self, asked: Question) -> str:
        return f"({self._lasten(asked._replace(kind='structureel', block='fte'))})/{self._norm}"

    def _beschikbaar(self, asked: Question) -> str:
        years = self._ranges["Budget", "jaar"]

        def at(column: str) -> str:
            return f"INDEX({self._ranges['Budget', column]},MATCH({asked.year},{years},0))"

        rounded = at("beschikbaar Tabel 2")
        exact = at("exact bedrag")
        return f"IF({exact}>0,{exact},{rounded})" if asked.basis == "exact" else rounded

    def _ruimte(self, asked: Question) -> str:
        grant, cost = asked._replace(measure="beschikbaar"), Question("lasten", asked.year)
        return f"{self.cell(grant)}-{self.cell(cost)}"

    def _cumulatief(self, asked: Question) -> str:
        room = self.cell(asked._replace(measure="ruimte"))
        return room if asked.year == YEARS[0] else f"{room}+{self.cell(asked._replace(year=asked.year - 1))}"

    def _niveau(self, asked: Question) -> str:
        ranges = (
            self._ranges["Koppeling", name] for name in ("dekking", str(asked.year), f"doel {asked.goal}")
        )
        level, year, goal = ranges
        formula = f'"{STRENGTH[0]}"'
        for word in STRENGTH[1:]:
            formula = f'IF(COUNTIFS({level},"{word}",{year},1,{goal},1)>0,"{word}",{formula})'
        return formula
