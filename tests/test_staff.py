"""What staff do with a workbook, in any order: edit, sort, insert, delete, refresh, restore, compare.

Whatever they did: a refresh changes no input, a restore brings back exactly what was, and every figure is
the one of the naive calculation, or there is none and a finding says why.
"""

import datetime as dt
import itertools
import random
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import naive
import xlsxwriter
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sheets import Book, Sheet, placed, put, raw, small
from test_compare import content
from test_figures import assert_all_marked, assert_figures_hold, assert_lines_add_up
from test_restore import Rowed, held

from bdur_xl import nl
from bdur_xl.book import Formula, Refused
from bdur_xl.cells import Unreadable
from bdur_xl.checks import run_checks
from bdur_xl.cli import main
from bdur_xl.compare import Change, Comparison, compare
from bdur_xl.compare_sentences import plain_sentences
from bdur_xl.figures import Unit
from bdur_xl.files.shelf import snapshot_files
from bdur_xl.files.snapshots import bring_back, read_snapshot, write_snapshot
from bdur_xl.grids import CHECK_HEADINGS
from bdur_xl.model import Inputs
from bdur_xl.overview import Overview, overview
from bdur_xl.record import FIGURE_HEADINGS, LAST_NAME, LOG_HEADINGS, NOW_NAME, record
from bdur_xl.refresh import Examined, examine, plan_of, refuse_failed, state_of
from bdur_xl.restore import Snapshot
from bdur_xl.scenarios import compared
from bdur_xl.tables import INPUT_TABLES, OUTPUT_TABLES, RawTable
from bdur_xl.terms import Basis, Kind

STEM = "plan"
PATIENCE = 2
"""Steps that staff leave a fault as it is; then they undo until there is none."""

START = dt.datetime(2031, 3, 12, 9, 0)

right_amounts = st.one_of(
    st.integers(-50_000, 500_000),
    st.integers(-(10**7), 10**9).map(lambda cents: cents / 100),
    st.sampled_from([None, " ", 0, 0.005, -0.125, 1.005, Decimal("0.1"), Formula("=2*60000", 120_000.0)]),
)
wrong_amounts = st.sampled_from(
    [
        "veel",
        "1.400",
        "n.t.b.",
        True,
        Unreadable("#REF!"),
        dt.date(2031, 5, 1),
        1e13,
        Formula("=1/0", Unreadable("#DIV/0!")),
    ]
)
texts = st.sampled_from([None, " ", "Oost", "Noord ", "é/ü?", "was € 5.000", "=1+1", "@som", 21.0, "x" * 60])
years = st.sampled_from([2030, 2031, 2032, 2033, 2034])
year_cells = st.sampled_from([2031, 2032.0, "2031", " 2033 ", None, 31, "volgend jaar", 2031.5, "20311"])
headings = st.builds("{}{}".format, years, st.sampled_from(["", " i", " s", " S", " x"]))
fte = st.sampled_from([None, 0, 0.5, 1.0, 1.333])
shares = st.sampled_from([0, 0.1, 0.025, 1])
months = st.sampled_from(["2031-05", "juni 2032", "mrt 2031", "januari 2031", None])
seeds = st.integers(0, 10**6)


class OpenBook:
    """The open workbook: input tables as typed, and the tables that a refresh writes."""

    def __init__(self, sheets: Book) -> None:
        self.sheets = sheets
        self.outputs: dict[str, Sheet] = {
            "figures": [[*FIGURE_HEADINGS]],
            "findings": [[*CHECK_HEADINGS]],
            "log": [[*LOG_HEADINGS]],
        }
        self.names: dict[str, object] = {NOW_NAME: "12-34", LAST_NAME: "1-1"}

    def read(self, key: str) -> RawTable | None:
        if key in self.outputs:
            head, *rows = map(tuple, self.outputs[key])
            return RawTable(OUTPUT_TABLES[key].sheet, head, tuple(enumerate(rows, start=2)))
        return raw({key: self.sheets[key]})[key] if key in self.sheets else None

    def cells(self, sheet: str) -> Sequence[Sequence[object]]:
        return []

    def write(self, key: str, rows: Sequence[Sequence[object]]) -> None:
        (self.outputs if key in self.outputs else self.sheets)[key] = [list(row) for row in rows]

    def value(self, name: str) -> object:
        return self.names.get(name)

    def set_value(self, name: str, value: str) -> None:
        self.names[name] = value


