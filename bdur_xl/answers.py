"""Answers to what staff ask of a plan: each a Dutch sentence, and the figures it rests on.

All of the plan as it stands (basis). Amounts in a sentence are whole euros, rounded half up;
the figures beside it keep their cents.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from bdur_xl import budget, nl
from bdur_xl.budget import Cube
from bdur_xl.figures import Unit
from bdur_xl.model import Inputs, Reservation, Scenario
from bdur_xl.scenarios import THE_PLAN, ByYear, compared, continued, figures
from bdur_xl.terms import MONTHS_PER_YEAR, Basis, Kind

YEARS_AFTER = 4
"""How many years after the last one of the plan are looked at."""


BREAK_EVEN = "kantelpunt"
"""Key of the answer on when staff may start."""


class Point(NamedTuple):
    """One figure under an answer. `value` is in hundredths (cents), None when it is not known."""

    subject: str
    year: int | None
    value: int | Fraction | None
    unit: Unit


class Answer(NamedTuple):
    """One question, the sentences that answer it, and its figures."""

    key: str
    question: str
    sentences: tuple[str, ...]
    points: tuple[Point, ...] = ()

    @property
    def text(self) -> str:
        """The whole answer."""
        return " ".join(self.sentences)


def answers(inputs: Inputs, basis: Basis) -> tuple[Answer, ...]:
    """Return the answers on one basis."""
    room = figures(inputs, THE_PLAN).room[basis]
    return (
        _break_even(inputs, basis),
        _extra_staff(inputs, basis, room),
        _after_the_plan(inputs, basis),
        _what_moves(inputs, basis),
        _not_yet_destined(inputs, room),
        _carry_over(room),
    )


# When may people start?


def _break_even(inputs: Inputs, basis: Basis) -> Answer:
    grants = {year: budget.available(inputs.budget, year, basis) for year in inputs.plan.years}
    found = [
        point
        for year, grant in grants.items()
        if (point := budget.break_even(Cube(inputs.plan), year, grant))
    ]
    sentences = [_break_even_text(point) for point in found if point.months < MONTHS_PER_YEAR]
    unknown = [
        year
        for year, grant in grants.items()
        if grant is None and budget.structural_staff_costs(inputs.plan, year)
    ]
    if not found:
        sentences = ["Niet te zeggen: geen structurele formatie geraamd, of geen beschikbaar bedrag bekend."]
    elif not sentences:
        which = f"In {_years(one.year for one in found)}" if unknown else "In elk jaar"
        sentences = [f"{which} past alle structurele formatie het hele jaar binnen het beschikbare bedrag."]
    if found and unknown:
        sentences.append(f"Over {_years(unknown)} is niets te zeggen: het beschikbare bedrag ontbreekt.")
    points = (Point("nihil bij", one.year, one.months * 100, Unit.MONTHS) for one in found)
    return Answer(BREAK_EVEN, "Wanneer mag de formatie beginnen?", tuple(sentences), tuple(points))


def _break_even_text(point: budget.BreakEven) -> str:
    """Write from which month on staff fit; months are cut off, as only whole ones are worked."""
    year, whole = point.year, int(point.months)
    if point.months < 0:
        return f"Ook zonder enige structurele formatie heeft {year} een tekort."
    months = nl.hundredths(nl.round_half_up(point.months * 100), decimals=2)
    nil = f"De ruimte van {year} is nihil bij {months} maanden formatie"
    if whole < 1:
        return f"{nil}: ook instroom van alle formatie per 1 {nl.month(year, MONTHS_PER_YEAR)} past niet."
    earliest = MONTHS_PER_YEAR + 1 - whole
    return (
        f"{nil}: instroom van alle formatie per 1 {nl.month(year, earliest)} past, "
        f"per 1 {nl.MONTHS[earliest - 2]} nog niet."
    )


# How many more people fit?


def _extra_staff(inputs: Inputs, basis: Basis, room: ByYear) -> Answer:
    key, question = "extra fte", "Hoeveel structurele fte passen er nog bij?"
    norm = inputs.premises.norm_per_fte
    if not norm or not room:
        return Answer(key, question, ("Niet te zeggen: er is geen normbedrag per fte.",))
    tail, last = _structural_room(inputs, basis), max(room)
    lasting = {year: _least([*(room[one] for one in room if one >= year), tail]) for year in room}
    fits, for_good = (
        {year: _fitting(amount, norm) for year, amount in one.items()} for one in (room, lasting)
    )
    later = f"ook na {last}, tegen het laatste beschikbare bedrag"
    sentences = [f"Naast het plan past aan extra structurele fte: {_staff_text(fits, 'in')}."]
    if any(fits.values()):
        sentences.append(
            f"Dat past blijvend, {later}."
            if for_good == fits
            else f"Blijvend, {later}: {_staff_text(for_good, 'vanaf')}."
        )
    points = (
        Point(subject, year, value, Unit.FTE)
        for subject, by_year in (("in dat jaar", fits), ("blijvend vanaf", for_good))
        for year, value in by_year.items()
    )
    return Answer(key, question, tuple(sentences), tuple(points))


def _structural_room(inputs: Inputs, basis: Basis) -> int | None:
    """Return the last grant less the structural cost of the last year: the structural tail, in cents."""
    last = inputs.plan.years[-1]
    grant = budget.available(inputs.budget, last, basis)
    planned = Cube(inputs.plan).total(year=last, kind=Kind.STRUCTURAL)
    return None if grant is None or planned is None else grant - planned


def _least(amounts: Sequence[int | None]) -> int | None:
    known = [one for one in amounts if one is not None]
    return min(known) if len(known) == len(amounts) else None


def _fitting(amount: int | None, norm: int) -> int | None:
    """Return how many fte an amount pays for, in hundredths, rounded down; 0 for a deficit."""
    return None if amount is None else max(0, int(Fraction(amount * 100, norm)))


def _staff_text(by_year: Mapping[int, int | None], word: str) -> str:
    shown = {None: "onbekend", 0: "geen"}
    return nl.listing(f"{word} {year} {shown.get(value) or nl.fte(value)}" for year, value in by_year.items())


# What comes after the last year?


def _after_the_plan(inputs: Inputs, basis: Basis) -> Answer:
    key, question = "na het plan", "Wat gebeurt er na het laatste jaar van het plan?"
    rooms = rooms_after(inputs, basis)
    of_basis = next(iter(rooms.values()))
    if not of_basis or None in of_basis.values():
        why = "onbekend is wat in het laatste jaar beschikbaar is, of wat structureel is"
        return Answer(key, question, (f"Niet te zeggen: {why}.",))
    first, last = min(of_basis), max(of_basis)
    goes_on = f"Lopen beschikbaar bedrag en structurele lasten van {first - 1} gelijk door"
    sentences = [f"{goes_on}, dan is de ruimte in {first} tot en met {last} {_series(of_basis)}."]
    sentences += [f"Met {name}: {_series(room)}." for name, room in list(rooms.items())[1:]]
    points = (
        Point(name, year, amount, Unit.EURO) for name, room in rooms.items() for year, amount in room.items()
    )
    return Answer(key, question, tuple(sentences), tuple(points))


def rooms_after(inputs: Inputs, basis: Basis) -> dict[str, ByYear]:
    """Return the room of the years after the plan, in cents: of basis, then of scenarios that change it."""
    rooms = {one.scenario.name: one.room[basis] for one in compared(continued(inputs, YEARS_AFTER))}
    of_basis = next(iter(rooms.values()))
    return {name: room for name, room in rooms.items() if room is of_basis or room != of_basis}


def _series(room: ByYear) -> str:
    """Write a row of amounts: the one of each year, or the way from the first to the last."""
    first, last = room[min(room)], room[max(room)]
    if len(set(room.values())) == 1:
        return f"elk jaar {_euro(first)}"
    return f"van {_euro(first)} in {min(room)} naar {_euro(last)} in {max(room)}"


# Which assumption moves the room most?


class Effect(NamedTuple):
    """The largest change that one scenario makes in the room of any year. `change` in cents."""

    scenario: Scenario
    year: int | None
    """None when it changes no year's room."""
    change: int


