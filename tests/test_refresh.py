"""A refresh through the Book protocol: rows in, checks, rows out; all of it or nothing."""

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from bdur_xl import __version__
from bdur_xl.book import BookError, Formula, Refused, computed
from bdur_xl.figures import Unit
from bdur_xl.files.versions import read_state
from bdur_xl.grids import CHECK_HEADINGS
from bdur_xl.model import Status
from bdur_xl.origins import MEMO_SHEET, joined, places
from bdur_xl.record import (
    CHANGE,
    FIGURE_HEADINGS,
    KENMERK,
    LAST_NAME,
    LOG_HEADINGS,
    NO_FINGERPRINT,
    NOW,
    NOW_NAME,
    PRINTED,
    in_cell,
    record,
)
from bdur_xl.refresh import Examined, examine, refuse_failed, state_of
from bdur_xl.restore import Snapshot
from bdur_xl.tables import OUTPUT_TABLES, RawTable

WORKBOOK = Path(__file__).parent.parent / "workbook" / "BDuR_plan.xlsm"
MOMENT = dt.datetime(2023, 3, 12, 9, 30)
Rows = list[Sequence[object]]


class Rowed:
    """A book that is rows: the real inputs, and output tables as a new workbook has them."""

    def __init__(self, state: Snapshot, fails_on: str = "") -> None:
        self.state, self.fails_on = state, fails_on
        self.outputs: dict[str, Rows] = {
            "figures": [FIGURE_HEADINGS, ["oud"] * len(FIGURE_HEADINGS)],
            "findings": [CHECK_HEADINGS, ["oud"] * len(CHECK_HEADINGS)],
            "log": [LOG_HEADINGS, (dt.datetime(2023, 2, 23), "0", "1-1", "werkmap gebouwd")],
        }
        self.names: dict[str, object] = {NOW_NAME: "12-34", LAST_NAME: "1-1"}

    def read(self, key: str) -> RawTable | None:
        if key in self.outputs:
            headings, *rows = map(tuple, self.outputs[key])
            return RawTable(OUTPUT_TABLES[key].sheet, headings, tuple(enumerate(rows, start=2)))
        return self.state.read(key)

    def cells(self, sheet: str) -> Sequence[Sequence[object]]:
        assert sheet == MEMO_SHEET
        return []

    def write(self, key: str, rows: Sequence[Sequence[object]]) -> None:
        if key == self.fails_on and rows != self.outputs[key]:
            self.fails_on = ""
            raise BookError("Het blad zit op slot", "Hef de beveiliging op.")
        self.outputs[key] = list(rows)

    def value(self, name: str) -> object:
        return self.names.get(name)

    def set_value(self, name: str, value: str) -> None:
        if name == self.fails_on and value != "1-1":
            raise BookError("Het blad zit op slot", "Hef de beveiliging op.")
        self.names[name] = value


@pytest.fixture(scope="module")
def state() -> Snapshot:
    return read_state(WORKBOOK, MOMENT)


@pytest.fixture(scope="module")
def examined(state: Snapshot) -> Examined:
    return examine(state)


def changed(state: Snapshot, key: str, old: object, new: object) -> Snapshot:
    """Return the state with every cell that holds `old` holding `new`."""
    raw = state.tables[key]
    rows = tuple((number, tuple(new if cell == old else cell for cell in row)) for number, row in raw.rows)
    assert rows != raw.rows
    return state._replace(tables={**state.tables, key: raw._replace(rows=rows)})


def test_a_refresh_writes_figures_findings_fingerprint_and_one_line(
    state: Snapshot, examined: Examined
) -> None:
    book = Rowed(state)
    record(book, examined, "memo gemaakt")
    assert book.outputs["log"] == [
        LOG_HEADINGS,
        (dt.datetime(2023, 2, 23), "0", "1-1", "werkmap gebouwd"),
        (MOMENT, __version__, "12-34", "memo gemaakt"),
    ]
    assert book.names[LAST_NAME] == "12-34"
    assert book.outputs["findings"][0] == CHECK_HEADINGS
    assert "oud" not in {row[0] for row in book.outputs["findings"]}
    rows = {(row[KENMERK], row[2]): row for row in book.outputs["figures"][1:]}
    room = rows["ruimte-exact", "2023"]
    assert (room[PRINTED], room[CHANGE]) == (-277851.0, Formula("=ROUND('Overzicht'!B23--277851.0,2)", 0.0))
    assert room[NOW] == Formula("='Overzicht'!B23", -277851.0)
    assert rows["P06", "2025"][6] == "Plan!K12"


def test_what_no_cell_shows_has_no_formula(state: Snapshot, examined: Examined) -> None:
    book = Rowed(state)
    record(book, examined, "")
    share = next(row for row in book.outputs["figures"] if row[KENMERK] == "aandeel-doel-geen-doel")
    assert share[PRINTED] == 0.2671  # 450.000 of 1.685.000
    assert (share[NOW], share[CHANGE]) == (None, None)
    assert share[6] == "Overzicht!B33 en Overzicht!B8"


