"""Every figure that the memo states: marked with its id, right, and followed to its cell and plan lines."""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sheets import Book, raw
from strategies import books

from bdur_xl import amounts, nl, traced
from bdur_xl.checks import run_checks
from bdur_xl.figures import (
    MOST_LINES,
    FigureRow,
    Unit,
    figure_rows,
    figures,
    kenmerk,
    line_amounts,
    lines_text,
    months,
    place_of,
    shown,
)
from bdur_xl.files.versions import read_state
from bdur_xl.memo import MemoFacts, Source, memo_facts
from bdur_xl.memo_origins import block_texts, known_figures
from bdur_xl.memo_tables import Table
from bdur_xl.model import Inputs
from bdur_xl.overview import Overview, overview
from bdur_xl.parse import parse_inputs
from bdur_xl.refresh import examine
from bdur_xl.terms import OPPOSITE, Basis, Kind

WORKBOOK = Path(__file__).parents[1] / "workbook" / "BDuR_plan.xlsm"
OF_A_CONSTANT = "iets anders dan "
"""What stands before the € 0 that no figure is: geen raming is iets anders dan € 0."""

SUMS = re.compile(r"lasten-|blok-|hoofdthema-|afdeling-|doel-.*-bedrag|doel-geen-doel")
"""Figures that the lines behind them add up to."""

OF_KIND = {"lasten-incidenteel": Kind.INCIDENTAL, "lasten-structureel": Kind.STRUCTURAL}


@pytest.fixture(scope="module")
def facts() -> MemoFacts:
    return examine(read_state(WORKBOOK)).facts


def texts_of(facts: MemoFacts) -> Iterator[str]:
    for block in facts.blocks.values():
        yield from block_texts(block)


