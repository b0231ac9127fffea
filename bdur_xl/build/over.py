"""The sheet Over: what this workbook is, how to use it, what its colours mean, where it is weak.

Last, under all text, stands the table of premises. The number of rows above it
is the same for every plan, so that `PREMISES_ROW` is known before the plan is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
TITLE = "BDuR-plan"
LABEL_WIDTH, TEXT_WIDTH = 30, 80

FACTS = ("status", "peildatum", "regio", "aan", "betreft")
"""The premises shown at the top, by name."""

ASSUMED, NOT_AWARDED = "aannamen per jaar", "niet toegekend"
"""Weaknesses that follow from the plan itself."""


class Row(NamedTuple):
    """A label and its text; a text that is empty here depends on the plan."""

    label: str | float
    text: str = ""
    form: Callable[[Styles], Format] = lambda style: style.strong_text
    """The style of the label."""


PURPOSE = {
    "doel": "Het plan voor de besteding van de extra BDuR-gelden: wat de regio wil doen, wat dat per jaar "
    "kost, welk bedrag beschikbaar is, welke doelen het dient, en de memo daarover aan het bestuur.",
}

USE = {
    "1  vul in": "Vul alleen gele cellen in: op de bladen Plan, Tabel 1, Budget, Doelen, Instroom, "
    "Toelichtingen en Realisatie, en de tabellen onder aan Scenario's en dit blad. Een lege cel is geen "
    "raming; dat is iets anders dan € 0.",
    "2  kijk na": "Boven aan elk blad staat of alles klopt. Zo niet, dan noemt het blad Controles elke "
    "afwijking, waar die zit en wat u kunt doen. Wat u verklaart, zet u op het blad Toelichtingen.",
    "3  ververs": "Staat er VEROUDERD, dan is de invoer gewijzigd na de laatste verversing en hoort een "
    "eerdere memo niet meer bij deze cijfers. Kies Vernieuw bestuursmemo, op het lint BDuR of op het blad "
    "Memo. De nieuwe memo komt naast deze werkmap te staan.",
    "4  bij twijfel": "Kies Herbereken: dan rekent Excel alles opnieuw door. Kies Gezondheid: dan ziet u of "
    "Excel en Python bij elkaar passen.",
}

ADD = {
    "een regel": "Typ op het blad Plan direct onder de laatste regel, met een regelcode die nog niet "
    "bestaat; de tabel groeit mee. LibreOffice laat een tabel niet meegroeien: voeg daar een rij of "
    "kolom tussen de bestaande in, anders weigeren de opdrachten van bdur wat ernaast of eronder staat.",
    "een jaar": "Typ op het blad Plan rechts naast de laatste jaarkolom een kop: het jaartal, of het "
    "jaartal met i (incidenteel) en het jaartal met s (structureel). Geef dat jaar op het blad Budget een "
    "rij.",
    "een doel": "Typ op het blad Doelen onder het laatste doel een code en een tekst. Noem die code bij "
    "een aandachtsgebied en koppel daar planregels aan.",
    "een scenario": "Typ op het blad Scenario's onder het laatste scenario een eigen naam, en alleen wat "
    "anders is dan in het plan. Het blad rekent het uit naast de andere.",
    "een afdeling, een thema": "Typ de nieuwe naam op het blad Plan bij een regel, in de kolom van de "
    "afdeling of van het hoofdthema. Het blad Overzicht neemt de naam over.",
}

LEGEND = (
    Row("invoer", "Geel met blauwe letters en een rand: hier vult u in.", lambda style: style.input()),
    Row("kop", "Wit op donkerblauw: de kop van een kolom.", lambda style: style.heading),
    Row(100_000, "Donker op wit: berekend, typ er niets overheen.", lambda style: style.amount),
    Row(-100_000, "Rood met een minteken: een tekort of een aftrek.", lambda style: style.amount),
    Row(nl.ABSENT, "Streepje: geen raming, of het bedrag is niet bekend.", lambda style: style.fte),
    Row(100_000, "Klein op grijs: de tweede rekenroute, en hulpcellen.", lambda style: style.working_amount),
    Row(0, "Verschil tussen de twee rekenroutes: gelijk, of een aantal.", lambda style: style.deviation),
    Row(page.HOLDS, "Groen, boven aan elk blad: het is goed, ook in woorden.", lambda style: style.calm),
    Row("2 afwijkingen", "Rood, boven aan elk blad: er is iets te doen.", lambda style: style.alarm),
)

PLAN_WEAKNESSES = {
    ASSUMED: "",
    NOT_AWARDED: "",
    "begrotingsruimte": "De ruimte is nog niet bestemd, maar niet vrij: het Rijk kan doelen toevoegen, en "
    "de GHOR kan nog bij de verdeling worden betrokken.",
    "ruimte cumulatief": "Alleen indicatief: of een saldo mee mag naar een volgend jaar, staat niet vast.",
    "lonen en prijzen": "Elk jaar geldt hetzelfde normbedrag per fte, en elk bedrag zoals het is geraamd. "
    "Er is niet geïndexeerd; het blad Scenario's laat zien wat indexatie doet.",
    "instroom": "Alleen structurele lasten van het blok fte lopen mee met de startmaand, in hele maanden. "
    "Middelen en externe inhuur tellen het hele jaar.",
    "verwachting": "Wat na de peildatum komt, volgt de raming, gelijk over de maanden en voor formatie vanaf "
    "de startmaand. Een regel zonder realisatie telt zoals geraamd.",
    "doelbereik": "Welke regel welk aandachtsgebied dient, is een oordeel. Bedragen van RBP-doelen "
    "overlappen en zijn niet optelbaar. Of een doel ook wordt bereikt, zegt een bedrag niet.",
}

WORKBOOK_WEAKNESSES = {
    "functies": "De BDUR-functies rekenen alleen op een computer waar bdur_xl is geïnstalleerd; elders "
    "blijft de laatste waarde staan. Gewone formules rekenen overal. De kolom verschil vergelijkt de twee.",
    "bereik": f"De formules lezen tot en met rij {LAST_ROW}, en jaren tot en met kolom "
    f"{column_letters(LAST_FIGURE_COLUMN + 1)}. Wat daarbuiten staat, telt niet mee.",
    "VEROUDERD": "De vergelijking ziet een wijziging van elke invoercel, ook als een cel alleen is "
    "verplaatst. Een andere opmaak of een gewijzigde formule ziet ze niet. Zie het blad Logboek.",
    "bladbeveiliging": "Berekende bladen zijn beveiligd tegen vergissingen, zonder wachtwoord. Het is geen "
    "slot.",
    "getest in": "Nagerekend met LibreOffice. Excel was bij het bouwen niet beschikbaar: bij de uitgave "
    "staat wat daar met de hand is nagekeken.",
}

VERSIONS = (
    (
        bdur_xl.__version__,
        "1",
        "Eerste werkmap: invoer, twee rekenroutes, controles, doelbereik, cijfers van de memo, vingerafdruk.",
    ),
)
"""Version of the program, of the workbook, and what changed; newest last."""

HISTORY = {f"programma {program}, werkmap {book}": what for program, book, what in VERSIONS}

_AS_BUILT = "Zo was het toen deze werkmap werd gebouwd; het blad Controles zegt hoe het nu is."


class Section(NamedTuple):
    """A title and the rows under it."""

    title: str
    rows: Sequence[Row]


def _section(title: str, texts: Mapping[str, str]) -> Section:
    return Section(title, [Row(label, text) for label, text in texts.items()])


SECTIONS = (
    _section("Waar deze werkmap voor is", {**PURPOSE, **dict.fromkeys(FACTS, "")}),
    _section("Zo werkt u ermee", USE),
    _section("Iets toevoegen: typen is genoeg, geen formule hoeft anders", ADD),
    Section("Wat de kleuren en tekens betekenen", LEGEND),
    _section("Zwakke punten van het plan", PLAN_WEAKNESSES),
    _section("Zwakke punten van de werkmap", WORKBOOK_WEAKNESSES),
    _section("Versies", HISTORY),
    Section("Uitgangspunten: de aannamen, en waar ze op rusten", ()),
)
"""What stands on the sheet, from top to bottom."""


def _placed() -> Iterator[tuple[int, Section]]:
    """Yield each section with the row of its title; a blank row parts it from the one above."""
    row = page.FIRST_ROW
    for section in SECTIONS:
        yield row, section
        row += len(section.rows) + 2


PREMISES_ROW = max(row for row, _ in _placed()) + 1
"""Where the table of premises has its headings, counted from 0."""


def write(build: Build) -> None:
    """Add the sheet, premises included."""
    sheet, style = build.sheet(SHEET), build.style
    explanation = "Begin hier: wat deze werkmap is, hoe u ermee werkt en wat u moet weten."
    page.set_up(sheet, style, TITLE, explanation, (page.FIRST_ROW, 0))
    from_plan: Mapping[str, str | Fact] = {**_weaknesses(build.overview), **_facts(build)}
    for top, section in _placed():
        sheet.write_string(top, 0, section.title, style.group)
        sheet.write_blank(top, 1, None, style.group)
        for at, row in enumerate(section.rows, start=top + 1):
            sheet.write(at, 0, row.label, row.form(style))
            _text(sheet, style, at, row.text or from_plan[str(row.label)])
        page.mark_negative(sheet, style, top, 0, top + len(section.rows), 0)
    _premises(build, sheet)


class Fact(NamedTuple):
    """A premise shown at the top: the formula that finds it, its value, its style."""

    formula: str
    value: str | float
    form: Format


def _text(sheet: Worksheet, style: Styles, row: int, text: str | Fact) -> None:
    if isinstance(text, Fact):
        sheet.write_formula(row, 1, f"={text.formula}", text.form, text.value)
    else:
        sheet.write_string(row, 1, text, style.indented)
        sheet.set_row(row, page.height_for([text], TEXT_WIDTH))


def _facts(build: Build) -> dict[str, Fact]:
    """Return the premises that say whose plan this is, as the table below states them."""
    placed = build.placed["premises"]
    name, value = (placed.column(column) - placed.left for column in ("uitgangspunt", "waarde"))
    stated = {row[name]: row[value] for _, row in placed.raw.rows}
    facts = {}
    for fact in FACTS:
        found = f'INDEX(uitgangspunten_waarde,MATCH("{fact}",uitgangspunten_naam,0))'
        date = inputs.as_date(stated.get(fact))
        if date:
            facts[fact] = Fact(f'IFERROR({found},"")', (date - DAY_ZERO).days, build.style.indented_date)
        else:
            text = str(stated.get(fact) or "")
            facts[fact] = Fact(f'IFERROR({found}&"","")', text, build.style.indented)
    return facts


def _weaknesses(overview: Overview) -> dict[str, str]:
    """Return the weaknesses that follow from the plan, as it was when the workbook was built."""
    years_of: dict[str, list[str]] = {}
    for year, texts in overview.assumptions.items():
        for text in texts:
            years_of.setdefault(text, []).append(str(year))
    assumed = [f"{nl.listing(years)}: {text}." for text, years in years_of.items()]
    grants = overview.inputs.budget
    open_years = [
        str(year)
        for year in overview.years
        if year not in grants or nl.fold(grants[year].status or "") != terms.AWARDED
    ]
    awarded = "Elk beschikbaar bedrag is toegekend."
    if open_years:
        awarded = f"{nl.listing(open_years)}: het beschikbare bedrag is een prognose, of nog niet bekend."
    return {
        ASSUMED: f"{' '.join(assumed) or 'Geen.'} {_AS_BUILT}",
        NOT_AWARDED: f"{awarded} {_AS_BUILT}",
    }


def _premises(build: Build, sheet: Worksheet) -> None:
    """Write the input table last, and give its first columns the widths of the text above it."""
    placed = build.placed["premises"]
    inputs.write_table(sheet, build.style, placed)
    inputs.fit_rows(sheet, [placed])
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
