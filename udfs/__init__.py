"""The functions and macros that Excel calls; udfs/calc serves LibreOffice."""
