"""The board memo: every block of text and figures that it may state, by the name of its field.

Headings, their order and fixed text stand in a Word template; a writer fills that in and computes
nothing. Wording comes from the memo to the board; its paragraph stands with the function.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import nl, tables, terms, traced
from bdur_xl.actuals import analyses, duty, latest
from bdur_xl.answers import BREAK_EVEN, answers
from bdur_xl.chart import Chart, lasten_chart
from bdur_xl.checks import Outcome
from bdur_xl.figures import MOST_LINES, MOST_LISTED, FigureRow, figure_rows
from bdur_xl.goals import GoalCoverage, goals_of_lines
from bdur_xl.memo_tables import (
    Table,
    actuals_table,
    area_table,
    check_table,
    finding_table,
    goal_name,
    goal_table,
    intake_table,
    kind_table,
    linked_frames,
    lists_lines,
    loose_line_table,
    many_lines,
    objective_table,
    plan_table,
    room_table,
    scenario_table,
    spending_table,
    unlinked_frames,
    where_text,
)
from bdur_xl.model import Finding, Status, open_ones
from bdur_xl.origins import CHECK_SHEET
from bdur_xl.overview import Overview
from bdur_xl.plan_lines import Lines
from bdur_xl.sentences import (
    FORECAST,
    WITHOUT_EFFECT,
    break_even_sentence,
    by_year,
    capital,
    count,
    cumulative_sentence,
    cut,
    cut_share,
    fallback_years,
    first_listed,
    grant_status,
    gross_text,
    intake_sentence,
    intake_variants,
    listed,
    number_word,
    period,
    phased_sentence,
    planned_text,
    room_sentence,
    roomy_years,
    rounded_to_euros,
    split_sentence,
    status_text,
    year_sentence,
)
from bdur_xl.terms import OPPOSITE, PERSONNEL, Basis, Kind, Level
from bdur_xl.traced import euro, quoted


class Paragraphs(NamedTuple):
    """Running text, a paragraph each."""

    texts: tuple[str, ...]


class Bullets(NamedTuple):
    """A list, one item each."""

    texts: tuple[str, ...]


class Placeholder(NamedTuple):
    """Text that staff must still write: the writer marks it and leaves it editable."""

    title: str
    text: str


Block = Paragraphs | Bullets | Placeholder | Table | Chart


class MemoFacts(NamedTuple):
    """Everything the memo may state, by the names that a template knows it by."""

    region: str
    subject: str
    date: tuple[int, int, int]
    """Year, month, day."""
    title: str
    status: str
    texts: Mapping[str, str]
    """What stands within a line of the template."""
    blocks: Mapping[str, Block]
    """What takes the place of a whole paragraph of it; an empty one leaves nothing there."""
    rows: tuple[FigureRow, ...]
    places: Mapping[str, str]
    """Where the workbook shows a figure, by id or kenmerk."""
    left_out: tuple[str, ...] = ()
    """What the memo leaves to the workbook, in sentences: for who makes it, too."""


class Source(NamedTuple):
    """What the memo is made from; sentences use the one basis, tables show both."""

    overview: Overview
    outcomes: tuple[Outcome, ...]
    basis: Basis
    notes: tuple[Finding, ...] = ()
    """What reading the workbook noticed: rounded cells, columns of staff's own."""
    changes: tuple[str, ...] = ()
    """What changed since an earlier version, in sentences."""

    @property
    def region(self) -> str:
        """The region as running text calls it."""
        premises = self.overview.inputs.premises
        return premises.region_short or premises.region or "de veiligheidsregio"


Part = Callable[[Source], Block]
"""Makes one block."""


def memo_facts(
    source: Source, date: tuple[int, int, int], places: Mapping[str, str] | None = None
) -> MemoFacts:
    """Return everything the memo of that date states.

    Where the exact grant of a year is not known the rounded one serves, and the memo says so.
    """
    premises, years = source.overview.inputs.premises, source.overview.years
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    status = f" ({premises.status})" if premises.status else ""
    facts = MemoFacts(
        region=premises.region or premises.region_short,
        subject=premises.subject or "Besteding extra BDuR-gelden",
        date=date,
        title=f"Bestedingsvoorstel extra BDuR-gelden {span}{status}",
        status=premises.status,
        texts={},
        blocks={name: part(source) for name, part in BLOCKS.items()},
        rows=figure_rows(source.overview),
        places=places or {},
        left_out=_left_out(source),
    )
    return facts._replace(texts=_texts(source, facts))


