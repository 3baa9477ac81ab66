"""Rules written in Python: `rules/<domain>/<bad_pattern>.py`, one rule a file."""
