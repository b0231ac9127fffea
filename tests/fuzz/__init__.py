"""Fuzzing by coverage: what may come in from a file or a cell, and what must hold of it."""
