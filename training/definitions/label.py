"""Let a teacher read sentences without codes: a student learns which of them are alike.

    python -m training.definitions.label WORK CODED ARTICLES OUT --seed 50 --sentences 300

For each codebook that is not held out: sentences of articles on its topic, none of which has coded rows for testing or
development. Writes OUT, a NumPy archive with these texts, the definitions and the examples, and
the teacher's vector of each.
"""

import gzip
import json
import random
import re
import tomllib
from pathlib import Path

import numpy as np
import torch

from newskit.annotation.frames.embedding import split_sentences
from training.common.commands import command
from training.definitions.reader import Teacher
from training.definitions.train import Reading, vectors_of

LEAST_HITS = 4
SHORTEST, LONGEST = 40, 450


def main() -> None:
    parser = command(__doc__, "work", "coded", "articles", "out")
    parser.add_argument("--gold", type=Path, default=Path("data/gold/framing"))
    parser.add_argument("--seed", default="50")
    parser.add_argument("--sentences", type=int, default=300, help="sentences per codebook")
    a = parser.parse_args()
    coded = map(json.loads, (a.coded / "frames.jsonl").open(encoding="utf-8"))
    apart = {row["article_id"] for row in coded if row["part"] != "train"}
    with gzip.open(a.articles, "rt", encoding="utf-8") as file:
        texts = [row["text"] for row in map(json.loads, file) if row["id"] not in apart]
    topics = {n: d["topic"] for n, d in tomllib.loads((a.gold / "debates.toml").read_text(encoding="utf-8")).items()}
    books = json.loads((a.coded / "books.json").read_text(encoding="utf-8"))
    model = Teacher(a.work)
    model.load_state_dict(torch.load(a.work / f"reader-{a.seed}" / "model.pt"))
    model.eval()
    reading = Reading(a.work, model)
    rng = random.Random(a.seed)
    chosen: list[str] = []
    with torch.inference_mode():
        for name, book in books.items():
            if book["held"]:
                continue
            about = re.compile(topics.get(name, "."), re.I)
            own = [text for text in texts if len(about.findall(text)) >= LEAST_HITS]
            pool = [s for text in rng.sample(own, min(len(own), 150)) for s in split_sentences(text)]
            pool = list(dict.fromkeys(s for s in pool if SHORTEST <= len(s) <= LONGEST))
            share = a.sentences if name in topics else 4 * a.sentences
            chosen += rng.sample(pool, min(len(pool), share))
            for frame in book["frames"].values():
                chosen += [frame["definition"], *frame["examples"]]
        chosen = list(dict.fromkeys(chosen))
        vectors = vectors_of(model, reading, chosen).numpy().astype(np.float16)
    np.savez(a.out, texts=np.array(chosen), vectors=vectors)
    print(len(chosen), "texts")


if __name__ == "__main__":
    main()
