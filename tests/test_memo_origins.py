"""Bijlage Herkomst: each printed figure with its cell, lines and rule, and how bdur toets reads it."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from memos import write_memo
from sheets import inputs, raw, small
from strategies import books

from bdur_xl import nl, traced
from bdur_xl.checks import run_checks
from bdur_xl.files.memo_read import read_memo
from bdur_xl.files.versions import read_state
from bdur_xl.memo import Bullets, MemoFacts, Paragraphs, Placeholder, Source, memo_facts
from bdur_xl.memo_origins import (
    block_texts,
    known_figures,
    origin_table,
    printed_figures,
    stated_words_mark,
    words_mark,
)
from bdur_xl.memo_tables import Table
from bdur_xl.model import YearColumn
from bdur_xl.origins import places
from bdur_xl.overview import Overview, overview
from bdur_xl.parse import parse_inputs
from bdur_xl.refresh import examine
from bdur_xl.terms import Basis, Kind
from bdur_xl.traced import marked
from bdur_xl.verify import Outcome, verify

WORKBOOK = Path(__file__).parents[1] / "workbook" / "BDuR_plan.xlsm"
KENMERK, WHAT, VALUES, PLACES, LINES, RULE = range(6)


@pytest.fixture(scope="module")
def facts() -> MemoFacts:
    return examine(read_state(WORKBOOK)).facts


def small_facts(remark: str = "") -> MemoFacts:
    book = small()
    book["plan"][0].append("opmerking")
    for row in book["plan"][1:]:
        row.append(remark or None)
    plan = inputs(book)
    source = Source(overview(plan), run_checks(plan), Basis.EXACT)
    return memo_facts(source, (2031, 1, 15), places(raw(book), []))


def texts_of(facts: MemoFacts) -> list[str]:
    return [text for block in facts.blocks.values() for text in block_texts(block)]


def rows(table: Table) -> dict[str, tuple[str, ...]]:
    plain = [
        tuple(traced.plain(cell or "").replace(nl.NBSP, " ") for cell in row.cells) for row in table.rows
    ]
    assert [count for count in Counter(row[KENMERK] for row in plain).values() if count > 1] == []
    return {row[KENMERK]: row for row in plain}


def test_every_printed_figure_stands_in_the_table_with_its_place(facts: MemoFacts) -> None:
    texts = texts_of(facts)
    table = origin_table(facts, texts)
    told = printed_figures(row.cells[VALUES] or "" for row in table.rows)
    assert {*told} == {*printed_figures(texts)}
    without = [mark for mark, row in rows(table).items() if not row[PLACES]]
    assert without == []
    assert all(row[RULE] and row[WHAT] for row in rows(table).values())


def test_the_table_is_in_the_order_of_the_figures_and_then_the_quotes(facts: MemoFacts) -> None:
    table = origin_table(facts, texts_of(facts))
    marks = [row.cells[KENMERK] for row in table.rows]
    computed = [row.kenmerk for row in facts.rows if row.kenmerk in marks]
    assert marks[: len(computed)] == computed
    quotes = table.rows[len(computed) :]
    assert quotes
    assert {row.cells[WHAT] for row in quotes} == {"overgenomen tekst"}
    assert [column.heading for column in table.columns] == [
        "Kenmerk", "Cijfer", "Waarden", "Blad en cel", "Planregels", "Rekenregel",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "values", "cells", "lines"),
    [
        ("ruimte-exact", "2023: −€ 277.851; 2024: € 145.000; 2025: € 545.000; 2026: € 795.000",
         "Overzicht!B23:E23", "alle 15 met een raming"),
        ("lasten-incidenteel", "2023: € 485.000", "Overzicht!B9", "P07 P08 P11 P13 P17"),
        ("normbedrag-fte", "€ 100.000", "Over!B67", ""),
        ("instroom-in-dienst", "2023: 1 fte", "Instroom!C7:C505", ""),
        ("toekenning-exact", "2023: € 1.407.149", "Budget!C7", ""),
        ("toekenning-afgerond", "2024: € 1.650.000; 2025: € 2.150.000; 2026: € 2.400.000",
         "Budget!B8, Budget!B9, Budget!B10", ""),
        ("P08", "2023 i: € 150.000; 2024 s: € 100.000; 2025: € 100.000; 2026: € 100.000",
         "Plan!G14, Plan!J14:L14", "P08"),
        ("kantelpunt-exact", "2023: 8,3 maanden", "Overzicht!B22, Overzicht!B8 en Overzicht!B27",
         "alle 15 met een raming"),
        ("aandeel-blok-fte", "2023: 76%; 2026: 81%",
         "Overzicht!B13 en Overzicht!B8, Overzicht!E13 en Overzicht!E8",
         "P01 P02 P03 P04 P05 P06 P07 P08 P09 P10"),
        ("instroom 1 mei 2023", "lasten: € 1.385.000; ruimte afgerond: € 15.000; ruimte exact: € 22.149",
         "Overzicht!B56:D56", "alle 15 met een raming"),
    ],
)  # fmt: skip
def test_rows_of_the_memo(facts: MemoFacts, mark: str, values: str, cells: str, lines: str) -> None:
    row = rows(origin_table(facts, texts_of(facts)))[mark]
    assert (row[VALUES], row[PLACES], row[LINES]) == (values, cells, lines)


def test_only_what_is_printed_is_listed(facts: MemoFacts) -> None:
    texts = [
        f"{marked('-ruimte-exact.2023', '€ 277.851')} en {marked('fte-structureel.2025,2026', '13 fte')}"
    ]
    table = rows(origin_table(facts, texts))
    assert {mark: row[VALUES] for mark, row in table.items()} == {
        "ruimte-exact": "2023: −€ 277.851",  # its own value, whatever the sentence made of the sign
        "fte-structureel": "2025: 13 fte; 2026: 13 fte",
    }
    assert origin_table(facts, ["niets"]).rows == ()


def test_a_quote_is_traced_to_the_cell_it_was_typed_in() -> None:
    facts = small_facts("was € 5.000, nu 27%")
    row = rows(origin_table(facts, texts_of(facts)))["L1-opmerking"]
    assert row == (
        "L1-opmerking",
        "overgenomen tekst",
        "1: € 5.000; 2: 27%",
        "Plan!I2",
        "",
        "zoals in die tekst",
    )
    known = known_figures(facts)
    assert (known["L1-opmerking.1"].value, known["L1-opmerking.1"].place) == (5_000_00, "Plan!I2")
    assert known["L2-opmerking.2"].place == "Plan!I3"


def test_a_finding_is_traced_to_the_sheet_of_the_checks(facts: MemoFacts) -> None:
    table = rows(origin_table(facts, texts_of(facts)))
    found = {mark: row[PLACES] for mark, row in table.items() if re.match(r"[CN]\d\d-", mark)}
    assert found
    assert {*found.values()} == {"Controles"}


def test_known_figures_hold_what_no_text_prints(facts: MemoFacts) -> None:
    known = known_figures(facts)
    printed = printed_figures(texts_of(facts))
    assert {*printed} < {*known}
    assert "blok-fte.2024" in known


def test_printed_figures_come_apart_and_lose_their_sign() -> None:
    texts = [marked("-a.2027,2028", "€ 5"), marked("a.2028", "5"), "7", marked("b", "1 fte")]
    assert {*printed_figures(texts)} == {"a.2027", "a.2028", "b"}


def test_every_kind_of_block_tells_its_texts(facts: MemoFacts) -> None:
    assert [*block_texts(Paragraphs(("a", "b")))] == [*block_texts(Bullets(("a", "b")))] == ["a", "b"]
    assert [*block_texts(Placeholder("titel", "c"))] == ["c"]
    table = facts.blocks["tabel_ruimte"]
    assert isinstance(table, Table)
    texts = [*block_texts(table)]
    assert texts[0] == table.caption
    assert texts[-1] == table.notes[-1]
    assert "Post" in texts
    assert [*block_texts(facts.blocks["grafiek_lasten"])] == [
        "In 2025 en 2026 gelden de lasten, die Tabel 2 daar niet splitst, als structureel. "
        "Dat is een aanname.",
        "Het beschikbare bedrag voor 2024 tot en met 2026 is afgerond; het exacte is niet bekend.",
    ]


# As bdur toets reads it


def verdicts(facts: MemoFacts, path: Path) -> Counter[Outcome]:
    write_memo(facts, path)
    found = verify(read_memo(path), known_figures(facts))
    assert [one for one in found if one.outcome is not Outcome.EQUAL] == []
    return Counter(one.outcome for one in found)


def test_every_figure_of_the_memo_is_equal_to_the_workbook(facts: MemoFacts, tmp_path: Path) -> None:
    assert verdicts(facts, tmp_path / "memo.docx")[Outcome.EQUAL] > 500


@settings(
    deadline=None,
    max_examples=15,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(books())
def test_so_is_every_figure_of_another_plan(tmp_path: Path, book: dict[str, list[list[object]]]) -> None:
    tables = raw(book)
    plan, _ = parse_inputs(tables)
    source = Source(overview(plan), run_checks(plan), Basis.EXACT)
    verdicts(memo_facts(source, (2027, 1, 15), places(tables, [])), tmp_path / "memo.docx")


def test_the_mark_of_the_words_changes_with_words_and_not_with_figures(real: Overview) -> None:
    """A line from geen raming to € 0 moves no figure, and yet the memo says something else of it."""

    def mark(plan: Overview) -> str:
        return words_mark(memo_facts(Source(plan, run_checks(plan.inputs), Basis.EXACT), (2023, 2, 23)))

    def edited(line_id: str, amounts: dict[YearColumn, int]) -> Overview:
        plan = real.inputs.plan
        lines = tuple(
            line._replace(amounts={**line.amounts, **amounts}) if line.line_id == line_id else line
            for line in plan.lines
        )
        return overview(real.inputs._replace(plan=plan._replace(lines=lines)))

    column = YearColumn(2025, Kind.UNSPLIT)
    assert mark(real) == mark(real)
    assert mark(edited("P15", {column: 0})) != mark(real)
    assert mark(edited("P17", {column: 120_001_00})) == mark(
        edited("P17", {column: 120_002_00})
    )  # the same words


def test_the_mark_of_the_words_is_found_in_the_memo() -> None:
    assert stated_words_mark(["iets", "Kenmerk van de tekst: 0123456789ab. Daaraan"]) == "0123456789ab"
    assert stated_words_mark(["iets anders"]) is None
