"""The workbook from text: sheets, styles, names."""