def effects(inputs: Inputs, basis: Basis) -> tuple[Effect, ...]:
    """Return the effect of every scenario but basis, the largest first whatever its sign."""
    found = [_effect(one.scenario, one.difference[basis]) for one in compared(inputs)[1:]]
    return tuple(sorted(found, key=lambda effect: -abs(effect.change)))


def _effect(scenario: Scenario, difference: ByYear) -> Effect:
    known = {year: change for year, change in difference.items() if change}
    year = max(known, key=lambda one: abs(known[one]), default=None)
    return Effect(scenario, year, 0 if year is None else known[year])


def _what_moves(inputs: Inputs, basis: Basis) -> Answer:
    found = effects(inputs, basis)
    most = next((one for one in found if one.change), None)
    known = any(budget.available(inputs.budget, year, basis) is not None for year in inputs.plan.years)
    sentences = ["Geen enkel scenario verandert de ruimte." if known else _unknown_room(["elk jaar"])]
    if most:
        other = next((one for one in found if one.change * most.change < 0), None)
        sentences = [f"Het meest beweegt {_effect_text(most)}."]
        sentences += [f"De andere kant op beweegt {_effect_text(other)}."] if other else []
    points = (Point(one.scenario.name, one.year, one.change, Unit.EURO) for one in found)
    question = "Welke aanname beweegt de ruimte het meest?"
    return Answer("aannamen", question, tuple(sentences), tuple(points))


