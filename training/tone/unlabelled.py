"""Sentences with the targets that newskit finds in them, for the teachers to code.

    python -m training.tone.unlabelled EXCLUDE WORK CORPUS --held HELD --sentences 9000
    python -m training.tone.unlabelled EXCLUDE WORK CORPUS --held HELD --sentences 9000 --evaluated 0.3 --student 9

CORPUS is a folder that `nk.annotate` wrote, HELD a file with the ids of articles to leave out, one per line, EXCLUDE
the SHA-1 of each sentence of NewsMTSC's test parts. The sentences are drawn at random; with --evaluated only those in
which that student gives a target so much probability of an evaluation, by the codebook: most sentences have none.
They are appended to WORK/unlabelled.jsonl, none of them twice.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

import newskit as nk
from training.common.batches import open_tokenizer
from training.common.commands import command
from training.common.sentences import Sentence, fingerprint, read_unlabelled
from training.tone.codes import HEADS, UNCODED, chances_of

MOST = 4
"""Targets per sentence, at most."""
SHORTEST, LONGEST = 30, 300
"""Characters per sentence; a long one costs as much as two."""
SHARD = 1000
QUERY = f"""
    select article_id, any_value(s.text) as text, list(distinct [t.start - s.start, t."end" - s.start]) as spans
    from stances t join sentences s using (article_id, sentence_id)
    where t.method = 'model' and t."end" <= s."end" and length(s.text) between {SHORTEST} and {LONGEST}
    group by article_id, sentence_id order by article_id, sentence_id
"""


def sentences_of(corpus: nk.Corpus, held: set[str], rng: random.Random) -> list[Sentence]:
    """All sentences with targets of a corpus, in random order, each with at most four of them."""
    found = []
    rows = corpus.sql(QUERY)
    for text, spans in rows.loc[~rows["article_id"].isin(held), ["text", "spans"]].itertuples(index=False):
        given = sorted((int(start), int(end)) for start, end in spans)
        some = tuple(sorted(rng.sample(given, min(MOST, len(given)))))
        found.append(Sentence(text, some, (UNCODED,) * len(some)))
    rng.shuffle(found)
    return found


def evaluated(sentences: list[Sentence], work: Path, student: str, least: float) -> Iterator[Sentence]:
    """The sentences in which the student gives a target at least that probability of an evaluation."""
    from training.tone.label import read_student

    tokenizer = open_tokenizer(work / "minilm")
    for first in range(0, len(sentences), SHARD):
        some = sentences[first : first + SHARD]
        logits = read_student(work / f"student-{student}" / "model.pt", tokenizer, some)["logits"]
        neutral = iter(chances_of(logits, "tone")[:, HEADS["tone"].index("neutral")].tolist())
        yield from (s for s in some if min([next(neutral) for _ in s.spans]) <= 1 - least)


def main() -> None:
    parser = command(__doc__, "exclude", "work", "corpus")
    parser.add_argument("--held", type=Path, required=True, help="ids of the articles to leave out")
    parser.add_argument("--sentences", type=int, default=9000, help="how many to append, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--student", help="the seed of the student that is asked where there is an evaluation")
    parser.add_argument("--evaluated", type=float, default=0.0, help="least probability of one; 0: any sentence")
    a = parser.parse_args()

    found = sentences_of(
        nk.open_corpus(a.corpus), set(a.held.read_text(encoding="utf-8").split()), random.Random(a.seed)
    )
    path = a.work / "unlabelled.jsonl"
    seen = set(a.exclude.read_text(encoding="utf-8").split())
    if path.exists():
        seen |= {fingerprint(s.text) for s in read_unlabelled(path)}
    wanted = evaluated(found, a.work, a.student, a.evaluated) if a.evaluated else iter(found)
    # One line at a time, so that a killed run leaves whole ones.
    with path.open("a", buffering=1, encoding="utf-8") as out, tqdm(total=a.sentences) as bar:
        for s in wanted:
            if (mark := fingerprint(s.text)) in seen:
                continue
            seen.add(mark)
            out.write(json.dumps({"text": s.text, "spans": s.spans}, ensure_ascii=False) + "\n")
            bar.update()
            if bar.n == a.sentences:
                break


if __name__ == "__main__":
    main()