def holds(book: Book) -> Any:
    """Return what every cell holds: 1 is not True; of a formula its text, of numbers their value."""
    return held(Rowed(book))


def differing(one: Any, other: Any) -> Sequence[object]:
    """Return the first rows in which two states differ: pytest takes minutes to show all of them."""
    return [
        (key, *rows)
        for key in {*one, *other}
        for rows in itertools.zip_longest(one.get(key, []), other.get(key, []))
        if rows[0] != rows[1]
    ][:3]


class Staff(RuleBasedStateMachine):
    """Staff at work. `good` is the last state without faults, `kept` what snapshots hold, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        book = small()
        for cell in ("C2", "C3"):
            put(book["areas"], cell, "R1")
        self.open = OpenBook(book)
        self.good = deepcopy(book)
        self.kept: list[Book] = []
        self.folder = Path(tempfile.mkdtemp(prefix="bdur-staff-"))
        self.wrong = 0
        self.minutes = itertools.count()
        self.codes = itertools.count(1)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    @property
    def book(self) -> Book:
        return self.open.sheets

    def now(self) -> dt.datetime:
        return START + dt.timedelta(minutes=next(self.minutes))

    @initialize(keep=st.booleans())
    def without_printed_totals(self, keep: bool) -> None:
        """Most plans have no totals to be held against: then a changed amount can be refreshed."""
        if not keep:
            for key in ("control_totals", "capacity"):
                del self.book[key][1:]
        self.good = deepcopy(self.book)

    # Editing

    def _type(self, key: str, at: int, column: int, value: object) -> None:
        head, *rows = self.book[key]
        if rows and head[column % len(head)] != "status":  # its text stands in the memo as it is
            rows[at % len(rows)][column % len(head)] = value

    @rule(at=seeds, column=st.integers(0, 3), value=right_amounts)
    def type_an_amount(self, at: int, column: int, value: object) -> None:
        self._type("plan", at, 5 + column % max(len(self.book["plan"][0]) - 5, 1), value)

    @rule(
        at=seeds,
        column=seeds,
        value=wrong_amounts,
        key=st.sampled_from(["plan", "budget", "intake", "actuals"]),
    )
    def type_what_is_no_amount(self, at: int, column: int, value: object, key: str) -> None:
        self._type(key, at, column, value)

    @rule(at=seeds, column=st.integers(1, 2), value=right_amounts)
    def type_a_grant(self, at: int, column: int, value: object) -> None:
        self._type("budget", at, column, value)

    @rule(at=seeds, value=year_cells, key=st.sampled_from(["budget", "actuals"]))
    def type_a_year(self, at: int, value: object, key: str) -> None:
        self._type(key, at, 0 if key == "budget" else 1, value)

    @rule(at=seeds, column=st.sampled_from([1, 3, 4]), value=texts)
    def type_a_text(self, at: int, column: int, value: object) -> None:
        self._type("plan", at, column, value)

    @rule(key=st.sampled_from(list(small())), at=seeds, column=seeds)
    def empty_a_cell(self, key: str, at: int, column: int) -> None:
        self._type(key, at, column, None)

    @rule(
        old=st.sampled_from(["Oost", "West", "Noord"]),
        new=st.sampled_from(["Noord", "Zuid/Oost", "21", "oost"]),
    )
    def rename_a_department(self, old: str, new: str) -> None:
        for key in ("plan", "capacity"):
            for row in self.book[key][1:]:
                row[:] = [new if cell == old else cell for cell in row]

    @rule(at=seeds, start=months, staff=fte)
    def plan_the_intake(self, at: int, start: object, staff: object) -> None:
        code = self._line(at)
        self.book["intake"] = [row for row in self.book["intake"] if row[0] != code]
        self._append("intake", [code, start, staff])

    # Rows and columns

    @rule(key=st.sampled_from(list(small())), column=seeds, seed=seeds)
    def sort(self, key: str, column: int, seed: int) -> None:
        """Sort the rows by a column, or shuffle them; the figures stay the same."""
        head, *rows = self.book[key]
        if seed % 2:
            rows.sort(key=lambda row: str(row[column % len(head)]))
        else:
            random.Random(seed).shuffle(rows)
        self.book[key] = [head, *rows]

    @rule(at=seeds, block=st.sampled_from(["fte", "middelen", "FTE "]), amount=right_amounts)
    def insert_a_line(self, at: int, block: str, amount: object) -> None:
        plan = self.book["plan"]
        cells: list[object] = [f"N{next(self.codes)}", "Water", block, "erbij", "Oost"]
        cells += [amount] * len(plan[0])
        plan.insert(1 + at % len(plan), cells[: len(plan[0])])

    @rule(key=st.sampled_from(list(small())), at=seeds)
    def insert_a_blank_row(self, key: str, at: int) -> None:
        sheet = self.book[key]
        sheet.insert(1 + at % len(sheet), [None] * len(sheet[0]))

    @rule(at=seeds, everywhere=st.booleans())
    def delete_a_line(self, at: int, everywhere: bool) -> None:
        code = self._line(at)
        for key in ("plan", "links", "intake", "actuals") if everywhere else ("plan",):
            self.book[key][1:] = [row for row in self.book[key][1:] if row[0] != code]

    def _line(self, at: int) -> object:
        plan = self.book["plan"]
        return plan[1 + at % (len(plan) - 1)][0] if len(plan) > 1 else None

    @rule(at=seeds, heading=headings, amounts=st.lists(right_amounts, min_size=1, max_size=3))
    def add_a_year_column(self, at: int, heading: str, amounts: list[object]) -> None:
        head, *rows = self.book["plan"]
        column = 5 + at % max(len(head) - 4, 1)
        head.insert(column, heading)
        for number, row in enumerate(rows):
            row.insert(column, amounts[number % len(amounts)])

    @rule(key=st.sampled_from(list(small())), at=seeds, cell=texts)
    def insert_an_own_column(self, key: str, at: int, cell: object) -> None:
        head, *rows = self.book[key]
        column = at % (len(head) + 1)
        head.insert(column, f"eigen kolom {next(self.codes)}")
        for row in rows:
            row.insert(column, cell)

    @rule(key=st.sampled_from(["plan", "budget"]), at=seeds)
    def delete_a_column(self, key: str, at: int) -> None:
        column = at % len(self.book[key][0])
        for row in self.book[key]:
            del row[column]
        if not self.book[key][0]:
            self.book[key] = deepcopy(self.good[key])

    # What is added

    @rule(year=years, rounded=right_amounts, exact=right_amounts)
    def add_a_grant(self, year: int, rounded: object, exact: object) -> None:
        self._append("budget", [year, rounded, exact])

    @rule(at=seeds, year=years, amount=right_amounts, day=st.sampled_from(["30-6", "31-12"]))
    def add_an_actual(self, at: int, year: int, amount: object, day: str) -> None:
        self._append("actuals", [self._line(at), year, amount, f"{day}-{year}"])

    @rule(
        cut=shares,
        rise=shares,
        year=years,
        start=months,
        staff=fte,
        over=st.sampled_from([None, "ja", "nee"]),
    )
    def add_a_scenario(
        self, cut: object, rise: object, year: int, start: object, staff: object, over: object
    ) -> None:
        staff = staff if start else None
        row = [f"s{next(self.codes)}", None, start, staff, cut, year, rise, year]
        self._append("scenarios", [*row, None, None, None, None, None, over])

    @rule(at=seeds)
    def explain_a_finding(self, at: int) -> None:
        """Copy a finding from the sheet Controles and type the reason beside it."""
        read = self.read()
        if read:
            found = [one for outcome in run_checks(read) for one in outcome.findings]
            if found:
                one = found[at % len(found)]
                self._append("explanations", [one.code, one.where, one.message, "afgesproken"])

    def _append(self, key: str, cells: Sequence[object]) -> None:
        width = len(self.book[key][0])
        self.book[key].append([*cells, *[None] * width][:width])

    @precondition(lambda self: self.wrong)
    @rule()
    def undo_until_it_is_right(self) -> None:
        self.open.sheets = deepcopy(self.good)

    # Refresh, restore, compare

    @rule()
    def refresh(self) -> None:
        before, files = deepcopy(self.open), self.files()
        state = state_of(self.open, self.now(), typed=True)
        examined = self.examined(state)
        assert differing(holds(self.book), holds(before.sheets)) == [], "examining changed an input"
        if examined is None:
            assert self.files().keys() == files.keys(), "a refused refresh left something"
            assert differing(self.open.outputs, before.outputs) == []
            assert self.open.names == before.names
            return
        kept = read_snapshot(write_snapshot(self.folder, STEM, examined.snapshot))
        record(self.open, examined, "memo gemaakt")
        self.kept.append(deepcopy(self.book))
        assert differing(holds(self.book), holds(before.sheets)) == [], "a refresh changed an input"
        assert (
            differing(
                holds({key: self.rows(table) for key, table in kept.tables.items()}), holds(before.sheets)
            )
            == []
        )
        assert kept.results == examined.snapshot.results
        assert self.open.outputs["log"][:-1] == before.outputs["log"]
        assert self.open.names[LAST_NAME] == self.open.names[NOW_NAME]
        self.check_memo(examined)

    def examined(self, state: Snapshot) -> Examined | None:
        """Return what a memo of a state may tell; None when it is refused."""
        try:
            examined = examine(state)
            refuse_failed(examined)
        except Refused as refused:
            check_findings(refused)
            return None
        return examined

    def check_memo(self, examined: Examined) -> None:
        """Hold the memo's figures against the naive ones, and its sentences against its figures."""
        book, results = naive.tidy(self.book), examined.snapshot.results
        for year in naive.years(book):
            assert results[f"lasten-jaartotaal.{year}"] == cents(naive.total(book, year=year) or Decimal(0))
            assert results[f"ruimte-exact.{year}"] == cents(naive.room(book, year, exact=True))
            if (spent := naive.spent(book, year)) is not None:
                assert results[f"realisatie-{year}.realisatie"] == cents(spent)
        assert_all_marked(examined.facts)
        assert_figures_hold(examined.facts)
        inputs, _ = plan_of(examined.snapshot)
        assert_lines_add_up(examined.facts.rows, inputs)

    @staticmethod
    def rows(table: RawTable) -> Sheet:
        return [list(table.headings), *(list(row) for _, row in table.rows)]

    def files(self) -> dict[str, bytes]:
        return {one.name: one.read_bytes() for one in self.folder.iterdir()}

    @rule()
    def restore(self) -> None:
        present = deepcopy(self.book)
        now = holds(self.book)
        expected = next((one for one in reversed(self.kept) if holds(one) != now), None)
        told = bring_back(self.open, self.folder, STEM, self.now())
        if expected is None:
            assert told.startswith("Er is geen eerdere stand die van de huidige verschilt.")
            assert differing(holds(self.book), now) == []
            return
        assert differing(holds(self.book), holds(expected)) == []
        assert "Niet precies" not in told
        assert "Overgeslagen" not in told
        self.kept.append(present)

    @precondition(lambda self: self.kept)
    @rule()
    def restore_twice(self) -> None:
        """The second time brings back what the first one took away."""
        before = holds(self.book)
        self.restore()
        if holds(self.book) != before:
            self.restore()
            assert differing(holds(self.book), before) == []

    @precondition(lambda self: self.kept)
    @rule(at=seeds)
    def compare_with_a_kept_state(self, at: int) -> None:
        files = snapshot_files(self.folder, STEM)
        assert len(files) == len(self.kept)
        kept = self.kept[::-1][at % len(files)]
        read = self.read()
        if read:
            then = read_snapshot(files[at % len(files)])
            try:
                inputs, _ = plan_of(then)
            except Refused:
                return
            check_comparison((overview(inputs), kept), (overview(read), self.book))

    # What always holds

    def read(self) -> Inputs | None:
        """Return what the sheets say, None when a cell cannot be read."""
        try:
            inputs, _ = plan_of(state_of(self.open, START, typed=True))
        except Refused as refused:
            check_findings(refused)
            return None
        return inputs

    @invariant()
    def every_figure_is_the_naive_one(self) -> None:
        inputs = self.read()
        self.wrong = self.wrong + 1 if inputs is None else 0
        if inputs is None:
            if self.wrong == PATIENCE:
                self.undo_until_it_is_right()
            return
        view = overview(inputs)
        check_figures(view, naive.tidy(self.book))
        before, _ = plan_of(state_of(OpenBook(self.good), START, typed=True))
        check_comparison((overview(before), self.good), (view, self.book))
        self.good = deepcopy(self.book)


