"""Throughput of the tone model beside that of its teacher's architecture, on one thread, in one run.

    python benchmarks/tone_speed.py ARTICLES.jsonl.gz MPNET [--n 20]

ARTICLES has a field `text` a line; MPNET is the folder `mpnet` that training/common/encoders.py makes. Needs the
extra `train`. The baseline is MPNet-base in fp32 torch, batches of 32 of like length, one pass a target, as a plain
fine-tuned classifier would need; newskit reads all targets of a sentence in one pass. Medians.
"""

import argparse
import gzip
import json
import statistics
import sys
import time
from pathlib import Path

import torch
from bare import bare_spacy
from spacy.tokens import Doc
from transformers import AutoTokenizer, MPNetConfig, MPNetModel

import newskit as nk
from newskit.annotation.components import sentences_with_targets
from newskit.annotation.parsing import make_doc, sentence_spans
from newskit.annotation.tone.model import load_tone_model
from newskit.annotation.tone.target import read_toward
from newskit.annotation.tone.textblob import sentiment
from newskit.reading.article import find_blocks


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("mpnet", type=Path)
    parser.add_argument("--n", type=int, default=20, help="articles (default 20)")
    parser.add_argument("--repeat", type=int, default=5)
    args = parser.parse_args()

    torch.set_num_threads(1)
    with gzip.open(args.articles, "rt", encoding="utf-8") as file:
        texts = [json.loads(line)["text"] for _, line in zip(range(args.n), file, strict=False)]
    nlp = nk.make_nlp(codebooks=[])
    docs: list[Doc] = [make_doc(nlp, text, find_blocks(text)) for text in texts]
    asked = [(t, spans) for doc in docs for t, _, spans in sentences_with_targets(doc, sentence_spans(doc))]
    targets = [text for text, spans in asked for _ in spans]
    print(f"{len(texts)} articles, {len(asked)} sentences with targets, {len(targets)} targets")

    config = MPNetConfig.from_json_file(args.mpnet / "config.json")
    mpnet = MPNetModel(config, add_pooling_layer=False).eval()
    tokenizer = AutoTokenizer.from_pretrained(args.mpnet)
    sample = sorted(targets, key=len)[:: max(1, len(targets) // 128)]
    batches = [tokenizer(sample[i : i + 32], padding=True, return_tensors="pt") for i in range(0, len(sample), 32)]
    bare = bare_spacy()
    load_tone_model()
    ours, theirs, cost = [], [], []
    for _ in range(args.repeat):
        began = time.perf_counter()
        with torch.inference_mode():
            for batch in batches:
                mpnet(**batch)
        theirs.append(len(sample) / (time.perf_counter() - began))
        began = time.perf_counter()
        read_toward(asked)
        model = time.perf_counter() - began
        ours.append(len(targets) / model)
        began = time.perf_counter()
        for doc in docs:
            for span in sentence_spans(doc):
                sentiment(span.text)
        words = time.perf_counter() - began
        began = time.perf_counter()
        list(bare.pipe(texts))
        base = time.perf_counter() - began
        cost.append(((model + words) / base, model / base))
    print(f"newskit {statistics.median(ours):,.0f} targets a second, MPNet fp32 {statistics.median(theirs):,.1f}")
    print(f"ratio: {statistics.median(a / b for a, b in zip(ours, theirs, strict=True)):.1f}")
    print(f"newskit_tone / bare nlp.pipe: {statistics.median(c for c, _ in cost):.2f}, "
          f"of it the model {statistics.median(c for _, c in cost):.2f}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
