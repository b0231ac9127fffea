"""Headings of year columns, and the names of places."""

import pytest

from bdur_xl.model import CapacityColumn, YearColumn
from bdur_xl.tables import (
    INPUT_TABLES,
    Content,
    RawTable,
    capacity_column,
    column_letters,
    heading_key,
    year_column,
    year_heading,
)
from bdur_xl.terms import Kind

I, S, U = Kind.INCIDENTAL, Kind.STRUCTURAL, Kind.UNSPLIT  # noqa: E741  # the memo's letters


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("2031_i", (2031, I)), ("2031 i", (2031, I)), ("2031 I", (2031, I)), ("2031i", (2031, I)),
        ("2031-s", (2031, S)), (" 2031  S ", (2031, S)), ("2031_s", (2031, S)),
        ("2031", (2031, U)), ("2031 ", (2031, U)),
    ],
)  # fmt: skip
def test_year_column(heading: str, column: tuple[int, Kind]) -> None:
    read = year_column(heading)
    assert read is not None
    assert read.key == column
    assert read.content is Content.AMOUNT


@pytest.mark.parametrize(
    "heading", ["", "jaar", "31", "2031 x", "2031 is", "i 2031", "20311", "2031 i 2", "2031.0"]
)
def test_other_headings_are_no_year_column(heading: str) -> None:
    assert year_column(heading) is None


@pytest.mark.parametrize("kind", [I, S, U])
def test_a_year_heading_reads_back(kind: Kind) -> None:
    column = YearColumn(2031, kind)
    read = year_column(year_heading(column))
    assert read is not None
    assert read.key == column


@pytest.mark.parametrize(
    ("heading", "column", "scale"),
    [
        ("cap_incidenteel_2031_eur", ("fte", I, 2031, False, "eur"), 1),
        ("cap_structureel_2031_fte_x100", ("fte", S, 2031, False, "fte"), 100),
        ("cap_structureel_2032_extra_fte_x100", ("fte", S, 2032, True, "fte"), 100),
        ("capaciteit structureel 2031 (fte)", ("fte", S, 2031, False, "fte"), 1),
        ("Capaciteit Structureel 2032 Extra (FTE)", ("fte", S, 2032, True, "fte"), 1),
        ("middelen_structureel_2031_eur", ("middelen", S, 2031, False, "eur"), 1),
        ("middelen incidenteel 2031 (€)", ("middelen", I, 2031, False, "eur"), 1),
    ],
)
def test_capacity_column(heading: str, column: tuple[str, Kind, int, bool, str], scale: int) -> None:
    read = capacity_column(heading)
    assert read is not None
    assert read.key == column
    assert read.scale == scale
    assert read.content is (Content.FTE if column[4] == "fte" else Content.AMOUNT)


@pytest.mark.parametrize(
    "heading", ["2031", "middelen 2031", "cap_incidenteel_2031", "fte 2031", "capaciteit (fte)"]
)
def test_other_headings_are_no_capacity_column(heading: str) -> None:
    assert capacity_column(heading) is None


@pytest.mark.parametrize("block", ["fte", "middelen"])
@pytest.mark.parametrize("extra", [True, False])
def test_a_capacity_label_reads_back(block: str, extra: bool) -> None:
    column = CapacityColumn(block, S, 2031, extra, "eur" if block == "middelen" else "fte")
    read = capacity_column(column.label)
    assert read is not None
    assert read.key == column


def test_headings_are_compared_without_case_underscores_and_slashes() -> None:
    assert (
        heading_key("Afdeling/Sector") == heading_key("afdeling_sector") == heading_key(" afdeling  sector")
    )
    assert heading_key("afdeling") != heading_key("afdeling sector")


@pytest.mark.parametrize(
    ("number", "letters"),
    [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")],
)
def test_column_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters


def test_places() -> None:
    on_sheet = RawTable("Plan", ("regel", "2031"), (), header_row=5, first_column=3)
    assert on_sheet.place(7) == "Plan, rij 7"
    assert on_sheet.place(7, 1) == "Plan!D7"
    in_file = RawTable("plan.csv", ("regel", "2031"), (), in_sheet=False)
    assert in_file.place(7) == "plan.csv regel 7"
    assert in_file.place(7, 1) == "plan.csv regel 7, kolom 2031"


def test_every_table_has_its_own_name_and_file() -> None:
    for name in ("key", "table", "csv"):
        names = [getattr(table, name) for table in INPUT_TABLES.values()]
        assert len(set(names)) == len(names)


def test_headings_within_a_table_differ() -> None:
    for table in INPUT_TABLES.values():
        keys = [heading_key(column.heading) for column in table.columns]
        assert len(set(keys)) == len(keys)
