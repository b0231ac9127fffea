"""The same figures by the most naive route: loops over the typed rows, in Decimal and Fraction.

Shares no code with the package. Amounts in euros, fte in fte; None is absent.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Row = Mapping[str, object]
Book = Mapping[str, list[list[object]]]

STRENGTH = ["geen", "ondersteunend", "alleen kop", "gedeeld", "expliciet"]
OWN = ("gedeeld", "expliciet")
EVERYTHING = object()
"""A filter that is not set."""


def rows(book: Book, key: str) -> Iterator[Row]:
    headings, *lines = book[key]
    for line in lines:
        yield dict(zip(map(str, headings), line, strict=True))


def premise(book: Book, name: str) -> object:
    for row in rows(book, "premises"):
        if row["uitgangspunt"] == name:
            return row["waarde"]
    return None


def year_columns(book: Book) -> list[tuple[str, int, str]]:
    """Return (heading, year, kind) of the plan's year columns, the assumption applied."""
    assumed = premise(book, "ongesplitst als") or "ongesplitst"
    kinds = {"i": "incidenteel", "s": "structureel", "": str(assumed)}
    found = []
    for heading in book["plan"][0]:
        match = re.fullmatch(r"(\d\d\d\d) ?([is]?)", str(heading).lower())
        if match:
            found.append((str(heading), int(match[1]), kinds[match[2]]))
    return found


def years(book: Book) -> list[int]:
    return sorted({year for _, year, _ in year_columns(book)})


def amounts(book: Book, line: Row) -> Iterator[tuple[int, str, Decimal]]:
    for heading, year, kind in year_columns(book):
        cell = line[heading]
        if isinstance(cell, int | float | Decimal):
            yield year, kind, Decimal(str(cell))


def goals_of(book: Book, line_id: object) -> set[object]:
    """Return the goals a line serves with a line of its own."""
    served: set[object] = set()
    for link in rows(book, "links"):
        if link["regel"] == line_id and link["dekking"] in OWN:
            for area in rows(book, "areas"):
                if area["aandachtsgebied"] == link["aandachtsgebied"]:
                    served.add(area["RCDV-doel afgeleid"])
                    served.update(str(area["RBP-doelen"] or "").split())
    return served


def total(
    book: Book,
    year: object = EVERYTHING,
    kind: object = EVERYTHING,
    block: object = EVERYTHING,
    theme: object = EVERYTHING,
    department: object = EVERYTHING,
    goal: object = EVERYTHING,
) -> Decimal | None:
    """Return the cost of all lines that meet every filter; goal None: of lines without goal."""
    columns = year_columns(book)
    if not any(year in (EVERYTHING, y) and kind in (EVERYTHING, k) for _, y, k in columns):
        return None
    answer = Decimal(0)
    for line in rows(book, "plan"):
        served = goals_of(book, line["regel"])
        wanted = (
            block in (EVERYTHING, line["blok"])
            and theme in (EVERYTHING, line["hoofdthema"])
            and department in (EVERYTHING, line["afdeling/sector"])
            and (goal is EVERYTHING or (goal in served if goal else not served))
        )
        for y, k, amount in amounts(book, line):
            if wanted and year in (EVERYTHING, y) and kind in (EVERYTHING, k):
                answer += amount
    return answer


def available(book: Book, year: int, exact: bool) -> Decimal | None:
    for row in rows(book, "budget"):
        if row["jaar"] == year:
            cell = row["exact bedrag"] if exact else None
            cell = row["beschikbaar Tabel 2"] if cell is None else cell
            cut = Decimal(str(row.get("korting") or 0))
            return None if cell is None else to_cents(Decimal(str(cell)) * (1 - cut))
    return None


def to_cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def room(book: Book, year: int, exact: bool) -> Decimal | None:
    grant, planned = available(book, year, exact), total(book, year=year)
    return None if grant is None or planned is None else grant - planned


def cumulative(book: Book, last: int, exact: bool) -> Decimal | None:
    rooms = [room(book, year, exact) for year in years(book) if year <= last]
    return None if None in rooms else sum((one for one in rooms if one is not None), Decimal(0))