def _left_out(source: Source) -> tuple[str, ...]:
    many = [one.check.code for one in source.outcomes if one.total > MOST_LISTED]
    lines = [] if lists_lines(source.overview) else [f"{many_lines(source.overview)}."]
    sheet = f"het blad {CHECK_SHEET}"
    found = [f"Bijlage C telt de bevindingen van {listed(many)}; {sheet} noemt ze."] if many else []
    return (*lines, *found)


def _texts(source: Source, facts: MemoFacts) -> dict[str, str]:
    years = source.overview.years
    return {
        "regio": facts.region,
        "regio_kort": source.region,
        "aan": source.overview.inputs.premises.addressee or "[nog in te vullen]",
        "betreft": facts.subject,
        "datum": nl.date(*facts.date),
        "titel": facts.title,
        "status": facts.status,
        "eerste_jaar": str(years[0]),
        "laatste_jaar": str(years[-1]),
    }


def is_empty(block: Block) -> bool:
    """Tell whether a block leaves nothing to print."""
    match block:
        case Table():
            return not block.rows
        case Placeholder() | Chart():
            return False
        case _:
            return not block.texts


# 1 Samenvatting en gevraagd besluit


def summary(source: Source) -> Paragraphs:
    """What is proposed, whether it fits, which goals it serves, and whether the checks hold."""
    overview, premises = source.overview, source.overview.inputs.premises
    region = capital(source.region)
    if premises.region and premises.region_short:
        region = f"{premises.region} ({premises.region_short})"
    proposal = (
        f"{region} ontvangt extra middelen uit de Brede Doeluitkering Rampenbestrijding (BDuR) om de "
        "crisisbeheersing te versterken. Deze memo bevat het voorstel voor de besteding in "
        f"{period(overview.years)}. {_standing(overview)}"
    )
    return _paragraphs(
        proposal,
        _outcome(source),
        _goal_summary(overview),
        _check_summary(source.outcomes),
    )


def _standing(overview: Overview) -> str:
    premises = overview.inputs.premises
    date = f"gelden per {nl.date(*premises.reference_date)}" if premises.reference_date else ""
    status = f"hebben de status {premises.status}" if premises.status else ""
    both = " en ".join(text for text in (status, date) if text)
    return f"De cijfers {both}." if both else ""


def _outcome(source: Source) -> str:
    """Say what the years without room come to, a shortage with its first start month; then the others."""
    overview, basis = source.overview, source.basis
    roomy = roomy_years(overview, basis)
    starts = {variant.year: variant.start for variant in reversed(intake_variants(overview))}
    sentences = []
    for year in overview.years:
        if year not in roomy:
            sentences.append(year_sentence(overview, year, basis))
        if year in starts and (overview.room[basis][year] or 0) < 0:
            sentences.append(intake_sentence(overview, starts[year], basis))
    return " ".join((*sentences, room_sentence(overview, basis) or ""))


def _goal_summary(overview: Overview) -> str:
    goals = _grant_goals(overview)
    own = [one for one in goals if one.with_line]
    national = [one for one in goals if not one.with_line and one.goal.is_national]
    open_goals = [one for one in goals if not one.with_line and not one.goal.is_national]
    texts = []
    if own:
        texts.append(f"{_goals(own)} {_verb(own, 'heeft', 'hebben')} eigen planregels")
    if national:
        texts.append(f"{_goals(national)} {_verb(national, 'wordt', 'worden')} landelijk opgepakt")
    if open_goals:
        texts.append(f"voor {_goals(open_goals)} bevat het plan geen eigen regel")
    return capital(f"{'; '.join(texts)}. {_loose_share(overview)}") if texts else ""


def _goals(goals: list[GoalCoverage]) -> str:
    return f"{_verb(goals, 'RCDV-doel', 'de RCDV-doelen')} {listed(goal_name(one.goal) for one in goals)}"


def _verb(things: list[GoalCoverage], one: str, many: str) -> str:
    return one if len(things) == 1 else many


