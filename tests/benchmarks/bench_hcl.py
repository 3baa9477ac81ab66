"""What reading and evaluating Terraform costs, beside python-hcl2: `python tests/benchmarks/bench_hcl.py`.

Reads every `.tf` file of the real modules in ../shared with infracheck's reader and with python-hcl2 within one run,
and compares their CPU seconds; then evaluates every module folder. Memory is the most that a process of its own held.
Without ../shared or python-hcl2 it says so and ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from pathlib import Path

MODULES = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "terraform" / "modules"
GOAL = 20
"""How many times less CPU than python-hcl2 the reader should need."""


def texts() -> list[tuple[str, str]]:
    """Every file of the modules: its path and what is in it."""
    return [(str(path), path.read_text(encoding="utf-8")) for path in sorted(MODULES.rglob("*.tf"))]


def parse_seconds(files: list[tuple[str, str]]) -> float:
    """CPU seconds that infracheck's reader takes."""
    from infracheck.source.files import SourceFile
    from infracheck.source.hcl import parse_body

    start = time.process_time()
    for name, text in files:
        parse_body(SourceFile(name, text))
    return time.process_time() - start


def peer_seconds(files: list[tuple[str, str]]) -> tuple[float, int]:
    """CPU seconds that python-hcl2 takes, and how many files it refuses."""
    import hcl2

    refused = 0
    start = time.process_time()
    for _, text in files:
        try:
            hcl2.loads(text)
        except Exception:  # noqa: BLE001 - whatever it raises, the file is refused
            refused += 1
    return time.process_time() - start, refused


def evaluate_folders() -> int:
    """Evaluate every folder that holds Terraform; how many there are."""
    from infracheck import InfracheckError, load_terraform

    folders = sorted({path.parent for path in MODULES.rglob("*.tf")})
    for folder in folders:
        try:
            load_terraform(folder)
        except InfracheckError as problem:
            print(f"{folder.relative_to(MODULES)}: {problem}")
    return len(folders)


def in_a_process(part: str) -> tuple[float, float]:
    """CPU seconds and peak memory in MB of one part of this script, run on its own."""
    process = subprocess.Popen([sys.executable, __file__, part], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"measuring {part} failed")
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def main() -> None:
    """Print CPU seconds, speed and memory."""
    if not MODULES.is_dir():
        sys.exit("the conformance material is not beside this checkout: nothing to read")
    # Before anything is read here: a process begins with the memory its parent held.
    apart = {part: in_a_process(part) for part in ("nothing", "parse", "evaluate")}
    files = texts()
    size = sum(len(text.encode()) for _, text in files)
    print(f"{len(files)} files, {size / 1e6:.2f} MB")
    parse_seconds(files[:20])  # so that imports and first calls are not measured
    ours = parse_seconds(files)
    print(f"infracheck parses in       {ours:7.2f} s CPU  {size / 1e6 / ours:6.2f} MB/s")
    try:
        peer_seconds(files[:1])
    except ImportError:
        print("python-hcl2 is not installed: no comparison")
    else:
        theirs, refused = peer_seconds(files)
        print(
            f"python-hcl2 parses in      {theirs:7.2f} s CPU  {size / 1e6 / theirs:6.2f} MB/s, {refused} files refused"
        )
        print(f"ratio                      {theirs / ours:7.1f} times less (goal: {GOAL})")
    bare = apart["nothing"][1]
    for part, what in (("parse", "parsing all files"), ("evaluate", "evaluating all folders")):
        seconds, peak = apart[part]
        print(f"{what:<26} {seconds:7.2f} s CPU  {peak:6.0f} MB at most (bare Python: {bare:.0f} MB)")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    match sys.argv[1:]:
        case []:
            main()
        case ["parse"]:
            parse_seconds(texts())
        case ["evaluate"]:
            evaluate_folders()
