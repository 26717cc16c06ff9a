"""Every reader of what people type, tried with what atheris finds by the lines that run.

    python -m tests.fuzz_readers [READER]...     GSEFGRAPH_FUZZ_SECONDS of it in all, 300 by default

Each reader has a process of its own, and an equal part of the time. Whatever `fuzzed.py` says must
hold is a fault where it does not; the first input of each kind of fault is kept below
build/fuzz/faults/, is tried once more without atheris, which makes everything slower, and becomes a
case of `test_records_fuzzed.py` before it is mended. The corpus in build/fuzz/ may be thrown away.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "fuzz"
SLOWER = 8
"""How much slower code is whose lines are counted, at the most."""
_INSTRUMENTED = ("gsefgraph", "ruamel", "edtf", "pyld")
_LONGEST = 2**13  # bytes of an input
_ONE = "--one"
_AGAIN = "--again"


def one(reader: str, seconds: int) -> None:
    """Look for faults of one reader, in this process; it does not return."""
    import atheris

    with atheris.instrument_imports(include=list(_INSTRUMENTED)):
        from tests import fuzzed

        fuzzed.graph()
    corpus, faults = PLACE / "corpus" / reader, PLACE / "faults" / reader
    for folder in (corpus, faults):
        folder.mkdir(parents=True, exist_ok=True)
    for data in fuzzed.seeds(reader):
        fuzzed.tried(reader, data, seconds=60)  # what is loaded late is loaded now
        (corpus / sha256(data).hexdigest()[:16]).write_bytes(data)
    words = PLACE / "words"
    quoted = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in fuzzed.WORDS)
    words.write_text("".join(f'"{word}"\n' for word in quoted))
    known: set[str] = set()

    def look(data: bytes) -> None:
        try:
            fuzzed.tried(reader, data, seconds=fuzzed.SECONDS * SLOWER)
        except Exception as error:
            kind = _kind(error)
            if kind not in known:
                known.add(kind)
                (faults / sha256(kind.encode()).hexdigest()[:12]).write_bytes(data)

    options = {
        "max_total_time": seconds, "max_len": _LONGEST, "dict": words, "verbosity": 0,
        "print_final_stats": 1, "timeout": 60, "artifact_prefix": f"{faults}/",
        "rss_limit_mb": 2048, "seed": 1,
    }  # fmt: skip
    arguments = [f"-{name}={value}" for name, value in options.items()]
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], look)
    atheris.Fuzz()


def again(reader: str, file: str) -> None:
    """Try one input without atheris."""
    from tests import fuzzed

    fuzzed.graph()
    for data in fuzzed.seeds(reader):
        fuzzed.tried(reader, data, seconds=60)
    print(fuzzed.tried(reader, Path(file).read_bytes()))


def _kind(error: Exception) -> str:
    """What faults of one cause have in common: the error, and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "fuzz" not in frame.filename] or frames
    return f"{type(error).__name__} {ours[-1].filename}:{ours[-1].lineno}" + (
        f" {str(error)[:12]}" if type(error).__name__ == "Beyond" else ""
    )


def main(wanted: list[str]) -> int:
    """Try readers one after another.

    Parameters:
        wanted: their names; none for all.

    Returns:
        How many faults there are.
    """
    from tests import fuzzed

    unknown = sorted({*wanted} - {*fuzzed.READERS})
    if unknown:
        print(f"no reader is called {', '.join(unknown)}; there are {', '.join(fuzzed.READERS)}")
        return 1
    if find_spec("atheris") is None:
        print("atheris is not installed, which is for Linux: the laws alone must do")
        return 0
    names = wanted or [*fuzzed.READERS]
    whole = float(os.environ.get("GSEFGRAPH_FUZZ_SECONDS", "300"))
    share = max(1, round(whole / len(names)))
    found = 0
    for reader in names:
        for old in (PLACE / "faults" / reader).glob("*"):
            old.unlink()
        began = time.monotonic()
        tried, died = 0, ""
        while (left := round(share - (time.monotonic() - began))) > 0 and died != "twice":
            done = _run(_ONE, reader, str(left))
            tried += _tried(done.stderr)
            if done.returncode == 0:
                break
            died = "twice" if died else f"ended with {done.returncode}: {done.stderr[-300:]}"
        took = time.monotonic() - began
        faults = [_again(reader, file) for file in sorted((PLACE / "faults" / reader).glob("*"))]
        said = [fault for fault in faults if fault] + ([died] if died else [])
        found += len(said)
        print(json.dumps({
            "reader": reader, "inputs": tried, "seconds": round(took, 1),
            "per second": round(tried / took, 1), "faults": said,
        }), flush=True)  # fmt: skip
    return min(found, 100)


def _again(reader: str, file: Path) -> str:
    """What an input still does without atheris; empty where nothing is wrong."""
    done = _run(_AGAIN, reader, str(file))
    if done.returncode == 0:
        file.unlink()
        return ""
    return f"{file.relative_to(ROOT)}: {(done.stderr.strip() or '?').splitlines()[-1]}"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.fuzz_readers", *arguments]
    # What ends a process in the midst of its work leaves its folders behind.
    with tempfile.TemporaryDirectory(prefix="gsefgraph-fuzz-") as folder:
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", cwd=ROOT, check=False,
            env={**os.environ, "TMPDIR": folder},
        )  # fmt: skip


def _tried(said: str) -> int:
    rows = [row for row in said.splitlines() if "number_of_executed_units" in row]
    return int(rows[-1].split()[-1]) if rows else 0


if __name__ == "__main__":
    if sys.argv[1:2] == [_ONE]:
        one(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1:2] == [_AGAIN]:
        again(sys.argv[2], sys.argv[3])
    else:
        sys.exit(main(sys.argv[1:]))
