"""A plan of more lines than a board reads: the memo gives totals, says so, and each keeps its source."""

from pathlib import Path

import pytest
from bench.plan import book
from memos import write_memo

from bdur_xl import checks
from bdur_xl.checks import CHECKS, Outcome, each_outcome, run_checks
from bdur_xl.figures import MOST_LINES, MOST_LISTED, figure_rows, listed_lines
from bdur_xl.files.memo_read import read_memo
from bdur_xl.memo import MemoFacts, Paragraphs, Source, loose_lines, memo_facts, risks
from bdur_xl.memo_origins import block_texts, known_figures, printed_figures
from bdur_xl.memo_tables import check_table, finding_table, loose_line_table, plan_table
from bdur_xl.model import (
    Finding,
    FocusArea,
    Goal,
    Inputs,
    Link,
    Plan,
    PlanLine,
    Status,
    YearColumn,
    open_ones,
)
from bdur_xl.origins import CHECK_SHEET, places
from bdur_xl.overview import Overview, overview
from bdur_xl.parse import parse_inputs
from bdur_xl.scenarios import compared
from bdur_xl.tables import INPUT_TABLES, Numbered, RawTable
from bdur_xl.terms import Basis, Kind, Level
from bdur_xl.traced import plain
from bdur_xl.verify import Outcome as Verdict
from bdur_xl.verify import verify

COLUMN = YearColumn(2031, Kind.STRUCTURAL)
LATER = YearColumn(2032, Kind.UNSPLIT)


