"""Compare every function cell of the workbook: as stored, in Calc, by xlwings, and by native formulas.

    python tests/parity.py

writes docs/PARITEIT.md and ends with 1 when anything differs. Excel itself is not run: its side is
xlwings' own `call_udf`, fed with what COM would hand over (contract/windows.py).
"""

import datetime as dt
import platform
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from importlib import import_module
from importlib.metadata import version
from typing import Any, NamedTuple

import openpyxl
from calc.office import ERRORS, Office, Value, Workbook, missing
from calc.product import ROOT, WORKBOOK, office_with_addin, opened
from contract.windows import MISSING, ComRange, ComTime, windows
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from typed import TYPED

import bdur_xl
from bdur_xl import nl
from bdur_xl.arguments import DUTCH_ERRORS
from bdur_xl.build.vba_wrappers import ERROR_MARK, ERROR_NUMBERS
from bdur_xl.cells import Unreadable
from bdur_xl.registry import SHEET_FUNCTIONS

REPORT = ROOT / "docs" / "PARITEIT.md"

HALF_A_CENT = 0.005
COM_ERRORS = {code: number - 2_146_828_288 for code, number in ERROR_NUMBERS.items()}
"""What COM gives for an error value: 0x800A0000 plus its number."""

STATUS = "BDUR_STATUS"
"""Names the versions on this computer: only its verdict is compared, and not with the stored text."""

DIFFERENCES = (
    "overzicht_verschillen", "doelbereik_verschillen", "jaaranalyse_verschillen",
    "scenarios_verschillen_links", "scenarios_verschillen_rechts",
)  # fmt: skip
"""The columns that compare the figures people read with the native second route."""

ROUTES = re.compile(r"SUMPRODUCT\(--\((\w+:\w+)<>(\w+:\w+)\)\)")
"""How such a cell names the figures and their second route."""

FUNCTIONS = {function.name: function for function in SHEET_FUNCTIONS}
CALL = re.compile(r"=?(BDUR_\w+)\((.*)\)")
SEPARATOR = re.compile(r'[,;](?=(?:[^"]*"[^"]*")*[^"]*$)')
"""Between arguments, not within a text."""

Excel = Callable[[str], list[list[Value]]]
"""What a formula gives by xlwings' call_udf, row by row."""


class Compared(NamedTuple):
    """One cell and what each route gives for it."""

    place: str
    what: str
    """The function, or what else gives the figure."""
    values: Mapping[str, Value]
    """Per route the value; the first is what the others are held against."""

    @property
    def agrees(self) -> bool:
        """Whether all routes give the same: figures to the cent, texts and errors exactly."""
        first, *others = self.values.values()
        return all(_alike(first, other) for other in others)


class Comparison(NamedTuple):
    """Everything compared."""

    cells: list[Compared]
    """The function cells of the workbook."""
    native: list[Compared]
    """The figures people read, against the native second route."""
    typed: list[Compared]
    """Functions typed on an empty sheet, against the figure worked by hand."""

    @property
    def differences(self) -> list[Compared]:
        """What does not agree."""
        return [one for part in self for one in part if not one.agrees]


def _alike(one: Value, other: Value) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < HALF_A_CENT
    return type(one) is type(other) and one == other


def compare(office: Office) -> Comparison:
    """Compare the committed workbook; the office has the add-in."""
    formulas = openpyxl.load_workbook(WORKBOOK)
    stored = openpyxl.load_workbook(WORKBOOK, data_only=True)
    with opened(office) as calc, excel_on(stored) as excel:
        return Comparison(
            cells=list(_function_cells(formulas, stored, calc, excel)),
            native=list(_native_cells(formulas, stored, calc)),
            typed=list(_typed(calc, excel)),
        )


def _function_cells(
    formulas: openpyxl.Workbook, stored: openpyxl.Workbook, calc: Workbook, excel: Excel
) -> Iterator[Compared]:
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            formula, area = _formula(cell)
            if "BDUR_" in formula:
                yield from _block(stored[sheet.title], area, formula, calc, excel)


def _formula(cell: Any) -> tuple[str, str]:
    """Return the formula of a cell and the cells that it fills; a text such as an example is none."""
    if isinstance(cell.value, ArrayFormula):
        return str(cell.value.text), str(cell.value.ref)
    return (str(cell.value) if cell.data_type == "f" else ""), str(cell.coordinate)


def _block(stored: Worksheet, area: str, formula: str, calc: Workbook, excel: Excel) -> Iterator[Compared]:
    name, _ = parsed(formula)
    routes = {
        "opgeslagen": [[_stored(cell) for cell in row] for row in _cells(stored, area)],
        "Calc": calc.rows(f"{stored.title}!{area}"),
        "xlwings": excel(formula),
    }
    if name == STATUS:
        routes = {route: [[_verdict(rows[0][0])]] for route, rows in routes.items() if route != "opgeslagen"}
    for at, row in enumerate(_cells(stored, area)):
        for column, cell in enumerate(row):
            values = {route: rows[at][column] for route, rows in routes.items()}
            yield Compared(f"{stored.title}!{cell.coordinate}", name, values)