def _loose_share(overview: Overview) -> str:
    shares = {
        year: _with_share(overview, "doel-geen-doel", year, cents)
        for year, cents in overview.without_goal.items()
        if cents and overview.planned[year] > 0
    }
    if not shares:
        return ""
    return f"Van de lasten dient {by_year(shares)} geen aandachtsgebied."


def _with_share(overview: Overview, kenmerk: str, year: int, cents: int) -> str:
    """Write an amount with the part it is of the year's planned cost."""
    share = nl.percentage(Fraction(cents, overview.planned[year]))
    return f"{euro(f'{kenmerk}.{year}', cents)} ({traced.marked(f'aandeel-{kenmerk}.{year}', share)})"


def _check_summary(outcomes: tuple[Outcome, ...]) -> str:
    """Say what the checks found; no memo is made when one that must hold does not."""
    text = "Alle controles die moeten kloppen, kloppen."
    return (
        f"{text} Bijlage C noemt de overige bevindingen." if any(one.findings for one in outcomes) else text
    )


def decision(source: Source) -> Placeholder:
    """What the board is asked to decide: for staff to write, with an example."""
    overview = source.overview
    awarded = [year for year in overview.years if grant_status(overview, year) == terms.AWARDED]
    others = [year for year in overview.years if year not in awarded]
    asked = []
    if awarded:
        amounts = by_year({year: planned_text(overview, year) for year in awarded})
        asked.append(f"in te stemmen met de gevraagde lasten van {amounts}")
    if others:
        asked.append(f"kennis te nemen van de raming voor {period(others)}")
    return Placeholder(
        "Gevraagd besluit",
        f"[Nog in te vullen: het gevraagde besluit. Bijvoorbeeld: {nl.listing(asked)}.]",
    )


# 2 Aanleiding en kader


def background(source: Source) -> Paragraphs:
    """Which amounts the plan counts on. Source: memo, par. 1 and 2."""
    national = [one for one in _grant_goals(source.overview) if one.goal.is_national]
    net = (
        f"De bedragen zijn netto: het landelijke deel, voor {_goals(national)}, is er vooraf van "
        "afgetrokken; deze memo trekt het niet nogmaals af."
        if national
        else "De bedragen zijn netto: landelijke reserveringen zijn er vooraf van afgetrokken."
    )
    return _paragraphs(f"{_grant_amounts(source)} {net}")


def _grant_amounts(source: Source) -> str:
    overview, available = source.overview, source.overview.available[source.basis]
    known = {year: _award(source, year) for year, cents in available.items() if cents is not None}
    statuses = {year: grant_status(overview, year) for year in known}
    texts = []
    for status in dict.fromkeys(statuses.values()):
        of_status = {year: amount for year, amount in known.items() if statuses[year] == status}
        amounts = by_year(of_status, "voor")
        if status == terms.AWARDED:
            texts.append(f"Toegekend aan {source.region} is {amounts}.")
        else:
            name = "een prognose" if status == FORECAST else "een beschikbaar bedrag"
            first = next(iter(of_status))
            aside = f" (status: {status_text(overview, first)})" if status not in ("", FORECAST) else ""
            texts.append(f"Het plan gaat uit van {name}{aside} van {amounts}.")
    rounded = fallback_years(overview) if source.basis is Basis.EXACT else ()
    if rounded:
        texts.append(f"Voor {period(rounded)} is alleen een afgerond bedrag bekend.")
    unknown = [year for year in overview.years if year not in known]
    if unknown:
        texts.append(f"Voor {period(unknown)} is nog geen bedrag bekend.")
    return " ".join(texts)


def _award(source: Source, year: int) -> str:
    """Write the grant of a year as the letter states it, and what a cut leaves of it."""
    overview, basis = source.overview, source.basis
    award = gross_text(overview, year, basis)
    if not cut(overview, year):
        return award
    left = euro(f"beschikbaar-{basis}.{year}", overview.available[basis][year])
    return f"{award} (na een korting van {cut_share(overview, year)}: {left})"


# 3 Doelen en doelbereik


def goal_texts(source: Source) -> Bullets:
    """The goals of the grant, in full."""
    return Bullets(
        tuple(
            f"Doel {goal_name(one.goal)}. {quoted(one.goal.goal_id, one.goal.text)}"
            for one in _grant_goals(source.overview)
        )
    )


