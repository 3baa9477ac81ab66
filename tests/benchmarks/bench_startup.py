"""What starting costs, as multiples of starting Python: `python tests/benchmarks/bench_startup.py`.

CPU seconds of whole processes, the median of several runs taken in turn, so that a busy machine slows all alike.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
from pathlib import Path

RUNS = 15
VIOLET = Path(__file__).resolve().parents[2] / "fixtures" / "violet"
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import infracheck": ["-c", "import infracheck"],
    "infracheck --version": ["-m", "infracheck", "--version"],
    "infracheck scan fixtures/violet": ["-m", "infracheck", "scan", str(VIOLET), "--exit-zero"],
}


def cpu_seconds(arguments: list[str]) -> float:
    """User and system time of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def main() -> None:
    """Print each command's CPU seconds and its ratio to bare Python."""
    samples: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS):
        for name, arguments in COMMANDS.items():
            samples[name].append(cpu_seconds(arguments))
    bare = statistics.median(samples["python -c pass"])
    for name, found in samples.items():
        median = statistics.median(found)
        print(f"{name:<34} {median:7.3f} s  {median / bare:6.1f} x bare Python")


if __name__ == "__main__":
    main()