def _verdict(status: Value) -> str:
    return str(status).partition(": ")[2]


def _native_cells(
    formulas: openpyxl.Workbook, stored: openpyxl.Workbook, calc: Workbook
) -> Iterator[Compared]:
    for name in DIFFERENCES:
        sheet, area = _named(formulas, name)
        for (cell,) in _cells(sheet, area):
            if routes := ROUTES.search(_formula(cell)[0]):
                shown, native = routes.groups()
                yield from _routes(stored[sheet.title], shown, native, calc)


def _routes(stored: Worksheet, shown: str, native: str, calc: Workbook) -> Iterator[Compared]:
    in_calc = zip(*(calc.rows(f"{stored.title}!{area}")[0] for area in (shown, native)), strict=True)
    in_file = zip(*(_cells(stored, area)[0] for area in (shown, native)), strict=True)
    for (cell, second), (calculated, by_second) in zip(in_file, in_calc, strict=True):
        values = {"opgeslagen": _stored(cell), "Calc": calculated,
                  "tweede route opgeslagen": _stored(second), "tweede route Calc": by_second}  # fmt: skip
        if set(values.values()) != {None}:
            yield Compared(f"{stored.title}!{cell.coordinate}", stored.title, values)


def _typed(calc: Workbook, excel: Excel) -> Iterator[Compared]:
    calc.add_sheet("Proef")
    for number, (formula, expected) in enumerate(TYPED, start=1):
        place = f"Proef!A{number}"
        routes = {"met de hand": expected, "Calc": calc.write_formula(place, formula),
                  "xlwings": excel(formula)[0][0]}  # fmt: skip
        yield Compared(place, formula, routes)


# Excel's side


@contextmanager
def excel_on(book: openpyxl.Workbook) -> Iterator[Excel]:
    """Give what evaluates a formula on a workbook as Excel does: through the COM server of xlwings."""
    ranges: dict[str, ComRange] = {}

    def argument(text: str) -> object:
        if text in book.defined_names:
            return ranges.setdefault(text, com_range(book, text))
        return text[1:-1] if text.startswith('"') else float(text) if text else MISSING

    with windows():
        udfs: Any = import_module("udfs.bdur_udfs")
        server = import_module("xlwings.com_server").XLPython()

        def call(formula: str) -> list[list[Value]]:
            name, given = parsed(formula)
            left_out = [""] * (len(FUNCTIONS[name].arguments) - len(given))
            cells = tuple(map(argument, [*given, *left_out]))
            try:
                result = server.CallUDF(udfs.__name__, name, cells, None, ComRange([[None]]))
            except udfs.CellValueError as error:
                result = str(error)
            rows = result if isinstance(result, Sequence) and not isinstance(result, str) else [[result]]
            return [[_shown(cell) for cell in row] for row in rows]

        yield call


def parsed(formula: str) -> tuple[str, list[str]]:
    """Return the function a formula calls and its arguments as typed."""
    found = CALL.fullmatch(formula)
    if not found:
        raise ValueError(f"not one call of one function, which is all that is compared here: {formula}")
    name, given = found.groups()
    return name, [one.strip() for one in SEPARATOR.split(given)] if given else []


def com_range(book: openpyxl.Workbook, name: str) -> ComRange:
    """Return a named range as Excel hands it over, its blank rows included."""
    sheet, area = _named(book, name)
    return ComRange([[_com(cell) for cell in row] for row in _cells(sheet, area)])


def _com(cell: Cell) -> object:
    """Return what COM gives for a cell: an amount in euros is a currency, every other number a float."""
    value = cell.value
    if cell.data_type == "e":
        return COM_ERRORS[str(value)]
    if isinstance(value, dt.datetime):
        return ComTime(value.year, value.month, value.day, tzinfo=dt.UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value)) if "€" in cell.number_format else float(value)
    return value


def _shown(result: object) -> Value:
    """Return what the cell shows for what xlwings gives: the wrapper makes a mark an error value."""
    if isinstance(result, str) and result.startswith(ERROR_MARK):
        number = int(result.removeprefix(ERROR_MARK))
        return Unreadable({number: code for code, number in ERROR_NUMBERS.items()}[number])
    assert isinstance(result, float | str)
    return result if result != "" else None


# The file


def _named(book: openpyxl.Workbook, name: str) -> tuple[Worksheet, str]:
    ((sheet, area),) = book.defined_names[name].destinations
    return book[sheet.replace("''", "'")], area  # in a formula an apostrophe is doubled


def _cells(sheet: Worksheet, area: str) -> tuple[tuple[Cell, ...], ...]:
    cells: Any = sheet[area]
    return cells if isinstance(cells, tuple) else ((cells,),)


def _stored(cell: Cell) -> Value:
    """Return a stored value as Calc gives it; within a block the file holds an error as its text."""
    if cell.value in ERRORS.values():
        return Unreadable(cell.value)
    if isinstance(cell.value, int | float):
        return float(cell.value)
    return str(cell.value) if cell.value not in (None, "") else None


