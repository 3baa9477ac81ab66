"""The errors a caller of infracheck may meet, each with the place it speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin


class InfracheckError(Exception):
    """Base of every error that infracheck raises on purpose.

    Attributes:
        message: what is wrong and what to do about it, without the place.
        origin: the span that is to blame, or None where no file is involved.
    """

    def __init__(self, message: str, origin: Origin | None = None) -> None:
        super().__init__(message, origin)
        self.message = message
        self.origin = origin

    def __str__(self) -> str:
        """The message, led by `file:line:column` where that is known."""
        return f"{self.origin.span}: {self.message}" if self.origin else self.message


class ReadError(InfracheckError):
    """A file that is part of the scan could not be read: absent, unreadable, too large, not text, outside the root."""


class OutsideRootError(ReadError):
    """A path leads outside the scanned repository."""


class SyntaxProblem(InfracheckError):  # noqa: N818 - "problem" because one file may hold several, reported side by side
    """A file's text is not valid in its language."""


class LimitError(InfracheckError):
    """A guard against exhausting memory, time or the stack was hit."""


class RenderError(InfracheckError):
    """A kustomization cannot be built: `kubectl kustomize` would refuse it too."""


class EvaluationError(InfracheckError):
    """A Terraform expression or configuration is in error: `terraform` would refuse it too."""


class SettingsError(InfracheckError):
    """The configuration of infracheck itself is wrong."""
