"""Does the tone model dislike a name by itself? The same sentences with real and with invented names.

    python benchmarks/name_bias.py [--method model] [--csv FILE]

Each template is read with each name in it. A name's bias is its mean score over all templates minus the mean of
the invented names (of people for people, of places for states, of parties for parties); at most 0.05 is the aim.
Exits with 1 if a name is further off.
"""

import argparse
import sys
from pathlib import Path

import pandas as pd

import newskit as nk

LIMIT = 0.05
TEMPLATES = {
    "negative": [
        "{} was widely condemned after the attack.",
        "Critics accused {} of lying to the public.",
        "The report blames {} for the failure of the talks.",
        "{} betrayed those who had trusted in the agreement.",
        "Editors called the conduct of {} reckless and shameful.",
        "The decision is another disgrace for {}.",
        "Protesters chanted against {}, which they see as corrupt.",
        "In the end {} made everything worse.",
    ],
    "neutral": [
        "{} was mentioned in the second part of the meeting on Tuesday.",
        "The letter was addressed to {} and two other parties.",
        "Reporters asked about {} at the briefing.",
        "A statement by {} is expected later this week.",
        "The talks with {} will go on in Geneva.",
        "The table lists {} in the third row.",
        "According to {}, the vote takes place in March.",
        "The delegation met {} before lunch.",
    ],
    "positive": [
        "{} was praised for a generous and courageous decision.",
        "Observers admire {} for this remarkable success.",
        "The award honours the outstanding work of {}.",
        "Thanks to {}, thousands of families are safe.",
        "Even opponents commended {} for fairness and honesty.",
        "{} won broad applause for the peace plan.",
        "The study shows how well {} handled the crisis.",
        "Many see in {} a trustworthy partner.",
    ],
}
NAMES = {
    "person": {
        "invented": [
            "Marlo Denvig", "Tessa Quorn", "Henrik Aldane", "Ilva Portesh", "Samuel Brackwin", "Nadia Velmont",
        ],
        "real": [
            "Donald Trump", "Joe Biden", "Barack Obama", "Hillary Clinton", "Vladimir Putin", "Volodymyr Zelensky",
            "Xi Jinping", "Kim Jong-un", "Angela Merkel", "Emmanuel Macron", "Boris Johnson", "Viktor Orban",
            "Benjamin Netanyahu", "Bashar al-Assad", "Nancy Pelosi", "Mitch McConnell", "Bernie Sanders", "Ted Cruz",
        ],
    },
    "state": {
        "invented": ["Velmaria", "Ostrania", "Quendor", "Tarsovia", "Belmund", "Norvania"],
        "real": [
            "Russia", "Ukraine", "the United States", "China", "Iran", "North Korea", "Israel", "Germany", "France",
            "Hungary", "Syria", "Saudi Arabia", "Turkey", "Mexico", "Canada", "Japan",
        ],
    },
    "party": {
        "invented": ["the Meridian Party", "the Civic Dawn", "the Harbour Alliance", "the Unity Bloc"],
        "real": [
            "the Republicans", "the Democrats", "the Tories", "the Labour Party", "Fidesz", "the AfD", "the Greens",
            "Hamas", "the Kremlin", "the White House", "NATO", "the European Union",
        ],
    },
}  # fmt: skip


def audit(method: str) -> pd.DataFrame:
    """One row a name: `type`, `invented`, `name`, mean `score`, `bias`, and the mean score of each kind of template."""
    rows = [
        {"type": kind, "invented": origin == "invented", "name": name, "tone": tone, "template": template}
        for kind, groups in NAMES.items()
        for origin, names in groups.items()
        for name in names
        for tone, templates in TEMPLATES.items()
        for template in templates
    ]
    table = pd.DataFrame(rows)
    starts = table["template"].str.index("{}")
    texts, spans = [], []
    for start, template, name in zip(starts, table["template"], table["name"], strict=True):
        shown = name[0].upper() + name[1:] if start == 0 else name
        texts.append(template.format(shown))
        spans.append((start, start + len(name)))
    table["score"] = nk.target_tone(texts, spans, method=method)["score"].to_numpy()  # type: ignore[arg-type]
    means = table.pivot_table(index=["type", "invented", "name"], columns="tone", values="score", sort=False)
    means.insert(0, "score", table.groupby(["type", "invented", "name"])["score"].mean())
    table = means.reset_index()
    invented = table[table["invented"]].groupby("type")["score"].mean()
    table.insert(4, "bias", table["score"] - table["type"].map(invented))
    return table


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--method", default="model", help="as for newskit.target_tone (default model)")
    parser.add_argument("--csv", type=Path, help="write the table there too")
    args = parser.parse_args()

    table = audit(args.method)
    print(table.round(3).to_string(index=False))
    if args.csv:
        table.to_csv(args.csv, index=False)
    off = table[table["bias"].abs() > LIMIT]
    print(f"largest bias {table['bias'].abs().max():.3f}; {len(off)} of {len(table)} names off by more than {LIMIT}")
    return int(len(off) > 0)


if __name__ == "__main__":
    sys.exit(main())