def _effect_text(effect: Effect) -> str:
    more = "meer" if effect.change > 0 else "minder"
    return f"{effect.scenario.name}, met {_euro(abs(effect.change))} {more} ruimte in {effect.year}"


# What is not yet destined?


def reserved(reservations: Sequence[Reservation], year: int) -> int:
    """Return what is set apart in a year, in cents; reservations without an amount are not in it."""
    return sum(one.amount or 0 for one in reservations if one.counts_in(year))


def _not_yet_destined(inputs: Inputs, room: ByYear) -> Answer:
    left = {
        year: None if amount is None else amount - reserved(inputs.reservations, year)
        for year, amount in room.items()
    }
    known = {year: amount for year, amount in left.items() if amount}
    spare = [f"{_euro(amount)} in {year}" for year, amount in known.items() if amount > 0]
    short = [f"{year} heeft een tekort van {_euro(-amount)}" for year, amount in known.items() if amount < 0]
    unknown = [str(year) for year, amount in left.items() if amount is None]
    sentences = [f"Nog niet bestemd is {nl.listing(spare)}."] if spare else []
    if not spare and len(unknown) < len(left):
        sentences = ["Er is geen onbestemde ruimte."]
    sentences += [f"{nl.listing(short)}."] if short else []
    sentences += [_unknown_room(unknown)] if unknown or not left else []
    points = (Point("nog niet bestemd", year, amount, Unit.EURO) for year, amount in left.items())
    return Answer(
        "nog niet bestemd",
        "Wat is nog niet bestemd, na reserveringen?",
        (*sentences, *_reservation_texts(inputs.reservations)),
        tuple(points),
    )


def _reservation_texts(reservations: Sequence[Reservation]) -> Iterator[str]:
    known = [one for one in reservations if one.amount is not None]
    blank = [one for one in reservations if one.amount is None]
    if known:
        taken = nl.listing(f"{_reservation(one)} {_euro(one.amount)} per jaar" for one in known)
        yield f"Afgetrokken is {taken}."
    if blank:
        names, have = nl.listing(map(_reservation, blank)), "heeft" if len(blank) == 1 else "hebben"
        yield f"Nog niet afgetrokken: {names} {have} nog geen bedrag; dat is iets anders dan {_euro(0)}."


def _reservation(one: Reservation) -> str:
    if one.last:
        return f"{one.name} ({f'{one.first} ' if one.first else ''}tot en met {one.last})"
    return f"{one.name} (vanaf {one.first})" if one.first else one.name


# May a balance go to the next year?


def _carry_over(room: ByYear) -> Answer:
    known = {year: amount for year, amount in room.items() if amount is not None}
    unknown = [str(year) for year in room if year not in known]
    sentences = [_unknown_room(unknown or ["elk jaar"])]
    if known and not unknown:
        sentences = [_with_carry_over(known), _without(known)]
    points = (
        Point(subject, year, amount, Unit.EURO)
        for subject, by_year in (("met overdracht", budget.cumulative(room)), ("zonder overdracht", room))
        for year, amount in by_year.items()
    )
    question = "Wat als een saldo wel of niet mee mag naar het volgende jaar?"
    return Answer("overdracht", question, tuple(sentences), tuple(points))


def _with_carry_over(room: Mapping[int, int]) -> str:
    carried, last = budget.cumulative(room), max(room)
    short = [year for year, amount in carried.items() if amount is not None and amount < 0]
    balance = f"Mag een saldo mee naar het volgende jaar, dan staat het eind {last} op {_euro(carried[last])}"
    if not short:
        return f"{balance} en is het nooit negatief."
    return f"{balance}, na een tekort tot en met {short[-1]}." if short[-1] < last else f"{balance}."


def _without(room: Mapping[int, int]) -> str:
    short = {year: amount for year, amount in room.items() if amount < 0}
    spare = {year: amount for year, amount in room.items() if amount > 0}
    texts = []
    if short:
        texts.append(f"blijft over {_years(short)} een tekort van {_euro(-sum(short.values()))}")
    if spare:
        texts.append(f"vervalt {_euro(sum(spare.values()))} uit {_years(spare)}")
    return f"Mag dat niet, dan {nl.listing(texts)}." if texts else "Elk jaar komt precies uit."


def _unknown_room(years: Iterable[str]) -> str:
    return f"Niet te zeggen: het beschikbare bedrag van {nl.listing(years)} ontbreekt."


def _years(years: Iterable[int]) -> str:
    return nl.listing(map(str, years))


def _euro(amount: int | None) -> str:
    return nl.euro(amount, decimals=0)
