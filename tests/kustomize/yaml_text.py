"""Writes data as YAML in every way people do: block and flow, each style of text, comments, anchors, merge keys."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from infracheck.source.yaml.dialect import Dialect, plain

if TYPE_CHECKING:
    from random import Random

SAFE = re.compile(r"[A-Za-z0-9_./$(){}@*-][A-Za-z0-9_./$(){}@*=:% -]*\Z")
UNSAFE_FIRST = ("- ", "*", "{", "@", "%")


class Raw(str):
    """The text of a scalar exactly as it is to stand in the file."""

    __slots__ = ()


class Writer:
    """Writes one document."""

    def __init__(self, random: Random, *, plainly: bool = False) -> None:
        self.random = random
        self.plainly = plainly
        self.anchored: list[tuple[str, Any]] = []
        self.anchors = 0

    def chance(self, percent: float) -> bool:
        """Whether something unusual happens here; never when writing plainly."""
        return not self.plainly and self.random.random() * 100 < percent

    def document(self, value: Any) -> str:
        """The document as text, with a line end."""
        lines = self.block(value, 0)
        if self.chance(10):
            lines.insert(0, "# a comment: with 'quotes' and {braces}")
        return "\n".join(lines) + "\n"

    def block(self, value: Any, indent: int) -> list[str]:
        """A mapping or list as lines."""
        pad = " " * indent
        if isinstance(value, dict) and value:
            lines: list[str] = []
            mappings = [name for name, known in self.anchored if isinstance(known, dict)]
            if mappings and indent and self.chance(4):
                lines.append(f"{pad}<<: *{self.random.choice(mappings)}")
            for key, item in value.items():
                if self.chance(2):
                    lines.append(self.random.choice([f"{pad}# about {key}", ""]))
                lines += self.entry(f"{pad}{self.key(key)}:", item, indent, in_list=False)
            return lines
        if isinstance(value, list) and value:
            lines = []
            for item in value:
                lines += self.entry(f"{pad}-", item, indent, in_list=True)
            return lines
        return [pad + self.flow(value)]

    def entry(self, lead: str, value: Any, indent: int, *, in_list: bool) -> list[str]:
        """What follows a key or a dash."""
        for name, known in self.anchored:
            if known == value and type(known) is type(value) and self.chance(30):
                return [f"{lead} *{name}"]
        anchor = ""
        if self.chance(3) and (isinstance(value, dict | list) and value):
            name = f"a{self.anchors}"
            self.anchors += 1
            lines = self._entry(lead, f" &{name}", value, indent, in_list=in_list)
            self.anchored.append((name, value))
            return lines
        return self._entry(lead, anchor, value, indent, in_list=in_list)

    def _entry(self, lead: str, anchor: str, value: Any, indent: int, *, in_list: bool) -> list[str]:
        if isinstance(value, dict | list) and value and not self.chance(6):
            if in_list and not anchor and isinstance(value, dict):
                lines = self.block(value, indent + 2)
                first = next((at for at, line in enumerate(lines) if line.strip() and not line.strip().startswith("#")))
                if first == 0:
                    return [lead + " " + lines[0][indent + 2 :], *lines[1:]]
                return [lead, *lines]
            deeper = indent if isinstance(value, list) and not in_list and not self.chance(40) else indent + 2
            comment = "  # because" if self.chance(2) else ""
            return [f"{lead}{anchor}{comment}", *self.block(value, deeper)]
        if isinstance(value, str) and not isinstance(value, Raw) and "\n" in value and not self.chance(15):
            return self.block_text(lead, value, indent)
        written = self.flow(value)
        comment = " # why" if self.chance(2) and written else ""
        return [f"{lead}{anchor} {written}{comment}".rstrip()]

    def block_text(self, lead: str, text: str, indent: int) -> list[str]:
        """A text of several lines as a literal or folded block."""
        pad = " " * (indent + 2)
        style = "|" if self.plainly else self.random.choice("||>")
        hint = "2" if text[0] in " \n" else ""
        chomp = "" if text.endswith("\n") and not text.endswith("\n\n") else "-" if not text.endswith("\n") else "+"
        if style == ">":
            chomp = self.random.choice(["", "-", "+"])
        body = text.removesuffix("\n")
        return [f"{lead} {style}{hint}{chomp}", *(pad + line if line else "" for line in body.split("\n"))]

    def key(self, key: str) -> str:
        """A key."""
        if isinstance(key, Raw):
            return str(key)
        if not re.match(r"[A-Za-z_./$][A-Za-z0-9_./$-]*\Z", key) or plain(key, Dialect.KUBECTL) != key:
            return json.dumps(key)
        return f'"{key}"' if self.chance(2) else key

    def flow(self, value: Any) -> str:
        """Anything on one line."""
        if isinstance(value, Raw):
            return str(value)
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.key(k)}: {self.flow(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        if isinstance(value, str):
            return self.text(value)
        return json.dumps(value)

    def text(self, text: str) -> str:
        """A text on one line, in a style that keeps it a text for every reader."""
        plain_safe = (
            SAFE.match(text)
            and not text.startswith(UNSAFE_FIRST)
            and ": " not in text
            and not text.endswith((":", " "))
            and "}" not in text
            and "{" not in text
            and isinstance(plain(text, Dialect.KUBECTL), str)
            and isinstance(plain(text, Dialect.KUBERNETES), str)
            and plain(text, Dialect.KUBERNETES) == text
            and text != "-"
        )
        if plain_safe and not self.chance(15):
            return text
        if "\n" not in text and "\\" not in text and text.isprintable() and self.chance(50):
            return "'" + text.replace("'", "''") + "'"
        return json.dumps(text, ensure_ascii=False) if text.isprintable() else json.dumps(text)
