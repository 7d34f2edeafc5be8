"""Run the scoring scripts on the development sets and compare each figure with its floor.

    python benchmarks/check_floors.py [--shared ../shared]

Exits with 1 if a figure is below its floor, and with 0, saying so, where the development sets are not there.
"""

import argparse
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
from tqdm import tqdm

HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=HERE.parent.parent / "shared", help="folder of eval/ and data/")
    args = parser.parse_args()
    if not (args.shared / "eval").is_dir():
        print(f"no development sets in {args.shared}: nothing checked")
        return 0
    rows = []
    for entry in tqdm(tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8"))["floor"], unit="script"):
        script, *options = entry["script"].split()
        command = [sys.executable, str(args.shared / "eval" / script), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        figures = json.loads(done.stdout.splitlines()[-1])
        rows += [
            {"script": entry["script"], "figure": name, "floor": floor, "now": figures[name]}
            for name, floor in entry["floor"].items()
        ]
    table = pd.DataFrame(rows)
    table["holds"] = table["now"] >= table["floor"]
    print(table.to_string(index=False))
    return int(not table["holds"].all())


if __name__ == "__main__":
    sys.exit(main())
