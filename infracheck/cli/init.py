"""`infracheck init`."""

from __future__ import annotations

from pathlib import Path

import click

TEMPLATE = """\
# Configuration of infracheck. Every setting is optional; what stands here is an example.

product = "{product}"
fail-on = "low"            # critical, high, medium, low, info, never
# select = ["kubernetes", "terraform/public-ssh"]
# ignore = ["kubernetes/image-without-digest"]
# exclude = ["vendor/"]
# allowed-registries = ["123456789012.dkr.ecr.us-east-1.amazonaws.com"]
# allowed-domains = ["{product}.example"]

# [environments.production]
# paths = ["overlays/production/", "environments/production/"]
# profile = "production"   # development, sandbox, production
# cluster-version = "1.32"

# [services.checkout]
# class = "high-availability"  # standard, stateful, high-availability, production-only

# [rules."kubernetes/single-replica"]
# severity = "high"
# environments = {{ sandbox = "off" }}
"""


@click.command("init")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path())
def command(directory: Path) -> int:
    """Write a commented infracheck.toml into DIRECTORY."""
    target = directory / "infracheck.toml"
    if target.exists():
        raise click.UsageError(f"{target} exists; it is left as it is")
    name = directory.resolve().name.lower()
    product = (
        "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in name).strip("-") or "product"
    )
    target.write_text(TEMPLATE.format(product=product), encoding="utf-8")
    click.echo(f"wrote {target}")
    return 0