def marks_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where in the plain text each mark begins and ends, and its ids."""
    at = 0
    for piece, ids in traced.pieces(text):
        if ids:
            yield at, at + len(piece), ids
        at += len(piece)


def printed(facts: MemoFacts) -> Iterator[tuple[str, str]]:
    """Yield every figure of the memo as printed, with its ids."""
    for text in texts_of(facts):
        yield from ((piece, ids) for piece, ids in traced.pieces(text) if ids)


def assert_all_marked(facts: MemoFacts) -> int:
    """Hold every amount that a reader would find against the marks; return how many there are."""
    found = 0
    for text in texts_of(facts):
        plain, marks = traced.plain(text), [*marks_in(text)]
        for one in amounts.find_amounts(plain):
            ends = one.start + len(one.text.rstrip("."))  # "€ 3 mln." at the end of a sentence
            inside = any(start <= one.start and ends <= end for start, end, _ in marks)
            constant = one.value == 0 and plain[: one.start].endswith(OF_A_CONSTANT)
            assert inside or constant, (one.text, plain)
            found += inside
    for table in facts.blocks.values():
        if isinstance(table, Table):
            for row in table.rows:
                for column, cell in zip(table.columns, row.cells, strict=True):
                    bare = "".join(piece for piece, ids in traced.pieces(cell or "") if not ids)
                    assert not column.numeric or not re.search(r"\d", bare), (table.caption, cell)
    return found


def assert_figures_hold(facts: MemoFacts) -> int:
    """Hold what each mark prints against the value of its figure; return how many there are."""
    known, found = known_figures(facts), 0
    for text, ids in printed(facts):
        sign = -1 if ids.startswith(OPPOSITE) else 1
        for figure_id in traced.single(ids):
            figure = known[figure_id]
            if figure.value is None:
                assert text == nl.ABSENT
                continue
            read = next(amounts.find_amounts(text), None) or amounts.cell_amount(text, figure.unit)
            assert read, (text, figure_id)
            assert read.unit is figure.unit
            assert read.states(sign * figure.value), (text, figure)
            found += 1
    return found


def assert_lines_add_up(rows: tuple[FigureRow, ...], inputs: Inputs) -> int:
    """Add up the lines behind each figure of planned cost; return how many figures there are."""
    lines, found = {line.line_id: line for line in inputs.plan.lines}, 0
    for row in rows:
        if SUMS.match(row.kenmerk):
            for column, value in row.values.items():
                if value is not None:
                    of_lines = [lines[line_id] for line_id in row.lines]
                    assert value == sum(
                        cents
                        for line in of_lines
                        for at, cents in line.amounts.items()
                        if at.year == int(column)
                        and OF_KIND.get(row.kenmerk, kind := inputs.plan.kind_of(at)) == kind
                    ), (row.kenmerk, column)
                    found += 1
    return found


# The plan of the memo


def test_the_memo_prints_no_amount_without_a_mark(facts: MemoFacts) -> None:
    assert assert_all_marked(facts) > 250


def test_every_mark_states_the_value_of_its_figure(facts: MemoFacts) -> None:
    assert assert_figures_hold(facts) > 350


def test_the_lines_of_a_figure_add_up_to_it(facts: MemoFacts, real: Overview) -> None:
    assert assert_lines_add_up(facts.rows, real.inputs) > 100
    of = {row.kenmerk: row.lines for row in facts.rows}
    assert of["lasten-incidenteel"] == ("P07", "P08", "P11", "P13", "P17")
    assert of["doel-geen-doel"] == ("P05", "P06", "P08", "P09", "P10")
    assert of["doel-R2b-bedrag"] == ()
    assert of["ruimte-exact"] == of["lasten-jaartotaal"]
    assert len(of["lasten-jaartotaal"]) == 15


def test_no_two_figures_have_one_id(facts: MemoFacts) -> None:
    ids = [row.figure_id(column) for row in facts.rows for column in row.values]
    assert len(ids) == len({*ids})


def in_hundredths(cell: object, unit: Unit) -> int | None:
    """Return a cell as a figure is counted; a dash and an empty text are none."""
    if cell is None or cell in ("", nl.ABSENT):
        return None
    assert isinstance(cell, int | float)
    return nl.round_half_up(Fraction(str(cell)) * (100 if unit in (Unit.EURO, Unit.FTE) else 1))


def test_each_figure_stands_in_the_cell_that_it_names(facts: MemoFacts) -> None:
    """To the cent, in the committed workbook, as its last program computed it."""
    book, found, nil = openpyxl.load_workbook(WORKBOOK, data_only=True), 0, []
    of = {row.kenmerk: row.of for row in facts.rows}
    for figure_id, figure in figures(facts.rows, facts.places).items():
        kenmerk_, _, _ = figure_id.rpartition(".")
        if of[kenmerk_ or figure_id]:
            continue  # no sheet shows it itself
        assert re.fullmatch(r"\w+![A-Z]+\d+(:[A-Z]+\d+)?", figure.place), figure
        sheet, _, place = figure.place.partition("!")
        cells = book[sheet][place]
        cells = [cell for row in cells for cell in row] if isinstance(cells, tuple) else [cells]
        values = [value for cell in cells if (value := in_hundredths(cell.value, figure.unit)) is not None]
        if values:
            assert figure.value is not None
            assert sum(values) == nl.round_half_up(figure.value), figure
            found += 1
        elif figure.value is not None:
            nil.append(figure_id)
    assert found > 250
    assert {figure_id.partition(".")[0] for figure_id in nil} <= {
        f"doel-{goal}-{measure}"
        for goal in ("R2b", "R3", *(f"B20-{n}" for n in ("1", "2", "3", "4", "5", "5a", "5b", "6", "6a")))
        for measure in ("bedrag", "fte")
    }  # no line serves these: a dash on the sheet and in the memo


def test_kenmerken_and_cells_are_those_of_the_sheet_memo(facts: MemoFacts) -> None:
    sheet = openpyxl.load_workbook(WORKBOOK, data_only=True)["Memo"]
    ours = {row.kenmerk: row for row in facts.rows}
    headings: list[str] = []
    told: dict[str, str] = {}
    for cells in sheet.iter_rows(values_only=True):
        texts = ["" if cell is None else str(cell) for cell in cells]
        if texts[0] == "kenmerk":
            headings = texts
        elif headings and texts[0]:
            told[texts[0]] = f"{texts[headings.index('blad')]}!{texts[headings.index('cellen')]}"
    assert told.pop("peildatum").startswith("Over!")  # a date: no figure
    assert {*told} <= {*ours}
    for mark, cells_ in told.items():
        first, _, end = cells_.partition(":")
        columns = list(ours[mark].values)
        assert place_of(ours[mark], columns[0], facts.places) == (cells_ if columns == [""] else first)
        last = place_of(ours[mark], columns[-1], facts.places).rpartition("!")[2]
        assert columns == [""] or last <= end  # the sheet has room for more years
    assert len(told) > 50


# Other plans


@st.composite
def told_books(draw: st.DrawFn) -> Book:
    """Draw a book in which texts of staff hold amounts too."""
    book = draw(books())
    texts = st.sampled_from([None, "voor € 5.000 of 27%", "1.685.000 en 1,5 fte", "par. 4, 2027", "-€ 3 mln"])
    plan = book["plan"]
    plan[0].append("opmerking")
    department = plan[0].index("afdeling/sector")
    for row in plan[1:]:
        row[1], row[3], row[department] = draw(texts), draw(texts), draw(texts)
        row.append(draw(texts))
    for key in ("goals", "areas"):
        for row in book[key][1:]:
            row[1 if key == "areas" else 3] = draw(texts) or "doel"
    for row in book["budget"][1:]:
        row[4] = draw(texts)
        row[5] = draw(st.sampled_from([None, "toegekend", "prognose", "voor € 5.000 zeker"]))
    book["links"][0].append("grond")
    for row in book["links"][1:]:
        row.append(draw(texts))
    return book


def read(book: Book) -> Inputs:
    inputs, _ = parse_inputs(raw(book))
    return inputs


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(told_books(), st.sampled_from(Basis))
def test_other_plans_are_traced_as_well(book: Book, basis: Basis) -> None:
    inputs = read(book)
    plan = overview(inputs)
    facts = memo_facts(Source(plan, run_checks(inputs), basis), (2027, 1, 15))
    assert_all_marked(facts)
    assert_figures_hold(facts)
    assert_lines_add_up(facts.rows, inputs)


# How figures are written


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (140_714_900, Unit.EURO, "€ 1.407.149"),
        (Fraction(141_833_333_1, 10), Unit.EURO, "€ 1.418.333,33"),
        (-1, Unit.EURO, "−€ 0,01"),
        (None, Unit.EURO, "–"),
        (150, Unit.FTE, "1,5 fte"),
        (None, Unit.FTE, "– fte"),
        (Fraction(90, 337), Unit.SHARE, "27%"),
        (None, Unit.SHARE, "–"),
        (Fraction(41, 5), Unit.MONTHS, "8,2 maanden"),
        (Fraction(-1, 4), Unit.MONTHS, "−0,3 maanden"),
        (None, Unit.MONTHS, "–"),
    ],
)
def test_shown(value: Fraction | int | None, unit: Unit, written: str) -> None:
    assert shown(value, unit).replace(nl.NBSP, " ") == written


def test_months_round_half_up() -> None:
    assert [months(Fraction(n, 100)) for n in (824, 825, 0)] == ["8,2 maanden", "8,3 maanden", "0,0 maanden"]


def test_a_kenmerk_holds_no_spaces() -> None:
    assert kenmerk("ruimte deeljaar", "exact") == "ruimte-deeljaar-exact"
    assert kenmerk("doel", "geen doel") == "doel-geen-doel"


def test_lines_are_named_up_to_a_number_and_then_counted() -> None:
    many = tuple(f"P{number}" for number in range(MOST_LINES + 2))
    assert lines_text(many, ()) == " ".join(many[:MOST_LINES]) + " en nog 2 regels"
    assert lines_text(many[:-1], ()) == " ".join(many[:MOST_LINES]) + " en nog 1 regel"
    assert lines_text(many, many) == f"alle {len(many)} met een raming"
    assert lines_text(("P1",), ("P1",)) == "P1"
    assert lines_text((), many) == ""


def a_row(kenmerk: str, *of: str) -> FigureRow:
    return FigureRow(kenmerk, "", "", Unit.EURO, {"2027": 1}, of=of)


def test_a_figure_that_no_sheet_shows_tells_what_it_is_made_of() -> None:
    places = {"a.2027": "Overzicht!B1", "b": "Over!C2"}
    assert place_of(a_row("a"), "2027", places) == "Overzicht!B1"
    assert place_of(a_row("b"), "2027", places) == "Over!C2"  # one cell for all years
    assert place_of(a_row("c"), "2027", places) == ""
    assert place_of(a_row("c", "a", "b"), "2027", places) == "Overzicht!B1 en Over!C2"
    assert place_of(a_row("c", "a", "a"), "2027", places) == "Overzicht!B1"


def test_line_amounts_keep_geen_raming_apart(real: Overview) -> None:
    of = {line.line_id: line_amounts(line) for line in real.inputs.plan.lines}
    assert of["P07"] == {2023: 325_000_00, 2024: 200_000_00, 2025: 200_000_00, 2026: 200_000_00}
    assert of["P10"] == {2024: 100_000_00, 2025: 100_000_00, 2026: 100_000_00}
    assert of["P15"] == {}
    assert [row.kenmerk for row in figure_rows(real) if row.kenmerk == "P15"] == []
