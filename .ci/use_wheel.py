"""Uses an installed newskit as a stranger does: the models, catalogues and codebooks must have come along."""

import pandas as pd

import newskit as nk

articles = pd.DataFrame(
    {
        "article_id": ["a", "b"],
        "outlet": ["Daily One", "Daily Two"],
        "text": [
            "Angela Merkel met Emmanuel Macron in Paris. Merkel said that the plan was a disaster for Europe.",
            "Olaf Scholz, a liar by trade, ruined the talks. He said that taxes would fall.",
        ],
    }
)
corpus = nk.annotate(articles, codebooks=["news_frames", "policy_frames"], tone="accurate", progress=False)
actors = nk.actor_frequency(corpus)
assert {"angela-merkel", "emmanuel-macron", "olaf-scholz"} <= set(actors["actor_id"]), actors
assert set(corpus.quotes["speaker_id"]) >= {"angela-merkel", "olaf-scholz"}, corpus.quotes
assert (corpus.stances["label"] == "negative").any(), corpus.stances
nk.plot_actor_frequency(actors).figure.savefig("actors.png")
print(f"newskit {nk.__version__}: {corpus}")
