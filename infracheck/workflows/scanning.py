"""Which steps build, publish and scan container images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.workflows.script import Command
    from infracheck.workflows.views import Step

DOCKER = frozenset({"docker", "podman", "nerdctl", "buildah"})
BUILD_ACTIONS = frozenset({"docker/build-push-action", "docker/bake-action"})
PUSH_ACTIONS = frozenset({"redhat-actions/push-to-registry", "mr-smithers-excellent/docker-build-push"})
SCANNERS = frozenset(
    {"trivy", "grype", "snyk", "dockle", "wizcli", "twistcli", "anchore-cli", "inspector-sbomgen", "clair"}
)
SCAN_WORDS = re.compile(
    r"\b(?:trivy|grype|snyk|clair|anchore|twistlock|prisma|wizcli|wiz|dockle|aqua|inspector|vuls|sysdig|docker-scout"
    r"|scout|scan-image|image-scan|container-scan|vulnerability-scan)",
    re.IGNORECASE,
)
ECR_SCANS = frozenset({"start-image-scan", "describe-image-scan-findings", "wait"})


def is_scan_command(command: Command) -> bool:
    """Whether a command looks for known vulnerabilities in an image."""
    if command.program in SCANNERS:
        return command.verb not in ("--version", "version", "auth", "login", "db")
    if command.program in DOCKER:
        return command.verb == "scout" or command.words[1:2] == ("scan",)
    return command.program == "aws" and command.words[1:2] == ("ecr",) and command.words[2] in ECR_SCANS


def scan_action(step: Step) -> str:
    """The name of the action that scans, or ""."""
    name = step.uses.name if step.uses is not None else ""
    return name if SCAN_WORDS.search(name) else ""


def scans(step: Step) -> bool:
    """Whether a step scans; a local action or script that is named after a scanner counts."""
    if step.uses is not None:
        return bool(scan_action(step)) or (step.uses.is_local and SCAN_WORDS.search(step.uses.text) is not None)
    return any(is_scan_command(one) or SCAN_WORDS.search(" ".join(one.words[:2])) for one in step.commands)


def pushes(step: Step) -> bool:
    """Whether a step publishes an image, on some runs at least."""
    if step.uses is None:
        return any(is_push_command(command) for command in step.commands)
    if step.uses.name in PUSH_ACTIONS:
        return True
    if step.uses.name not in BUILD_ACTIONS:
        return False
    push = step.input("push")
    outputs = step.input("outputs").text("") or ""
    return (
        push.boolean() is True or "${{" in (push.text("") or "") or "push=true" in outputs or "type=registry" in outputs
    )


def is_push_command(command: Command) -> bool:
    """Whether a command publishes an image."""
    if command.program in DOCKER:
        return (
            "push" in command.words[1:3]
            or command.has_option("--push")
            or "type=registry" in command.option("--output")
        )
    if command.program in ("crane", "oras"):
        return command.verb == "push"
    if command.program == "skopeo":
        return command.verb == "copy" and command.words[-1].startswith("docker://")
    if command.program == "ko":
        return command.verb in ("build", "publish", "apply", "resolve") and not command.has_option(
            "--local", "--push=false"
        )
    return any(word in ("jib:build", "jib", "dockerPush", ":jib") for word in command.words[1:])
