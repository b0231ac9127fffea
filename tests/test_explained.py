"""Findings that staff have explained: visible, with the reason, and open again when they change."""

import pytest
from calm import calm, found, one
from hypothesis import given
from hypothesis import strategies as st
from sheets import Book, inputs, put

from bdur_xl import nl
from bdur_xl.as_json import checks_json
from bdur_xl.checks import CHECKS, Outcome, run_checks
from bdur_xl.checks.explained import Explanations
from bdur_xl.grids import HOLDS
from bdur_xl.memo_tables import check_table, finding_table
from bdur_xl.model import EXPLAINED, Explanation, Finding, Status
from bdur_xl.nl import NBSP
from bdur_xl.registry import SHEET_FUNCTIONS, evaluate
from bdur_xl.sheet_function import SheetFunction

REASON = "zo besloten"
FUNCTIONS: dict[str, SheetFunction] = {function.name: function for function in SHEET_FUNCTIONS}


def two_grants(exact: float = 250_100) -> Book:
    """Return a plan of which the exact grant of 2031 differs from the rounded one (C09)."""
    book = calm()
    put(book["budget"], "C2", exact)
    return book


def explained(book: Book, code: str) -> Book:
    """Return the book with its one finding of a check explained, as copied from the sheet Controles."""
    finding = one(book, code)
    book["explanations"].append([code, finding.where, finding.message, REASON])
    return book


def test_an_explained_finding_stays_visible() -> None:
    finding = one(explained(two_grants(), "C09"), "C09")
    assert (finding.verdict, finding.advice) == (EXPLAINED, f"Toegelicht: {REASON}")
    assert finding.status is Status.SIGNAL
    assert list(found(explained(two_grants(), "C09"))) == ["C09"]  # and no N08


def test_it_opens_again_when_its_figure_changes() -> None:
    book = explained(two_grants(), "C09")
    put(book["budget"], "C2", 250_200)
    assert one(book, "C09").verdict == "signaal"
    told = one(book, "N08")
    assert told.where == "Toelichtingen, rij 2: C09"
    assert told.message.replace(NBSP, " ") == (
        "de bevinding zegt nu iets anders en staat weer open: "
        "“afgerond € 250.000, exact € 250.200: verschil € 200”"
    )


def test_an_explanation_of_nothing_is_told() -> None:
    book = explained(two_grants(), "C09")
    put(book["budget"], "C2", 250_000)
    assert [(code, finding.message) for code, (finding,) in found(book).items()] == [
        ("N08", "deze bevinding is er niet (meer)")
    ]


def test_what_must_hold_cannot_be_explained_away() -> None:
    book = calm()
    put(book["control_totals"], "C2", 1)
    book = explained(book, "C01")
    assert one(book, "C01").verdict == "klopt niet"
    assert one(book, "C01").explained is None
    assert one(book, "N08").message.startswith("wat moet kloppen kan niet worden toegelicht")


@pytest.mark.parametrize(
    "copied", [lambda text: text.upper(), lambda text: text.replace(NBSP, " "), lambda text: f"{text[:30]}…"]
)
def test_a_copy_from_the_sheet_fits(copied: object) -> None:
    """The sheet shows at most 255 characters; a person may retype the spaces."""
    assert callable(copied)
    book = explained(two_grants(), "C09")
    put(book["explanations"], "C2", copied(book["explanations"][1][2]))
    assert one(book, "C09").explained == REASON


@pytest.mark.parametrize(("cell", "other"), [("A2", "C10"), ("B2", "Budget 2032"), ("C2", "iets anders")])
def test_another_finding_stays_open(cell: str, other: str) -> None:
    book = explained(two_grants(), "C09")
    put(book["explanations"], cell, other)
    assert one(book, "C09").explained is None


def check_rows(*ranges: object) -> dict[str, tuple[object, ...]]:
    """Return the rows of BDUR_CONTROLES by code."""
    grid = evaluate(FUNCTIONS["BDUR_CONTROLES"], ranges)
    assert isinstance(grid, tuple)
    return {str(row[0]): row for row in grid}


def as_ranges(book: Book) -> list[object]:
    order = ("plan", "budget", "links", "areas", "goals", "intake", "capacity", "control_totals", "premises")
    ranges = [tuple(map(tuple, book[key])) for key in order]
    return [*ranges, None, None, tuple(map(tuple, book["explanations"]))]


def test_every_surface_shows_it() -> None:
    book = explained(two_grants(), "C09")
    outcomes = run_checks(inputs(book))
    rows = check_rows(*as_ranges(book))
    assert rows["C09"][2] == EXPLAINED
    assert rows["C09"][5] == f"Toegelicht: {REASON}"
    assert rows["N08"][2] == HOLDS
    shown = str([*checks_json(outcomes, [])["controles"]])
    assert f"'toelichting': '{REASON}'" in shown
    listed = {row.cells[0]: row.cells[3] for row in finding_table(outcomes).rows}
    assert listed["C09"] == f"Toegelicht: {REASON}"
    verdicts = {row.cells[0]: row.cells[2] for row in check_table(outcomes).rows}
    assert verdicts["C09"] == "signaal: 1 bevinding, waarvan 1 toegelicht"


def test_the_range_of_explanations_may_be_left_out() -> None:
    book = two_grants()
    assert check_rows(*as_ranges(book)[:9])["C09"][2] == "signaal"


texts = st.sampled_from(
    ["C09", "c09", "C0…", "Budget 2031", "budget…", "Budget  2031", "iets", "…", "iets anders"]
)


def fits(copied: str, text: str) -> bool:
    one, other = nl.fold(copied), nl.fold(text)
    return one == other or (one.endswith("…") and other.startswith(one.removesuffix("…")))


@given(
    st.lists(st.builds(Explanation, texts, texts, texts, st.sampled_from("abc")), max_size=6),
    st.lists(st.tuples(texts, st.sampled_from([Status.SIGNAL, Status.FAILED]), texts, texts), max_size=6),
)
def test_the_first_explanation_that_fits_is_the_one(
    given_ones: list[Explanation], seen: list[tuple[str, Status, str, str]]
) -> None:
    findings = tuple(Finding(*one, remedy="herstel") for one in seen)
    explanations = Explanations(given_ones)
    marked = explanations.marked(Outcome(CHECKS[0], findings)).findings
    assert [(shown.where, shown.message) for shown in marked] == [(said[2], said[3]) for said in seen]

    def about(one: Explanation, finding: Finding) -> bool:
        return fits(one.code, finding.code) and fits(one.where, finding.where)

    for finding in marked:
        reasons = [
            one.reason for one in given_ones if about(one, finding) and fits(one.message, finding.message)
        ]
        can_be = finding.status is Status.SIGNAL
        assert finding.explained == next(iter(reasons if can_be else []), None)
    for copied, known in zip(given_ones, explanations.all, strict=True):
        assert known.about == [finding for finding in findings if about(copied, finding)]