def fte(book: Book, year: int, goal: object = EVERYTHING) -> Fraction | None:
    norm = premise(book, "normbedrag fte")
    cost = total(book, year=year, kind="structureel", block="fte", goal=goal)
    if cost is None or norm is None:
        return None
    return Fraction(cost) / Fraction(str(norm))


def part_year(book: Book, year: int, month: int, in_house: bool) -> Fraction | None:
    """Return the year's cost when all structural staff start in one month of it.

    With `in_house`, the fte on the sheet Instroom work the whole year.
    """
    columns = [(y, k) for _, y, k in year_columns(book) if y == year]
    if not columns or (year, "ongesplitst") in columns:
        return None
    share = Fraction(13 - month, 12)
    answer = Fraction(0)
    for line in rows(book, "plan"):
        staff = Fraction(0)
        for y, kind, amount in amounts(book, line):
            if y == year and line["blok"] == "fte" and kind == "structureel":
                staff += Fraction(amount)
            elif y == year:
                answer += Fraction(amount)
        all_year = Fraction(0)
        for row in rows(book, "intake"):
            if in_house and row["regel"] == line["regel"] and row["fte al in dienst"]:
                cost = Fraction(str(row["fte al in dienst"])) * Fraction(str(premise(book, "normbedrag fte")))
                all_year = min(cost, max(staff, Fraction(0)))
        answer += all_year + (staff - all_year) * share
    return answer


def has_amount(book: Book, line_id: object, year: int) -> bool:
    return any(
        y == year
        for line in rows(book, "plan")
        if line["regel"] == line_id
        for y, _, _ in amounts(book, line)
    )


def area_level(book: Book, area_id: object, year: int) -> str:
    best = "geen"
    for link in rows(book, "links"):
        level = str(link["dekking"])
        counts = level not in OWN or has_amount(book, link["regel"], year)
        if link["aandachtsgebied"] == area_id and counts:
            best = max(best, level, key=STRENGTH.index)
    return best


def areas_of(book: Book, goal: object) -> list[object]:
    return [
        row["aandachtsgebied"]
        for row in rows(book, "areas")
        if goal == row["RCDV-doel afgeleid"] or goal in str(row["RBP-doelen"] or "").split()
    ]


def goal_level(book: Book, goal: object, year: int) -> str:
    levels = [area_level(book, area, year) for area in areas_of(book, goal)]
    return max(levels, key=STRENGTH.index, default="geen")


def areas_with_line(book: Book, goal: object) -> int:
    return sum(
        any(area_level(book, area, year) in OWN for year in years(book)) for area in areas_of(book, goal)
    )


def scenario_cost(book: Book, row: Row, year: int) -> Fraction:
    """Return a year's cost under one row of the sheet Scenario's: staff later, prices up, cost added."""
    months = 12
    if row["startmaand"]:
        first, month = map(int, str(row["startmaand"]).split("-"))
        months = 0 if year < first else 13 - month if year == first else 12
    staff = rest = Fraction(0)
    for line in rows(book, "plan"):
        for y, kind, amount in amounts(book, line):
            if y == year and line["blok"] == "fte" and kind == "structureel":
                staff += Fraction(amount)
            elif y == year:
                rest += Fraction(amount)
    in_house = Fraction(str(row["fte al in dienst"] or 0)) * Fraction(str(premise(book, "normbedrag fte")))
    all_year = min(in_house, max(staff, Fraction(0)))
    cost = rest + all_year + (staff - all_year) * Fraction(months, 12)
    return cost * price_level(row, year) + extra_cost(row, year)


def price_level(row: Row, year: int) -> Fraction:
    level = Fraction(1)
    if row["indexatie"]:
        for _ in range(int(str(row["indexatie vanaf"])), year + 1):
            level *= 1 + Fraction(str(row["indexatie"]))
    return level


def extra_cost(row: Row, year: int) -> Fraction:
    if not row["extra vanaf"] or not row["extra vanaf"] <= year <= row["extra tot en met"]:  # type: ignore[operator]
        return Fraction(0)
    people = 1 if row["extra fte"] is None else Fraction(str(row["extra fte"]))
    return people * Fraction(str(row["extra bedrag (per fte)"]))


