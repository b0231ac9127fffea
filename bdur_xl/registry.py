"""The one table of sheet functions: names, Dutch help, arguments, and what computes them.

The Excel functions, the VBA wrappers, the Calc add-in, the sheet Functies and
docs/FUNCTIES.md all derive from `SHEET_FUNCTIONS`.
"""

import platform
import sys
from dataclasses import replace

import bdur_xl
from bdur_xl import explain, functions, grids
from bdur_xl.arguments import Argument, ArgumentKind, SheetError
from bdur_xl.sheet_function import SheetFunction, evaluate, unexpected

__all__ = [
    "SHEET_FUNCTIONS",
    "Argument",
    "ArgumentKind",
    "SheetError",
    "SheetFunction",
    "evaluate",
    "status_line",
    "unexpected",
]


def _range(name: str, text: str, *tables: str) -> Argument:
    return Argument(name, f"{text}, met de koprij", ArgumentKind.RANGE, name, tables=tables)


def _optional(*arguments: Argument) -> tuple[Argument, ...]:
    return tuple(replace(argument, optional=True) for argument in arguments)


PLAN = _range("plan", "Tabel 2: de planregels", "plan")
PLAN_OR_CAPACITY = _range(
    "plan", "Tabel 2 (de planregels) of Tabel 1 (gevraagde capaciteit)", "plan", "capacity"
)
BUDGET = _range("budget", "Beschikbare bedragen per jaar", "budget")
LINKS = _range("koppeling", "Welke planregel welk aandachtsgebied dient", "links")
AREAS = _range("aandachtsgebieden", "De aandachtsgebieden en hun doelen", "areas")
GOALS = _range("doelen", "De doelen van de BDuR en van het regionaal beleidsplan", "goals")
INTAKE = _range("instroom", "Per regel wanneer de formatie begint en wie al in dienst is", "intake")
CAPACITY = _range("tabel1", "Tabel 1: gevraagde capaciteit en middelen", "capacity")
CONTROL_TOTALS = _range("controletotalen", "De totalen zoals gedrukt in de memo", "control_totals")
PREMISES = _range(
    "uitgangspunten",
    "De aannamen, zoals het normbedrag per fte en hoe een ongesplitst jaar geldt",
    "premises",
)
EXPLANATIONS = _range("toelichtingen", "Welke bevinding is toegelicht, en waarom", "explanations")
ACTUALS = _range("realisatie", "Wat per regel en jaar is uitgegeven, tot en met de peildatum", "actuals")
LEDGER_MAP = _range(
    "rekeningen", "Welke grootboekrekening of kostenplaats bij welke regel hoort", "ledger_map"
)
RESERVATIONS = _range(
    "reserveringen", "Wat van de ruimte af gaat; leeg bedrag: nog niet bekend", "reservations"
)
SCENARIOS = _range("scenarios", "De scenario's: wat anders is dan in het plan", "scenarios")
SCENARIO = Argument(
    "scenario", "Naam van een scenario; leeg of basis: het plan zelf", ArgumentKind.NAME, '"korting"', True
)
UNDER_SCENARIO = (replace(SCENARIOS, optional=True), SCENARIO)
"""Last among the arguments of every figure that a scenario may change."""

