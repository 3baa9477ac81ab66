"""The vocabulary of "where" and "what": files, spans, origins and the value tree, and the readers that build it."""
