"""From paths to a repository: discover, then let each room read its stacks.

A stack that can't be read becomes a gap and the others are read all the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.discovery import StackKind, discover
from infracheck.findings.severity import Profile
from infracheck.repository.readers import Contents, StackReader
from infracheck.repository.stacks import Environment, Repository, Stack
from infracheck.rule import Context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from infracheck.config.settings import Settings
    from infracheck.discovery import StackSource
    from infracheck.findings.report import Gap
    from infracheck.source.reader import Reader


def build(
    paths: Sequence[Path],
    reader: Reader,
    settings: Settings,
    *,
    environments: Iterable[str] = (),
    tf_var_environment: Mapping[str, str] | None = None,
    progress: Callable[[str], None],
) -> Repository:
    """Everything below some paths that can be judged.

    Args:
        paths: files and directories.
        reader: reads what is below its root, and nothing else.
        settings: those of the scan.
        environments: the environments to keep; empty for all.
        tf_var_environment: where `TF_VAR_name` may set variables of Terraform roots; None for nowhere.
        progress: told what is being read.

    Raises:
        SettingsError: an environment is asked for that the repository does not have.
        ReadError: a path does not exist.
    """
    discovery = discover(paths, reader, settings)
    sources = _wanted(discovery.stacks, tuple(environments), settings)
    stack_reader = StackReader(reader, settings, tf_var_environment)
    gaps: list[Gap] = []
    read: list[tuple[StackSource, Contents]] = []
    for source in sources:
        progress(f"reading {source.name}")
        contents = stack_reader.read(source)
        gaps += contents.gaps
        read.append((source, contents))
    return Repository(
        environments=_environments(read, settings),
        context=Context("", Profile.PRODUCTION, ".", settings),
        gaps=merged([*discovery.gaps, *gaps]),
        notes=discovery.notes,
    )


def _wanted(stacks: Sequence[StackSource], names: tuple[str, ...], settings: Settings) -> list[StackSource]:
    if not names:
        return list(stacks)
    known = sorted({stack.environment for stack in stacks if stack.environment})
    for name in names:
        if name not in known:
            raise settings.error((), f"no environment is called {name!r}; there are: {', '.join(known) or 'none'}")
    return [stack for stack in stacks if stack.environment in names]


def _environments(read: list[tuple[StackSource, Contents]], settings: Settings) -> tuple[Environment, ...]:
    """Stacks by environment; those that belong to none stand alone, so that nothing is compared by accident."""
    from infracheck.kubernetes.objects import Beside  # noqa: PLC0415 - not loaded where nothing is Kubernetes

    groups: dict[tuple[str, str], list[tuple[StackSource, Contents]]] = {}
    for source, contents in read:
        key = (source.environment, "" if source.environment else f"{source.name} {source.kind}")
        groups.setdefault(key, []).append((source, contents))
    environments = tuple(_environment(name, groups[name, alone], settings) for name, alone in sorted(groups))
    loose = Beside([one.objects for one in environments if not one.name])
    everything = Beside([one.objects for one in environments])
    for environment in environments:
        environment.objects.beside = loose
        environment.objects.makers = loose if environment.name else everything
    return environments


def _environment(name: str, group: list[tuple[StackSource, Contents]], settings: Settings) -> Environment:
    from infracheck.kubernetes.objects import Objects  # noqa: PLC0415 - not loaded where nothing is Kubernetes

    profile = group[0][0].profile
    contexts = [Context(name, source.profile, source.name, settings) for source, _ in group]
    items = [
        (root, context, identity)
        for (_, contents), context in zip(group, contexts, strict=True)
        for root, identity in contents.manifests
    ]
    whole = Context(name, profile, name or group[0][0].name, settings)
    objects = Objects.build(items, whole)
    stacks = tuple(
        _stack(source, contents, context, objects) for (source, contents), context in zip(group, contexts, strict=True)
    )
    return Environment(name, profile, stacks, objects, whole)


def _stack(source: StackSource, contents: Contents, context: Context, objects: object) -> Stack:
    holds_objects = source.kind in (StackKind.KUSTOMIZATION, StackKind.MANIFESTS)
    return Stack(
        source=source,
        context=context,
        module=contents.module.in_context(context) if contents.module is not None else None,
        rendering=contents.rendering,
        workflows=contents.workflows.in_context(context) if contents.workflows is not None else None,
        objects=objects if holds_objects else None,  # type: ignore[arg-type] # typed late, with the room it comes from
    )


def merged(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """One entry for each gap, however many environments meet it."""
    found: dict[Gap, set[str]] = {}
    for gap in gaps:
        found.setdefault(replace(gap, environments=()), set()).update(gap.environments)
    return tuple(replace(gap, environments=tuple(sorted(names))) for gap, names in found.items())
