"""Commands of `bdur` that stand in a module of their own."""