def check_findings(refused: Refused) -> None:
    assert refused.findings
    assert all(one.where and one.message and one.remedy for one in refused.findings)


def cents(amount: Decimal | Fraction | None) -> Fraction | None:
    return None if amount is None else Fraction(amount) * 100


def check_figures(view: Overview, book: naive.Book) -> None:
    """Hold every figure of a plan against the naive one."""
    assert list(view.years) == naive.years(book)
    for year in view.years:
        assert view.planned[year] == cents(naive.total(book, year=year))
        for kind in (Kind.INCIDENTAL, Kind.STRUCTURAL):
            assert view.by_kind[kind][year] == cents(naive.total(book, year=year, kind=str(kind)))
        for dimension, groups in (
            ("block", view.by_block),
            ("theme", view.by_theme),
            ("department", view.by_department),
        ):
            for name, values in groups.items():
                assert values[year] == cents(naive.total(book, year=year, **{dimension: name or None}))
        assert view.without_goal[year] == cents(naive.total(book, year=year, goal=None))
        assert view.fte[year] == cents(naive.fte(book, year))
        assert view.phased[year] == cents(naive.phased(book, year))
        for basis in Basis:
            exact = basis is Basis.EXACT
            assert view.available[basis][year] == cents(naive.available(book, year, exact))
            assert view.room[basis][year] == cents(naive.room(book, year, exact))
            assert view.cumulative[basis][year] == cents(naive.cumulative(book, year, exact))
    for one in view.intake:
        assert one.planned == cents(naive.part_year(book, *one.start, in_house=bool(one.in_house)))
    check_goals(view, book)
    check_scenarios(view, book)


