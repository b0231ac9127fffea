"""The board memo: everything it states, from headings to figures; a writer only sets it in type.

Fixed text comes from the memo to the board; its paragraph stands with the function.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from bdur_xl import budget, nl, terms
from bdur_xl.checks import Outcome
from bdur_xl.goals import GoalCoverage, lines_without_goal
from bdur_xl.memo_tables import (
    Table,
    area_table,
    check_table,
    finding_table,
    goal_name,
    goal_table,
    intake_table,
    kind_table,
    linked_frames,
    loose_line_table,
    must_hold,
    objective_table,
    plan_table,
    room_table,
    spending_table,
    unlinked_frames,
)
from bdur_xl.model import Status
from bdur_xl.overview import Overview
from bdur_xl.sentences import (
    FORECAST,
    break_even_sentence,
    by_year,
    capital,
    count,
    cumulative_sentence,
    cut,
    cut_share,
    fallback_years,
    grant_status,
    gross_grant,
    intake_sentence,
    intake_variants,
    listed,
    number_word,
    period,
    phased_sentence,
    room_sentence,
    roomy_years,
    rounded_to_euros,
    split_sentence,
    year_sentence,
)
from bdur_xl.terms import Basis, Kind, Level


@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Running text, a paragraph each."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, one item each."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Text that staff must still write: the writer marks it and leaves it editable."""

    title: str
    text: str


Block = Paragraphs | Bullets | Placeholder | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it, by name."""

    heading: str
    level: int
    landscape: bool
    blocks: Mapping[str, Block]


@dataclass(frozen=True, slots=True)
class MemoFacts:
    """Everything the memo states."""

    region: str
    addressee: str
    subject: str
    date: tuple[int, int, int]
    """Year, month, day."""
    title: str
    status: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What the memo is made from; sentences use the one basis, tables show both."""

    overview: Overview
    outcomes: tuple[Outcome, ...]
    basis: Basis

    @property
    def region(self) -> str:
        """The region as running text calls it."""
        premises = self.overview.inputs.premises
        return premises.region_short or premises.region or "de veiligheidsregio"


Part = Callable[[Source], Block]
"""Makes one block; its name is the block's name."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One heading of the outline and the parts under it."""

    heading: str
    parts: tuple[Part, ...] = ()
    level: int = 1
    landscape: bool = False


def memo_facts(
    overview: Overview,
    outcomes: tuple[Outcome, ...],
    date: tuple[int, int, int],
    basis: Basis = Basis.EXACT,
) -> MemoFacts:
    """Return everything the memo of that date states, its sentences on one basis.

    Where the exact grant of a year is not known the rounded one serves, and the memo says so.
    """
    premises = overview.inputs.premises
    source = Source(overview, outcomes, basis)
    years = overview.years
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    status = f" ({premises.status})" if premises.status else ""
    return MemoFacts(
        region=premises.region or premises.region_short,
        addressee=premises.addressee or "[nog in te vullen]",
        subject=premises.subject or "Besteding extra BDuR-gelden",
        date=date,
        title=f"Bestedingsvoorstel extra BDuR-gelden {span}{status}",
        status=premises.status,
        sections=tuple(_section(chapter, source) for chapter in OUTLINE),
    )


def _section(chapter: Chapter, source: Source) -> Section:
    blocks = {part.__name__: part(source) for part in chapter.parts}
    filled = {name: block for name, block in blocks.items() if not _is_empty(block)}
    return Section(chapter.heading, chapter.level, chapter.landscape, filled)


def _is_empty(block: Block) -> bool:
    match block:
        case Table():
            return not block.rows
        case Placeholder():
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
        year: f"{nl.euro(cents)} ({nl.percentage(Fraction(cents, overview.planned[year]))})"
        for year, cents in overview.without_goal.items()
        if cents and overview.planned[year] > 0
    }
    if not shares:
        return ""
    return f"Van de lasten dient {by_year(shares)} geen aandachtsgebied."