def goal_introduction(source: Source) -> Paragraphs:
    """How many goals there are and where they come from. Source: memo, par. 2."""
    goals = _grant_goals(source.overview)
    if not goals:
        return _paragraphs("Het plan noemt nog geen RCDV-doelen; het doelbereik is daarom niet te bepalen.")
    return _paragraphs(
        "De Raad van Commandanten en Directeuren Veiligheidsregio (RCDV), het ministerie van Justitie en "
        "Veiligheid en het Veiligheidsberaad hebben voor de besteding "
        f"{count(len(goals), 'doel', 'doelen')} benoemd:"
    )


def goal_findings(source: Source) -> Paragraphs:
    """How far the plan serves each goal, who carries it, and what serves none."""
    overview = source.overview
    linked = linked_frames(overview)
    frames = (
        f"De aandachtsgebieden zijn ook verbonden met de doelstellingen van het {listed(linked)}; bijlage B "
        "toont dat per aandachtsgebied en per doelstelling. Die bedragen overlappen en zijn niet optelbaar."
        if linked
        else ""
    )
    unlinked = unlinked_frames(overview)
    apart = (
        f"Aan de doelstellingen van het {listed(unlinked)} zijn geen aandachtsgebieden gekoppeld; "
        "daarover doet deze memo geen uitspraak."
        if unlinked
        else ""
    )
    return _paragraphs(
        " ".join(map(_goal_sentence, _grant_goals(overview))),
        _loose_share(overview) and f"{_loose_share(overview)} Paragraaf 6 werkt dat uit.",
        " ".join(text for text in (frames, apart) if text),
    )


def _goal_sentence(one: GoalCoverage) -> str:
    if not one.with_line:
        return _goal_without_line(one)
    missing = [area.area.area_id for area in one.areas if area.level not in terms.OWN_LINE]
    shared = [area.area.area_id for area in one.areas if area.level is Level.SHARED]
    how_many = {1: "met", 2: "beide met"}.get(len(one.areas), "alle met")
    if missing:
        how_many = f"waarvan {number_word(one.with_line)} met"
    asides = [f"; {listed(missing)} niet"] if missing else []
    asides += [f"; voor {listed(shared)} is dat een gedeelde regel"] if shared else []
    return (
        f"Doel {goal_name(one.goal)} telt {count(len(one.areas), 'aandachtsgebied', 'aandachtsgebieden')}, "
        f"{how_many} een eigen planregel{''.join(asides)}."
    )


def _goal_without_line(one: GoalCoverage) -> str:
    name = goal_name(one.goal)
    if not one.goal.is_national:
        return f"Doel {name} heeft geen eigen planregel (dekking van het doel: {one.level})."
    mention = (
        "noemt het alleen in een kop" if one.level is Level.HEADING else "heeft er geen eigen regel voor"
    )
    return (
        f"Doel {name} is {one.goal.kind} en wordt landelijk opgepakt. Het plan {mention}; "
        "regionale inzet blijft wel nodig."
    )


def _grant_goals(overview: Overview) -> list[GoalCoverage]:
    return [one for one in overview.goals if not one.goal.is_objective]


# 4 Voorgestelde besteding


def spending(source: Source) -> Paragraphs:
    """What the cost consists of, and how many staff it pays for."""
    overview = source.overview
    lines = Lines(overview.inputs.plan)
    estimated = sum(lines.states())
    size = (
        f"Het plan telt {count(len(lines), 'regel', 'regels')}, waarvan {number_word(estimated)} met een "
        "raming; bijlage A bevat ze alle."
    )
    ends = dict.fromkeys((overview.years[0], overview.years[-1]))
    blocks = " ".join(text for year in ends if (text := _block_sentence(overview, year)))
    return _paragraphs(f"{size} {blocks}", _staff_sentence(overview))


def _block_sentence(overview: Overview, year: int) -> str:
    planned = overview.planned[year]
    if planned <= 0 or any(amounts[year] < 0 for amounts in overview.by_block.values()):
        return ""
    parts = [
        f"voor {_with_share(overview, f'blok-{block}', year, amounts[year])} uit {block}"
        for block, amounts in overview.by_block.items()
        if amounts[year]
    ]
    return f"In {year} bestaan de lasten {nl.listing(parts)}."


