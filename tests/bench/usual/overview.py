"""Prints the plan's figures: `python overview.py WORKBOOK`, or with --json to be read by a program."""

import json
import sys
from typing import Any

import pandas as pd
from figures import figures, read  # type: ignore[import-not-found]  # beside this script


def plain(value: Any) -> Any:
    """Return figures as plain values, to the cent."""
    if isinstance(value, pd.DataFrame):
        return {str(name): plain(row) for name, row in value.iterrows()}
    if isinstance(value, pd.Series):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, str):
        return value
    return None if pd.isna(value) else round(float(value), 2)


def main() -> None:
    """Print every table."""
    found = figures(read(sys.argv[1]))
    if "--json" in sys.argv:
        print(json.dumps(plain(found)))
        return
    for name, one in found.items():
        print(name)
        for part, table in one.items() if isinstance(one, dict) else [("", one)]:
            shown = table.to_frame().T if isinstance(table, pd.Series) else pd.DataFrame(table)
            print(part, shown.to_string(float_format=lambda amount: f"{amount:,.2f}"), sep="\n")


if __name__ == "__main__":
    main()
