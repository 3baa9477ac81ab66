"""Runs rules over targets and turns what they yield into a report. It knows no rule by name."""