# The report

INTRODUCTION = """\
# Pariteit

Gemaakt met `make pariteit`; wijzig dit bestand niet met de hand.

Dezelfde functie geeft in de meegeleverde werkmap langs elke weg hetzelfde: bedragen tot op de cent, teksten
letterlijk, een fout als dezelfde fout. De wegen:

- **opgeslagen**: wat de cel in `workbook/BDuR_plan.xlsm` toont zonder dat iets rekent;
- **Calc**: LibreOffice opent de werkmap met de extensie en berekent alles opnieuw;
- **xlwings**: dezelfde aanroep langs xlwings zelf, ongewijzigd, met de cellen van de benoemde bereiken
  zoals Excel ze overhandigt, lege rijen inbegrepen;
- **tweede route**: gewone formules (SOMMEN.ALS en dergelijke), zonder onze functies. De teksten van Controles
  hebben er geen.

Excel zelf is hier niet gestart: op deze machines is het er niet. Wat Excel en de VBA van de werkmap met de
waarden doen, gaat een mens na: zie [TESTING](TESTING.md).
"""
STATUS_NOTE = (
    f"Van {STATUS} is alleen het oordeel vergeleken, niet met de opgeslagen tekst: de versies verschillen "
    "per computer."
)


def results(compared: Comparison) -> str:
    """Return what was compared and what differs: the part of the report that is alike on every computer."""
    return "\n".join(
        (
            "## Elke cel met een functie: opgeslagen, Calc, xlwings",
            "",
            *_counts(("blad", "functie"), [((_sheet(one), f"`{one.what}`"), one) for one in compared.cells]),
            "",
            STATUS_NOTE,
            "",
            "## Elk cijfer dat mensen lezen: uit de functie en langs de tweede route, opgeslagen en in Calc",
            "",
            *_counts(("blad",), [((_sheet(one),), one) for one in compared.native]),
            "",
            "## Elke functie getypt op een leeg blad: met de hand uitgerekend, Calc, xlwings",
            "",
            *_table(("formule", "uitkomst"), [(f"`{one.what}`", _dutch(one)) for one in compared.typed]),
            "",
            "## Verschillen",
            "",
            *_differences(compared),
            "",
        )
    )


def _sheet(one: Compared) -> str:
    return one.place.partition("!")[0]


def _counts(headings: tuple[str, ...], compared: Iterable[tuple[tuple[str, ...], Compared]]) -> list[str]:
    """Return a table of how many cells were compared, by what they hold."""
    groups: dict[tuple[str, ...], Counter[str]] = {}
    for key, one in compared:
        counts = groups.setdefault(key, Counter())
        counts.update(("cellen", _content(one), *(() if one.agrees else ("verschillen",))))
    columns = ("cellen", "getallen", "teksten", "fouten", "leeg", "verschillen")
    rows = [(*key, *(nl.hundredths(100 * counts[one]) for one in columns)) for key, counts in groups.items()]
    return _table((*headings, *columns), rows)


def _content(one: Compared) -> str:
    value = next(iter(one.values.values()))
    kinds: dict[type, str] = {float: "getallen", str: "teksten", Unreadable: "fouten"}
    return kinds.get(type(value), "leeg")


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (headings, ["---"] * len(headings), *rows)]


def _dutch(one: Compared) -> str:
    value = next(iter(one.values.values()))
    if isinstance(value, Unreadable):
        return DUTCH_ERRORS[value]
    return value if isinstance(value, str) else nl.hundredths(round(100 * (value or 0)))


def _differences(compared: Comparison) -> list[str]:
    lines = [
        f"- {one.place} ({one.what}): "
        + "; ".join(f"{route} {value!r}" for route, value in one.values.items())
        for one in compared.differences
    ]
    return lines or ["Geen."]


def versions() -> str:
    """Return what did the work on this computer."""
    office = subprocess.run(["soffice", "--version"], capture_output=True, text=True, check=True)
    used = {
        "bdur_xl": bdur_xl.__version__,
        "Python": platform.python_version(),
        "xlwings": version("xlwings"),
        "LibreOffice": office.stdout.split()[1],
    }
    return "\n".join(("## Versies", "", *_table(("wat", "versie"), used.items()), ""))


def main() -> int:
    """Write the report; return 1 when anything differs."""
    if lacking := missing():
        print(f"NIET VERGELEKEN: {lacking}", file=sys.stderr)
        return 2
    with office_with_addin() as office:
        compared = compare(office)
    REPORT.write_text("\n".join((INTRODUCTION, results(compared), versions())), encoding="utf-8")
    count = sum(map(len, compared))
    found = nl.plural(len(compared.differences), "verschil", "verschillen")
    print(f"{nl.plural(count, 'cel', 'cellen')} vergeleken, {found}: zie {REPORT.relative_to(ROOT)}")
    return 1 if compared.differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
