"""Further targets in the labelled sentences of NewsMTSC, for the teachers to label.

    python more_targets.py WORK DATA

Most sentences of the training part have one labelled target, so a model learns little of sentences whose targets
differ. Runs in newskit's own environment and appends to WORK/unlabelled.jsonl the sentences in which newskit finds
mentions beside the labelled ones, with all of them (at most four) as targets.
"""

import argparse
import json
from pathlib import Path

from examples import read_newsmtsc

import newskit as nk

MOST = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("data", type=Path)
    a = parser.parse_args()

    sentences = [s for s in read_newsmtsc(a.data / "train.jsonl") if 40 <= len(s.text) <= 400 and "\n" not in s.text]
    articles = [nk.Article(article_id=str(number), text=s.text) for number, s in enumerate(sentences)]
    mentions = nk.annotate(articles, nlp=nk.make_nlp(codebooks=[])).mentions
    named = mentions[mentions["kind"].isin(["name", "nominal"])].drop_duplicates(["article_id", "entity_id"])
    with (a.work / "unlabelled.jsonl").open("a", encoding="utf-8") as out:
        for number, found in named.groupby("article_id"):
            sentence = sentences[int(str(number))]
            text, spans = sentence.text, list(sentence.spans)
            labelled = len(spans)
            for span in zip(found["start"].tolist(), found["end"].tolist(), strict=True):
                if not any(start < span[1] and span[0] < end for start, end in spans):
                    spans.append(span)
            if len(spans) > labelled:
                out.write(json.dumps({"text": text, "spans": sorted(spans[:MOST])}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