def test_an_unknown_fingerprint_is_said_so(state: Snapshot, examined: Examined) -> None:
    book = Rowed(state)
    book.names[NOW_NAME] = None
    record(book, examined, "")
    assert book.names[LAST_NAME] == NO_FINGERPRINT


@pytest.mark.parametrize("fails_on", ["figures", "findings", "log", LAST_NAME])
def test_when_something_cannot_be_written_all_is_put_back(
    state: Snapshot, examined: Examined, fails_on: str
) -> None:
    book = Rowed(state, fails_on)
    before = Rowed(state)
    with pytest.raises(BookError):
        record(book, examined, "memo gemaakt")
    assert {key: [tuple(row) for row in rows] for key, rows in book.outputs.items()} == {
        key: [tuple(row) for row in rows] for key, rows in before.outputs.items()
    }
    assert book.names == before.names


def test_a_workbook_without_output_tables_is_refused_before_anything_is_written(
    state: Snapshot, examined: Examined
) -> None:
    book = Rowed(state)
    del book.outputs["findings"]
    with pytest.raises(BookError, match="Verversing"):
        record(book, examined, "")
    assert book.outputs["figures"][1][0] == "oud"


def test_a_failed_check_refuses_with_its_code(state: Snapshot) -> None:
    plan = changed(state, "control_totals", 1605000.0, 1605001.0)
    found = examine(plan)
    with pytest.raises(Refused) as refused:
        refuse_failed(found)
    assert {finding.code for finding in refused.value.findings} == {"C01"}
    assert refused.value.verdict == (
        "Er klopt een controle die moet kloppen niet (C01): er is geen memo gemaakt en niets gewijzigd."
    )


def test_an_unreadable_cell_refuses_with_every_fault(state: Snapshot) -> None:
    with pytest.raises(Refused) as refused:
        examine(changed(state, "plan", 150000.0, "veel"))
    assert len(refused.value.findings) > 1
    assert all(finding.status is Status.FAULT for finding in refused.value.findings)
    assert "fouten in de invoer" in refused.value.verdict


def test_formulas_count_as_what_they_gave(state: Snapshot) -> None:
    typed = changed(state, "plan", 225000.0, Formula("=150000*1.5", 225000.0))
    assert examine(typed).facts == examine(state).facts
    assert typed.tables["plan"] != computed(typed.tables["plan"]) == state.tables["plan"]


def test_the_state_keeps_every_figure_and_its_place(state: Snapshot, examined: Examined) -> None:
    assert examined.snapshot.results["ruimte-exact.2023"] == -27785100
    assert examined.snapshot.results["deeljaar-jaartotaal.2023"] == Fraction(425500000, 3)
    assert state.places["ruimte-exact.2023"] == "Overzicht!B23"
    assert not state.typed


def test_a_state_can_be_read_again_from_itself(state: Snapshot) -> None:
    assert state_of(Rowed(state), MOMENT, typed=True).tables == state.tables


@pytest.mark.parametrize(
    ("value", "unit", "cell"),
    [
        (-27785100, Unit.EURO, -277851.0),
        (Fraction(425500000, 3), Unit.EURO, 1418333.3333),
        (150, Unit.FTE, 1.5),
        (Fraction(1, 3), Unit.SHARE, 0.3333),
        (Fraction(41, 5), Unit.MONTHS, 8.2),
    ],
)
def test_figures_as_cells_hold_them(value: Fraction | int, unit: Unit, cell: float) -> None:
    assert in_cell(value, unit) == cell


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (["Plan!B2", "Plan!C2", "Plan!D2"], "Plan!B2:D2"),
        (["Plan!Z2", "Plan!AA2"], "Plan!Z2:AA2"),
        (["Plan!B2", "Plan!D2"], "Plan!B2, Plan!D2"),
        (["Tabel 1!B2", "Plan!C2"], "Tabel 1!B2, Plan!C2"),
        (["Plan!B2", "Plan!B2", ""], "Plan!B2"),
        (["A!B1 en A!C1"], "A!B1 en A!C1"),
        ([], ""),
    ],
)
def test_places_beside_each_other_are_one_range(found: list[str], text: str) -> None:
    assert joined(found) == text


def test_a_memo_sheet_with_moved_and_renamed_parts() -> None:
    rows: list[list[object]] = [
        ["Memo"],
        ["kenmerk", "Per jaar", 2031.0, 2032.0, "", "blad", "cellen", "regel"],
        ["ruimte-exact", "Ruimte", -1.0, 2.0, "", "Overzicht", "AZ7:BA7", "beschikbaar min lasten"],
        ["", "", "", "", "", "", "", ""],
        ["kort"],
        ["kenmerk", "Zonder jaar", "waarde", "", "", "blad", "cellen", "regel"],
        ["normbedrag-fte", "Norm", 100000.0, "", "", "Over", "B40", "zoals ingevuld"],
        ["los", "Zonder cel", 1.0, "", "", "Over", "–", "zoals ingevuld"],
    ]
    found = places({}, rows)
    assert found["ruimte-exact.2031"] == "Overzicht!AZ7"
    assert found["ruimte-exact.2032"] == "Overzicht!BA7"
    assert found["normbedrag-fte"] == "Over!B40"
    assert "los" not in found
