"""A ledger export: cells, groups and files; every row in one group, to the cent."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from sheets import inputs, raw, small

from bdur_xl.allocation import Group, Import, Tally, actual_rows, allocate
from bdur_xl.cells import CellError, Unreadable
from bdur_xl.files.ledger_export import read_export
from bdur_xl.files.ledger_report import report_bytes
from bdur_xl.files.workbook import WorkbookError, read_workbook
from bdur_xl.ledger import (
    Columns,
    LedgerError,
    amount,
    booking_date,
    certain_signs,
    find_columns,
    read_booking,
)
from bdur_xl.model import Actual, LedgerRule
from bdur_xl.parse import parse_inputs

RULES = (
    LedgerRule("4100", None, "L1"),
    LedgerRule("4100", "920", "L2"),
    LedgerRule(None, "930", "L3"),
)
YEARS = (2031, 2032)
UNTIL = (2032, 6, 30)
HEADINGS = ("Grootboekrekening", "Kostenplaats", "Boekdatum", "Bedrag", "Omschrijving")


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("1.234,56", 1_234_56),
        ("1234.56", 1_234_56),
        ("1,234.56", 1_234_56),
        ("1234,5", 1_234_50),
        ("1.234.567", 1_234_567_00),
        ("1234,56-", -1_234_56),
        ("-1234,56", -1_234_56),
        ("\N{MINUS SIGN}5", -5_00),
        ("(1.234,56)", -1_234_56),
        ("\N{EURO SIGN}\N{NO-BREAK SPACE}-12,30", -12_30),
        ("EUR 12,30", 12_30),
        ("1 234,56", 1_234_56),
        ("1.234", 1_234_00),  # a Dutch thousand
        ("12,5000", 12_50),  # zeros behind the cents
        ("0", 0),
        (" ", None),
        (None, None),
        (1234.56, 1_234_56),
        (0.1 + 0.2, 30),
        (Decimal("0.01"), 1),
    ],
)
def test_an_amount_is_read_to_the_cent(cell: object, cents: int | None) -> None:
    assert amount(cell) == cents


@pytest.mark.parametrize(
    "cell",
    ["abc", "1,234", "12,345", "1e5", "--1", "-1-", "(5", "5)", "-(5)", "12 34", "1.2.3", "1,2,3", "1.23,4.5",
     "99999999999999", True, Unreadable("#REF!"), 0.001, dt.date(2031, 1, 1)],
)  # fmt: skip
def test_what_is_no_amount_for_sure_is_refused(cell: object) -> None:
    with pytest.raises(CellError) as refused:
        amount(cell)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("column", "cell", "cents"),
    [
        (["1.50"], "1,234", 1_234_00),
        (["1.50"], "1.234", None),  # three decimals or a thousand: not to be told
        (["1,50"], "1.234", 1_234_00),
        (["1,50"], "1,234", None),
        (["1,50", "1.50"], "1.234", None),
        (["1.50", "x", 7, None], "2,000,000", 2_000_000_00),
    ],
)
def test_the_column_tells_what_a_point_means(column: list[object], cell: str, cents: int | None) -> None:
    signs = certain_signs(column)
    if cents is not None:
        assert amount(cell, signs) == cents
        return
    with pytest.raises(CellError):
        amount(cell, signs)


@given(st.integers(-(10**13), 10**13), st.sampled_from(["nl", "nl-", "plain", "en"]))
def test_every_way_to_write_an_amount_reads_back(cents: int, form: str) -> None:
    sign, (euros, rest) = "-" if cents < 0 else "", divmod(abs(cents), 100)
    dutch = f"{euros:,}".replace(",", ".") + f",{rest:02d}"
    text = {
        "nl": sign + dutch, "nl-": dutch + sign, "plain": f"{sign}{euros}.{rest:02d}",
        "en": f"{sign}{euros:,}.{rest:02d}",
    }[form]  # fmt: skip
    assert amount(text) == cents


@pytest.mark.parametrize(
    "cell",
    ["30-6-2031", "30/06/2031", "30.06.2031", "2031-06-30", "20310630", 20310630.0, "30-06-2031 14:15",
     "2031-06-30T00:00:00", dt.date(2031, 6, 30), dt.datetime(2031, 6, 30, 12)],
)  # fmt: skip
def test_a_date_is_read(cell: object) -> None:
    assert booking_date(cell) == (2031, 6, 30)


@pytest.mark.parametrize("cell", ["31-6-2031", "06/30/2031", "juni 2031", "30-6-31", "gisteren", 12.5])
def test_what_is_no_day_is_refused(cell: object) -> None:
    with pytest.raises(CellError):
        booking_date(cell)


def test_headings_are_known_by_many_names() -> None:
    for account in ("Rekening", "grootboekrekening", "Grootboek", "Rekeningnummer", "rek.nr.", "GB-rekening"):
        for date in ("Boekdatum", "datum", "Boekingsdatum", "transactie_datum"):
            for value in ("Bedrag", "BEDRAG (EUR)", "bedrag in euro", "Boekingsbedrag"):
                columns = find_columns((account, "Omschrijving", date, value))
                assert columns
                assert sorted(columns.at.values()) == [0, 2, 3]
    assert find_columns(("Kostenplaats", "Datum", "Debet", "Credit"))
    assert find_columns(("Kpl", "Datum", "Bedrag", "D/C"))
    assert find_columns(("Overzicht van het grootboek", None, 2031.0)) is None


@pytest.mark.parametrize(
    ("headings", "message"),
    [
        (("Rekening", "Bedrag"), "De kolom boekdatum ontbreekt; gevonden zijn: Rekening en Bedrag"),
        (("Datum", "Bedrag"), "De kolom rekening of kostenplaats ontbreekt"),
        (("Rekening", "Datum", "Debet"), "De kolom bedrag (of debet en credit) ontbreekt"),
        (("Rekening", "Grootboekrekening", "Datum", "Bedrag"), "twee kolommen voor rekening"),
    ],
)
def test_wrong_headings_are_named(headings: Sequence[str], message: str) -> None:
    with pytest.raises(LedgerError) as refused:
        find_columns(headings)
    assert message in refused.value.message
    assert refused.value.remedy


def columns(*headings: str) -> Columns:
    found = find_columns(headings)
    assert found
    return found


@pytest.mark.parametrize(
    ("headings", "row", "cents"),
    [
        (("Rekening", "Datum", "Debet", "Credit"), ("1", "1-1-2031", "5,00", ""), 5_00),
        (("Rekening", "Datum", "Debet", "Credit"), ("1", "1-1-2031", "", "5,00"), -5_00),
        (("Rekening", "Datum", "Debet", "Credit"), ("1", "1-1-2031", "7,00", "5,00"), 2_00),
        (("Rekening", "Datum", "Bedrag", "D/C"), ("1", "1-1-2031", "5,00", "D"), 5_00),
        (("Rekening", "Datum", "Bedrag", "D/C"), ("1", "1-1-2031", "5,00", "credit"), -5_00),
    ],
)
def test_debit_costs_and_credit_gives_back(
    headings: tuple[str, ...], row: tuple[str, ...], cents: int
) -> None:
    booking = read_booking(2, row, columns(*headings))
    assert booking
    assert (booking.amount, booking.faults) == (cents, ())


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("", "", "1-1-2031", "5", ""), "leeg: rekening en kostenplaats"),
        (("4100", "", "", "5", ""), "leeg: boekdatum"),
        (("4100", "", "1-1-2031", "", ""), "leeg: bedrag"),
        (("4100", "", "31-6-2031", "5", ""), 'boekdatum bevat "31-6-2031"'),
        (("4100", "", "1-1-2031", "veel", ""), 'het bedrag bevat "veel"'),
        (("4100", "", "1-1-2031", "5", "inhuur", "fase 2"), "meer velden dan koppen"),
        (("4100", "", "1-1-2031", "5", "7\n4100;;1-1-2031;9;"), "een aanhalingsteken sluit niet"),
        (("TOTAAL", "", "", "500", ""), "leeg: boekdatum"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(row: tuple[str, ...], fault: str) -> None:
    known = columns(*HEADINGS)
    booking = read_booking(9, row, Columns(known.at, known.width, separator=";"))
    assert booking
    assert fault in booking.faults[0][0]
    assert all(remedy for _, remedy in booking.faults)


def imported(*rows: tuple[object, ...]) -> Import:
    return allocate(enumerate(rows, start=2), columns(*HEADINGS), RULES, YEARS, UNTIL)


def test_each_row_has_its_group() -> None:
    found = imported(
        ("4100", "910", "1-3-2031", "100,00", ""),  # L1
        ("4100", "910", "30-6-2032", "10,00", ""),  # L1, on the last day
        ("4100", "910", "1-7-2032", "1,00", ""),  # the day after
        ("4100", "920", "1-3-2031", "200,00", ""),  # L2: both codes go before one
        ("4200", "930", "1-3-2031", "300,00-", ""),  # L3, credited
        ("4100", "930", "1-3-2031", "7,00", ""),  # L1 by account, L3 by cost centre
        ("4999", "", "1-3-2031", "9,00", ""),
        ("4100", "", "1-3-2030", "0,50", ""),
        ("4100", "", "31-6-2031", "0,25", ""),
        ("4100", "", "31-6-2031", "nul", ""),
        ("", " ", None, "", ""),
    )
    assert found.groups == {
        Group.IMPORTED: Tally(4, 10_00),
        Group.UNMAPPED: Tally(2, 16_00),
        Group.LATER: Tally(1, 1_00),
        Group.OTHER_YEAR: Tally(1, 50),
        Group.UNREADABLE: Tally(2, 25),
        Group.BLANK: Tally(1, 0),
    }
    assert {key: tally.amount for key, tally in found.spent.items()} == {
        (2031, "L1"): 100_00, (2032, "L1"): 10_00, (2031, "L2"): 200_00, (2031, "L3"): -300_00,
    }  # fmt: skip
    assert found.ambiguous == {("4100", "930"): ("L1", "L3")}
    assert [(one.row, one.amount) for one in found.refused] == [(10, 25), (11, None)]


def test_the_table_to_paste_reads_back_and_keeps_other_years() -> None:
    """What a route to the open workbook hands to `book.write("actuals", rows)`."""
    found = imported(("4100", "920", "1-3-2032", "200,05", ""), ("4100", "", "1-3-2032", "3", ""))
    present = (
        Actual("L3", 2031, 5_00, (2031, 12, 31), "hand"),
        Actual("L3", 2032, 6_00, (2032, 3, 31), "wordt vervangen"),
    )
    rows = actual_rows(found, present)
    book = {**small(), "actuals": [list(row) for row in rows]}
    assert [(one.line_id, one.year, one.amount, one.until, one.note) for one in inputs(book).actuals] == [
        ("L3", 2031, 5_00, (2031, 12, 31), "hand"),
        ("L1", 2032, 3_00, UNTIL, "grootboek, 1 boeking"),
        ("L2", 2032, 200_05, UNTIL, "grootboek, 1 boeking"),
    ]


def test_an_earlier_year_counts_whole() -> None:
    rows = actual_rows(imported(("4100", "", "1-3-2031", "1", "")))
    assert rows[1][3] == dt.date(2031, 12, 31)


cells_of_a_row = st.tuples(
    st.sampled_from(["4100", "4200", "", "x"]),
    st.sampled_from(["910", "920", "930", ""]),
    st.sampled_from(["1-3-2031", "30-6-2032", "1-7-2032", "1-1-2030", "31-6-2031", "", "1-1-2040"]),
    st.one_of(
        st.integers(-(10**8), 10**8).map(lambda cents: f"{cents / 100:.2f}".replace(".", ",")),
        st.sampled_from(["", "veel", "1.234", "(3,10)", "2,50-"]),
    ),
    st.sampled_from(["", "inhuur", '27" scherm', "a;b"]),
)


@given(st.lists(cells_of_a_row, max_size=30), st.randoms())
def test_every_row_counts_once_and_order_does_not_matter(rows: list[tuple[str, ...]], random: Random) -> None:
    found = imported(*rows)
    assert found.total.rows == len(rows)
    readable = 0
    for row in rows:
        try:
            readable += amount(row[3]) or 0
        except CellError:
            continue
    assert found.total.amount == readable
    assert found.groups[Group.IMPORTED] == total(list(found.spent.values()))
    assert found.groups[Group.UNMAPPED] == total(list(found.unmapped.values()))
    assert found.groups[Group.UNREADABLE].rows == len(found.refused)
    random.shuffle(rows)
    again = imported(*rows)
    assert (again.groups, again.spent, again.unmapped) == (found.groups, found.spent, found.unmapped)
    assert actual_rows(again) == actual_rows(found)


def total(tallies: list[Tally]) -> Tally:
    return Tally(sum(one.rows for one in tallies), sum(one.amount for one in tallies))


# Files

EXPECTED = {("L1", 2031): 1_234_56, ("L2", 2032): -50}
ROWS = (
    ("4100", "910", "05-03-2031", "1.234,56", "Café; inhuur"),
    ("4100", "920", "30-06-2032", "0,50-", "credit"),
)


def spent(path: Path) -> dict[tuple[str, int], int]:
    export = read_export(path)
    found = allocate(export.rows(), export.columns, RULES, YEARS, UNTIL)
    assert export.control_total() == found.total
    assert not found.refused
    return {(line, year): tally.amount for (year, line), tally in found.spent.items()}


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("titles", ["", "Grootboek VRX\n\n"])
def test_a_csv_of_any_kind_reads(tmp_path: Path, separator: str, encoding: str, titles: str) -> None:
    lines = [separator.join(f'"{cell}"' for cell in row) for row in (HEADINGS, *ROWS)]
    path = tmp_path / "export.csv"
    path.write_bytes((titles + "\r\n".join(lines) + "\r\n").encode(encoding))
    assert spent(path) == EXPECTED


def test_an_excel_export_reads_and_an_error_value_is_not_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Toelichting", 0).append(["Grootboek", 2031])
    sheet = book["Sheet"]
    sheet.append(["Export"])
    sheet.append([*HEADINGS])
    sheet.append([4100, 910, dt.date(2031, 3, 5), 1234.56, "Café"])
    sheet.append(["4100", "920", "30-6-2032", "0,50-", None])
    book.save(tmp_path / "export.xlsx")
    assert spent(tmp_path / "export.xlsx") == EXPECTED
    sheet.append(["#REF!", 930, dt.date(2031, 3, 5), 1, None])
    sheet["A5"].data_type = "e"
    book.save(tmp_path / "fout.xlsx")
    export = read_export(tmp_path / "fout.xlsx")
    found = allocate(export.rows(), export.columns, RULES, YEARS, UNTIL)
    assert [(one.row, one.message) for one in found.refused] == [(5, "rekening bevat #REF!")]


def test_row_numbers_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("titel\n\nRekening;Datum;Bedrag\n4100;1-1-2031;1\n\n4100;1-1-2031;x\n", encoding="utf-8")
    export = read_export(path)
    found = allocate(export.rows(), export.columns, RULES, YEARS, UNTIL)
    assert [one.row for one in found.refused] == [6]
    assert found.groups[Group.BLANK].rows == 1
    path.write_text("Rekening;Datum;Bedrag\n" + "4100;1-1-2031;1,5\n" * 3, encoding="utf-8")
    assert read_export(path).control_total() == Tally(3, 4_50)


def test_a_stray_quotation_mark_hides_no_row(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    head = "Rekening;Datum;Bedrag;Omschrijving\n"
    path.write_text(
        head + '4100;1-1-2031;1;"27 inch\n4100;1-1-2031;2;x\n4100;1-1-2031;3;"y"\n', encoding="utf-8"
    )
    export = read_export(path)
    found = allocate(export.rows(), export.columns, RULES, YEARS, UNTIL)
    assert "sluit niet" in found.refused[0].message
    path.write_text(head + '4100;1-1-2031;1;"27 inch\n4100;1-1-2031;2;x\n', encoding="utf-8")
    with pytest.raises(LedgerError, match="rij 2"):
        read_export(path)


def write_nothing(path: Path) -> None:
    path.write_bytes(b"")


def write_binary(path: Path) -> None:
    path.write_bytes(b"\x81\x8d\x90\xff")


def write_prose(path: Path) -> None:
    path.write_text("zomaar; wat; tekst\nzonder; koppen; erin\n", encoding="utf-8")


@pytest.mark.parametrize("write", [write_nothing, write_binary, write_prose])
def test_what_is_no_export_is_refused(tmp_path: Path, write: Callable[[Path], None]) -> None:
    path = tmp_path / "export.csv"
    write(path)
    with pytest.raises(LedgerError) as refused:
        read_export(path)
    assert refused.value.remedy


def test_a_missing_or_broken_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError):
        read_export(tmp_path / "weg.csv")
    (tmp_path / "stuk.xlsx").write_bytes(b"PK")
    with pytest.raises(WorkbookError):
        read_export(tmp_path / "stuk.xlsx")


def test_an_export_without_rows_gives_an_empty_table(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Rekening;Datum;Bedrag\n", encoding="utf-8")
    export = read_export(path)
    found = allocate(export.rows(), export.columns, RULES, YEARS, UNTIL)
    assert found.total == export.control_total() == Tally(0, 0)
    report = report_bytes(found, export.control_total(), actual_rows(found), path.name)
    (tmp_path / "uit.xlsx").write_bytes(report)
    assert openpyxl.load_workbook(tmp_path / "uit.xlsx")["Realisatie"].max_row == 1


def test_the_report_reads_back_as_the_table_of_the_workbook(tmp_path: Path) -> None:
    found = imported(
        ("4100", "", "1-3-2031", "1,05", ""),
        ("4999", "", "1-3-2031", "7", "naam van iemand"),
        ("4100", "", "x", "2,50", ""),
    )
    path = tmp_path / "uit.xlsx"
    path.write_bytes(report_bytes(found, found.total, actual_rows(found), "export.csv"))
    book = {**raw(small()), "actuals": read_workbook(path)["actuals"]}
    (one,) = parse_inputs(book)[0].actuals
    assert (one.line_id, one.year, one.amount, one.until) == ("L1", 2031, 1_05, (2031, 12, 31))
    report = openpyxl.load_workbook(path)
    account = {row[0]: row[1:] for row in report["Verslag"].iter_rows(values_only=True)}
    assert account["ingelezen"] == (1, 1.05)
    assert account["samen"] == (3, 10.55)
    assert account["verschil"] == (0, 0)
    assert [cell.value for cell in report["Niet gekoppeld"][2]] == ["4999", None, None, None, 1, 7]
    assert [cell.value for cell in report["Niet leesbaar"][2]][:2] == [4, 2.5]
    words = [str(cell.value) for sheet in report for row in sheet.iter_rows() for cell in row]
    assert not any("iemand" in word for word in words)  # descriptions may name persons


def write_csv(path: Path, rows: Sequence[Sequence[str]]) -> None:
    path.write_text("\n".join(";".join(row) for row in rows), encoding="cp1252")


def write_xlsx(path: Path, rows: Sequence[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


@pytest.mark.parametrize(("name", "write", "count"), [("export.csv", write_csv, 100_000),
                                                      ("export.xlsx", write_xlsx, 20_000)])  # fmt: skip
def test_a_hundred_thousand_rows_are_all_accounted_for(
    tmp_path: Path, name: str, write: Callable[[Path, Sequence[Sequence[str]]], None], count: int
) -> None:
    rows, groups = zip(*map(_row, range(count)), strict=True)
    write(tmp_path / name, (HEADINGS, *rows))
    export = read_export(tmp_path / name)
    found = allocate(export.rows(), export.columns, RULES, YEARS, UNTIL)
    assert {group: tally.rows for group, tally in found.groups.items()} == {g: groups.count(g) for g in Group}
    assert set(groups) == set(Group) - {Group.BLANK}
    cents = sum(number for number, row in enumerate(rows) if row[3] != "n.v.t.")
    assert found.total == export.control_total() == Tally(count, cents)


def _row(number: int) -> tuple[tuple[str, ...], Group]:
    """Return a row of `number` cents, and the group it belongs to."""
    cents = f"{number // 100},{number % 100:02d}"
    if number % 97 == 0:
        return ("4100", "910", "1-3-2031", "n.v.t.", "é"), Group.UNREADABLE
    if number % 89 == 0:
        return ("4100", "910", "30-2-2031", cents, "é"), Group.UNREADABLE
    if number % 7 == 0:
        return ("4999", "910", "1-3-2031", cents, "é"), Group.UNMAPPED
    if number % 5 == 0:
        return ("4100", "910", "1-7-2032", cents, "é"), Group.LATER
    if number % 3 == 0:
        return ("4100", "910", "1-3-2030", cents, "é"), Group.OTHER_YEAR
    return ("4100", "910", "1-3-2031", cents, "é"), Group.IMPORTED


@pytest.mark.parametrize("read", [amount, booking_date])
def test_a_cell_without_a_value_is_named_in_full(read: Callable[[object], object]) -> None:
    """What a workbook hides behind a formula is no text to quote."""
    with pytest.raises(CellError) as refused:
        read(Unreadable("een formule of getal zonder bruikbare waarde"))
    assert refused.value.message.startswith(
        "bevat een formule of getal zonder bruikbare waarde in plaats van"
    )
    assert refused.value.remedy.startswith(("Herstel de formule.", "Open de werkmap in Excel"))