def check_goals(view: Overview, book: naive.Book) -> None:
    for one in view.goals:
        goal = nl.fold(one.goal.goal_id)
        for year in view.years:
            assert one.level_by_year[year] == naive.goal_level(book, goal, year)
            assert one.amounts[year] == cents(naive.total(book, year=year, goal=goal) or Decimal(0))
            assert one.fte[year] == cents(naive.fte(book, year, goal))


def check_scenarios(view: Overview, book: naive.Book) -> None:
    rows = {nl.fold(str(row["scenario"])): row for row in naive.rows(book, "scenarios")}
    for one in compared(view.inputs):
        row = rows.get(nl.fold(one.scenario.name))
        for year in view.years if row else ():
            assert row
            assert one.planned[year] == naive.scenario_cost(book, row, year) * 100
            for basis in Basis:
                grant = naive.scenario_grant(book, row, year, basis is Basis.EXACT)
                assert one.available[basis][year] == cents(grant)


Version = tuple[Overview, Book]


def check_comparison(before: Version, after: Version) -> None:
    """Hold what a comparison tells against what differs in the sheets; its causes add up."""
    (old, was), (new, now) = before, after
    told = compare(old, new)
    assert told.is_empty == (content(old.inputs) == content(new.inputs))
    assert (plain_sentences(told, None) == ("Geen wijzigingen.",)) == told.is_empty
    assert told_amounts(told) == differing_amounts(naive.tidy(was), naive.tidy(now))
    changes = {year.year: year for year in told.years}
    for year in {*old.years, *new.years}:
        then, present = (naive.total(naive.tidy(one), year=year) or Decimal(0) for one in (was, now))
        causes = changes[year].causes if year in changes else ()
        assert sum(cause.cost for cause in causes) == cents(present - then)