YEAR = Argument("jaar", "Kalenderjaar, zoals 2027", ArgumentKind.YEAR, "2027")
KIND = Argument(
    "soort",
    "incidenteel (i) of structureel (s); leeg: beide samen",
    ArgumentKind.CHOICE,
    '"structureel"',
    True,
)
STAFF_KIND = replace(KIND, help="incidenteel (i) of structureel (s); leeg: structureel")
BLOCK = Argument("blok", "fte of middelen; leeg: beide", ArgumentKind.NAME, '"fte"', True)
THEME = Argument(
    "hoofdthema", "Hoofdthema zoals in plan; leeg: alle", ArgumentKind.NAME, '"communicatie"', True
)
DEPARTMENT = Argument(
    "afdeling", "Afdeling of sector zoals in plan; leeg: alle", ArgumentKind.NAME, '"inkoop"', True
)
GOAL_FILTER = Argument(
    "doel",
    'Code van een doel, of "(geen doel)"; leeg: alle. Vraagt koppeling, aandachtsgebieden en doelen',
    ArgumentKind.NAME,
    '"R1"',
    True,
)
GOAL = Argument("doel", "Code van een doel, zoals R1 of 1c", ArgumentKind.NAME, '"R1"')
BASIS = Argument(
    "basis", "afgerond (Tabel 2) of exact (de brief); leeg: afgerond", ArgumentKind.CHOICE, '"exact"', True
)
START = Argument(
    "startmaand",
    "Maand waarin alle structurele formatie begint, zoals mei 2027; met instroom blijft wie al in dienst is",
    ArgumentKind.MONTH,
    '"mei 2027"',
    True,
)
MEASURE = Argument(
    "wat",
    "aandeel (0 tot 1, van de aandachtsgebieden met een eigen regel), niveau, bedrag of fte; leeg: aandeel",
    ArgumentKind.CHOICE,
    '"aandeel"',
    True,
)
ROWS = Argument(
    "rijen", "Vul aan tot zoveel rijen, voor een vast blok cellen", ArgumentKind.COUNT, "40", True
)
COLUMNS = Argument(
    "kolommen", "Vul aan tot zoveel kolommen, voor een vast blok cellen", ArgumentKind.COUNT, "10", True
)
FUNCTION = Argument(
    "functie", "De functie die het bedrag geeft, zoals jaartotaal of ruimte", ArgumentKind.NAME, '"ruimte"'
)

FIGURES = (
    SheetFunction(
        "BDUR_JAARTOTAAL",
        "Geeft de geraamde lasten van één jaar, van alle planregels of van een selectie.",
        (
            PLAN,
            YEAR,
            KIND,
            BLOCK,
            THEME,
            DEPARTMENT,
            GOAL_FILTER,
            *_optional(PREMISES, LINKS, AREAS, GOALS),
            *UNDER_SCENARIO,
        ),
        "Euro's; #N/B als het jaar, de soort of een naam niet in het plan staat.",
        '=BDUR_JAARTOTAAL(plan; 2027; "s"; "fte")',
        functions.year_total,
        explain=explain.year_total,
    ),
    SheetFunction(
        "BDUR_BESCHIKBAAR",
        "Geeft het bedrag dat in één jaar beschikbaar is uit de BDuR.",
        (BUDGET, YEAR, BASIS, *UNDER_SCENARIO),
        "Euro's; exact zonder exact bedrag geeft het afgeronde; #N/B als er geen bedrag is.",
        '=BDUR_BESCHIKBAAR(budget; 2027; "exact")',
        functions.available,
        explain=explain.available,
    ),
    SheetFunction(
        "BDUR_RUIMTE",
        "Geeft de begrotingsruimte van één jaar: beschikbaar min lasten. Die ruimte is nog niet bestemd.",
        (PLAN, BUDGET, YEAR, BASIS, *_optional(INTAKE), START, *_optional(PREMISES), *UNDER_SCENARIO),
        "Euro's, negatief bij een tekort; #N/B als het beschikbare bedrag niet bekend is.",
        "=BDUR_RUIMTE(plan; budget; 2027)",
        functions.room,
        explain=explain.room,
    ),
    SheetFunction(
        "BDUR_RUIMTE_CUMULATIEF",
        "Telt de begrotingsruimte op vanaf het eerste jaar van het plan. Alleen indicatief.",
        (PLAN, BUDGET, YEAR, BASIS, *_optional(INTAKE), START, *_optional(PREMISES), *UNDER_SCENARIO),
        "Euro's, negatief bij een tekort; #N/B vanaf het eerste jaar zonder bekend bedrag.",
        "=BDUR_RUIMTE_CUMULATIEF(plan; budget; 2027)",
        functions.cumulative_room,
        explain=explain.cumulative_room,
    ),
    SheetFunction(
        "BDUR_FTE",
        "Geeft de fte van één jaar: structureel uit Tabel 2 (lasten gedeeld door de norm), of uit Tabel 1.",
        (PLAN_OR_CAPACITY, YEAR, STAFF_KIND, *_optional(PREMISES)),
        "Fte in twee decimalen; #N/B zonder normbedrag of als de tabel geen fte noemt.",
        "=BDUR_FTE(plan; 2027; ; uitgangspunten)",
        functions.staff,
        explain=explain.staff,
    ),
    SheetFunction(
        "BDUR_DEELJAAR",
        "Geeft de lasten van één jaar als formatie in de loop van dat jaar begint.",
        (PLAN, YEAR, *_optional(INTAKE), START, *_optional(PREMISES), *UNDER_SCENARIO),
        "Euro's, één keer afgerond op centen; alleen structurele fte-lasten tellen naar maanden.",
        '=BDUR_DEELJAAR(plan; 2027; ; "mei 2027")',
        functions.part_year,
        explain=explain.part_year,
    ),
    SheetFunction(
        "BDUR_DOELDEKKING",
        "Geeft hoe ver een doel in één jaar is gedekt door het plan.",
        (PLAN, LINKS, AREAS, GOALS, GOAL, YEAR, MEASURE, *_optional(PREMISES)),
        "Een getal, of tekst bij niveau; #N/B voor een onbekend doel of een doel zonder aandachtsgebied.",
        '=BDUR_DOELDEKKING(plan; koppeling; aandachtsgebieden; doelen; "R1"; 2027)',
        functions.goal_coverage,
        explain=explain.goal_coverage,
    ),
)

