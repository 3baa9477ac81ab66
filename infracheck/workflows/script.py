"""The commands of a shell script, read well enough to see what a step does and never run.

Quotes, continued lines, comments, here-documents, pipes and command substitutions are those of the POSIX shell ("Shell
Command Language"); functions, aliases and the meaning of variables are not followed. `${{ … }}` is kept as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_COMMANDS = 5000
"""Commands of one script; what follows is not looked at."""
MAX_DEPTH = 8
"""Levels of `$(…)` within one another."""
EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)
BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n)+")
PLAIN = re.compile(r"[^\s;&|()<>`'\"\\$]+")
QUOTED = re.compile(r"[^\"\\$]+")
PARAMETER = re.compile(r"\$\{[^}]*\}")
PARENTHESIS = re.compile(r"\\.|['()]", re.DOTALL)
COMMENT = re.compile(r"#[^\n]*")
HEREDOC = re.compile(r"<<(?P<dash>-?)[ \t]*(?P<quote>['\"]?)(?P<mark>[A-Za-z_][\w-]*)(?P=quote)")
REDIRECTION = re.compile(r"[0-9]*(?:>>|>\||>&|<&|&>>|&>|<>|<<<|>|<(?!\())[ \t]*")
SEPARATOR = re.compile(r"\|\||&&|;;|\|&|[;|&\n(){}`]|\$\(|<\(|>\(")
WORD_END = frozenset(" \t\r\n;|&()<>`")
ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
KEYWORDS = frozenset({"if", "then", "else", "elif", "while", "until", "do", "!", "time"})
WRAPPERS = frozenset({"sudo", "env", "exec", "command", "nohup", "xargs", "timeout", "retry"})
"""Programs that run the program named after their own options."""
WRAPPER_OPTION = re.compile(r"-|[A-Za-z_][A-Za-z0-9_]*=|\d+[smhd]?$|\{\}$")
VERBS = {
    program: frozenset(verbs.split())
    for program, verbs in {
        "docker": "build buildx push pull run tag login compose image manifest save load scout inspect",
        "kubectl": "apply create replace patch set delete diff rollout wait get describe kustomize scale logs config "
        "exec label annotate edit run auth version",
        "helm": "install upgrade rollback uninstall template lint repo dependency package push pull test",
        "terraform": "init plan apply destroy validate fmt import output show state workspace refresh",
    }.items()
}
"""The subcommands by which a word is told from the value of an option before it."""
SAME_VERBS = {"tofu": "terraform", "podman": "docker", "nerdctl": "docker", "oc": "kubectl"}


@dataclass(frozen=True, slots=True)
class Command:
    """One simple command.

    Attributes:
        words: program and arguments, quotes removed; assignments, keywords, redirections and wrappers such as `sudo`
            left out.
        start: where it begins in the script.
        end: past its last word.
        piped: whether it reads what the command before it writes.
    """

    words: tuple[str, ...]
    start: int
    end: int
    piped: bool = False

    @property
    def program(self) -> str:
        """The program's name without its folder; "" for none."""
        return self.words[0].rpartition("/")[2] if self.words else ""

    @property
    def verb(self) -> str:
        """The subcommand: for programs with known ones the first of these, else the first word that is no option."""
        program = SAME_VERBS.get(self.program, self.program)
        known = VERBS.get(program)
        rest = (word for word in self.words[1:] if not word.startswith("-"))
        return next((word for word in rest if known is None or word in known), "")

    def runs(self, programs: Collection[str], verbs: Collection[str]) -> bool:
        """Whether it is one of some programs with one of some subcommands."""
        return self.program in programs and self.verb in verbs

    def has_option(self, *names: str) -> bool:
        """Whether one of some options is given, alone or with `=value`."""
        return any(word.split("=", 1)[0] in names for word in self.words[1:])

    def option(self, *names: str) -> str:
        """The value of an option, written `--name value` or `--name=value`; "" if it is not given."""
        for index, word in enumerate(self.words[1:], start=1):
            name, equals, value = word.partition("=")
            if name in names:
                return value if equals else next(iter(self.words[index + 1 : index + 2]), "")
        return ""

    def text(self) -> str:
        """The words, joined by single spaces."""
        return " ".join(self.words)


def commands(script: str) -> tuple[Command, ...]:
    """The simple commands of a script, in the order written; those inside `$(…)` and `<(…)` count like any other."""
    found: list[Command] = []
    waiting = [(0, 0, script)]
    while waiting and len(found) < MAX_COMMANDS:
        depth, shift, text = waiting.pop()
        reader = _Reader(text)
        reader.read()
        found += [Command(one.words, one.start + shift, one.end + shift, one.piped) for one in reader.found]
        if depth < MAX_DEPTH:
            waiting += [(depth + 1, start + shift, text[start:end]) for start, end in reader.substitutions]
    return tuple(sorted(found, key=lambda command: command.start))


