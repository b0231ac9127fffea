"""The sheet Over: what this workbook is, how to use it, what its colours mean, where it is weak.

Last, under all text, the table of premises. The number of rows above it is
fixed, so that `PREMISES_ROW` is known before the plan is.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

import bdur_xl
from bdur_xl import nl, terms
from bdur_xl.build import inputs, page
from bdur_xl.build.context import Build
from bdur_xl.build.frame import LAST_FIGURE_COLUMN, LAST_ROW
from bdur_xl.build.styles import Styles
from bdur_xl.cells import DAY_ZERO
from bdur_xl.overview import Overview
from bdur_xl.tables import column_letters

SHEET = "Over"
LABEL_WIDTH, TEXT_WIDTH = 30, 88

Row = tuple[str, str]
"""A label and its text."""


class Section(NamedTuple):
    """A title and the rows under it."""

    title: str
    rows: Sequence[Row]


FACTS = ("status", "peildatum", "regio", "aan", "betreft")
"""The premises shown at the top, by name."""

PURPOSE = Section(
    "Waar deze werkmap voor is",
    (
        (
            "doel",
            "Het plan voor de besteding van de extra BDuR-gelden: wat de regio wil doen, wat dat per jaar kost, "
            "welk bedrag beschikbaar is, welke doelen het dient, en de memo aan het bestuur daarover.",
        ),
        *((fact, "") for fact in FACTS),
    ),
)

USE = Section(
    "Zo werkt u ermee",
    (
        (
            "1  vul in",
            "Vul alleen gele cellen in: de bladen Plan, Tabel 1, Budget, Doelen en Instroom, en de uitgangspunten "
            "onder aan dit blad. Een lege cel betekent: geen raming. Dat is iets anders dan € 0.",
        ),
        (
            "2  kijk na",
            "Boven aan elk blad staat of alles klopt. Zo niet: het blad Controles noemt elke afwijking, met de plaats "
            "en wat u kunt doen.",
        ),
        (
            "3  ververs",
            "Staat er VEROUDERD, dan is de invoer gewijzigd na de laatste verversing en hoort een eerder gemaakte memo "
            "niet meer bij deze cijfers. Kies Herbereken op het lint BDuR of op het blad Memo.",
        ),
        (
            "4  maak de memo",
            "Kies Vernieuw bestuursmemo op het lint BDuR of op het blad Memo. De memo komt naast deze werkmap te staan.",
        ),
    ),
)

ADD = Section(
    "Iets toevoegen: typen is genoeg, geen formule hoeft anders",
    (
        (
            "een regel",
            "Typ op het blad Plan direct onder de laatste regel, met een regelcode die nog niet bestaat.",
        ),
        (
            "een jaar",
            "Typ op het blad Plan rechts naast de laatste jaarkolom een kop: het jaartal, of het jaartal met i "
            "(incidenteel) en met s (structureel). Voeg op het blad Budget een rij met dat jaar toe.",
        ),
        (
            "een doel",
            "Typ op het blad Doelen onder het laatste doel een code en een tekst. Noem het doel bij een aandachtsgebied "
            "en koppel daar planregels aan.",
        ),
        (
            "een afdeling, een thema",
            "Typ de nieuwe naam op het blad Plan in de kolom van de afdeling of het hoofdthema; het blad Overzicht "
            "neemt de naam over.",
        ),
    ),
)


class Sample(NamedTuple):
    """One line of the legend: a cell in its real style, and what that style means."""

    shown: str | float
    form: Callable[[Styles], Format]
    meaning: str


LEGEND_TITLE = "Wat de kleuren en tekens betekenen"
LEGEND = (
    Sample("invoer", lambda style: style.input(), "Geel met blauwe letters en een rand: hier vult u in."),
    Sample("kop", lambda style: style.heading, "Wit op donkerblauw: de kop van een kolom."),
    Sample(100_000, lambda style: style.amount, "Donker op wit: berekend, typ er niets overheen."),
    Sample(-100_000, lambda style: style.amount, "Rood met een minteken: een tekort of een aftrek."),
    Sample(nl.ABSENT, lambda style: style.fte, "Streepje: geen raming, of het bedrag is niet bekend."),
    Sample(
        100_000, lambda style: style.working_amount,
        "Klein op grijs: de tweede rekenroute met gewone formules, en hulpcellen. Ter controle.",
    ),
    Sample(0, lambda style: style.deviation, "Verschil tussen de twee rekenroutes: gelijk, of het aantal afwijkingen."),
    Sample(page.HOLDS, lambda style: style.calm, "Groen, boven aan elk blad: alles klopt. De woorden zeggen hetzelfde."),
    Sample("2 afwijkingen", lambda style: style.alarm, "Rood, boven aan elk blad: er klopt iets niet, of de memo is verouderd."),
)  # fmt: skip

PLAN_WEAKNESSES = Section(
    "Zwakke punten van het plan",
    (
        ("aannamen per jaar", ""),
        ("niet toegekend", ""),
        (
            "begrotingsruimte",
            "De ruimte is nog niet bestemd, maar niet vrij: het Rijk kan doelen toevoegen en de GHOR kan nog bij de "
            "verdeling worden betrokken.",
        ),
        (
            "ruimte cumulatief",
            "Alleen indicatief: of een saldo mee mag naar een volgend jaar, staat niet vast.",
        ),
        (
            "lonen en prijzen",
            "Elk jaar geldt hetzelfde normbedrag per fte en elk bedrag zoals het is geraamd: er is niet geïndexeerd.",
        ),
        (
            "instroom",
            "Alleen structurele lasten van het blok fte lopen mee met de startmaand. Middelen en externe inhuur tellen "
            "het hele jaar. Er wordt met hele maanden gerekend.",
        ),
        (
            "doelbereik",
            "Welke regel welk aandachtsgebied dient, is een oordeel en staat niet in de memo. Bedragen van RBP-doelen "
            "overlappen en zijn niet optelbaar. Of een doel ook wordt bereikt, zegt een bedrag niet.",
        ),
    ),
)

WORKBOOK_WEAKNESSES = Section(
    "Zwakke punten van de werkmap",
    (
        (
            "functies",
            "De BDUR-functies rekenen alleen op een computer waar bdur_xl is geïnstalleerd. Elders blijft de laatste "
            "waarde staan. Gewone formules rekenen overal; de kolom verschil vergelijkt de twee.",
        ),
        (
            "bereik",
            f"De formules lezen tot en met rij {LAST_ROW}, en jaren tot en met kolom "
            f"{column_letters(LAST_FIGURE_COLUMN + 1)}. Wat daarbuiten staat, telt niet mee.",
        ),
        (
            "VEROUDERD",
            "De vergelijking ziet elke wijziging van de invoer, ook een verplaatste cel, maar geen wijziging van opmaak "
            "of van formules. Na wijzigen en terugzetten is de invoer weer actueel.",
        ),
        (
            "bladbeveiliging",
            "Berekende bladen zijn beveiligd tegen vergissingen, zonder wachtwoord: het is geen slot.",
        ),
        (
            "getest in",
            "Nagerekend met LibreOffice. Excel zelf was bij het bouwen niet beschikbaar; wat daar met de hand is "
            "nagekeken, staat bij de uitgave.",
        ),
    ),
)

VERSIONS: Sequence[tuple[str, str, str]] = (
    (
        bdur_xl.__version__,
        "1",
        "Eerste werkmap: invoer, twee rekenroutes, controles, doelbereik, memo, vingerafdruk van de invoer.",
    ),
)
"""Version of the program, of the workbook, and what changed; newest last."""

HISTORY = Section(
    "Versies",
    tuple((f"programma {program}, werkmap {book}", what) for program, book, what in VERSIONS),
)

_AS_BUILT = "Zo stond het toen deze werkmap werd gebouwd; nu: zie het blad Controles."

PREMISES_TITLE = "Uitgangspunten: de aannamen en waar ze op rusten"

_ABOVE = (PURPOSE, USE, ADD, PLAN_WEAKNESSES, WORKBOOK_WEAKNESSES, HISTORY)
_PER_SECTION = 2
"""Rows a section has besides its own: its title, and a blank row under it."""

PREMISES_ROW = (
    page.FIRST_ROW
    + sum(len(section.rows) + _PER_SECTION for section in _ABOVE)
    + len(LEGEND) + _PER_SECTION
    + 1
)  # fmt: skip
"""Where the table of premises has its headings, counted from 0; its title stands right above it."""


def write(build: Build) -> None:
    """Add the sheet, premises included."""
    sheet, style = build.sheet(SHEET), build.style
    explanation = "Begin hier: wat deze werkmap is, hoe u ermee werkt en wat u moet weten."
    page.set_up(sheet, style, "BDuR-plan", explanation, (page.FIRST_ROW, 0))
    derived = _derived(build.overview)
    row = page.FIRST_ROW
    for section in (PURPOSE, USE, ADD):
        row = _section(sheet, style, row, section, derived)
    row = _legend(sheet, style, row)
    for section in (PLAN_WEAKNESSES, WORKBOOK_WEAKNESSES, HISTORY):
        row = _section(sheet, style, row, section, derived)
    sheet.write_string(row, 0, PREMISES_TITLE, style.group)
    _premises(build, sheet)
    _facts(build, sheet)


def _section(sheet: Worksheet, style: Styles, row: int, section: Section, derived: Mapping[str, str]) -> int:
    """Write a section and return the row where the next begins."""
    _title(sheet, style, row, section.title)
    for label, text in section.rows:
        row += 1
        _row(sheet, style, row, (label, text or derived.get(label, "")), style.strong_text)
    return row + _PER_SECTION


def _title(sheet: Worksheet, style: Styles, row: int, title: str) -> None:
    sheet.write_string(row, 0, title, style.group)
    sheet.write_blank(row, 1, None, style.group)


def _row(sheet: Worksheet, style: Styles, row: int, texts: Row, form: Format) -> None:
    label, text = texts
    sheet.write_string(row, 0, label, form)
    sheet.write_string(row, 1, text, style.text)
    sheet.set_row(row, page.height_for([text], TEXT_WIDTH))


def _legend(sheet: Worksheet, style: Styles, row: int) -> int:
    """Write a cell in each style with its meaning and return the row where the next section begins."""
    _title(sheet, style, row, LEGEND_TITLE)
    first = row + 1
    for sample in LEGEND:
        row += 1
        sheet.write(row, 0, sample.shown, sample.form(style))
        sheet.write_string(row, 1, sample.meaning, style.text)
    page.mark_negative(sheet, style, first, 0, row, 0)
    return row + _PER_SECTION


def _derived(overview: Overview) -> dict[str, str]:
    """Return the weaknesses that follow from the plan itself, as it was when the workbook was built."""
    years_by_assumption: dict[str, list[str]] = {}
    for year, texts in overview.assumptions.items():
        for text in texts:
            years_by_assumption.setdefault(text, []).append(str(year))
    assumed = [f"{nl.listing(years)}: {text}." for text, years in years_by_assumption.items()]
    grants = overview.inputs.budget
    open_years = [
        str(year)
        for year in overview.years
        if year not in grants or nl.fold(grants[year].status or "") != terms.AWARDED
    ]
    awarded = f"{nl.listing(open_years)}: het beschikbare bedrag is een prognose of nog niet bekend."
    return {
        "aannamen per jaar": f"{' '.join(assumed) or 'Geen.'} {_AS_BUILT}",
        "niet toegekend": f"{awarded if open_years else 'Elk bedrag is toegekend.'} {_AS_BUILT}",
    }


def _premises(build: Build, sheet: Worksheet) -> None:
    """Write the input table last, and give the columns the widths of the text above it."""
    placed = build.placed["premises"]
    inputs.write_table(sheet, build.style, placed)
    inputs.fit_rows(sheet, [placed])
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)


def _facts(build: Build, sheet: Worksheet) -> None:
    """Show the premises that say whose plan this is, as they stand in the table below."""
    placed = build.placed["premises"]
    name, value = (placed.column(column) - placed.left for column in ("uitgangspunt", "waarde"))
    stated = {str(row[name]): row[value] for _, row in placed.raw.rows}
    labels = [label for label, _ in PURPOSE.rows]
    for fact in FACTS:
        row = page.FIRST_ROW + 1 + labels.index(fact)
        found = f'INDEX(uitgangspunten_waarde,MATCH("{fact}",uitgangspunten_naam,0))'
        date = inputs.as_date(stated.get(fact))
        if date:
            sheet.write_formula(row, 1, f'=IFERROR({found},"")', build.style.date, (date - DAY_ZERO).days)
        else:
            text = str(stated.get(fact) or "")
            sheet.write_formula(row, 1, f'=IFERROR({found}&"","")', build.style.label, text)
