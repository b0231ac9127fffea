"""bdur_xl: the logic behind a safety region's BDuR budget workbook."""

__version__ = "0.1.0"
