"""The scripts an analyst would write for the same answers: pandas, openpyxl, matplotlib, python-docx."""