GRIDS = (
    SheetFunction(
        "BDUR_OVERZICHT",
        "Geeft de tabel van lasten, beschikbaar, ruimte en fte, met een kolom per jaar.",
        (PLAN, BUDGET, *_optional(PREMISES, INTAKE, LINKS, AREAS, GOALS), ROWS, COLUMNS, *UNDER_SCENARIO),
        "Een tabel: onderdeel, naam en de jaren; #N/B waar het plan het cijfer niet geeft.",
        "=BDUR_OVERZICHT(plan; budget; uitgangspunten; instroom)",
        grids.overview_grid,
        is_array=True,
    ),
    SheetFunction(
        "BDUR_DOELENMATRIX",
        "Geeft per doel niveau, bedrag en fte van elk jaar. Bedragen van RBP-doelen zijn niet optelbaar.",
        (PLAN, LINKS, AREAS, GOALS, *_optional(PREMISES), ROWS, COLUMNS),
        "Een tabel: het doel, wie het draagt, zijn aandachtsgebieden, en per maat een kolom per jaar.",
        "=BDUR_DOELENMATRIX(plan; koppeling; aandachtsgebieden; doelen; uitgangspunten)",
        grids.goal_grid,
        is_array=True,
    ),
    SheetFunction(
        "BDUR_CONTROLES",
        "Voert alle controles uit en noemt bij een fout de cel: rij van het bereik en kop van de kolom.",
        (
            PLAN,
            BUDGET,
            LINKS,
            AREAS,
            GOALS,
            INTAKE,
            CAPACITY,
            CONTROL_TOTALS,
            PREMISES,
            ROWS,
            COLUMNS,
            *_optional(EXPLANATIONS, ACTUALS, LEDGER_MAP, SCENARIOS, RESERVATIONS),
        ),
        "Een tabel: code, controle, uitkomst, waar, bevinding en wat te doen, of de toelichting.",
        "=BDUR_CONTROLES(plan; budget; koppeling; aandachtsgebieden; doelen; instroom; tabel1; "
        "controletotalen; uitgangspunten)",
        grids.check_grid,
        is_array=True,
    ),
    SheetFunction(
        "BDUR_SCENARIOS",
        "Legt elk scenario naast het plan: lasten, beschikbaar, ruimte, cumulatief en verschil met basis.",
        (PLAN, BUDGET, SCENARIOS, *_optional(PREMISES), BASIS, ROWS, COLUMNS),
        "Een tabel: scenario, onderdeel en de jaren; #N/B waar het cijfer niet bekend is.",
        "=BDUR_SCENARIOS(plan; budget; scenarios; uitgangspunten)",
        grids.scenario_grid,
        is_array=True,
    ),
    SheetFunction(
        "BDUR_ANTWOORDEN",
        "Beantwoordt wat er gebeurt als: kantelpunt, extra fte, na het plan, aannamen, nog niet bestemd, "
        "overdracht.",
        (PLAN, BUDGET, *_optional(SCENARIOS, RESERVATIONS, PREMISES), BASIS, ROWS, COLUMNS),
        "Een tabel: eerst de antwoorden in zinnen, dan hun cijfers met jaar en eenheid.",
        "=BDUR_ANTWOORDEN(plan; budget; scenarios; reserveringen; uitgangspunten)",
        grids.answer_grid,
        is_array=True,
    ),
)
ACTUAL_GRIDS = (
    SheetFunction(
        "BDUR_REALISATIE",
        "Zet de realisatie naast het plan, met wat er over het hele jaar verwacht wordt en waar het verschil "
        "van komt.",
        (
            PLAN,
            ACTUALS,
            replace(
                YEAR,
                help="Het jaar dat per regel wordt getoond; leeg: het laatste met realisatie",
                optional=True,
            ),
            *_optional(INTAKE, PREMISES),
            ROWS,
            COLUMNS,
        ),
        "Een tabel: de stand van de analyse, een rij per jaar, een rij per regel van het jaar. Verschil is "
        "raming min realisatie of verwachting; #N/B als er nog geen realisatie is.",
        "=BDUR_REALISATIE(plan; realisatie; 2027; instroom; uitgangspunten)",
        grids.actual_grid,
        is_array=True,
    ),
)


