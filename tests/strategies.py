"""Random plans as staff might type them: any years, columns, themes, goals, links and blanks."""

from hypothesis import strategies as st
from sheets import Book, Sheet

LEVELS = ["expliciet", "gedeeld", "alleen kop", "ondersteunend", "geen"]

amounts = st.one_of(
    st.none(),
    st.just(" "),
    st.integers(-(10**12), 10**13 - 1).map(lambda cents: cents / 100),
    st.integers(-50_000, 2_000_000),
    st.sampled_from([0, 0.01, -0.01, 0.1, 100_000]),
)
"""Amounts in euros: cents, whole euros, negative ones, zero, and blanks."""

grants = st.one_of(st.none(), st.integers(0, 10**13 - 1).map(lambda cents: cents / 100))
cuts = st.one_of(st.none(), st.integers(0, 1000).map(lambda mille: mille / 1000))
fte = st.one_of(st.none(), st.integers(0, 400).map(lambda hundredths: hundredths / 100))
norms = st.integers(1, 50_000_000).map(lambda cents: cents / 100)


@st.composite
def year_headings(draw: st.DrawFn) -> list[str]:
    """Draw some years, not in a row, each split in i and s, in one of them, or not split."""
    years = draw(st.lists(st.integers(1950, 2150), min_size=1, max_size=4, unique=True))
    forms = st.sampled_from([[" i"], [" s"], [" i", " s"], [" s", " i"], [""]])
    return [f"{year}{form}" for year in years for form in draw(forms)]


@st.composite
def plan_sheets(draw: st.DrawFn) -> Sheet:
    headings = draw(year_headings())
    names = st.sampled_from([None, "Alfa", "Bravo", "C/D", "e?"])
    sheet: Sheet = [["regel", "hoofdthema", "blok", "subthema", "afdeling/sector", *headings]]
    for number in range(draw(st.integers(0, 8))):
        block = draw(st.sampled_from(["fte", "middelen"]))
        cells = [draw(amounts) for _ in headings]
        sheet.append([f"L{number}", draw(names), block, None, draw(names), *cells])
    return sheet


@st.composite
def goal_sheets(draw: st.DrawFn) -> Sheet:
    sheet: Sheet = [["doel", "kader", "valt onder", "tekst", "soort"]]
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["regionaal", "landelijk afgeroomd"]))
        sheet.append([f"R{number}", "RCDV", None, "doel", kind])
    for number in range(draw(st.integers(0, 3))):
        sheet.append([f"b{number}", "RBP 2050", None, "doelstelling", "doelstelling"])
    return sheet


@st.composite
def books(draw: st.DrawFn) -> Book:
    """Draw a faultless book; years outside the budget and lines outside every goal included."""
    plan, goals = draw(plan_sheets()), draw(goal_sheets())
    lines = [row[0] for row in plan[1:]]
    grant_goals = [row[0] for row in goals[1:] if row[1] == "RCDV"]
    objectives = [str(row[0]) for row in goals[1:] if row[1] != "RCDV"]
    some_objectives = st.lists(st.sampled_from(objectives), unique=True) if objectives else st.just([])
    areas: Sheet = [["aandachtsgebied", "tekst", "RCDV-doel afgeleid", "RBP-doelen"]]
    for number in range(draw(st.integers(0, 4))):
        named = " ".join(draw(some_objectives)) or None
        areas.append([f"A{number}", "gebied", draw(st.sampled_from(grant_goals)), named])
    years = sorted({int(str(heading)[:4]) for heading in plan[0][5:]})
    premises = draw(premise_sheets(years))
    assumed = premises[2][1] is not None
    return {
        "plan": plan,
        "goals": goals,
        "areas": areas,
        "links": draw(link_sheets(lines, [row[0] for row in areas[1:]])),
        "budget": draw(budget_sheets(years)),
        "intake": draw(intake_sheets(lines)),
        "premises": premises,
        "capacity": [["regel", "hoofdthema", "thema", "afdeling/sector", "regels in Tabel 2"]],
        "control_totals": [["tabel", "kolom", "totaal"]],
        "explanations": [["code", "waar", "bevinding", "toelichting"]],
        "actuals": draw(actual_sheets(lines, years)),
        "ledger_map": [["grootboekrekening", "kostenplaats", "regel"]],
        "reservations": [["reservering", "vanaf", "tot en met", "bedrag per jaar"]],
        "scenarios": draw(scenario_sheets(plan, years if assumed else split_years(plan))),
    }


