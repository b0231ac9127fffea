"""All input and output: closed workbooks, CSV folders, Word files."""
