"""The front door for library users, the hook and the Action: the one place where the stages meet.

Everything here is imported late, so that `import infracheck` costs next to nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from infracheck.config.settings import Settings
    from infracheck.findings.report import Gap, Report
    from infracheck.kustomize import Rendering
    from infracheck.patterns import Survey
    from infracheck.rule import Rule
    from infracheck.source.values import Value
    from infracheck.terraform.modules import TerraformModule


def scan(
    paths: Iterable[Path | str],
    settings: Settings | None = None,
    *,
    policies: Iterable[Path | str] = (),
    environments: Iterable[str] = (),
    tf_var_environment: Mapping[str, str] | None = None,
    today: date | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Judge everything below some paths.

    Args:
        paths: files and directories. Nothing outside the repository around them is read.
        settings: as `config.loading` reads them; the defaults if None.
        policies: folders with further rules and policies, named by the user.
        environments: the environments to judge; empty for all.
        tf_var_environment: where `TF_VAR_name` may set variables of every Terraform root, as `os.environ` does for
            terraform; by default nothing is taken from there.
        today: the day that the `until=` of suppressions is compared with; None lets none expire.
        progress: told what is being done, in a few words.

    Raises:
        SettingsError: a rule, a policy or the configuration is wrong.
        ReadError: a path does not exist, or there is nothing to scan.
    """
    from infracheck.engine.scan import judge  # noqa: PLC0415 - see the module docstring
    from infracheck.repository import build  # noqa: PLC0415

    tell = progress or (lambda _text: None)
    chosen = settings or _default_settings()
    roots = [Path(path) for path in paths]
    reader = _reader(roots, chosen.root)
    tell("looking for what there is to scan")
    repository = build(
        roots,
        reader,
        chosen,
        environments=tuple(environments),
        tf_var_environment=tf_var_environment,
        progress=tell,
    )
    folders = [*(reader.root / folder for folder in chosen.policies), *(Path(folder) for folder in policies)]
    return judge(repository, reader, chosen, policy_folders=folders, today=today, progress=tell)


def patterns(
    paths: Iterable[Path | str],
    settings: Settings | None = None,
    *,
    environments: Iterable[str] = (),
) -> tuple[Survey, tuple[Gap, ...]]:
    """Which deployment pattern each service follows and how far, and what could not be read.

    Args:
        paths: as in `scan`.
        settings: as in `scan`.
        environments: as in `scan`.

    Raises:
        SettingsError: the configuration is wrong.
        ReadError: a path does not exist.
    """
    from infracheck.patterns import survey  # noqa: PLC0415 - see the module docstring
    from infracheck.repository import build  # noqa: PLC0415

    chosen = settings or _default_settings()
    roots = [Path(path) for path in paths]
    reader = _reader(roots, chosen.root)
    repository = build(roots, reader, chosen, environments=tuple(environments), progress=lambda _text: None)
    return survey(repository), repository.gaps


def render(overlay: Path | str, *, load_restrictor: str = "root-only", root: Path | str | None = None) -> Rendering:
    """What `kubectl kustomize` prints for a directory, with an origin for every field.

    Args:
        overlay: the directory of a kustomization.
        load_restrictor: "root-only" or "none", as `kubectl kustomize --load-restrictor`.
        root: nothing outside it is read; by default the git repository around the overlay, and where there is none,
            the file system, as for kubectl.

    Raises:
        RenderError: kubectl would refuse it too; the origin names the cause.
        ReadError: a file can't be read.
    """
    from infracheck.kustomize import render as render_overlay  # noqa: PLC0415

    directory = Path(overlay)
    reader = _confined(directory, root)
    return render_overlay(directory, reader, load_restrictor=load_restrictor)