def _check_summary(outcomes: tuple[Outcome, ...]) -> str:
    failed = _failed(outcomes)
    if failed:
        return (
            f"Let op: niet alle controles die moeten kloppen, kloppen ({listed(failed)}; zie bijlage C). "
            "Tot dat is hersteld, staan de cijfers in deze memo onder voorbehoud."
        )
    rest = sum(len(one.findings) for one in outcomes)
    text = "Alle controles die moeten kloppen, kloppen."
    return f"{text} Bijlage C noemt de overige bevindingen." if rest else text


def _failed(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [
        one.check.code
        for one in outcomes
        if must_hold(one) and any(finding.status in (Status.FAULT, Status.FAILED) for finding in one.findings)
    ]


def decision(source: Source) -> Placeholder:
    """What the board is asked to decide: for staff to write, with an example."""
    overview = source.overview
    awarded = [year for year in overview.years if grant_status(overview, year) == terms.AWARDED]
    others = [year for year in overview.years if year not in awarded]
    asked = []
    if awarded:
        amounts = by_year({year: nl.euro(overview.planned[year]) for year in awarded})
        asked.append(f"in te stemmen met de gevraagde lasten van {amounts}")
    if others:
        asked.append(f"kennis te nemen van de raming voor {period(others)}")
    return Placeholder(
        "Gevraagd besluit",
        f"[Nog in te vullen: het gevraagde besluit. Bijvoorbeeld: {nl.listing(asked)}.]",
    )


# 2 Aanleiding en kader


def background(source: Source) -> Paragraphs:
    """Why the grant was raised, which amounts the plan counts on. Source: memo, par. 1 and 2."""
    national = [one for one in _grant_goals(source.overview) if one.goal.is_national]
    net = (
        f"De bedragen zijn netto: het landelijke deel, voor {_goals(national)}, is er vooraf van "
        "afgetrokken; deze memo trekt het niet nogmaals af."
        if national
        else "De bedragen zijn netto: landelijke reserveringen zijn er vooraf van afgetrokken."
    )
    return _paragraphs(
        "Op 26 augustus 2022 hebben het Rijk, de Vereniging van Nederlandse Gemeenten, het Interprovinciaal "
        "Overleg en het Veiligheidsberaad bestuurlijke afspraken gemaakt. Onderdeel daarvan is een "
        "structurele verhoging van de BDuR, die in stappen wordt opgebouwd. De verhoging is bestemd voor de "
        "versterking van de crisisbeheersing, de informatiepositie en de inrichting van KCR2.",
        f"{_grant_amounts(source)} {net}",
    )


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
            aside = f" (status: {status})" if status not in ("", FORECAST) else ""
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
    award = nl.euro(gross_grant(overview, year, basis))
    if not cut(overview, year):
        return award
    left = nl.euro(overview.available[basis][year])
    return f"{award} (na een korting van {cut_share(overview, year)}: {left})"


# 3 Doelen en doelbereik


def goal_texts(source: Source) -> Bullets:
    """The goals of the grant, in full."""
    return Bullets(
        tuple(f"Doel {goal_name(one.goal)}. {one.goal.text}" for one in _grant_goals(source.overview))
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
    lines = overview.inputs.plan.lines
    estimated = sum(bool(line.amounts) for line in lines)
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
        f"voor {nl.euro(amounts[year])} ({nl.percentage(Fraction(amounts[year], planned))}) uit {block}"
        for block, amounts in overview.by_block.items()
        if amounts[year]
    ]
    return f"In {year} bestaan de lasten {nl.listing(parts)}."


def _staff_sentence(overview: Overview) -> str:
    norm = overview.inputs.premises.norm_per_fte
    staff = {year: f"{nl.fte(fte)} fte" for year, fte in overview.fte.items() if fte}
    if norm is None:
        return "De structurele formatie is niet te berekenen: het normbedrag per fte ontbreekt."
    if not staff:
        return "Het plan bevat geen raming voor structurele formatie."
    return (
        f"De structurele formatie is {by_year(staff)}. Dat is berekend uit de structurele personele lasten "
        f"en de norm van {nl.euro(norm)} per fte per jaar."
    )


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
    plan = overview.inputs.plan
    return by_year({year: nl.euro(sum(budget.structural_staff_costs(plan, year).values())) for year in years})


def _whole_euros(overview: Overview) -> str:
    """Say that the amounts with later starts are rounded, where any of them is."""
    phased = ((overview.phased[year], overview.planned[year]) for year in overview.years)
    per_line = any(
        amount is not None and amount != planned and (amount % 100 or planned % 100)
        for amount, planned in phased
    )
    return "Deze bedragen zijn afgerond op hele euro's." if per_line or rounded_to_euros(overview) else ""


# 6 Bestedingsvoorwaarden


def conditions(source: Source) -> Bullets:
    """What the money may be spent on. Source: memo, par. 2."""
    return Bullets(
        (
            "De extra middelen zijn bestemd voor de versterking van de crisisbeheersing.",
            "De gemeentelijke bijdragen aan de veiligheidsregio worden door deze verhoging niet verlaagd.",
            "De middelen vullen geen gaten op andere taakgebieden, zoals de kosten van brandweerpersoneel.",
            "De Inspectie Justitie en Veiligheid houdt toezicht op een correcte taakuitvoering.",
        )
    )


def loose_lines(source: Source) -> Paragraphs:
    """Which lines need a written reason."""
    lines = lines_without_goal(source.overview.inputs)
    if not lines:
        return _paragraphs("Elke planregel met een raming dient een aandachtsgebied van een RCDV-doel.")
    verb = "dient" if len(lines) == 1 else "dienen"
    return _paragraphs(
        f"{capital(count(len(lines), 'planregel', 'planregels'))} met een raming {verb} geen aandachtsgebied "
        "van een RCDV-doel. Daarvoor is een schriftelijke onderbouwing nodig dat de besteding aan de "
        "voorwaarden voldoet; hieronder staat de grond uit de werkmap."
    )


# 7 Risico's en onzekerheden


def risks(source: Source) -> Bullets:
    """What may turn out differently, as far as the plan itself shows it."""
    overview = source.overview
    texts = (
        _failed_risk(source.outcomes),
        _shortage_risk(source),
        _grant_risk(overview),
        _assumption_risk(overview),
        _no_estimate_risk(overview),
        _deviation_risk(source.outcomes),
        _single_area_risk(overview),
        _price_risk(overview),
        "Het Rijk kan aanvullende doelen voor de crisisbeheersing benoemen, en ook de GHOR kan nog bij de "
        "verdeling worden betrokken. Daarom is de begrotingsruimte in deze memo nog niet bestemd.",
    )
    return Bullets(tuple(text for text in texts if text))


def _failed_risk(outcomes: tuple[Outcome, ...]) -> str:
    failed = _failed(outcomes)
    return f"Controles die moeten kloppen, kloppen niet: {listed(failed)} (zie bijlage C)." if failed else ""


def _shortage_risk(source: Source) -> str:
    room = source.overview.room[source.basis]
    short = {year: nl.euro(-cents) for year, cents in room.items() if cents is not None and cents < 0}
    if not short:
        return ""
    phased = {variant.year for variant in intake_variants(source.overview)} & set(short)
    later = f" Hoe {period(sorted(phased))} uitkomt, hangt af van het moment van instroom." if phased else ""
    return f"De lasten zijn hoger dan het beschikbare bedrag, met {by_year(short)}.{later}"


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
    empty = [line.line_id for line in overview.inputs.plan.lines if not line.amounts]
    texts = []
    if years:
        texts.append(f"Voor {period(years)} zijn geen incidentele lasten geraamd; die kunnen er wel komen.")
    if empty:
        verb = "heeft" if len(empty) == 1 else "hebben"
        texts.append(
            f"{capital(count(len(empty), 'planregel', 'planregels'))} {verb} nog geen raming "
            f"({listed(empty)}); dat is iets anders dan € 0."
        )
    return " ".join(texts)


def _deviation_risk(outcomes: tuple[Outcome, ...]) -> str:
    where = {
        one.check.code: nl.listing(finding.where for finding in one.findings)
        for one in outcomes
        if one.check.status is Status.DEVIATION and one.findings
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
    return f"De norm van {nl.euro(norm)} per fte geldt voor alle jaren, zonder loon- en prijsontwikkeling."


# 8 Vervolg en jaarlijkse analyse, bijlagen


def follow_up(source: Source) -> Paragraphs:
    """The yearly analysis of plan against actual. Source: memo, last paragraph of par. 4."""
    last = source.overview.years[-1]
    return _paragraphs(
        "De uitkering wordt in stappen verhoogd en het Rijk kan aanvullende opdrachten geven. Daarom wordt "
        f"de besteding elk jaar geanalyseerd, in ieder geval tot en met {last}. De analyse legt per "
        "planregel de werkelijke lasten op een vaste peildatum naast de raming en leidt zo nodig tot "
        "bijstelling van het plan.",
    )


def last_analysis(source: Source) -> Placeholder:
    """When plan and actual were last compared: the workbook does not hold it."""
    return Placeholder("Laatste analyse", "[Nog in te vullen: datum en uitkomst van de laatste analyse.]")


def no_areas(source: Source) -> Paragraphs:
    """That there is nothing to cover, where the plan names no focus area."""
    return _paragraphs("" if source.overview.inputs.areas else "Het plan noemt nog geen aandachtsgebieden.")


def _paragraphs(*texts: str) -> Paragraphs:
    return Paragraphs(tuple(text.strip() for text in texts if text.strip()))


T = TypeVar("T")


def _table(make: Callable[[T], Table], given: Callable[[Source], T]) -> Part:
    """Return a part that is one table, under the table's own name."""

    def part(source: Source) -> Block:
        return make(given(source))

    part.__name__ = make.__name__
    return part


def _figures(make: Callable[[Overview], Table]) -> Part:
    return _table(make, lambda source: source.overview)


def _checks(make: Callable[[tuple[Outcome, ...]], Table]) -> Part:
    return _table(make, lambda source: source.outcomes)


OUTLINE = (
    Chapter("1 Samenvatting en gevraagd besluit", (summary,)),
    Chapter("Gevraagd besluit", (decision,), level=2),
    Chapter("2 Aanleiding en kader", (background,)),
    Chapter("3 Doelen en doelbereik", (goal_introduction, goal_texts, goal_findings, _figures(goal_table))),
    Chapter("4 Voorgestelde besteding", (spending, _figures(spending_table))),
    Chapter("5 Financiële consequenties"),
    Chapter(
        "Jaartotalen en begrotingsruimte", (room_by_year, cumulative_room, _figures(room_table)), level=2
    ),
    Chapter("Incidenteel en structureel", (shortage_by_kind, _figures(kind_table)), level=2),
    Chapter("Instroom van formatie", (starting_later, _figures(intake_table)), level=2),
    Chapter("6 Bestedingsvoorwaarden", (conditions, loose_lines, _figures(loose_line_table))),
    Chapter("7 Risico's en onzekerheden", (risks,)),
    Chapter("8 Vervolg en jaarlijkse analyse", (follow_up, last_analysis)),
    Chapter("Bijlage A Tabel 2", (_figures(plan_table),), landscape=True),
    Chapter(
        "Bijlage B Doelenmatrix", (no_areas, _figures(area_table), _figures(objective_table)), landscape=True
    ),
    Chapter("Bijlage C Controles", (_checks(check_table), _checks(finding_table)), landscape=True),
)
"""The memo's headings in order, and what stands under each."""