class _Reader:
    """Reads the commands of one level.

    Attributes:
        found: the commands.
        substitutions: the ranges of text inside `$(…)`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: list[Command] = []
        self.substitutions: list[tuple[int, int]] = []
        self.words: list[str] = []
        self.start = 0
        self.end = 0
        self.piped = False
        self.heredocs: list[tuple[str, bool]] = []

    def read(self) -> None:
        """Read to the end of the text."""
        while self.at < len(self.text) and len(self.found) < MAX_COMMANDS:
            if match := BLANK.match(self.text, self.at) or COMMENT.match(self.text, self.at):
                self.at = match.end()
            elif match := HEREDOC.match(self.text, self.at):
                self.heredocs.append((match["mark"], bool(match["dash"])))
                self.at = match.end()
            elif match := REDIRECTION.match(self.text, self.at):
                self.at = match.end()
                self._word()
            elif (match := SEPARATOR.match(self.text, self.at)) and not self.text.startswith("$(", self.at):
                self._separate(match[0])
            else:
                self._take()
        self._finish()

    def _separate(self, separator: str) -> None:
        waits = self.piped and not self.words and separator == "\n"
        self._finish()
        self.piped = waits or separator in ("|", "|&")
        self.at += len(separator)
        if separator == "\n":
            self._skip_heredocs()

    def _take(self) -> None:
        start = self.at
        word = self._word()
        if self.at == start:
            self.at += 1
        elif self.words or not ASSIGNMENT.match(word):
            self.start = self.start if self.words else start
            self.words.append(word)
            self.end = self.at

    def _finish(self) -> None:
        words = self.words
        while words and (words[0] in KEYWORDS or (words[0] in WRAPPERS and len(words) > 1)):
            wrapper = words[0] in WRAPPERS
            words = words[1:]
            while wrapper and words and WRAPPER_OPTION.match(words[0]):
                words = words[1:]
        if words:
            self.found.append(Command(tuple(words), self.start, self.end, self.piped))
        self.words = []

    def _word(self) -> str:
        """A word, quotes removed."""
        text, parts = self.text, []
        while self.at < len(text) and text[self.at] not in WORD_END:
            start = self.at
            if match := PLAIN.match(text, start) or EXPRESSION.match(text, start) or PARAMETER.match(text, start):
                self.at = match.end()
                parts.append(match[0])
            elif text[start] == "'":
                close = text.find("'", start + 1)
                close = len(text) if close < 0 else close
                parts.append(text[start + 1 : close])
                self.at = close + 1
            elif text[start] == '"':
                self._double_quoted(parts)
            elif text[start] == "\\":
                self.at += 2
                parts.append(text[start + 1 : start + 2].replace("\n", ""))
            elif text.startswith("$(", start):
                parts.append(self._substitution())
            else:
                self.at += 1
                parts.append(text[start])
        return "".join(parts)

    def _double_quoted(self, parts: list[str]) -> None:
        text = self.text
        self.at += 1
        while self.at < len(text) and text[self.at] != '"':
            if match := QUOTED.match(text, self.at) or EXPRESSION.match(text, self.at):
                parts.append(match[0])
                self.at = match.end()
            elif text[self.at] == "\\":
                parts.append(text[self.at + 1 : self.at + 2].replace("\n", ""))
                self.at += 2
            elif text.startswith("$(", self.at):
                parts.append(self._substitution())
            else:
                parts.append(text[self.at])
                self.at += 1
        self.at += 1

    def _substitution(self) -> str:
        """`$(…)` as written; what stands in it is read at the next level."""
        start = self.at
        end = _closing(self.text, start + 2)
        self.at = min(end + 1, len(self.text))
        if not self.text.startswith("$((", start):
            self.substitutions.append((start + 2, end))
        return self.text[start : self.at]

    def _skip_heredocs(self) -> None:
        for mark, indented in self.heredocs:
            indent = r"[ \t]*" if indented else ""
            match = re.compile(rf"^{indent}{re.escape(mark)}[ \t\r]*$", re.MULTILINE).search(self.text, self.at)
            self.at = len(self.text) if match is None else match.end()
        self.heredocs = []


def _closing(text: str, at: int) -> int:
    """The offset of the parenthesis that closes one opened before `at`; the end of the text if none does."""
    depth = 1
    while match := PARENTHESIS.search(text, at):
        at = match.end()
        if match[0] == "'":
            close = text.find("'", at)
            at = len(text) if close < 0 else close + 1
        elif match[0] in "()":
            depth += 1 if match[0] == "(" else -1
            if depth == 0:
                return match.start()
    return len(text)