def _staff_sentence(overview: Overview) -> str:
    norm = overview.inputs.premises.norm_per_fte
    staff = {
        year: traced.marked(f"fte-structureel.{year}", f"{nl.fte(fte)} fte")
        for year, fte in overview.fte.items()
        if fte
    }
    if norm is None:
        return "De structurele formatie is niet te berekenen: het normbedrag per fte ontbreekt."
    if not staff:
        return "Het plan bevat geen raming voor structurele formatie."
    return (
        f"De structurele formatie is {by_year(staff)}. Dat is berekend uit de structurele personele lasten "
        f"en de norm van {_norm(norm)} per fte per jaar."
    )


def _norm(norm: int) -> str:
    return euro("normbedrag-fte", norm)


# 5 Financiële consequenties


def room_by_year(source: Source) -> Bullets:
    """Per year how the cost relates to the grant."""
    overview = source.overview
    return Bullets(tuple(year_sentence(overview, year, source.basis) for year in overview.years))


def cumulative_room(source: Source) -> Paragraphs:
    """What the room adds up to, indicative only."""
    return _paragraphs(cumulative_sentence(source.overview, source.basis) or "")


def shortage_by_kind(source: Source) -> Paragraphs:
    """Where a shortage sits, and which split is assumed."""
    overview = source.overview
    sentences = (split_sentence(overview, year, source.basis) for year in overview.years)
    assumed, kind = overview.inputs.plan.assumed_years, overview.inputs.plan.unsplit_as
    assumption = (
        f"Voor {period(assumed)} maakt het plan geen onderscheid; deze lasten gelden hier als {kind}. "
        "Dat is een aanname."
        if assumed
        else ""
    )
    return _paragraphs(" ".join(one for one in sentences if one), assumption)


def starting_later(source: Source) -> Paragraphs:
    """What starting during the year saves. Source: memo, NB under Tabel 2."""
    overview = source.overview
    variants = intake_variants(overview)
    starts = dict.fromkeys(variant.start for variant in variants)
    years = dict.fromkeys(variant.year for variant in variants)
    sentences = dict.fromkeys(intake_sentence(overview, start, source.basis) for start in starts)
    tipping = (break_even_sentence(overview, source.basis, year) for year in years)
    per_line = (phased_sentence(overview, year, source.basis) for year in overview.years)
    phased = " ".join((*(text for text in per_line if text), _whole_euros(overview))).strip()
    if not starts:
        none = "Er zijn geen instroommaanden opgegeven die kunnen worden doorgerekend."
        return _paragraphs(none, phased)
    return _paragraphs(
        "Tabel 2 rekent met een heel jaar. Formatie die later begint, kost in het eerste jaar minder: alleen "
        f"de structurele personele lasten ({_phased_amounts(overview, years)}) lopen mee met de instroom.",
        " ".join((*sentences, phased)).strip(),
        " ".join(text for text in tipping if text),
    )


def _phased_amounts(overview: Overview, years: Mapping[int, None]) -> str:
    cost = {year: overview.cube.total(year=year, kind=Kind.STRUCTURAL, block=PERSONNEL) for year in years}
    return by_year({year: euro(f"fte-lasten.{year}", cost[year] or 0) for year in years})


def _whole_euros(overview: Overview) -> str:
    """Say that the amounts with later starts are rounded, where any of them is."""
    phased = ((overview.phased[year], overview.planned[year]) for year in overview.years)
    per_line = any(
        amount is not None and amount != planned and (amount % 100 or planned % 100)
        for amount, planned in phased
    )
    return "Deze bedragen zijn afgerond op hele euro's." if per_line or rounded_to_euros(overview) else ""


# 6 Bestedingsvoorwaarden


def loose_lines(source: Source) -> Paragraphs:
    """Which lines need a written reason."""
    inputs = source.overview.inputs
    lines = Lines(inputs.plan).loose(goals_of_lines(inputs))
    if not lines:
        return _paragraphs("Elke planregel met een raming dient een aandachtsgebied van een RCDV-doel.")
    verb = "dient" if len(lines) == 1 else "dienen"
    sheet = tables.INPUT_TABLES["links"].sheet
    where = (
        "hieronder staat de grond uit de werkmap"
        if len(lines) <= MOST_LISTED
        else f"de regels en hun grond staan in de werkmap op het blad {sheet}"
    )
    return _paragraphs(
        f"{capital(count(len(lines), 'planregel', 'planregels'))} met een raming {verb} geen aandachtsgebied "
        "van een RCDV-doel. Daarvoor is een schriftelijke onderbouwing nodig dat de besteding aan de "
        f"voorwaarden voldoet; {where}."
    )


