"""YAML and JSON text becomes the value tree, read the way the program it is meant for would read it.

The reader pulls libyaml's events one by one, so that depth, size and aliases are bounded before anything is built:
libyaml's own tree builder overflows the C stack on deep nesting, and naive walks never end on alias bombs.
"""

from infracheck.source.yaml.comments import comments
from infracheck.source.yaml.dialect import Dialect, resolve
from infracheck.source.yaml.documents import Document, read_documents, read_first, read_text
from infracheck.source.yaml.excerpt import Excerpt
from infracheck.source.yaml.keys import KeyProblem

__all__ = [
    "Dialect",
    "Document",
    "Excerpt",
    "KeyProblem",
    "comments",
    "read_documents",
    "read_first",
    "read_text",
    "resolve",
]