def a_plan(count: int, loose: int = 0) -> Overview:
    """Lines of € 1, € 2, … in 2031; the odd ones under another hoofdthema, and € 5 more in 2032.

    The last `loose` of them serve no focus area.
    """
    lines = tuple(
        PlanLine(
            f"L{number}", f"thema {number % 2}", "middelen", f"onderwerp {number}",
            {COLUMN: number * 100, LATER: 500} if number % 2 else {COLUMN: number * 100}, "afdeling",
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    links = tuple(Link(line.line_id, "A", Level.EXPLICIT) for line in lines[: count - loose])
    return overview(
        Inputs(
            Plan((COLUMN, LATER), lines, unsplit_as=Kind.STRUCTURAL), {},
            (Goal("R1", "RCDV", None, "tekst", "regionaal"),), (FocusArea("A", "gebied", "R1", ()),),
            links,
        )
    )  # fmt: skip


def facts_of(view: Overview, *outcomes: Outcome) -> MemoFacts:
    return memo_facts(Source(view, outcomes or (Outcome(CHECKS[1], ()),), Basis.EXACT), (2031, 1, 15))


@pytest.fixture(scope="module")
def many() -> Overview:
    return a_plan(MOST_LISTED + 1)


def test_all_regions_together_are_listed_line_by_line() -> None:
    assert MOST_LISTED >= 2 * 25 * 20
    view = a_plan(MOST_LISTED)
    assert [row.cells[0] for row in plan_table(view).rows[:MOST_LISTED]] == [
        f"L{number}" for number in range(1, MOST_LISTED + 1)
    ]
    assert facts_of(view).left_out == ()


def test_one_line_more_gives_totals_per_hoofdthema_and_blok(many: Overview) -> None:
    table = plan_table(many)
    rows = [tuple(plain(cell or "") for cell in row.cells) for row in table.rows]
    # odd: 1 + 3 + … + 1001 = 501² = 251.001, and 501 times 5; even: 2 + 4 + … + 1000 = 500 · 501 = 250.500
    assert rows[:2] == [
        ("thema 1", "middelen", "501 regels", "251.001", "2.505"),
        ("thema 0", "middelen", "500 regels", "250.500", ""),  # geen raming, which is not € 0
    ]
    assert rows[2][0] == "totaal per kolom"
    assert rows[2][3:] == ("501.501", "2.505")
    assert all(len(row.cells) == len(table.columns) for row in table.rows)


def test_the_memo_and_the_command_say_where_the_lines_are(many: Overview) -> None:
    facts = facts_of(many)
    (said,) = facts.left_out
    assert "1001 planregels" in said
    assert "blad Plan" in said
    assert plan_table(many).notes[0] == said


def test_every_printed_total_is_known_with_its_lines_and_sheet(many: Overview) -> None:
    facts = facts_of(many)._replace(places=places({}, ()))
    printed = printed_figures(text for block in facts.blocks.values() for text in block_texts(block))
    known = known_figures(facts)
    assert printed <= known.keys()
    total = known["regels-thema 1-middelen.2031 s"]
    assert (total.value, total.place, len(total.lines)) == (251_001_00, "Plan", 501)
    assert "L1.2031" not in known  # no figures, and no places, of single lines


def test_the_figures_of_such_a_memo_all_equal_the_workbook(many: Overview, tmp_path: Path) -> None:
    facts = facts_of(many)
    write_memo(facts, tmp_path / "memo.docx")
    verdicts = verify(read_memo(tmp_path / "memo.docx"), known_figures(facts))
    assert [one for one in verdicts if one.outcome is not Verdict.EQUAL] == []
    assert "regels-thema 1-middelen.2031 s" in {one_id for one in verdicts for one_id in one.ids}


def test_few_lines_without_goal_stay_listed_in_a_plan_of_many() -> None:
    view = a_plan(MOST_LISTED + 1, loose=2)
    assert [row.cells[0] for row in loose_line_table(view).rows] == ["L1000", "L1001"]
    assert [line.line_id for line in listed_lines(view.inputs)] == ["L1000", "L1001"]
    kenmerken = {row.kenmerk for row in figure_rows(view)}
    assert {"L1000", "L1001", "regels-thema 0-middelen"} <= kenmerken
    assert "L999" not in kenmerken


def test_many_lines_without_goal_are_told_to_stand_in_the_workbook() -> None:
    view = a_plan(MOST_LISTED + 1, loose=MOST_LISTED + 1)
    assert loose_line_table(view).rows == ()
    told = loose_lines(Source(view, (), Basis.EXACT))
    assert isinstance(told, Paragraphs)
    assert "1001 planregels" in told.texts[0]
    assert "staan in de werkmap op het blad Doelen" in told.texts[0]


def findings(count: int) -> Outcome:
    check = next(one for one in CHECKS if one.status is Status.DEVIATION)
    return Outcome(
        check, tuple(Finding(check.code, check.status, f"L{n}", "fout", "herstel") for n in range(count))
    )


def test_a_check_with_too_many_findings_gets_one_row_that_counts_them() -> None:
    few, many = findings(MOST_LISTED), findings(MOST_LISTED + 1)
    assert len(finding_table((few,)).rows) == MOST_LISTED
    (row,) = finding_table((many,)).rows
    assert f"{MOST_LISTED + 1} bevindingen" in (row.cells[2] or "")
    (said,) = facts_of(a_plan(2), many).left_out
    assert many.check.code in said
    assert CHECK_SHEET in said


def explained(outcome: Outcome, *at: int) -> Outcome:
    found = list(outcome.findings)
    for one in at:
        found[one] = found[one]._replace(explained="bekend")
    return Outcome(outcome.check, tuple(found))


@pytest.mark.parametrize(
    "whole",
    [
        findings(0),
        findings(MOST_LISTED),
        findings(MOST_LISTED + 1),
        explained(findings(MOST_LISTED + 1), 0),
        explained(findings(MOST_LISTED + 5), 3, MOST_LISTED + 2, MOST_LISTED + 4),
        explained(findings(MOST_LISTED + 5), *range(MOST_LISTED)),
    ],
)
def test_a_memo_says_the_same_of_findings_that_are_only_counted(whole: Outcome) -> None:
    short = whole.shortened(MOST_LISTED)
    assert len(open_ones(short.findings)) == min(len(open_ones(whole.findings)), MOST_LISTED)
    assert (short.total, short.gravest) == (whole.total, whole.gravest)
    assert facts_of(a_plan(2), short) == facts_of(a_plan(2), whole)
    assert check_table((short,)) == check_table((whole,))


def test_no_finding_that_forbids_a_memo_is_only_counted() -> None:
    check = next(one for one in CHECKS if one.status is Status.FAILED)
    whole = Outcome(check, tuple(Finding(check.code, check.status, f"L{n}", "fout", "doe") for n in range(9)))
    assert whole.shortened(2) is whole


def test_a_sentence_names_the_first_of_many_deviations() -> None:
    told = "\n".join(risks(Source(a_plan(2), (findings(MOST_LINES + 5),), Basis.EXACT)).texts)
    assert f"L{MOST_LINES - 1} en nog 5" in plain(told)
    assert f"L{MOST_LINES}," not in told


def test_the_places_of_too_many_lines_are_not_kept() -> None:
    def of(count: int) -> dict[str, str]:
        rows = tuple((number + 7, (f"L{number}", 5)) for number in range(count))
        return places({"plan": RawTable("Plan", ("regel", "2031"), rows, header_row=6)}, ())

    assert of(MOST_LISTED)["L0.2031"] == "Plan!B7"
    assert "L0.2031" not in of(MOST_LISTED + 1)


def test_checks_and_totals_make_no_line_of_a_plan_beyond_doubt() -> None:
    """Of 100,000 lines the objects alone would take more than the work."""
    tables = {
        key: RawTable(INPUT_TABLES[key].sheet, rows[0], Numbered(2, rows[1:]))
        for key, rows in book(MOST_LISTED).items()
    }
    inputs, _ = parse_inputs(tables, required=())
    outcomes = run_checks(inputs)
    assert sum(bool(one.findings) for one in outcomes) > 20
    assert not any(one.status is Status.FAILED for outcome in outcomes for one in outcome.findings)
    assert compared(inputs)[0].planned == overview(inputs).planned
    assert "_made" not in vars(inputs.plan.lines)
    assert inputs.plan.lines[0]
    assert "_made" in vars(inputs.plan.lines)  # it would be seen


def test_findings_go_one_check_at_a_time() -> None:
    inputs = a_plan(2).inputs
    looked: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        watched = tuple(
            one._replace(look=lambda _, code=one.code: iter(looked.append(code) or ()))  # type: ignore[func-returns-value, misc]
            for one in checks._ON_THE_PLAN
        )
        patch.setattr(checks, "_ON_THE_PLAN", watched)
        outcomes = each_outcome(inputs)
        assert looked == []
        for number, _ in zip((1, 2, 3), outcomes, strict=False):
            assert len(looked) == number
