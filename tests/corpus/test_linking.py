"""Who is who across articles, and the actors counted by it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from spacy.language import Language

import newskit as nk
from newskit.annotation.actors.catalog import Actor, Corrections, Split
from newskit.corpus.linking import link
from newskit.corpus.tables import FrameTables
from newskit.errors import CatalogError
from newskit.schema import TABLES
from tests.corpus.byhand import rows
from tests.corpus.samples import assert_same, content


def test_identity_does_not_depend_on_the_order_of_articles(nlp: Language) -> None:
    met = "President Anna Novak met Boris Weiss in Geneva on Monday. She said that Russia had agreed to the plan."
    texts = [met, "Novak left. Volodymyr Zelensky stayed.", "Volodymyr Zelenskyy and Novak talked to Moscow."]
    articles = [nk.Article(article_id=str(i), text=text) for i, text in enumerate(texts)]
    keys = ["article_id", "start"]
    forth = nk.annotate(articles, nlp=nlp).mentions.sort_values(keys)["actor_id"].tolist()
    back = nk.annotate(articles[::-1], nlp=nlp).mentions.sort_values(keys)["actor_id"].tolist()
    assert forth == back
    assert "anna-novak" in forth
    assert not any(actor == "novak" for actor in forth)


def test_relink_needs_no_text(corpus: nk.Corpus, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[catalog]\nname = "mine"\n[[actor]]\nid = "zelensky"\nlabel = "Zelensky"\ntype = "person"\n'
        'aliases = ["Volodymyr Zelenskyy"]\n[[actor]]\nid = "kremlin"\nlabel = "The Kremlin"\n'
        'type = "organization"\naliases = ["Kremlin"]\n',
        encoding="utf-8",
    )
    before = corpus.mentions.copy(deep=True)
    catalog = nk.load_actors().extended(nk.load_actors(path))
    new = corpus.relink(catalog)
    pd.testing.assert_frame_equal(corpus.mentions, before)
    assert "volodymyr-zelenskyy" not in set(new.actors["actor_id"])
    assert new.mentions.loc[new.mentions["text"] == "Kremlin", "actor_id"].tolist() == ["kremlin"]
    assert new.mentions.loc[new.mentions["text"] == "Moscow", "actor_id"].unique().tolist() == ["russia"]
    assert "zelensky" in set(new.quotes["speaker_id"])
    assert "zelensky" in set(new.stances["voice"])
    again = new.relink(catalog)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(new, name), getattr(again, name))
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(corpus, name), getattr(corpus.relink(nk.load_actors()), name))


NAMED_ALIKE = [
    "President Volodymyr Zelensky met Prime Minister Anna Novak in Geneva. She said that he had asked for help.",
    "President Zelenskyy told Reuters that the Kremlin had lied. “I will not yield,” the Ukrainian president said.",
    "Boris Novak and Anna Novak left Geneva together. Mr. Novak said that his plane was late. They laughed.",
    "Novak wrote to the Northern Transport Union (NTU). The NTU did not answer, and its chairman resigned.",
]


def identities(corpus: nk.Corpus) -> dict[tuple[object, ...], object]:
    keys = corpus.mentions[["article_id", "start", "end"]].itertuples(index=False, name=None)
    return dict(zip(keys, corpus.mentions["actor_id"].fillna("none"), strict=True))


@pytest.fixture(scope="module")
def alike(nlp: Language) -> nk.Corpus:
    return nk.annotate([nk.Article(article_id=str(i), text=text) for i, text in enumerate(NAMED_ALIKE)], nlp=nlp)


def test_each_mention_has_exactly_one_actor_or_none(alike: nk.Corpus, corpus: nk.Corpus) -> None:
    for one in (alike, corpus):
        mentions = one.mentions
        assert (mentions["kind"] == "unresolved").tolist() == mentions["actor_id"].isna().tolist()
        assert not mentions.duplicated(["article_id", "start", "end"]).any()
        assert one.actors["actor_id"].is_unique
        assert set(mentions["actor_id"].dropna()) == set(one.actors["actor_id"])
        entities = mentions.dropna(subset=["entity_id"])
        types = entities[entities["name_type"] != "catalog"].groupby(["article_id", "entity_id"])["actor_id"].nunique()
        assert (types == 1).all(), "an entity of an article is one actor, unless the catalogue tells its names apart"


def test_identity_is_the_same_in_any_order_and_after_relinking(alike: nk.Corpus, nlp: Language) -> None:
    articles = [nk.Article(article_id=str(i), text=text) for i, text in enumerate(NAMED_ALIKE)]
    backwards = nk.annotate(articles[::-1], nlp=nlp)
    assert identities(backwards) == identities(alike)
    pd.testing.assert_frame_equal(backwards.actors, alike.actors)
    once = alike.relink(nk.load_actors())
    pd.testing.assert_frame_equal(once.actors, alike.actors)
    pd.testing.assert_frame_equal(once.relink(nk.load_actors()).mentions, alike.mentions)


def test_the_ledger_counts_every_named_mention_once(alike: nk.Corpus) -> None:
    ledger = alike.merges()
    beside = alike.mentions["kind"] == "apposition"  # counted with the name
    assert beside.any()
    assert ledger["n_mentions"].sum() == (alike.mentions["name"].notna() & ~beside).sum()
    counts = ledger.groupby("actor_id")["n_mentions"].sum()
    assert counts.to_dict() == alike.actors.set_index("actor_id")["n_mentions"].to_dict()
    assert ledger["rule"].str.len().gt(0).all()
    # A bare surname in another spelling may be somebody else's.
    assert set(ledger.loc[ledger["actor_id"] == "volodymyr-zelensky", "name"]) == {"Volodymyr Zelensky"}


def test_diff_tells_what_a_catalogue_changes(alike: nk.Corpus, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'catalog = { extends = "world" }\n[[merge]]\ninto = "boris-novak"\nactors = ["anna-novak"]\n'
        '[[group]]\nname = "Ukraine’s side"\nmembers = ["ukraine", "volodymyr-zelensky"]\n',
        encoding="utf-8",
    )
    catalog = nk.load_actors(path)
    before = alike.actors.copy()
    diff = catalog.diff(alike).set_index("actor_id")
    n = before.set_index("actor_id")["n_mentions"].to_dict()["anna-novak"]
    assert (diff["before"].to_dict()["anna-novak"], diff["after"].to_dict()["anna-novak"]) == (n, 0)
    assert diff["change"].to_dict() == {"anna-novak": -n, "boris-novak": n}
    assert set(diff.index) == {"anna-novak", "boris-novak"}
    pd.testing.assert_frame_equal(alike.actors, before)
    sides = nk.actor_frequency(alike.relink(catalog), sides=True).set_index("actor_id")
    assert sides.loc["Ukraine’s side", "type"] == "group"
    assert "volodymyr-zelensky" not in sides.index
    assert nk.load_actors().diff(alike).empty


def test_relink_and_merges(stored: nk.Corpus, whole: nk.Corpus) -> None:
    before = content(Path(stored.tables.place))
    mine = nk.ActorCatalog([Actor("novak", "A. Novak", "person", ("Anna Novak",))], name="mine")
    assert_same(stored.relink(mine), whole.relink(mine))
    assert "novak" in set(stored.relink(mine).quotes["speaker_id"].dropna())
    pd.testing.assert_frame_equal(stored.merges(), whole.merges())
    pd.testing.assert_frame_equal(stored.relink(mine).merges(), whole.relink(mine).merges())
    assert content(Path(stored.tables.place)) == before


def test_what_a_catalogue_ignores_is_no_actor(stored: nk.Corpus, whole: nk.Corpus) -> None:
    speaker = whole.quotes["speaker_id"].dropna().iloc[0]
    mine = nk.load_actors().extended(nk.ActorCatalog([], corrections=Corrections(ignore=(speaker,))))
    here, there = whole.relink(mine), stored.relink(mine)
    assert_same(there, here)
    assert len(here.mentions) == len(whole.mentions)
    assert speaker not in {*here.actors["actor_id"], *here.mentions["actor_id"], *here.quotes["speaker_id"]}
    assert not here.actors["actor_id"].eq("unnamed").any()
    spoken = whole.stances["voice"] == speaker
    assert set(here.stances.loc[spoken.to_numpy(), "voice"]) <= {"unnamed", "unresolved"}
    nobody = whole.mentions["actor_id"].isin([speaker]) | whole.mentions["actor_id"].isna()
    for corpus in (here, there):
        assert len(corpus.table("mentions", actor_id=None)) == nobody.sum()
        ledger = corpus.merges()
        ignored = ledger[ledger["rule"] == f"{speaker} is ignored by the catalogue"]
        assert len(ignored) > 0
        assert ignored["actor_id"].isna().all()


@pytest.mark.parametrize(
    "corrections",
    [
        Corrections(ignore=("boris-novk",)),
        Corrections(rename={"boris-novk": "Mr. Novak"}),
        Corrections(merge={"boris-novk": "russia"}),
        Corrections(merge={"anna-novak": "boris-novk"}),
        Corrections(split=(Split("boris-novk", "Novak", "anna-novak"),)),
    ],
    ids=["ignore", "rename", "merge", "into", "split"],
)
def test_a_misspelled_id_in_a_correction_names_the_nearest(alike: nk.Corpus, corrections: Corrections) -> None:
    mine = nk.load_actors().extended(nk.ActorCatalog([], corrections=corrections))
    told = r"'boris-novk': the corpus has no such actor \(did you mean 'boris-novak'"
    for use in (alike.relink, lambda catalog: catalog.diff(alike)):
        with pytest.raises(CatalogError, match=told):
            use(mine)


def test_corrections_of_other_corpora_do_nothing(alike: nk.Corpus) -> None:
    others = Corrections(rename={"boris-novak-jr": "Junior"}, ignore=("zeppelin",), merge={"boris-novak": "the-novaks"})
    mine = nk.load_actors().extended(nk.ActorCatalog([], corrections=others))
    assert "the-novaks" in set(alike.relink(mine).actors["actor_id"])


def named(*names: tuple[str, str], **more: object) -> nk.Corpus:
    """A corpus of one article with these names, each with its kind."""
    mentions = [{"name": n, "text": "it" if k == "pronoun" else n, "kind": k, **more} for n, k in names]
    mentions = [{**row, "mention_id": i, "name_type": "catalog"} for i, row in enumerate(mentions)]
    bloc = nk.ActorCatalog(
        [Actor("bloc", "The Bloc", "alliance", ("Bloc", "Union", "Alliance"), wikidata="Q1")],
        name="one",
        corrections=Corrections(group={"bloc": "West"}),
    )
    tables = FrameTables({"mentions": rows("mentions", *mentions)})
    return nk.Corpus(link(tables, bloc), catalog=bloc)


def test_an_actor_is_counted_without_appositions_and_called_by_its_names() -> None:
    kinds = [("Union", "name"), ("Bloc", "name"), ("Bloc", "pronoun"), ("Alliance", "place"), ("Alliance", "place")]
    actor = named(*kinds, ("Bloc", "apposition")).actors.iloc[0]
    assert actor["n_mentions"] == 5
    assert actor["aliases"] == "Alliance | Bloc | Union", "most frequent first, then by name; no pronoun counts"
    assert (actor["label"], actor["type"], actor["source"]) == ("The Bloc", "alliance", "catalog")
    assert (actor["group"], actor["wikidata"]) == ("West", "Q1")


def test_an_actor_of_appositions_alone_is_none() -> None:
    corpus = named(("Bloc", "apposition"))
    assert corpus.actors.empty
    assert corpus.merges().empty


def test_actors_are_sorted_by_mentions_then_id(here: nk.Corpus) -> None:
    order = here.actors[["n_mentions", "actor_id"]].sort_values(
        ["n_mentions", "actor_id"], ascending=[False, True], ignore_index=True
    )
    pd.testing.assert_frame_equal(here.actors[["n_mentions", "actor_id"]], order)
    assert here.actors["n_mentions"].duplicated().any()


def test_rules_come_in_the_order_of_their_mentions() -> None:
    names = [("Anna Novak", None), ("Anna Novak", "f"), ("Novak", None)]
    given = [{"name": name, "text": name, "gender": gender} for name, gender in [*names[:2] * 2, *names[2:] * 3]]
    tables = FrameTables({"mentions": rows("mentions", *({**row, "mention_id": i} for i, row in enumerate(given)))})
    here = nk.Corpus(link(tables, nk.ActorCatalog([])))
    ledger = here.merges()
    assert len(here.actors) == 1
    assert here.actors["rules"].item().startswith("full name | "), "twice two mentions go before three"
    n = ledger.groupby("rule")["n_mentions"].sum().reset_index()
    n = n.sort_values(["n_mentions", "rule"], ascending=[False, True])
    assert here.actors["rules"].item() == " | ".join(n["rule"])


def test_what_is_left_keeps_the_labels_that_somebody_gave(either: nk.Corpus) -> None:
    labels = either.actors["label"].where(either.actors["actor_id"] != "russia", "Russian Federation")
    named_anew = either.with_tables(actors=either.actors.assign(label=labels))
    left = named_anew.select(["a0"]).actors.set_index("actor_id")
    assert left["label"].to_dict()["russia"] == "Russian Federation"
    assert left["n_articles"].eq(1).all()