SCENARIO_HEADINGS = [
    "scenario", "startmaand", "fte al in dienst", "korting", "korting vanaf", "indexatie", "indexatie vanaf",
    "extra lasten op regel", "extra vanaf", "extra tot en met", "extra fte", "extra bedrag (per fte)",
    "overdracht",
]  # fmt: skip


def split_years(plan: Sheet) -> list[int]:
    """Return the years up to the first that does not tell what is structural."""
    years = sorted({int(str(heading)[:4]) for heading in plan[0][5:]})
    known = []
    for year in years:
        if str(year) in plan[0]:
            break
        known.append(year)
    return known


@st.composite
def scenario_sheets(draw: st.DrawFn, plan: Sheet, start_years: list[int]) -> Sheet:
    """Draw some scenarios, each of any parts that there are."""
    sheet: Sheet = [[*SCENARIO_HEADINGS], ["basis", *[None] * 12]]
    years = sorted({int(str(heading)[:4]) for heading in plan[0][5:]})
    lines = [row[0] for row in plan[1:]]

    def or_nothing(count: int, parts: st.SearchStrategy[tuple[object, ...]]) -> tuple[object, ...]:
        return draw(st.one_of(st.just((None,) * count), parts))

    for number in range(draw(st.integers(0, 2))):
        months = st.integers(1, 12)
        start: tuple[object, ...] = (None, None)
        if start_years:
            month = st.builds(lambda year, month: f"{year}-{month}", st.sampled_from(start_years), months)
            start = or_nothing(2, st.tuples(month, fte))
        shares = st.tuples(st.integers(0, 400).map(lambda mille: mille / 1000), st.sampled_from(years))
        extra: tuple[object, ...] = (None,) * 5
        if lines:
            spans = st.tuples(st.sampled_from(years), st.sampled_from(years)).map(sorted)
            cost = st.tuples(fte, st.integers(0, 50_000_000).map(lambda cents: cents / 100))
            extra = or_nothing(
                5,
                st.tuples(st.sampled_from(lines), spans, cost).map(lambda one: (one[0], *one[1], *one[2])),
            )
        over = draw(st.sampled_from([None, "ja", "nee"]))
        sheet.append([f"s{number}", *start, *or_nothing(2, shares), *or_nothing(2, shares), *extra, over])
    return sheet


@st.composite
def actual_sheets(draw: st.DrawFn, lines: list[object], years: list[int]) -> Sheet:
    """Draw amounts spent on some lines in some years; a year has one peildatum."""
    sheet: Sheet = [["regel", "jaar", "bedrag", "t/m"]]
    for year in years if lines else []:
        until = f"{draw(st.integers(1, 28))}-{draw(st.integers(1, 12))}-{year}"
        for line in draw(st.lists(st.sampled_from(lines), max_size=4)):
            sheet.append([line, year, draw(st.integers(-(10**9), 10**9)) / 100, until])
    return sheet


@st.composite
def budget_sheets(draw: st.DrawFn, years: list[int]) -> Sheet:
    sheet: Sheet = [["jaar", "beschikbaar Tabel 2", "exact bedrag", "korting", "bron", "status"]]
    for year in draw(st.lists(st.sampled_from(years), unique=True)):
        sheet.append([year, draw(grants), draw(grants), draw(cuts), None, None])
    return sheet


@st.composite
def intake_sheets(draw: st.DrawFn, lines: list[object]) -> Sheet:
    sheet: Sheet = [["regel", "startmaand", "fte al in dienst"]]
    for line in lines:
        if draw(st.booleans()):
            sheet.append([line, None, draw(fte)])
    return sheet


@st.composite
def premise_sheets(draw: st.DrawFn, years: list[int]) -> Sheet:
    sheet: Sheet = [["uitgangspunt", "waarde"], ["normbedrag fte", draw(norms)]]
    sheet.append(["ongesplitst als", draw(st.sampled_from([None, "structureel", "incidenteel"]))])
    for year in years:
        if draw(st.booleans()):
            sheet.append(["instroommaand", f"{year}-{draw(st.integers(1, 12))}"])
    return sheet


@st.composite
def link_sheets(draw: st.DrawFn, lines: list[object], areas: list[object]) -> Sheet:
    sheet: Sheet = [["regel", "aandachtsgebied", "dekking"]]
    for _ in range(draw(st.integers(0, 8)) if lines else 0):
        level = draw(st.sampled_from(LEVELS))
        area = draw(st.sampled_from([None, *areas]))
        if area is not None or level not in ("expliciet", "gedeeld"):
            sheet.append([draw(st.sampled_from(lines)), area, level])
    return sheet