def scenario_grant(book: Book, row: Row, year: int, exact: bool) -> Decimal | None:
    """Return a year's grant under a scenario: its cut instead of the budget's own."""
    if row["korting"] is None or year < int(str(row["korting vanaf"])):
        return available(book, year, exact)
    headings, *lines = book["budget"]
    position = headings.index("korting") if "korting" in headings else len(headings)
    lines = [[*line[:position], row["korting"], *line[position + 1 :]] for line in lines]
    headings = [*headings[:position], "korting", *headings[position + 1 :]]
    cut = {**book, "budget": [headings, *lines]}
    return available(cut, year, exact)


def phased(book: Book, year: int) -> Fraction | None:
    """Return the year's cost when the staff of each line start as the sheet Instroom says."""
    columns = [(y, k) for _, y, k in year_columns(book) if y == year]
    if not columns or (year, "ongesplitst") in columns:
        return None
    answer = Fraction(0)
    for line in rows(book, "plan"):
        intake = next((row for row in rows(book, "intake") if row["regel"] == line["regel"]), None)
        staff = Fraction(0)
        for y, kind, amount in amounts(book, line):
            if y == year and line["blok"] == "fte" and kind == "structureel":
                staff += Fraction(amount)
            elif y == year:
                answer += Fraction(amount)
        months, all_year = 12, Fraction(0)
        if intake and intake["startmaand"]:
            first, month = map(int, str(intake["startmaand"]).split("-"))
            months = 0 if year < first else 13 - month if year == first else 12
        if intake and intake["fte al in dienst"]:
            cost = Fraction(str(intake["fte al in dienst"])) * Fraction(str(premise(book, "normbedrag fte")))
            all_year = min(cost, max(staff, Fraction(0)))
        answer += all_year + (staff - all_year) * Fraction(months, 12)
    return answer


def spent(book: Book, year: int) -> Decimal | None:
    found = [Decimal(str(row["bedrag"])) for row in rows(book, "actuals") if row["jaar"] == year]
    return sum(found, Decimal(0)) if found else None


MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
CODES = ("regel", "aandachtsgebied", "doel", "RCDV-doel afgeleid", "RBP-doelen", "dekking", "blok",
         "uitgangspunt", "extra lasten op regel", "overdracht")  # fmt: skip
SHARES = ("korting", "indexatie")


def tidy(book: Book) -> Book:
    """Return a book without faults as a person reads it.

    No blank rows nor stray spaces, codes in small letters, amounts in whole cents, formulas as their results.
    """
    tidied = {}
    for key, (headings, *lines) in book.items():
        names = [str(read(heading)) for heading in headings]
        kept = [
            [understood(name, read(cell)) for name, cell in zip(names, line, strict=True)] for line in lines
        ]
        tidied[key] = [list[object](names), *([*line] for line in kept if any(c is not None for c in line))]
    return tidied


def read(cell: object) -> object:
    """Return what a cell shows: of a formula its result, of blanks nothing, whole numbers as such."""
    cell = getattr(cell, "value", cell)
    if isinstance(cell, str):
        return " ".join(cell.split()) or None
    if isinstance(cell, int | float | Decimal) and cell == int(cell):
        return int(cell)
    return cell


def understood(heading: str, cell: object) -> object:
    if isinstance(cell, str) and heading in CODES:
        return cell.lower()
    if heading == "startmaand" and isinstance(cell, dt.date):
        return f"{cell.year}-{cell.month}"
    if heading == "startmaand" and isinstance(cell, str) and not cell[:4].isdigit():
        word, year = cell.split()
        return f"{year}-{MONTHS.index('mrt' if word == 'maart' else word[:3]) + 1}"
    if isinstance(cell, str) and cell.isdigit() and (heading == "jaar" or heading.endswith("vanaf")):
        return int(cell)
    if isinstance(cell, int) and heading in ("hoofdthema", "afdeling/sector"):
        return str(cell)
    if isinstance(cell, float | Decimal) and heading not in SHARES:
        return to_cents(Decimal(str(cell)))
    return cell
