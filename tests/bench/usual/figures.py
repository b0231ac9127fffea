"""The figures of the plan as a competent analyst computes them with pandas, from the closed workbook."""

import re
from typing import Any

import pandas as pd

LAYOUT = {
    "plan": ("Plan", 5, "A:L"),
    "budget": ("Budget", 5, "A:H"),
    "goals": ("Doelen", 5, "A:F"),
    "areas": ("Doelen", 5, "H:L"),
    "links": ("Doelen", 5, "O:R"),
    "intake": ("Instroom", 5, "A:D"),
    "premises": ("Over", 58, "A:D"),
}
"""Per table its sheet, the row of its headings (from 0) and its columns."""

OWN = ("expliciet", "gedeeld")
STRENGTH = ("geen", "ondersteunend", "alleen kop", "gedeeld", "expliciet")


def read(path: str) -> dict[str, pd.DataFrame]:
    """Return the tables of the workbook."""
    tables = {}
    with pd.ExcelFile(path, engine="openpyxl") as book:
        for name, (sheet, header, columns) in LAYOUT.items():
            found = pd.read_excel(book, sheet, header=header, usecols=columns, dtype=object)
            found.columns = [re.sub(r"\.\d+$", "", str(heading)) for heading in found.columns]
            tables[name] = found[found.iloc[:, 0].notna()]
    return tables


def figures(tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return every figure per year, amounts in euros."""
    plan, premises = tables["plan"], tables["premises"].set_index("uitgangspunt")["waarde"]
    norm, assumed = float(premises["normbedrag fte"]), premises["ongesplitst als"]
    kinds = {"i": "incidenteel", "s": "structureel", "": assumed}
    columns = [name for name in plan.columns if re.fullmatch(r"\d{4}( [is])?", name)]
    long = plan.melt(["regel", "hoofdthema", "blok", "afdeling/sector"], columns, "kolom", "bedrag")
    long = long.dropna(subset=["bedrag"]).astype({"bedrag": float})
    long["jaar"] = long["kolom"].str[:4].astype(int)
    long["soort"] = long["kolom"].str[5:].map(kinds)
    years = sorted({int(name[:4]) for name in columns})

    def per(*by: str) -> pd.DataFrame:
        return long.pivot_table("bedrag", list(by), "jaar", "sum").reindex(columns=years)

    total = long.groupby("jaar")["bedrag"].sum().reindex(years)
    kind = per("soort")
    stated = {(int(name[:4]), kinds[name[5:]]) for name in columns}
    for row in kind.index:
        kind.loc[row] = [
            kind.loc[row, year] if pd.notna(kind.loc[row, year]) else 0 if (year, row) in stated else None
            for year in years
        ]
    budget = tables["budget"].set_index(tables["budget"]["jaar"].astype(int)).reindex(years)
    rounded = budget["beschikbaar Tabel 2"].astype(float)
    grants = {"afgerond": rounded, "exact": budget["exact bedrag"].astype(float).fillna(rounded)}
    room = {basis: grant - total for basis, grant in grants.items()}
    staff = long[(long["blok"] == "fte") & (long["soort"] == "structureel")]
    found = {
        "jaren": years,
        "jaartotaal": total,
        "soort": kind,
        "per_blok": per("blok").fillna(0),
        "per_hoofdthema": per("hoofdthema").fillna(0),
        "per_afdeling": per("afdeling/sector").fillna(0),
        "fte": staff.groupby("jaar")["bedrag"].sum().reindex(years).fillna(0) / norm,
        "beschikbaar": grants,
        "ruimte": room,
        "ruimte_cumulatief": {basis: one.cumsum() for basis, one in room.items()},
    }
    return {**found, **_phased(tables, total, staff, norm, years), **_goals(tables, long, staff, norm, years)}


def _phased(
    tables: dict[str, pd.DataFrame], total: Any, staff: pd.DataFrame, norm: float, years: list[int]
) -> dict[str, Any]:
    """Return the cost when staff start as on the sheet Instroom, and per start month of the memo."""
    intake = tables["intake"].set_index("regel")
    in_house = intake["fte al in dienst"].astype(float).fillna(0) * norm

    def cost(starts: dict[str, str], known: Any, year: int) -> float:
        lines = staff[staff["jaar"] == year].groupby("regel")["bedrag"].sum()
        kept = known.reindex(lines.index).fillna(0).clip(upper=lines)
        months = lines.index.map(lambda line: _months(starts.get(line), year))
        return float(total[year] - lines.sum() + kept.sum() + ((lines - kept) * months / 12).sum())

    on_sheet = {line: str(start)[:7] for line, start in intake["startmaand"].items()}
    premises = tables["premises"]
    variants = []
    for known in (in_house * 0, in_house):
        for start in premises.loc[premises["uitgangspunt"] == "instroommaand", "waarde"].astype(str).str[:7]:
            year = int(start[:4])
            variants.append(
                (start, known.sum() / norm, cost(dict.fromkeys(intake.index, start), known, year))
            )
    return {
        "deeljaar": pd.Series({year: cost(on_sheet, in_house, year) for year in years}),
        "instroom": variants,
    }


def _months(start: str | None, year: int) -> int:
    if start is None or int(start[:4]) < year:
        return 12
    return 13 - int(start[5:]) if int(start[:4]) == year else 0


def _goals(
    tables: dict[str, pd.DataFrame], long: pd.DataFrame, staff: pd.DataFrame, norm: float, years: list[int]
) -> dict[str, Any]:
    """Return per goal amount, fte and level of each year."""
    areas, links = tables["areas"], tables["links"]
    codes = ("R" + areas["RCDV-doel afgeleid"].astype(str)) + " " + areas["RBP-doelen"].fillna("").astype(str)
    served = areas[["aandachtsgebied"]].assign(doel=codes.str.split()).explode("doel")
    linked = links.merge(served, on="aandachtsgebied")
    own = linked[linked["dekking"].isin(OWN)][["regel", "doel"]].drop_duplicates()
    goals = tables["goals"].loc[tables["goals"]["soort"] != "opgave", "doel"].astype(str)

    def per_goal(lines: pd.DataFrame) -> pd.DataFrame:
        joined = lines.merge(own, on="regel").pivot_table("bedrag", "doel", "jaar", "sum")
        return joined.reindex(index=goals, columns=years).fillna(0)

    levels = {}
    for year in years:
        stated = long.loc[long["jaar"] == year, "regel"]
        counted = linked[~linked["dekking"].isin(OWN) | linked["regel"].isin(stated)]
        best = counted["dekking"].map(STRENGTH.index).groupby(counted["doel"]).max()
        levels[year] = best.reindex(goals).fillna(0).map(lambda place: STRENGTH[int(place)])
    without = long[~long["regel"].isin(own["regel"])].groupby("jaar")["bedrag"].sum().reindex(years).fillna(0)
    return {
        "doelen": per_goal(long),
        "doelen_fte": per_goal(staff) / norm,
        "niveaus": pd.DataFrame(levels),
        "zonder_aandachtsgebied": without,
    }