def told_amounts(told: Comparison) -> dict[tuple[str, str], tuple[object, object]]:
    """Return per line and column the amounts that a comparison says differ, in cents."""
    return {
        (nl.fold(row.row.code), after.label): (before.value, after.value)
        for row in told.rows
        if row.table == "plan" and row.change is Change.CHANGED
        for before, after in row.fields
        if after.unit is Unit.EURO
    }


def differing_amounts(was: naive.Book, now: naive.Book) -> dict[tuple[str, str], tuple[object, object]]:
    """Return them by looking at every cell; a year that is split otherwise compares as a whole."""
    old, new = stated(was), stated(now)
    headings = [
        {heading.lower().replace(" ", "") for heading, *_ in naive.year_columns(one)} for one in (was, now)
    ]
    years = set(naive.years(was)) & set(naive.years(now))
    whole = {
        year for year in years
        if len({frozenset(one for one in told if one.startswith(str(year))) for told in headings}) > 1
    }  # fmt: skip
    found: dict[tuple[str, str], tuple[object, object]] = {}
    for line in old.keys() & new.keys():
        for year in years:
            columns = {column for one in (old, new) for column in one[line] if column.startswith(str(year))}
            for column in {str(year)} if year in whole else columns:
                pair = tuple(summed(one[line], column, year in whole) for one in (old, new))
                if pair[0] != pair[1]:
                    found[line, column] = (pair[0], pair[1])
    return found


