"""infracheck."""
