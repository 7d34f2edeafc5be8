"""Samples made by hand, of invented sentences."""

from __future__ import annotations

import pandas as pd

from newskit.validation.samples import Sample
from newskit.validation.variables import Variable

TONE = Variable(
    "tone",
    ("negative", "neutral", "positive"),
    "How do the words of this sentence evaluate the target?",
    "negative: criticised, blamed\nneutral: everything else\npositive: praised, thanked",
)
SPEAKS = Variable("speaks", ("yes", "no"), "Is the target the one who speaks?", "yes: it does\nno: it does not")
SENTENCES = [
    ("Critics called ", "Velmar", " careless with the harbour."),
    ("", "Ostrand", " opened its border on Monday."),
    ("The islands thanked ", "Velmar", " for its quick help."),
    ("<b>“Nothing was stolen,” said 🦊</b> ", "Ostrand", "<img src=x onerror='window.ran = true'>."),
]
BOOK = """# Tone

Read the sentence.

| code | when |
| --- | --- |
| negative | it is **blamed** |

- Harm is no blame.
"""


def sample(n: int = 8, variables: tuple[Variable, ...] = (TONE, SPEAKS)) -> Sample:
    """Rows of a sample: sentences over and over, every other one for a second coder."""
    rows = []
    for at in range(n):
        left, target, right = SENTENCES[at % len(SENTENCES)]
        shift = 40 * at
        rows.append(
            {
                "row_id": f"r{at:03}",
                "article_id": f"a{at // 4}",
                "sentence_id": at % 4,
                "start": shift + len(left),
                "end": shift + len(left) + len(target),
                "text": target,
                "shown": "mention",
                "target_id": target.lower(),
                "target": target,
                "outlet": "Daily Example",
                "part": "body",
                "sentence": left + target + right,
                "sentence_start": shift,
                "before": "It rained." if at % 4 else None,
                "after": "Nobody answered.",
                "stratum": 0,
                "probability": 0.5,
                "second": at % 2 == 0,
            }
        )
    said = pd.DataFrame({"row_id": [row["row_id"] for row in rows], "tone": "neutral", "speaks": "no"})
    design = {"unit": "stances", "n": n, "population": 2 * n, "seed": 1}
    return Sample(pd.DataFrame(rows), said.set_index("row_id"), variables, design, BOOK)