def status_line() -> str:
    """BDUR_STATUS: versions and health in one line."""
    host = sys.modules.get("xlwings")
    versions = [f"bdur_xl {bdur_xl.__version__}", f"Python {platform.python_version()}"]
    versions += [f"xlwings {host.__version__}"] if host else []  # in Calc there is none
    plan = (("regel", "hoofdthema", "blok", "subthema", "2027", "afdeling/sector"),
            ("A", "x", "fte", "y", 0.1, "z"), ("B", "x", "fte", "y", 0.2, "z"))  # fmt: skip
    works = evaluate(FIGURES[0], [plan, 2027.0]) == 0.3
    return f"{', '.join(versions)}: {'de zelftest klopt' if works else 'DE ZELFTEST KLOPT NIET'}"


def _why_arguments() -> tuple[Argument, ...]:
    """Return the function and, each in a place of its own, every argument of a figure."""
    first = (FUNCTION, YEAR, PLAN_OR_CAPACITY, BUDGET, INTAKE, PREMISES, START, BASIS, KIND)
    by_name = {argument.name: argument for argument in first}
    for figure in FIGURES:
        for argument in figure.arguments:
            by_name.setdefault(argument.name, argument)
    function, *others = by_name.values()
    return function, *_optional(*others)


SHEET_FUNCTIONS: tuple[SheetFunction, ...] = (
    *FIGURES,
    *GRIDS,
    *ACTUAL_GRIDS,
    SheetFunction(
        "BDUR_WAAROM",
        "Legt in één zin uit hoe een bedrag ontstaat, of waarom het er niet is. Geef dezelfde argumenten.",
        _why_arguments(),
        "Tekst: de regels en de rekensom, of de reden met de namen die erop lijken.",
        '=BDUR_WAAROM("deeljaar"; 2027; plan; ; instroom; uitgangspunten)',
        lambda given: explain.why(given, FIGURES),
    ),
    SheetFunction(
        "BDUR_STATUS",
        "Geeft de versies en of de functies werken, in één regel.",
        (),
        "Tekst.",
        "=BDUR_STATUS()",
        lambda _: status_line(),
    ),
)
