"""Policies: rules written as YAML, for demands that need no program. They compile to the same `Rule`."""