# 7 Risico's en onzekerheden


def risks(source: Source) -> Bullets:
    """What may turn out differently, as far as the plan itself shows it."""
    overview = source.overview
    texts = (
        _shortage_risk(source),
        _grant_risk(overview),
        _assumption_risk(overview),
        _no_estimate_risk(overview),
        _deviation_risk(source.outcomes),
        _single_area_risk(overview),
        _price_risk(overview),
    )
    return Bullets(tuple(text for text in texts if text))


def _shortage_risk(source: Source) -> str:
    room = source.overview.room[source.basis]
    short = {
        year: euro(f"{OPPOSITE}ruimte-{source.basis}.{year}", -cents)
        for year, cents in room.items()
        if cents is not None and cents < 0
    }
    if not short:
        return ""
    phased = {variant.year for variant in intake_variants(source.overview)} & set(short)
    later = f" Hoe {period(sorted(phased))} uitkomt, hangt af van het moment van instroom." if phased else ""
    return f"De lasten zijn hoger dan het beschikbare bedrag: {by_year(short)}.{later}"


def _grant_risk(overview: Overview) -> str:
    open_years = [
        year
        for year in overview.years
        if overview.available[Basis.EXACT][year] is not None and grant_status(overview, year) != terms.AWARDED
    ]
    if not open_years:
        return ""
    rounded = "" if set(open_years) - set(fallback_years(overview)) else ", en alleen afgerond bekend"
    return (
        f"Het beschikbare bedrag voor {period(open_years)} is nog niet toegekend{rounded}. "
        "Een ander bedrag verandert de begrotingsruimte even veel."
    )


def _assumption_risk(overview: Overview) -> str:
    years, kind = overview.inputs.plan.assumed_years, overview.inputs.plan.unsplit_as
    return (
        f"Dat de lasten van {period(years)} {kind} zijn, is een aanname en staat niet in Tabel 2."
        if years
        else ""
    )


def _no_estimate_risk(overview: Overview) -> str:
    years = sorted(year for year, kind in overview.without_estimate if kind is Kind.INCIDENTAL)
    lines = Lines(overview.inputs.plan)
    empty = [line_id for line_id, states in zip(lines.ids, lines.states(), strict=True) if not states]
    texts = []
    if years:
        texts.append(f"Voor {period(years)} zijn geen incidentele lasten geraamd; die kunnen er wel komen.")
    if empty:
        verb = "heeft" if len(empty) == 1 else "hebben"
        texts.append(
            f"{capital(count(len(empty), 'planregel', 'planregels'))} {verb} nog geen raming "
            f"({first_listed(empty)}); dat is iets anders dan € 0."
        )
    return " ".join(texts)


def _deviation_risk(outcomes: tuple[Outcome, ...]) -> str:
    where = {
        one.check.code: first_listed(
            [where_text(one.check.code, finding.where) for finding in left[:MOST_LINES]],
            len(left) + one.more,
        )
        for one in outcomes
        if one.check.status is Status.DEVIATION and (left := open_ones(one.findings))
    }
    texts = (f"{code} ({places})" for code, places in where.items())
    return (
        f"De controles melden afwijkingen die een toelichting vragen: {nl.listing(texts)}." if where else ""
    )


def _single_area_risk(overview: Overview) -> str:
    by_area: dict[str, list[str]] = {}
    for covered in linked_frames(overview).values():
        for one in covered:
            if len(one.areas) == 1:
                by_area.setdefault(one.areas[0].area.area_id, []).append(one.goal.goal_id)
    texts = (f"{listed(goals)} op {area}" for area, goals in by_area.items())
    return (
        f"Sommige RBP-doelstellingen rusten op één aandachtsgebied: {nl.listing(texts)}." if by_area else ""
    )


def _price_risk(overview: Overview) -> str:
    norm = overview.inputs.premises.norm_per_fte
    if norm is None or len(overview.years) == 1:
        return ""
    return f"De norm van {_norm(norm)} per fte geldt voor alle jaren, zonder loon- en prijsontwikkeling."


