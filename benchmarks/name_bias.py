"""Does the tone model dislike a name by itself? The same sentences with real and with invented names.

    python benchmarks/name_bias.py [--heads tone fate speaks newsmtsc] [--csv FILE]

Each template is read with each name in it: praise, blame, and every kind of neutral row of the codebook. A head's score
is the probability of its last code less that of its first (positive less negative, benefits less harmed), for
"speaks" that of yes. A name's bias is its mean score over all templates minus the mean of the invented names (of
people for people, of places for states, of parties for parties); at most 0.05 is the aim. Exits with 1 if a name is
further off in any head.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from newskit.annotation.tone.accurate import load_accurate_model
from newskit.annotation.tone.model import load_tone_model

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
    "speaks": [
        "{} thanked the volunteers for their courage after the flood.",
        "{} called the rival's plan a disaster for working families.",
        "{} said the talks would resume next week.",
        "The agreement is an insult to the victims, {} told reporters.",
    ],
    "harm": [
        "A gunman opened fire on {} outside the hotel, the police said.",
        "The storm caused heavy losses for {} last year.",
        "The new tariffs hit {} harder than anyone else.",
    ],
    "benefit": [
        "The court awarded {} several million dollars in the case.",
        "Higher prices brought {} a windfall this spring.",
    ],
    "denial": [
        "{} denied any wrongdoing in the affair.",
        "Investigators cleared {} of all charges on Monday.",
        "There was no evidence that {} knew of the payments.",
    ],
    "contest": [
        "{} leads by four points in the latest poll.",
        "{} lost the vote by a narrow margin.",
    ],
    "label": [
        "A former aide to {} will teach at the university.",
        "The rule on imports from the years of {} expires in June.",
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


def scores_of(texts: list[str], spans: list[tuple[int, int]], method: str) -> pd.DataFrame:
    """The score of each head for each text: a column a head."""
    if method == "accurate":
        accurate = load_accurate_model()
        chances, columns = accurate.probabilities(texts, spans), accurate.columns
    else:
        model = load_tone_model()
        chances = np.concatenate(model.all_probabilities(texts, [[span] for span in spans], whole=True))
        columns = model.columns
    found = {head: chances[:, at] for head, at in columns.items()}
    return pd.DataFrame({h: p[:, -1] - (p[:, 0] if p.shape[1] > 2 else 0) for h, p in found.items()})


def audit(heads: list[str], method: str = "model") -> pd.DataFrame:
    """One row a head and name: `type`, `invented`, mean `score`, `bias`, and the mean of each kind of template."""
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
    scores = scores_of(texts, spans, method)
    found = []
    for head in heads:
        table["score"] = scores[head].to_numpy()
        means = table.pivot_table(index=["type", "invented", "name"], columns="tone", values="score", sort=False)
        means.insert(0, "score", table.groupby(["type", "invented", "name"])["score"].mean())
        of_head = means.reset_index()
        invented = of_head[of_head["invented"]].groupby("type")["score"].mean()
        of_head.insert(4, "bias", of_head["score"] - of_head["type"].map(invented))
        of_head.insert(0, "head", head)
        found.append(of_head)
    return pd.concat(found, ignore_index=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--heads", nargs="+", default=["tone", "fate", "speaks", "newsmtsc"])
    parser.add_argument("--method", choices=["model", "accurate"], default="model", help="as for newskit.target_tone")
    parser.add_argument("--csv", type=Path, help="write the table there too")
    args = parser.parse_args()

    table = audit(args.heads, args.method)
    print(table.round(3).to_string(index=False))
    if args.csv:
        table.to_csv(args.csv, index=False)
    table["off"] = table["bias"].abs() > LIMIT
    for head, of_head in table.groupby("head", sort=False):
        largest, off = of_head["bias"].abs().max(), of_head["off"].sum()
        print(f"{head}: largest bias {largest:.3f}; {off} of {len(of_head)} names off by more than {LIMIT}")
    return int(table["off"].any())


if __name__ == "__main__":
    sys.exit(main())
