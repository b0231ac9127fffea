"""The same questions, one call each, the way sheet functions are usually written around a library.

Every call is handed the ranges as rows, makes what the library works with of them, and answers one
question: conversion is part of it. The small tables (budget, premises, focus areas) are plain loops
in every peer but the usual one. Amounts are binary floats except in Decimal.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from importlib.util import find_spec
from typing import Any

from bench.plan import Book, Rows
from bench.questions import KINDS, NO_GOAL, OWN, STRENGTH, YEARS, Question

LIMITS = {"blok": "block", "hoofdthema": "theme", "afdeling/sector": "department"}
"""The columns that a question may limit."""


class Peer:
    """Answers one question per call; a library brings `total`, and what it does itself besides."""

    name: str
    needs: str = ""
    """The package it wants; absent, the peer is left out and the report says so."""

    def available(self) -> bool:
        return not self.needs or find_spec(self.needs) is not None

    def answers(self, work: Book, questions: Sequence[Question]) -> list[object]:
        return [self.answer(work, asked) for asked in questions]

    def answer(self, work: Book, asked: Question) -> object:
        if asked.measure == "niveau":
            return self.level(work, asked)
        if asked.measure == "fte":
            cost = self.total(work, asked._replace(kind="structureel", block="fte"), [asked.year])
            return cost / self.premise(work, "normbedrag fte")
        if asked.measure == "lasten":
            return self.total(work, asked, [asked.year])
        first = YEARS[0] if asked.measure == "cumulatief" else asked.year
        years = [year for year in YEARS if first <= year <= asked.year]
        grant = self.grant(work, years, asked.basis)
        return grant if asked.measure == "beschikbaar" else grant - self.total(work, asked, years)

    def total(self, work: Book, asked: Question, years: Sequence[int]) -> Any:
        raise NotImplementedError

    def grant(self, work: Book, years: Sequence[int], basis: str | None) -> Any:
        headings, *rows = work["budget"]
        rounded, exact = headings.index("beschikbaar Tabel 2"), headings.index("exact bedrag")
        return sum(
            self.number(row[rounded] if basis != "exact" or row[exact] is None else row[exact])
            for row in rows
            if row[0] in years
        )

    def premise(self, work: Book, name: str) -> Any:
        found = next(row[1] for row in work["premises"] if row[0] == name)
        return self.number(found) if isinstance(found, float) else found

    def number(self, cell: Any) -> Any:
        return cell

    def columns(self, work: Book, asked: Question, years: Sequence[int]) -> list[int]:
        """Return the positions of the year columns that count."""
        assumed = self.premise(work, "ongesplitst als")
        found = []
        for position, heading in enumerate(work["plan"][0]):
            match = re.fullmatch(r"(\d{4}) ?([is]?)", str(heading))
            if match and int(match[1]) in years and asked.kind in (None, KINDS.get(match[2], assumed)):
                found.append(position)
        return found

    def lines_of(self, work: Book, goal: str) -> set[object]:
        """Return the lines that serve a goal with a line of their own; for NO_GOAL those that serve any."""
        areas = areas_of(work["areas"], goal)
        return {line for line, area, level, *_ in work["links"][1:] if level in OWN and area in areas}

    def level(self, work: Book, asked: Question) -> str:
        areas = areas_of(work["areas"], str(asked.goal))
        columns = self.columns(work, asked._replace(kind=None), [asked.year])
        stated = {row[0] for row in work["plan"] if any(row[at] is not None for at in columns)}
        levels = [
            STRENGTH.index(str(level))
            for line, area, level, *_ in work["links"][1:]
            if area in areas and (level not in OWN or line in stated)
        ]
        return STRENGTH[max(levels, default=0)]


def areas_of(areas: Rows, goal: str) -> set[object]:
    """Return the focus areas of a goal; for NO_GOAL all of them."""
    headings, *rows = areas
    own, objectives = headings.index("RCDV-doel afgeleid"), headings.index("RBP-doelen")
    return {
        row[0]
        for row in rows
        if goal == NO_GOAL or goal == row[own] or goal in str(row[objectives] or "").split()
    }


def limits(asked: Question) -> dict[str, str]:
    """Return the columns that must hold a certain name."""
    return {column: getattr(asked, field) for column, field in LIMITS.items() if getattr(asked, field)}


class Pandas(Peer):
    """The usual UDF: every range a DataFrame, astype, filter or merge, sum."""

    name = "usual UDF: pandas"
    needs = "pandas"

    def frame(self, rows: Rows) -> Any:
        import pandas

        return pandas.DataFrame(list(rows[1:]), columns=list(rows[0]))

    def total(self, work: Book, asked: Question, years: Sequence[int]) -> Any:
        plan = self.frame(work["plan"])
        for column, name in limits(asked).items():
            plan = plan[plan[column] == name]
        if asked.goal is not None:
            serving = plan["regel"].isin(self.lines_of(work, asked.goal))
            plan = plan[~serving if asked.goal == NO_GOAL else serving]
        amounts = [str(work["plan"][0][at]) for at in self.columns(work, asked, years)]
        return plan[amounts].astype(float).sum().sum()

    def lines_of(self, work: Book, goal: str) -> Any:
        links = self.links(work, goal)
        return links.loc[links["dekking"].isin(OWN), "regel"]

    def links(self, work: Book, goal: str) -> Any:
        links, areas = self.frame(work["links"]), self.frame(work["areas"])
        if goal != NO_GOAL:
            objectives = areas["RBP-doelen"].fillna("").str.split()
            areas = areas[(areas["RCDV-doel afgeleid"] == goal) | objectives.map(lambda codes: goal in codes)]
        return links.merge(areas[["aandachtsgebied"]], on="aandachtsgebied")

    def level(self, work: Book, asked: Question) -> str:
        links, plan = self.links(work, str(asked.goal)), self.frame(work["plan"])
        columns = [plan.columns[at] for at in self.columns(work, asked._replace(kind=None), [asked.year])]
        stated = plan.loc[plan[columns].notna().any(axis=1), "regel"]
        links = links[~links["dekking"].isin(OWN) | links["regel"].isin(stated)]
        best = links["dekking"].map(STRENGTH.index).max()
        return STRENGTH[int(best)] if best == best else STRENGTH[0]  # not a number when there is none

    def grant(self, work: Book, years: Sequence[int], basis: str | None) -> Any:
        budget = self.frame(work["budget"])
        budget = budget[budget["jaar"].isin(years)]
        rounded = budget["beschikbaar Tabel 2"].astype(float)
        return (budget["exact bedrag"].astype(float).fillna(rounded) if basis == "exact" else rounded).sum()


class Polars(Peer):
    """Only the columns that count, as a polars frame."""

    name = "polars per call"
    needs = "polars"

    def total(self, work: Book, asked: Question, years: Sequence[int]) -> Any:
        import polars

        headings, *rows = work["plan"]
        amounts = {str(headings[at]): at for at in self.columns(work, asked, years)}
        texts = {name: headings.index(name) for name in (*limits(asked), "regel")}
        columns = {
            name: polars.Series([row[at] for row in rows], dtype=dtype)
            for named, dtype in ((texts, polars.String), (amounts, polars.Float64))
            for name, at in named.items()
        }
        plan = polars.DataFrame(columns)
        for column, name in limits(asked).items():
            plan = plan.filter(polars.col(column) == name)
        if asked.goal is not None:
            serving = polars.col("regel").is_in(list(self.lines_of(work, asked.goal)))
            plan = plan.filter(~serving if asked.goal == NO_GOAL else serving)
        return plan.select(polars.sum_horizontal(polars.col(list(amounts)).sum())).item()


class DuckDb(Peer):
    """Only the columns that count, as arrays that duckdb queries in place."""

    name = "duckdb per call"
    needs = "duckdb"

    def total(self, work: Book, asked: Question, years: Sequence[int]) -> Any:
        import numpy

        headings, *rows = work["plan"]
        amounts = self.columns(work, asked, years)
        plan: dict[str, Any] = {f"a{at}": numpy.array([row[at] for row in rows], float) for at in amounts}
        asked_limits = limits(asked)
        for place, column in enumerate(asked_limits):
            at = headings.index(column)
            plan[f"t{place}"] = numpy.array([row[at] for row in rows], object)
        wanted = [f"t{place} = ?" for place in range(len(asked_limits))]
        if asked.goal is not None:
            served = self.lines_of(work, asked.goal)
            plan["serves"] = numpy.array([(row[0] in served) != (asked.goal == NO_GOAL) for row in rows])
            wanted.append("serves")
        summed = " + ".join(
            f"coalesce(sum(case when isnan(a{at}) then 0 else a{at} end), 0)" for at in amounts
        )
        where = f" where {' and '.join(wanted)}" if wanted else ""
        self._connection.register("plan", plan)
        found = self._connection.execute(f"select {summed} from plan{where}", list(asked_limits.values()))
        return found.fetchall()[0][0]

    @cached_property
    def _connection(self) -> Any:
        """The one connection; to make one for each call would cost more than the work."""
        import duckdb

        return duckdb.connect()


class Numpy(Peer):
    """Only the columns that count, as arrays."""

    name = "numpy per call"
    needs = "numpy"

    def total(self, work: Book, asked: Question, years: Sequence[int]) -> Any:
        import numpy

        headings, *rows = work["plan"]
        mask = numpy.ones(len(rows), bool)
        for column, name in limits(asked).items():
            at = headings.index(column)
            mask &= numpy.fromiter((row[at] == name for row in rows), bool, len(rows))
        if asked.goal is not None:
            served = self.lines_of(work, asked.goal)
            serving = numpy.fromiter((row[0] in served for row in rows), bool, len(rows))
            mask &= ~serving if asked.goal == NO_GOAL else serving
        columns = (numpy.array([row[at] for row in rows], float) for at in self.columns(work, asked, years))
        return float(sum(numpy.nansum(column[mask]) for column in columns))


class DecimalLoop(Peer):
    """A plain loop, every amount a Decimal: exact without any library."""

    name = "Python: Decimal"

    def number(self, cell: Any) -> Any:
        return Decimal(str(cell))

    def total(self, work: Book, asked: Question, years: Sequence[int]) -> Any:
        headings, *rows = work["plan"]
        amounts = self.columns(work, asked, years)
        wanted = [(headings.index(column), name) for column, name in limits(asked).items()]
        served = None if asked.goal is None else self.lines_of(work, asked.goal)
        answer = Decimal(0)
        for row in rows:
            if any(row[at] != name for at, name in wanted):
                continue
            if served is not None and (row[0] in served) == (asked.goal == NO_GOAL):
                continue
            for at in amounts:
                if row[at] is not None:
                    answer += Decimal(str(row[at]))
        return answer


PEERS: tuple[Peer, ...] = (Pandas(), Polars(), DuckDb(), Numpy(), DecimalLoop())


def installed(peers: Sequence[Peer] = PEERS) -> Mapping[str, Peer]:
    """Return the peers whose library is here."""
    return {peer.name: peer for peer in peers if peer.available()}
