"""Image references, read as Docker and containerd read them.

Source: https://github.com/distribution/reference (`reference.go` for the grammar, `normalize.go` for the defaults).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

DEFAULT_REGISTRY = "docker.io"
DEFAULT_TAG = "latest"
LONGEST = 1024
"""The most characters a reference may have here: names end at 255, tags at 128."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_PART = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
DOMAIN = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9a-fA-F:]+\])(?::\d+)?", re.ASCII)
PATH = re.compile(rf"{_PART}(?:/{_PART})*", re.ASCII)
TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Image:
    """An image reference, taken apart.

    Attributes:
        text: as written.
        registry: the host, "docker.io" where none is written.
        repository: the path in the registry; "library/nginx" for "nginx".
        tag: the tag as written, or None.
        digest: the digest as written ("sha256:..."), or None.
        valid: whether a container runtime would accept it.
        names_registry: whether the registry is written out.
    """

    text: str
    registry: str
    repository: str
    tag: str | None
    digest: str | None
    valid: bool
    names_registry: bool

    @property
    def effective_tag(self) -> str | None:
        """The tag that is pulled: "latest" where neither tag nor digest is written, None where only a digest is."""
        return self.tag or (None if self.digest else DEFAULT_TAG)

    @property
    def is_pinned(self) -> bool:
        """Whether a digest says exactly which image runs."""
        return self.digest is not None

    @property
    def basename(self) -> str:
        """The last part of the repository: "nginx" for "registry.example/team/nginx"."""
        return self.repository.rpartition("/")[2]

    @property
    def name(self) -> str:
        """Registry and repository: "docker.io/library/nginx"."""
        return f"{self.registry}/{self.repository}"

    @property
    def is_ecr(self) -> bool:
        """Whether it lies in a private registry of AWS (`<account>.dkr.ecr.<region>.amazonaws.com`)."""
        return bool(re.fullmatch(r"\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", self.registry))


def parse_image(text: str) -> Image:
    """Take an image reference apart; one that no runtime would accept comes back with `valid` false."""
    rest, at, digest = text.partition("@")
    head, slash, last = rest.rpartition("/")
    last, colon, tag = last.partition(":")
    path = f"{head}{slash}{last}"
    host, _, below = path.partition("/")
    named = bool(below) and ("." in host or ":" in host or host == "localhost" or host != host.lower())
    registry, repository = (host, below) if named else (DEFAULT_REGISTRY, path)
    if registry == "index.docker.io":
        registry = DEFAULT_REGISTRY
    if registry == DEFAULT_REGISTRY and "/" not in repository:
        repository = f"library/{repository}"
    valid = (
        len(text) <= LONGEST
        and bool(DOMAIN.fullmatch(registry))
        and bool(PATH.fullmatch(repository))
        and len(repository) < 256
        and (not colon or bool(TAG.fullmatch(tag)))
        and (not at or bool(DIGEST.fullmatch(digest)))
    )
    return Image(text, registry, repository, tag or None, digest or None, valid, named)
