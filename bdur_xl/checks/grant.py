"""Checks of the grant, the room and the assumptions on money: C09 to C11, C29 to C33, N01."""

from collections.abc import Iterator
from fractions import Fraction

from bdur_xl import budget, nl, terms
from bdur_xl.budget import Cube
from bdur_xl.checks.check import Observation, letters, sheet_of, split_known
from bdur_xl.model import BudgetYear, Inputs, Reservation
from bdur_xl.plan_lines import Lines
from bdur_xl.terms import Basis, Kind


def two_amounts_available(inputs: Inputs) -> Iterator[Observation]:
    """C09: the rounded and the exact grant of a year differ."""
    for entry in inputs.budget.values():
        if entry.exact is not None and entry.rounded is not None and entry.exact != entry.rounded:
            yield (
                f"Budget {entry.year}",
                f"afgerond {nl.euro(entry.rounded)}, exact {nl.euro(entry.exact)}: "
                f"verschil {nl.euro(entry.exact - entry.rounded)}",
                "Noem de grondslag bij elk bedrag; beide worden getoond.",
            )


def grant_not_awarded(inputs: Inputs) -> Iterator[Observation]:
    """C10: the grant of a year is a forecast, not an award."""
    for year in inputs.plan.years:
        entry = inputs.budget.get(year)
        if entry and nl.fold(entry.status or "") != terms.AWARDED:
            status = entry.status or "zonder status"
            yield (
                f"Budget {year}",
                f"het beschikbare bedrag is {status}, niet toegekend; bron: {entry.source or 'geen'}",
                "Vul het toegekende bedrag en de brief in zodra die er is.",
            )


def grant_unknown(inputs: Inputs) -> Iterator[Observation]:
    """N01: a year of the plan has no grant on some basis: its room cannot be given."""
    for year in inputs.plan.years:
        unknown = [b for b in Basis if budget.available(inputs.budget, year, b) is None]
        if unknown:
            message = (
                f"er is geen beschikbaar bedrag ({nl.listing(unknown)}): "
                "de ruimte van dit jaar en daarna is onbekend"
            )
            yield f"Budget {year}", message, f"Vul op het blad Budget de rij {year} aan."


def rooms(inputs: Inputs, year: int, planned: Fraction | int) -> dict[Basis, Fraction | int]:
    """Return the room that a planned cost leaves, per basis on which the grant is known, in cents."""
    return {
        basis: amount - planned
        for basis in Basis
        if (amount := budget.available(inputs.budget, year, basis)) is not None
    }


def shown_rooms(left: dict[Basis, Fraction | int], *, cents: bool = False) -> str:
    """Write the room on each basis: € 5 (afgerond) en € 7 (exact), or € 5 (afgerond en exact)."""
    bases: dict[Fraction | int, list[Basis]] = {}
    for basis, room in left.items():
        bases.setdefault(room, []).append(basis)
    return nl.listing(
        f"{nl.euro(room, 0 if room % 100 and not cents else None)} ({nl.listing(same)})"
        for room, same in bases.items()
    )


def short_years(inputs: Inputs) -> Iterator[tuple[int, int, dict[Basis, Fraction | int]]]:
    """Yield year, planned cost and room of each year that costs more than the grant on some basis."""
    cube = Cube(inputs.plan)
    for year in inputs.plan.years:
        planned = cube.total(year=year) or 0
        left = rooms(inputs, year, planned)
        if left and min(left.values()) < 0:
            yield year, planned, left


def over_budget(inputs: Inputs) -> Iterator[Observation]:
    """C11: the planned cost of a year exceeds the grant."""
    for year, planned, left in short_years(inputs):
        shown = shown_rooms(left, cents=True)
        message = f"de lasten van {nl.euro(planned)} zijn hoger dan beschikbaar: ruimte {shown}"
        yield (
            f"blad Overzicht, {year}",
            message + _incidental_part(inputs, year, left),
            _shortage_remedy(inputs, year),
        )


def _incidental_part(inputs: Inputs, year: int, left: dict[Basis, Fraction | int]) -> str:
    """Say that the incidental lines make the shortage, and which, where they do."""
    lines = Lines(inputs.plan)
    costs = zip(lines.ids, lines.amounts(year, Kind.INCIDENTAL), strict=True)
    incidental = {line_id: cents for line_id, cents in costs if cents}
    together = sum(incidental.values())
    if not incidental or min(left.values()) + together < 0:
        return ""
    shown = nl.listing(f"{name} {nl.euro(cents)}" for name, cents in incidental.items())
    return f"; het tekort zit in de incidentele {nl.euro(together)}: {shown}"


