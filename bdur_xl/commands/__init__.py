"""Commands of `bdur`, each with its arguments and its work in a module of its own."""
