"""Is a model of tone taken in? Invented sentences of the kinds that are easily misread, with their codes.

    python benchmarks/tone_controlled.py [--method model] [--wrong]

`data/gold/tone/controlled.jsonl` has sentences made up and coded for this, by one hand: denials, acquittals, speakers
of warm and of blaming words, victims, routine acts, contests, labels, and praise and blame as such. The target stands
in [[ ]]. Prints for each kind the share whose tone is right, and the share called negative or positive. No training
reads these sentences; they tell where a model fails, not how well it reads the news.
"""

import argparse
import json
from pathlib import Path

import pandas as pd

import newskit as nk

SENTENCES = Path(__file__).parents[1] / "data" / "gold" / "tone" / "controlled.jsonl"


def read() -> pd.DataFrame:
    """The sentences without marks, with the target's `start` and `end`."""
    table = pd.DataFrame([json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()])
    parts = table["sentence"].str.split(r"\[\[|\]\]", regex=True)
    table["start"], table["end"] = parts.str[0].str.len(), parts.str[:2].str.join("").str.len()
    return table.assign(sentence=parts.str.join(""))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--method", default="model", help="as for newskit.target_tone (default model)")
    parser.add_argument("--wrong", action="store_true", help="print the sentences that are misread")
    args = parser.parse_args()

    table = read()
    spans = list(zip(table["start"].tolist(), table["end"].tolist(), strict=True))
    table["label"] = nk.target_tone(table["sentence"].tolist(), spans, method=args.method)["label"].to_numpy()
    table["right"], table["polar"] = table["label"] == table["tone"], table["label"] != "neutral"
    found = table.groupby("kind", sort=False).agg(n=("right", "size"), right=("right", "mean"), polar=("polar", "mean"))
    print(found.round(3).to_string())
    if args.wrong:
        print(table.loc[~table["right"], ["kind", "label", "sentence"]].to_string(index=False))


if __name__ == "__main__":
    main()
