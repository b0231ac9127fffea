"""Input tables -> values and findings: what each table says, and everything that is wrong, at once.

A row that cannot be read for sure becomes a fault, never a guess and never nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from operator import eq
from typing import NamedTuple, TypeVar

from bdur_xl import cells, line_columns, nl, plan_columns, terms
from bdur_xl.cells import CellError
from bdur_xl.kept import Latest, kept, latest
from bdur_xl.model import (
    Actual,
    BudgetYear,
    CapacityColumn,
    CapacityLine,
    ControlTotal,
    Date,
    Explanation,
    ExtraCost,
    Finding,
    FocusArea,
    FromYear,
    Goal,
    Inputs,
    Intake,
    LedgerRule,
    Link,
    Plan,
    PlanLine,
    Premises,
    Reservation,
    Scenario,
    Status,
    YearColumn,
)
from bdur_xl.rows import Codes, Findings, Row, Sheet, missing, remembered
from bdur_xl.tables import (
    INPUT_TABLES,
    REQUIRED_TABLES,
    Content,
    FigureColumn,
    RawTable,
    Texts,
    capacity_column,
    heading_key,
    year_column,
)
from bdur_xl.terms import OPPOSITE, Kind, Level

T = TypeVar("T")


def parse_inputs(
    raw: Mapping[str, RawTable], required: Collection[str] = REQUIRED_TABLES
) -> tuple[Inputs, Findings]:
    """Return what the tables say and everything wrong with them.

    With a finding of status FAULT the inputs are incomplete: give no figures.
    A table that is not `required` may be missing and is then empty; without
    the plan, codes of plan lines are taken as written.
    """
    found: Findings = []
    premises = _premises(_sheet("premises", raw.get("premises"), required, []))  # `_others` tells its faults
    sheet = _sheet("plan", raw.get("plan"), required, found)
    frame = _frame(sheet.figures, premises.unsplit_as)
    plan = _plan(sheet, frame)
    known = "plan" in raw or "plan" in required
    lines = _line_codes(_latest_ids.recognised(plan_columns.line_ids(plan.lines), eq), known)
    others, wrong = _others(frame, lines, required, *map(raw.get, _OTHERS))
    return others._replace(plan=plan, texts=Texts(tuple(raw.values()))), found + wrong


_OTHERS = tuple(key for key in INPUT_TABLES if key != "plan")

_latest_ids = Latest[Sequence[str]]()


@latest(8)
def _others(
    frame: Plan, lines: Codes, required: Collection[str], *tables: RawTable | None
) -> tuple[Inputs, Findings]:
    """Return what the tables beside the plan say, and everything wrong with them.

    Of the plan it takes `frame`, all but its lines, and their codes: no amount. So after an edit of
    amounts it says the same, to each of the functions that are handed different tables.
    """
    found: Findings = []
    raw = {key: table for key, table in zip(_OTHERS, tables, strict=True) if table is not None}
    sheets = {key: _sheet(key, raw.get(key), required, found) for key in _OTHERS}
    if set(REQUIRED_TABLES) <= set(required):
        found += _deleted(raw)
    premises = _premises(sheets["premises"])
    known = "premises" in raw or "premises" in required
    goals = _goals(sheets["goals"])
    areas = _areas(sheets["areas"], goals)
    inputs = Inputs(
        plan=frame,
        budget=_budget(sheets["budget"]),
        goals=goals,
        areas=areas,
        links=_links(sheets["links"], lines, areas),
        capacity=_capacity(sheets["capacity"], lines),
        intake=_intake(sheets["intake"], lines, premises.norm_per_fte),
        control_totals=_control_totals(sheets["control_totals"]),
        premises=premises,
        explanations=_explanations(sheets["explanations"]),
        capacity_columns=tuple(
            figure.key
            for figure in sheets["capacity"].figures.values()
            if isinstance(figure.key, CapacityColumn)
        ),
        actuals=_actuals(sheets["actuals"], lines, frame.years),
        ledger_map=_ledger_map(sheets["ledger_map"], lines),
        scenarios=_scenarios(sheets["scenarios"], lines, frame, premises if known else None),
        reservations=_reservations(sheets["reservations"]),
    )
    return inputs, found


def _sheet(key: str, raw: RawTable | None, required: Collection[str], found: Findings) -> Sheet:
    table = INPUT_TABLES[key]
    return missing(table, found, key in required) if raw is None else Sheet(table, raw, found)


def _deleted(raw: Mapping[str, RawTable]) -> Iterator[Finding]:
    """Yield a signal per optional table that is not there while another is: a workbook that old has none."""
    optional = [table for table in INPUT_TABLES.values() if not table.required]
    missing = [table for table in optional if table.key not in raw]
    for table in missing if len(missing) < len(optional) else ():
        message = f"tabel {table.table} ontbreekt en geldt als leeg"
        remedy = "Zet haar terug uit een reservekopie, of laat het zo als de werkmap haar nooit had."
        yield Finding("cel", Status.SIGNAL, table.sheet, message, remedy)


def _names() -> Callable[[str | None], str | None]:
    """Return a function that gives equal names (but for case) one spelling."""
    first: dict[str, str] = {}
    return lambda name: None if name is None else first.setdefault(nl.fold(name), name)


@kept
def _line_codes(ids: Sequence[str], known: bool) -> Codes:
    return Codes("planregel", "plan", ids, known=known)


@kept
def _frame(figures: Mapping[int, FigureColumn], unsplit_as: Kind | None) -> Plan:
    """Return a plan without its lines."""
    return Plan(tuple(f.key for f in figures.values() if isinstance(f.key, YearColumn)), (), unsplit_as)


@remembered
def _plan(sheet: Sheet, frame: Plan) -> Plan:
    lines = plan_columns.read(sheet.raw, sheet.index, sheet.figures)
    _check_split(sheet, frame.columns)
    return frame._replace(lines=_plan_lines(sheet) if lines is None else lines)


def _plan_lines(sheet: Sheet) -> tuple[PlanLine, ...]:
    theme, department = _names(), _names()
    lines = []
    for line_id, row in sheet.identified():
        if line_id.startswith(OPPOSITE):
            message = f"de code {line_id} begint met een streepje: dat keert in de memo het teken om"
            row.fault("regel_id", message, "Geef de regel een code die met een letter of een cijfer begint.")
        amounts = {key: cents for key, cents in row.figures().items() if isinstance(key, YearColumn)}
        lines.append(
            PlanLine(
                line_id=line_id,
                theme=theme(row.text("hoofdthema")),
                block=row.required_choice("blok", terms.BLOCKS) or "",
                subtheme=row.text("subthema"),
                amounts=amounts,
                department=department(row.text("afdeling_sector")),
                remark=row.text("opmerking"),
                place=row.place,
            )
        )
    return tuple(lines)


def _check_split(sheet: Sheet, columns: tuple[YearColumn, ...]) -> None:
    split = {column.year for column in columns if column.kind is not Kind.UNSPLIT}
    for column in columns:
        if column.kind is Kind.UNSPLIT and column.year in split:
            sheet.add(
                sheet.raw.place(sheet.raw.header_row),
                f"{column.year} staat er gesplitst (i, s) én ongesplitst: dat telt dubbel",
                f"Houd {column.year} i en {column.year} s over, of alleen {column.year}.",
            )


@remembered
def _budget(sheet: Sheet) -> dict[int, BudgetYear]:
    budget = {}
    for named, row in sheet.identified():
        year = row.get("jaar", cells.year) if named else None
        entry = (
            row.number("beschikbaar_tabel2"),
            row.number("exact_bedrag"),
            row.text("bron"),
            row.text("status"),
        )
        cut = row.get("korting", cells.share) or Fraction(0)
        if year is not None:
            budget[year] = BudgetYear(
                year,
                *entry,
                cut=cut,
                national=row.number("landelijk_bedrag"),
                national_source=row.text("bron_landelijk"),
                place=row.place,
            )
    return budget


@remembered
def _goals(sheet: Sheet) -> tuple[Goal, ...]:
    return tuple(
        Goal(
            goal_id=goal_id,
            frame=row.text("kader") or "",
            parent=row.text("valt_onder"),
            text=row.text("tekst") or "",
            kind=row.text("soort") or "",
            source=row.text("bron"),
            place=row.place,
        )
        for goal_id, row in sheet.identified()
    )


@remembered
def _areas(sheet: Sheet, goals: tuple[Goal, ...]) -> tuple[FocusArea, ...]:
    grant = Codes("RCDV-doel", "goals", [g.goal_id for g in goals if not g.is_objective])
    policy = Codes("RBP-doel", "goals", [g.goal_id for g in goals if g.is_objective])
    opgaven = {g.goal_id for g in goals if g.is_heading}
    return tuple(
        FocusArea(
            area_id=area_id,
            text=row.text("tekst") or "",
            goal_id=row.code("rcdv_doel_afgeleid", grant, terms.GRANT_GOAL_PREFIX) or "",
            objectives=_objectives(row, policy, opgaven),
            place=row.place,
        )
        for area_id, row in sheet.identified()
    )


def _objectives(row: Row, policy: Codes, opgaven: Collection[str]) -> tuple[str, ...]:
    """Return the objectives an area names; an opgave is a fault: it would be counted nowhere."""
    named = row.codes("rbp", policy)
    for code in named:
        if code in opgaven:
            remedy = "Noem de doelstellingen die eronder vallen."
            row.fault("rbp", f"{code} is een opgave: die telt zelf nergens mee", remedy)
    return named


@remembered
def _links(sheet: Sheet, lines: Codes, areas: tuple[FocusArea, ...]) -> tuple[Link, ...]:
    area_codes = Codes("aandachtsgebied", "areas", [area.area_id for area in areas])
    quick = line_columns.links(sheet.raw, sheet.index, lines.plain, area_codes.plain)
    return _link_rows(sheet, lines, area_codes) if quick is None else quick


def _link_rows(sheet: Sheet, lines: Codes, area_codes: Codes) -> tuple[Link, ...]:
    links = []
    for row in sheet.rows():
        line_id = row.code("regel_id", lines)
        named = row.codes("aandacht_id", area_codes)
        level = row.required_choice("dekking", terms.LEVELS)
        if level in terms.OWN_LINE and row.is_blank("aandacht_id"):
            remedy = "Vul het aandachtsgebied in, of kies ondersteunend of geen."
            row.fault("aandacht_id", f"dekking {level} zonder aandachtsgebied", remedy)
        if line_id and level:
            links += [Link(line_id, area_id, Level(level), row.text("grond"), row.place)
                      for area_id in named or (None,)]  # fmt: skip
    return tuple(links)


def _capacity(sheet: Sheet, lines: Codes) -> tuple[CapacityLine, ...]:
    return tuple(
        CapacityLine(
            line_id=line_id,
            theme=row.text("hoofdthema"),
            subject=row.text("thema"),
            figures={key: value for key, value in row.figures().items() if isinstance(key, CapacityColumn)},
            department=row.text("afdeling_sector"),
            plan_lines=row.codes("tabel2_regels", lines),
            remark=row.text("opmerking"),
            place=row.place,
        )
        for line_id, row in sheet.identified()
    )


@remembered
def _intake(sheet: Sheet, lines: Codes, norm: int | None) -> dict[str, Intake]:
    quick = line_columns.intake(sheet.raw, sheet.index, lines.plain, norm)
    return _intake_rows(sheet, lines, norm) if quick is None else quick


def _intake_rows(sheet: Sheet, lines: Codes, norm: int | None) -> dict[str, Intake]:
    intake = {}
    for named, row in sheet.identified():
        line_id = row.code("regel_id", lines) if named else None
        start = row.get("startmaand", cells.month)
        in_house = row.number("fte_in_dienst", Content.FTE) or 0
        if in_house < 0:
            row.fault("fte_in_dienst", "fte al in dienst is negatief", "Typ 0 of meer, of maak de cel leeg.")
        if in_house and norm is None:
            message = "fte al in dienst kan niet worden omgerekend zonder normbedrag"
            remedy = f"Vul op het blad {INPUT_TABLES['premises'].sheet} het normbedrag fte in."
            row.fault("fte_in_dienst", message, remedy)
        if line_id:
            intake[line_id] = Intake(line_id, start, in_house, row.text("grondslag"), row.place)
    return intake


@remembered
def _control_totals(sheet: Sheet) -> tuple[ControlTotal, ...]:
    readers = {INPUT_TABLES["plan"].sheet: year_column, INPUT_TABLES["capacity"].sheet: capacity_column,
               "Tabel 2": year_column}  # fmt: skip
    totals = []
    for row in sheet.rows():
        table = row.required_choice("tabel", tuple(readers))
        figure = readers[table](row.text("kolom") or "") if table else None
        if table and figure is None:
            row.fault("kolom", f"geen kolom van {table}", "Neem de kop van de kolom over.")
        total = row.number("totaal", figure.content if figure else Content.AMOUNT)
        if row.is_blank("totaal"):
            row.fault("totaal", "totaal is leeg", "Typ het gedrukte totaal, of haal de rij weg.")
        if table and figure and total is not None:
            totals.append(ControlTotal(table, figure.key, total, row.text("bron"), row.place))
    return tuple(totals)


@remembered
def _explanations(sheet: Sheet) -> tuple[Explanation, ...]:
    explanations = []
    for row in sheet.rows():
        stated = {name: row.text(name) or "" for name in ("code", "waar", "bevinding", "toelichting")}
        for name, text in stated.items():
            if not text and row.is_blank(name):
                remedy = "Neem code, waar en bevinding over van het blad Controles en typ de reden ernaast."
                row.fault(name, f"{name} is leeg", remedy)
        if all(stated.values()):
            explanations.append(
                Explanation(
                    code=stated["code"],
                    where=stated["waar"],
                    message=stated["bevinding"],
                    reason=stated["toelichting"],
                    place=row.place,
                )
            )
    return tuple(explanations)


def _actuals(sheet: Sheet, lines: Codes, years: Collection[int]) -> tuple[Actual, ...]:
    """Return what was spent; the rows of one year share one peildatum, or they cannot be compared."""
    actuals = []
    first: dict[int, tuple[Date, str]] = {}
    for row in sheet.rows():
        line_id = row.code("regel_id", lines)
        year, until = _required(row, "jaar", cells.year), _required(row, "tot_en_met", cells.day)
        amount = row.number("bedrag")
        if row.is_blank("bedrag"):
            row.fault("bedrag", "bedrag is leeg", "Typ 0 als er niets is uitgegeven, of haal de rij weg.")
        if year and lines.known and year not in years:
            row.fault("jaar", f"{year} staat niet in het plan", "Voeg het jaar toe op het blad Plan.")
        if year and until:
            _check_until(row, year, until, first)
        if line_id and year and until and amount is not None:
            actuals.append(Actual(line_id, year, amount, until, row.text("omschrijving"), row.place))
    return tuple(actuals)


def _required(row: Row, name: str, convert: Callable[[object], T | None]) -> T | None:
    if row.is_blank(name):
        heading = row.heading(name)
        row.fault(name, f"{heading} is leeg", f"Vul {heading} in, of haal de rij weg.")
    return row.get(name, convert)


def _check_until(row: Row, year: int, until: Date, first: dict[int, tuple[Date, str]]) -> None:
    if until[0] != year:
        remedy = f"Typ een dag in {year}: een heel jaar loopt tot en met 31-12."
        row.fault("tot_en_met", f"{nl.date(*until)} valt niet in {year}", remedy)
    earlier, place = first.setdefault(year, (until, row.place_of("tot_en_met")))
    if until != earlier:
        message = f"{year} loopt hier t/m {nl.date(*until)}, maar in {place} t/m {nl.date(*earlier)}"
        row.fault("tot_en_met", message, "Houd per jaar één peildatum aan.")


def _ledger_map(sheet: Sheet, lines: Codes) -> tuple[LedgerRule, ...]:
    rules: dict[tuple[str, str], LedgerRule] = {}
    for row in sheet.rows():
        account, centre = row.text("grootboekrekening"), row.text("kostenplaats")
        line_id = row.code("regel_id", lines)
        key = nl.fold(account or ""), nl.fold(centre or "")
        if not any(key):
            remedy = "Vul een grootboekrekening in, een kostenplaats, of beide."
            row.fault("grootboekrekening", "rekening en kostenplaats zijn beide leeg", remedy)
        elif line_id:
            rule = rules.setdefault(key, LedgerRule(account, centre, line_id, row.place))
            if rule.line_id != line_id:
                named = nl.listing(text for text in (account, centre) if text)
                message = f"{named} hoort hier bij {line_id}, maar in {rule.place} bij {rule.line_id}"
                row.fault("regel_id", message, "Houd één regel over.")
    return tuple(rules.values())


class _Premise(NamedTuple):
    """How one uitgangspunt is read: into which field, by which converter."""

    field: str
    convert: Callable[[object], object]
    many: bool = False


def _amount(cell: object) -> int | None:
    value = cells.number(cell, str(Content.AMOUNT))
    if value is not None and value.hundredths <= 0:
        raise CellError("is niet groter dan nul", "Typ het bedrag in euro's.")
    return value and value.hundredths


def _kind(cell: object) -> Kind | None:
    shown = cells.text(cell)
    if shown is None or nl.fold(shown) in {Kind.STRUCTURAL, Kind.INCIDENTAL}:
        return Kind(nl.fold(shown)) if shown else None
    raise CellError(f"bevat {cells.quoted(shown)}", "Kies structureel of incidenteel, of maak de cel leeg.")


_PREMISES = {
    "regio": _Premise("region", cells.text),
    "regio kort": _Premise("region_short", cells.text),
    "aan": _Premise("addressee", cells.text),
    "betreft": _Premise("subject", cells.text),
    "status": _Premise("status", cells.text),
    "peildatum": _Premise("reference_date", cells.date),
    "wijzigingen sinds": _Premise("changes_since", cells.date),
    "normbedrag fte": _Premise("norm_per_fte", _amount),
    "ongesplitst als": _Premise("unsplit_as", _kind),
    "instroommaand": _Premise("intake_months", cells.month, many=True),
    "indexering": _Premise("indexation_agreed", cells.text),
    "overdracht saldo": _Premise("carry_over_agreed", cells.text),
}


@remembered
def _premises(sheet: Sheet) -> Premises:
    values: dict[str, object] = {}
    for row in sheet.rows():
        name = heading_key(row.text("uitgangspunt") or "")
        premise = _PREMISES.get(name)
        if premise is None:
            message = f"uitgangspunt {cells.quoted(name)} is onbekend en telt nergens mee"
            sheet.add(row.place, message, f"Bekend zijn: {nl.listing(_PREMISES)}.", Status.SIGNAL)
            continue
        value = row.get("waarde", premise.convert)
        if premise.field in values and not premise.many:
            row.fault("uitgangspunt", f"{name} komt dubbel voor", "Houd één rij over.")
        elif premise.many and value is not None:
            earlier = values.get(premise.field, ())
            assert isinstance(earlier, tuple)
            values[premise.field] = (*earlier, value)
        elif value is not None:
            values[premise.field] = value
    return Premises(**values)  # type: ignore[arg-type]  # fields and converters stand side by side above


def _scenarios(sheet: Sheet, lines: Codes, plan: Plan, premises: Premises | None) -> tuple[Scenario, ...]:
    """Return the what-ifs; `premises` is None where they are not handed over and cannot be held against."""
    scenarios = []
    for name, row in sheet.identified():
        start, in_house = row.get("startmaand", cells.month), row.number("fte_in_dienst", Content.FTE) or 0
        scenario = Scenario(
            name=name,
            text=row.text("omschrijving"),
            start=start,
            in_house=in_house,
            cut=_from_year(row, "korting"),
            indexation=_from_year(row, "indexatie"),
            extra=_extra_cost(row, lines, plan),
            carry_over=row.choice("overdracht", ("ja", "nee")) != "nee",
            place=row.place,
        )
        _check_start(row, scenario, plan, premises)
        if nl.fold(name) == terms.BASIS and scenario._replace(text=None, place="") != Scenario(name):
            remedy = "Maak de rest van de rij leeg, of geef het scenario een eigen naam."
            row.fault("naam", f"{name} is het plan zelf en verandert niets", remedy)
        scenarios.append(scenario)
    return tuple(scenarios)


def _check_start(row: Row, scenario: Scenario, plan: Plan, premises: Premises | None) -> None:
    """Add a fault for a start month, or staff in house, that cannot be worked out."""
    start = scenario.start
    if scenario.in_house < 0:
        row.fault("fte_in_dienst", "fte al in dienst is negatief", "Typ 0 of meer, of maak de cel leeg.")
    if start is None:
        if scenario.in_house and row.is_blank("startmaand"):
            remedy = "Vul de startmaand van de overige formatie in, of maak deze cel leeg."
            row.fault("fte_in_dienst", "fte al in dienst zonder startmaand", remedy)
        return
    if plan.years and start[0] not in plan.years:
        message = f"startmaand valt in {start[0]}, een jaar dat niet in het plan staat"
        row.fault("startmaand", message, f"Kies een maand in {nl.listing(map(str, plan.years), 'of')}.")
    sheet = INPUT_TABLES["premises"].sheet
    unsplit = [str(year) for year in plan.years if year <= start[0] and _is_unsplit(plan, year)]
    if premises and unsplit:
        message = f"het plan splitst {nl.listing(unsplit)} niet: wat structureel is, blijft onbekend"
        row.fault("startmaand", message, f"Vul op het blad {sheet} in als wat ongesplitst geldt.")
    if premises and scenario.in_house and premises.norm_per_fte is None:
        message = "fte al in dienst kan niet worden omgerekend zonder normbedrag"
        row.fault("fte_in_dienst", message, f"Vul op het blad {sheet} het normbedrag fte in.")


def _is_unsplit(plan: Plan, year: int) -> bool:
    return any(column.year == year and plan.kind_of(column) is Kind.UNSPLIT for column in plan.columns)


def _from_year(row: Row, name: str) -> FromYear | None:
    """Return a share and the year it counts from; the one without the other is a fault."""
    share, year = row.get(name, cells.share), row.get(f"{name}_vanaf", cells.year)
    for given, lacking in ((name, f"{name}_vanaf"), (f"{name}_vanaf", name)):
        if not row.is_blank(given) and row.is_blank(lacking):
            shown, other = (heading.replace("_", " ") for heading in (given, lacking))
            message = f"{other} is leeg terwijl {shown} is ingevuld"
            row.fault(lacking, message, "Vul beide in, of geen van beide.")
    return None if share is None or year is None else FromYear(share, year)


def _extra_cost(row: Row, lines: Codes, plan: Plan) -> ExtraCost | None:
    """Return the cost a scenario adds; line, year and amount go together."""
    needed = {"extra_regel": "de regel", "extra_vanaf": "het jaar", "extra_bedrag": "het bedrag"}
    if all(row.is_blank(name) for name in (*needed, "extra_tot_en_met", "extra_fte")):
        return None
    for name, what in needed.items():
        if row.is_blank(name):
            remedy = "Vul regel, jaar en bedrag in, of maak ze alle leeg."
            row.fault(name, f"extra lasten zonder {what}", remedy)
    line_id = None if row.is_blank("extra_regel") else row.code("extra_regel", lines)
    first, price = row.get("extra_vanaf", cells.year), row.number("extra_bedrag")
    last = first if row.is_blank("extra_tot_en_met") else row.get("extra_tot_en_met", cells.year)
    fte = row.number("extra_fte", Content.FTE)
    if first and last and first > last:
        row.fault("extra_tot_en_met", f"{last} ligt voor {first}", "Typ hetzelfde of een later jaar.")
    for name, year in (("extra_vanaf", first), ("extra_tot_en_met", last)):
        if year and plan.years and year not in plan.years and not row.is_blank(name):
            remedy = f"Kies uit {nl.listing(map(str, plan.years), 'of')}."
            row.fault(name, f"{year} is geen jaar van het plan", remedy)
    if line_id is None or first is None or last is None or price is None:
        return None
    return ExtraCost(line_id, first, last, price, fte)


@remembered
def _reservations(sheet: Sheet) -> tuple[Reservation, ...]:
    reservations = []
    for name, row in sheet.identified():
        first, last = row.get("vanaf", cells.year), row.get("tot_en_met", cells.year)
        if first and last and first > last:
            row.fault("tot_en_met", f"{last} ligt voor {first}", "Typ hetzelfde of een later jaar.")
        amount = row.number("bedrag_per_jaar")
        reservations.append(Reservation(name, first, last, amount, row.text("grondslag"), row.place))
    return tuple(reservations)