def _shortage_remedy(inputs: Inputs, year: int) -> str:
    """Point to the intake variants of the year where it has any."""
    started = {start for start, _ in inputs.premises.intake_months}
    if year in started and split_known(inputs, year) and budget.structural_staff_costs(inputs.plan, year):
        return "Zie de instroomvarianten: formatie die later begint kost minder."
    return "Verlaag de lasten, of schrijf op waaruit het verschil wordt betaald."


def reserve_missing(inputs: Inputs) -> Iterator[Observation]:
    """C29: a subject that may still claim a part of the room has no amount yet."""
    return _without_amount(inputs, [one for one in inputs.reservations if not _is_of_goals(one)])


def added_goal_missing(inputs: Inputs) -> Iterator[Observation]:
    """C30: goals that the state may still add have no amount yet."""
    return _without_amount(inputs, [one for one in inputs.reservations if _is_of_goals(one)])


def _is_of_goals(one: Reservation) -> bool:
    return terms.ADDED_GOALS in nl.fold(one.name)


def _without_amount(inputs: Inputs, reservations: list[Reservation]) -> Iterator[Observation]:
    lines = Lines(inputs.plan)
    subjects = list(zip(lines.themes, lines.subthemes, strict=True)) if reservations else []
    told = {subject: letters("{} {}".format(*subject)) for subject in dict.fromkeys(subjects)}
    for one in reservations:
        named = {subject for subject, text in told.items() if letters(one.name) in text}
        of = [at for at, subject in enumerate(subjects) if subject in named] if named else []
        if one.amount is None and not any(map(lines.states().__getitem__, of)):
            blank = f"alleen de lege regel {lines.ids[of[0]]}" if of else "geen regel in het plan"
            yield (
                f"Reservering {one.name}",
                f"nog geen bedrag en {blank}, terwijl een deel van de ruimte hiervoor nodig kan zijn",
                f"Vul op {sheet_of('reservations')} het bedrag in zodra het bekend is, en noem de ruimte "
                "nog niet bestemd.",
            )


def indexation_unknown(inputs: Inputs) -> Iterator[Observation]:
    """C31: nothing says whether wages and prices are indexed."""
    if inputs.premises.indexation_agreed is None and len(inputs.plan.years) > 1:
        norm = inputs.premises.norm_per_fte
        constant = f" Het normbedrag van {nl.euro(norm)} per fte blijft gelijk in {_period(inputs)}"
        yield (
            sheet_of("premises"),
            f"worden loon en prijs geïndexeerd, in lasten of budget?{constant if norm else ''}",
            "Vul bij de uitgangspunten in: indexering, met wat is afgesproken (of geen).",
        )


def carry_over_unknown(inputs: Inputs) -> Iterator[Observation]:
    """C32: nothing says whether a balance carries over to the next year."""
    if inputs.premises.carry_over_agreed is None and len(inputs.plan.years) > 1:
        yield (
            sheet_of("premises"),
            f"mag een saldo mee naar een volgend jaar? De optelling over {_period(inputs)} is daarom "
            "alleen indicatief",
            "Vul bij de uitgangspunten in: overdracht saldo, met wat is afgesproken.",
        )


def _period(inputs: Inputs) -> str:
    return f"{inputs.plan.years[0]}–{inputs.plan.years[-1]}"


def share_of_national(inputs: Inputs) -> Iterator[Observation]:
    """C33: the region's share in the national amount is not the same each year."""
    known = [entry for _, entry in sorted(inputs.budget.items()) if entry.national and _grant(entry)]
    for entry in known[1:]:
        first = known[0]
        was, now = _share(first), _share(entry)
        if nl.percentage(was, whole=False) != nl.percentage(now, whole=False):
            even = nl.round_half_up(was * (entry.national or 0))
            yield (
                f"Budget {entry.year}",
                f"het aandeel in het landelijke bedrag is {nl.percentage(now, whole=False)}, in {first.year} "
                f"{nl.percentage(was, whole=False)} (landelijk bruto, regio netto); evenredig zou "
                f"{nl.euro(even, 0)} zijn, het verschil is {nl.euro((_grant(entry) or 0) - even, 0)}",
                "Beoordeel of de prognose aannemelijk is, en noem het verschil "
                f"(bron landelijk bedrag: {entry.national_source or 'geen'}).",
            )


def _grant(entry: BudgetYear) -> int | None:
    return entry.rounded if entry.exact is None else entry.exact


def _share(entry: BudgetYear) -> Fraction:
    return Fraction(_grant(entry) or 0, entry.national or 1)
