"""Writes the board memo as a Word file with tables and a chart: `python memo.py WORKBOOK MEMO`."""

import io
import sys
from typing import Any

import docx
import matplotlib as mpl
import pandas as pd
from docx.shared import Cm
from figures import figures, read  # type: ignore[import-not-found]  # beside this script

mpl.use("Agg")
import matplotlib.pyplot as plt  # after the choice of how to draw


def euros(amount: Any) -> str:
    """Return an amount as the memo prints it."""
    if isinstance(amount, str):
        return amount
    return "–" if pd.isna(amount) else f"€ {amount:,.0f}".replace(",", ".")


def main() -> None:
    """Write the memo: the same sections, tables, chart and figures."""
    tables = read(sys.argv[1])
    found = figures(tables)
    years = found["jaren"]
    memo = docx.Document()
    memo.add_heading("Ontwikkelingen crisisbeheersing en besteding extra BDuR-gelden", 0)
    memo.add_heading("Samenvatting", 1)
    for basis, room in found["ruimte"].items():
        for year in years:
            memo.add_paragraph(f"De ruimte ({basis}) van {year} is {euros(room[year])}.")
    memo.add_heading("Doelen en doelbereik", 1)
    add_table(memo, found["niveaus"], years)
    add_table(memo, found["doelen"], years)
    memo.add_heading("Voorgestelde besteding", 1)
    for name in ("per_hoofdthema", "per_blok", "per_afdeling"):
        add_table(memo, found[name], years)
    memo.add_heading("Financiële consequenties", 1)
    add_table(memo, money(found), years)
    memo.add_picture(chart(found), width=Cm(16))
    for start, in_house, cost in found["instroom"]:
        memo.add_paragraph(f"Instroom {start}, {in_house:g} fte in dienst: {euros(cost)}.")
    memo.add_heading("Bijlage A: Tabel 2", 1)
    plan = tables["plan"].set_index("regel")
    add_table(memo, plan, [name for name in plan.columns if name != "opmerking"])
    memo.add_heading("Bijlage B: doelenmatrix", 1)
    matrix = tables["links"].pivot_table("dekking", "regel", "aandachtsgebied", "first")
    add_table(memo, matrix.fillna(""), list(matrix.columns))
    memo.save(sys.argv[2])


def money(found: dict[str, Any]) -> pd.DataFrame:
    """Return the table of cost, grant and room."""
    rows = {"jaartotaal": found["jaartotaal"], **{str(kind): row for kind, row in found["soort"].iterrows()}}
    for part in ("beschikbaar", "ruimte", "ruimte_cumulatief"):
        rows |= {f"{part} {basis}": figure for basis, figure in found[part].items()}
    rows["deeljaar"] = found["deeljaar"]
    return pd.DataFrame(rows).T


def add_table(memo: Any, frame: pd.DataFrame, columns: list[Any]) -> None:
    """Add a table with a heading row."""
    table = memo.add_table(rows=1 + len(frame), cols=1 + len(columns), style="Light Grid Accent 1")
    for cell, heading in zip(table.rows[0].cells, ["", *columns], strict=True):
        cell.text = str(heading)
    for row, (name, values) in zip(table.rows[1:], frame.iterrows(), strict=True):
        for cell, value in zip(row.cells, [str(name), *values[columns]], strict=True):
            cell.text = euros(value)


def chart(found: dict[str, Any]) -> io.BytesIO:
    """Return the picture: cost stacked by kind against the grant."""
    figure, axes = plt.subplots(figsize=(8, 4.5))
    years = [str(year) for year in found["jaren"]]
    bottom = pd.Series(0.0, found["jaren"])
    for kind, row in found["soort"].iterrows():
        amounts = row.astype(float).fillna(0)
        axes.bar(years, amounts, bottom=bottom, label=kind)
        bottom += amounts
    for basis, grant in found["beschikbaar"].items():
        axes.plot(years, grant, marker="o", label=f"beschikbaar ({basis})")
    axes.set_ylabel("euro")
    axes.legend()
    picture = io.BytesIO()
    figure.savefig(picture, dpi=150, format="png")
    return picture


if __name__ == "__main__":
    main()