# 8 Vervolg en jaarlijkse analyse, bijlagen


def what_if(source: Source) -> Bullets:
    """Answers to what a board asks of the plan; when people may start is told with their intake."""
    found = answers(source.overview.inputs, source.basis)
    return Bullets(
        tuple(quoted(f"antwoord-{one.key}", one.text) for one in found if one.key != BREAK_EVEN and one.text)
    )


def yearly_analysis(source: Source) -> Paragraphs:
    """How far the promise of a yearly analysis is kept, and its last outcome. Source: memo, par. 4."""
    told = duty(analyses(source.overview.inputs))[1:]  # the promise itself stands in the template
    return _paragraphs(quoted("jaaranalyse", " ".join(told)))


def last_analysis(source: Source) -> Block:
    """What the last analysis means for the plan: for staff to write, once there is one."""
    if not latest(analyses(source.overview.inputs)):
        return Paragraphs(())
    return Placeholder(
        "Laatste analyse", "[Nog in te vullen: wat de laatste analyse voor het plan betekent.]"
    )


def no_areas(source: Source) -> Paragraphs:
    """That there is nothing to cover, where the plan names no focus area."""
    return _paragraphs("" if source.overview.inputs.areas else "Het plan noemt nog geen aandachtsgebieden.")


def _paragraphs(*texts: str) -> Paragraphs:
    return Paragraphs(tuple(text.strip() for text in texts if text.strip()))


def input_notes(source: Source) -> Bullets:
    """What reading the workbook noticed in its cells: it stands with the figures."""
    if len(source.notes) > MOST_LISTED:
        return Bullets((f"{len(source.notes)} aantekeningen bij cellen; bdur controleer noemt ze.",))
    return Bullets(
        tuple(
            f"{note.where}: {quoted(f'aantekening-{number}', note.message)}."
            for number, note in enumerate(source.notes, start=1)
        )
    )


def changes(source: Source) -> Paragraphs:
    """What changed since an earlier version of the plan, as far as it touches a figure; largest first."""
    return _paragraphs(*(text for text in source.changes if not text.startswith(WITHOUT_EFFECT)))


def _of_overview(make: Callable[[Overview], Block]) -> Part:
    return lambda source: make(source.overview)


def _of_outcomes(make: Callable[[tuple[Outcome, ...]], Table]) -> Part:
    return lambda source: make(source.outcomes)


CHANGES = "wijzigingen"

BLOCKS: Mapping[str, Part] = {
    "samenvatting": summary,
    "gevraagd_besluit": decision,
    CHANGES: changes,
    "beschikbare_bedragen": background,
    "doelen_inleiding": goal_introduction,
    "doelen": goal_texts,
    "doelbereik": goal_findings,
    "tabel_doelbereik": _of_overview(goal_table),
    "besteding": spending,
    "tabel_besteding": _of_overview(spending_table),
    "ruimte_per_jaar": room_by_year,
    "ruimte_cumulatief": cumulative_room,
    "grafiek_lasten": _of_overview(lasten_chart),
    "tabel_ruimte": _of_overview(room_table),
    "incidenteel_structureel": shortage_by_kind,
    "tabel_incidenteel_structureel": _of_overview(kind_table),
    "instroom": starting_later,
    "tabel_instroom": _of_overview(intake_table),
    "regels_zonder_doel": loose_lines,
    "tabel_regels_zonder_doel": _of_overview(loose_line_table),
    "risicos": risks,
    "antwoorden": what_if,
    "tabel_scenarios": lambda source: scenario_table(source.overview, source.basis),
    "jaaranalyse": yearly_analysis,
    "tabel_realisatie": _of_overview(actuals_table),
    "laatste_analyse": last_analysis,
    "tabel_2": _of_overview(plan_table),
    "zonder_aandachtsgebieden": no_areas,
    "tabel_doelenmatrix": _of_overview(area_table),
    "tabel_rbp_doelen": _of_overview(objective_table),
    "tabel_controles": _of_outcomes(check_table),
    "tabel_bevindingen": _of_outcomes(finding_table),
    "aantekeningen": input_notes,
}
"""What may take the place of a paragraph of the template, by the name of its field."""