def load_terraform(
    root: Path | str,
    *,
    var_files: Sequence[Path | str] = (),
    variables: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    workspace: str = "default",
) -> TerraformModule:
    """A Terraform root with its modules, evaluated as far as the files allow.

    Args:
        root: the directory that `terraform` is run in.
        var_files: as `terraform -var-file`, in order.
        variables: values by name; they win over every file.
        environment: where `TF_VAR_name` may set variables, as `os.environ` does for terraform; by default nothing is
            taken from there.
        workspace: the value of `terraform.workspace`.

    Raises:
        ReadError: the directory can't be read. Everything else that is wrong is in the module's `problems`.
    """
    from infracheck.terraform.modules import load_terraform as load  # noqa: PLC0415

    directory = Path(root)
    reader = _confined(directory, None, allowed=[Path(path) for path in var_files])
    return load(
        directory,
        reader,
        var_files=[Path(path) for path in var_files],
        variables=variables,
        environment=environment,
        workspace=workspace,
    )


def evaluate(
    expression: str,
    root: Path | str | None = None,
    *,
    var_files: Sequence[Path | str] = (),
    variables: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    workspace: str = "default",
) -> Value:
    """What `terraform console` would say to an expression.

    Args:
        expression: in Terraform's language.
        root: the module in whose scope it is evaluated; None for the bare language, as in an empty directory: `file`
            and the like read what is below the current one.
        var_files: as in `load_terraform`.
        variables: as in `load_terraform`.
        environment: as in `load_terraform`.
        workspace: as in `load_terraform`.

    Returns:
        A known value, or one that is unknown and says why.

    Raises:
        EvaluationError: Terraform would refuse the expression.
    """
    from infracheck.terraform.console import evaluate_text  # noqa: PLC0415

    if root is None:
        return evaluate_text(expression, files=_confined(Path(), Path()))
    module = load_terraform(
        root, var_files=var_files, variables=variables, environment=environment, workspace=workspace
    )
    return evaluate_in(expression, module)


def evaluate_in(expression: str, module: TerraformModule) -> Value:
    """As `evaluate`, in a module that is loaded already.

    Raises:
        EvaluationError: Terraform would refuse the expression.
    """
    from infracheck.terraform.console import evaluate_text  # noqa: PLC0415 - see the module docstring

    return evaluate_text(expression, module.scope)


def rules(policies: Iterable[Path | str] = ()) -> tuple[Rule, ...]:
    """Every rule there is, sorted by id.

    Raises:
        SettingsError: a rule or policy is malformed.
    """
    from infracheck.engine.catalogue import all_rules  # noqa: PLC0415

    return all_rules(Path(folder) for folder in policies)


def repository_root(path: Path) -> Path | None:
    """The nearest directory at or above a path that holds `.git`, or None."""
    start = path.resolve()
    return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)


def _default_settings() -> Settings:
    from infracheck.config.settings import Settings as Model  # noqa: PLC0415

    return Model()


def _reader(paths: list[Path], root: Path | None) -> Any:
    """A reader confined to what holds all the paths: the given root, else their repository, else their directory."""
    import os  # noqa: PLC0415

    from infracheck.source.errors import ReadError  # noqa: PLC0415
    from infracheck.source.reader import Reader  # noqa: PLC0415

    if not paths:
        raise ReadError("nothing to scan: name a file or a directory")
    for path in paths:
        if not path.exists():
            raise ReadError(f"{path}: no such file or directory")
    if root is not None:
        return Reader(root)
    holders = [path.resolve() if path.is_dir() else path.resolve().parent for path in paths]
    shared = Path(os.path.commonpath(holders))
    return Reader(repository_root(shared) or shared)


def _confined(directory: Path, root: Path | str | None, allowed: Iterable[Path] = ()) -> Any:
    from infracheck.source.reader import Reader  # noqa: PLC0415
    from infracheck.source.unrooted import UnrootedReader  # noqa: PLC0415

    holder = Path(root) if root is not None else repository_root(directory)
    return Reader(holder, allowed) if holder is not None else UnrootedReader(directory, tuple(allowed))