def stated(book: naive.Book) -> dict[str, dict[str, Fraction]]:
    """Return per line and heading the amount in cents; what states nothing is left out."""
    return {
        str(line["regel"]): {
            f"{year} {str(heading)[-1].lower()}" if not str(heading)[-1].isdigit() else str(year): Fraction(
                str(line[heading])
            )
            * 100
            for heading, year, _ in naive.year_columns(book)
            if line[heading] is not None
        }
        for line in naive.rows(book, "plan")
    }


def summed(amounts: dict[str, Fraction], column: str, whole: bool) -> Fraction | None:
    meant = [
        amount
        for heading, amount in amounts.items()
        if heading == column or (whole and heading[:4] == column)
    ]
    return sum(meant, Fraction(0)) if meant else None


class StaffWithFiles(Staff):
    """The same staff, who also save the workbook and refresh the closed file."""

    @rule()
    def refresh_the_saved_workbook(self) -> None:
        if not has_plain_headings(self.book):
            return
        path = save(self.folder / "map" / f"{STEM}.xlsx", self.book)
        saved = path.read_bytes()
        possible = self.examined(state_of(self.open, START, typed=True)) is not None
        assert run("ververs", str(path), "--zonder-pdf") == (0 if possible else possible_code(self.read()))
        assert path.read_bytes() == saved, "a refresh changed the workbook"
        made = sorted(one.suffix for one in path.parent.rglob("*") if one.is_file() and one != path)
        assert made == ([".docx", ".json"] if possible else [])
        if possible:
            (memo,) = path.parent.glob("*.docx")
            assert run("toets", str(memo), str(path)) == 0
        shutil.rmtree(path.parent)


def possible_code(inputs: Inputs | None) -> int:
    """Return how a refused refresh ends: 2 when a cell cannot be read, 1 when a check fails."""
    return 2 if inputs is None else 1


def run(*arguments: str) -> int:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        try:
            return main(arguments)
        except SystemExit as stopped:
            return int(stopped.code or 0)


def has_plain_headings(book: Book) -> bool:
    """Tell whether Excel would allow these headings of tables: each its own."""
    return all(len({str(one).casefold() for one in sheet[0]}) == len(sheet[0]) for sheet in book.values())


def save(path: Path, book: Book) -> Path:
    """Write the book as Excel saves it: every kind of cell, a table per sheet."""
    path.parent.mkdir()
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        day = workbook.add_format({"num_format": "d-m-yyyy"})
        for key, left in placed(book):
            sheet, table = book[key], INPUT_TABLES[key]
            worksheet = workbook.get_worksheet_by_name(table.sheet) or workbook.add_worksheet(table.sheet)
            options = {"name": table.table, "columns": [{"header": str(one)} for one in sheet[0]]}
            worksheet.add_table(0, left, max(len(sheet) - 1, 1), left + len(sheet[0]) - 1, options)
            for row, cells in enumerate(sheet[1:], start=1):
                for column, cell in enumerate(cells, start=left):
                    if isinstance(cell, Formula):
                        worksheet.write_formula(row, column, cell.text, None, cell.value)
                    elif isinstance(cell, Unreadable):
                        worksheet.write_formula(row, column, "=Weg!A1", None, str(cell))
                    elif isinstance(cell, dt.date):
                        worksheet.write_datetime(row, column, cell, day)
                    else:
                        worksheet.write(row, column, cell)
    return path


slow = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
TestStaff = Staff.TestCase
TestStaff.settings = settings(
    max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=slow
)
TestStaffWithFiles = StaffWithFiles.TestCase
TestStaffWithFiles.settings = settings(
    max_examples=8, stateful_step_count=15, deadline=None, suppress_health_check=slow
)
