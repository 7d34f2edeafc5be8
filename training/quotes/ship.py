"""The shipped folder from a trained tagger: 8-bit ONNX, tokenizer, thresholds, scores and model card.

    python -m training.quotes.ship WORK DATA newskit/resources/models/quotes-en --seed 1 --epoch 3

The thresholds are chosen on the held-out articles of the train part, with the 8-bit model; the scores in the card are
those of the held-out articles.
"""

import itertools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newskit.annotation.quotes.model import QUOTE_WINDOW, FoundQuote, QuoteModel, quote_windows, without_doubles
from training.common.commands import command
from training.common.ship import sha256_of, weights_of, write_folder, write_readme
from training.common.vectors import write_card
from training.quotes.graph import TaggerGraph
from training.quotes.polnear import Article, blocks_of, hold_out, read_polnear
from training.quotes.scores import score

START: dict[str, Any] = {"least": 0.5, "weight": 0.1, "source_weight": 0.1, "nobody": 0.0, "shared": 0.5}
CHOICES = {
    "least": [0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75],
    "shared": [0.2, 0.35, 0.5, 0.65, 0.8, 0.95],
    "weight": [0.0, 0.03, 0.1, 0.3, 1.0],
    "source_weight": [0.0, 0.1, 0.3, 1.0],
    "nobody": [-2.0, -1.0, 0.0],
}


class Remembered(QuoteModel):
    """A model that reads each window once, so that thresholds can be tried."""

    def __init__(self, folder: Path, articles: list[Article]) -> None:
        super().__init__(folder)
        self.articles = articles
        self.windows = [list(quote_windows(self.tokenizer, a.text, blocks_of(a.text))) for a in articles]
        self.outputs: dict[int, list[NDArray[Any]]] = {}
        self._now = 0

    def run(self, given: Mapping[str, NDArray[Any]]) -> list[NDArray[Any]]:
        if self._now not in self.outputs:
            self.outputs[self._now] = super().run(given)
        return self.outputs[self._now]

    def found(self, card: dict[str, Any]) -> list[list[FoundQuote]]:
        self.card = {**self.card, **card}
        number = itertools.count()
        result = []
        for article in self.windows:
            found: list[FoundQuote] = []
            for window in article:
                self._now = next(number)
                found += without_doubles(list(self._read(window)), self.card["shared"])
            result.append(found)
        return result


def choose(model: Remembered) -> dict[str, Any]:
    """The thresholds with the best F1, one at a time, those of the source by F1 with source."""
    best = dict(START)
    for name, values in [*CHOICES.items(), *list(CHOICES.items())[:3]]:
        aim = "f1" if name in {"least", "shared", "weight"} else "f1_with_source"
        tried = {value: score(model.articles, model.found({**best, name: value}))[aim] for value in values}
        best[name] = max(tried, key=lambda value: tried[value])
        print(name, {value: round(f1, 4) for value, f1 in tried.items()}, flush=True)
    return best


def main() -> None:
    parser = command(__doc__, "work", "data", "folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epoch", type=int, default=3)
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument("--exact", action="store_true", help="compare with the same weights in fp32")
    a = parser.parse_args()
    path = a.work / f"tagger-{a.seed}" / f"model-{a.epoch}.pt"
    weights = weights_of(path, QUOTE_WINDOW)
    card: dict[str, Any] = {"name": "quotes-en", "version": a.version, **START}
    card["distance"] = np.round(weights["distance"], 4).tolist()
    _, held = hold_out(read_polnear(a.data / "train"))
    if a.exact:
        folder = write_folder(a.work / "exact" / "model", TaggerGraph(weights, exact=True).build_tagger(), a.work, card)
        exact = Remembered(folder, held)
        print("fp32", score(held, exact.found(START)))
    write_folder(a.folder, TaggerGraph(weights).build_tagger(), a.work, card)
    model = Remembered(a.folder, held)
    print("8 bit", score(held, model.found(START)))
    card = {**model.card, **choose(model)}
    card["held_out"] = {k: round(v, 4) for k, v in score(held, model.found(card)).items()}
    card["held_out_articles"] = len(held)
    card["sha256_tagger"] = sha256_of(path)
    print(json.dumps({k: v for k, v in card.items() if k != "distance"}))
    write_card(a.folder, card)
    scores = {f"held_{name}": value for name, value in card["held_out"].items()}
    write_readme(a.folder, Path(__file__).with_name("card.md"), card, seed=a.seed, epoch=a.epoch, **scores)


if __name__ == "__main__":
    main()
