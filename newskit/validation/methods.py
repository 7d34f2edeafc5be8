"""The paragraph on methods for a paper, from what really happened."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

import newskit
from newskit.errors import LostRowsWarning
from newskit.resources.files import RESOURCES, read_toml
from newskit.validation.accuracy import accuracy
from newskit.validation.agreement import agreement
from newskit.validation.checking import SETTLED
from newskit.validation.coded_units import actor_codes, frame_codes, tone_codes
from newskit.validation.codings import check_codings
from newskit.validation.estimation import MIN_CASES
from newskit.validation.wording import count, has, listed, named, number, of_them, plural, was

if TYPE_CHECKING:
    from newskit.corpus.corpus import Corpus
    from newskit.validation.codings import Codings

_CITED: Final = re.compile(r" ?\[@([\w, ]+)\]")
_LATEX: Final = re.compile(r"[&%$#_{}~^\\“”]")
_ESCAPED: Final = {
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
    "“": "``",
    "”": "''",
}
_TITLE: Final = re.compile(r"^# Codebook: (.+?)(?: \((version .+?)\))?$", re.MULTILINE)
_UNITS: Final = {
    "stances": "observations of an actor in a sentence in one voice",
    "quotes": "quotations and sentences without any",
    "frames": "sentences",
    "mentions": "mentions of an actor",
    "positions": "positions that an actor takes in a sentence",
}
_ALLOCATIONS: Final = {
    "proportional": "in proportion to the size of the strata",
    "equal": "with as many rows in each group",
    "neyman": "with more rows where the model was less certain [@neyman1934]",
}


_JUDGED: Final = {"stances": ("tone",), "quotes": ("act", "missed"), "mentions": ("actor_ok",)}
"""Variables of which one must be coded to tell how often newskit is right."""


@dataclass(frozen=True)
class MethodsText:
    """A text on methods, in two forms, with what it cites.

    Attributes
    ----------
    markdown : str
        The text in Markdown; a notebook shows it.
    latex : str
        The text in LaTeX, with `\\citep` of natbib.
    bibtex : str
        The entries of what it cites.
    """

    markdown: str
    latex: str
    bibtex: str

    def __str__(self) -> str:
        return self.markdown

    def _repr_markdown_(self) -> str:
        return self.markdown


def methods_text(corpus: Corpus, codings: Codings | None = None) -> MethodsText:
    """Write the paragraph on methods for a paper: data, software, sample, coders, agreement, accuracy, estimation.

    Parameters
    ----------
    corpus : Corpus
        The corpus, in memory or on disk.
    codings : Codings, optional
        The codings that the estimates are corrected with. Without them the text says that nothing was validated.

    Returns
    -------
    MethodsText
        The text as Markdown and as LaTeX, and the BibTeX entries of what it cites. It says what the corpus, the sample
        and the codings themselves record, and nothing else: add where the articles come from, and who the coders are.

    Examples
    --------
    >>> text = methods_text(corpus, codings)  # doctest: +SKIP
    >>> Path("methods.tex").write_text(text.latex)  # doctest: +SKIP
    """
    if codings is not None:
        check_codings(codings)
    paragraphs = [[*_data(corpus), *_software(corpus)]]
    if codings is None:
        paragraphs.append(["The measures were not validated on this corpus: no sample of it was coded by hand."])
    else:
        paragraphs.append([*_sampling(corpus, codings), *_coding(codings)])
        if len(codings.table):
            paragraphs[-1] += _reliability(codings)
            paragraphs.append([*_accuracy(corpus, codings), *_lost(corpus, codings), *_estimation(corpus, codings)])
    text = "\n\n".join(" ".join(sentences) for sentences in paragraphs)
    works = {key: _work(key, corpus) for key in dict.fromkeys(_keys(text))}
    return MethodsText(
        markdown=_CITED.sub(lambda found: f" ({'; '.join(works[key]['short'] for key in _split(found[1]))})", text),
        latex=_to_latex(text),
        bibtex="\n\n".join(work["bibtex"] for work in works.values()),
    )


def _keys(text: str) -> Iterator[str]:
    for found in _CITED.finditer(text):
        yield from _split(found[1])


def _split(keys: str) -> list[str]:
    return [key.strip() for key in keys.split(",")]


def _work(key: str, corpus: Corpus) -> dict[str, str]:
    """How a work is named, and its entry."""
    told = read_toml(RESOURCES / "citations.toml", error=ValueError)[1][key]
    return {name: text.strip().format(version=_version(corpus)) for name, text in told.items()}


def _version(corpus: Corpus) -> str:
    return str(corpus.manifest.get("versions", {}).get("newskit", newskit.__version__))


def _to_latex(text: str) -> str:
    """The text with its citations as commands, and all that LaTeX would read as its own escaped."""
    pieces = []
    at = 0
    for found in _CITED.finditer(text):
        pieces += [_escaped(text[at : found.start()]), f"~\\citep{{{','.join(_split(found[1]))}}}"]
        at = found.end()
    return "".join([*pieces, _escaped(text[at:])])


def _escaped(text: str) -> str:
    return _LATEX.sub(lambda found: _ESCAPED.get(found[0], f"\\{found[0]}"), text)


def _data(corpus: Corpus) -> list[str]:
    found = corpus.sql(
        """select count(*) as n, count(*) filter (status = 'annotated') as annotated,
            count(*) filter (status = 'skipped') as skipped, count(*) filter (status = 'failed') as failed,
            count(distinct outlet) filter (status = 'annotated') as outlets,
            min(published) filter (status = 'annotated') as first, max(published) filter (status = 'annotated') as last,
            count(distinct story_id) filter (status = 'annotated') as stories
        from articles"""
    ).iloc[0]
    outlets = f" of {found['outlets']:,} outlets" if found["outlets"] > 1 else ""
    days = ""
    if not pd.isna(found["first"]):
        first, last = (f"{found[name]:%Y-%m-%d}" for name in ("first", "last"))
        days = f", published on {first}" if first == last else f", published from {first} to {last}"
    sentences = [f"The corpus has {count(found['annotated'], 'article')}{outlets}{days}."]
    if found["n"] > found["annotated"]:
        sentences.append(
            f"Of {count(found['n'], 'article')} that came in, {found['skipped']:,} {was(found['skipped'])} skipped and "
            f"{found['failed']:,} could not be read or annotated."
        )
    if found["stories"]:
        sentences.append(f"Near-duplicates were joined to {count(found['stories'], 'story', 'stories')}.")
    return sentences


def _software(corpus: Corpus) -> list[str]:
    told = corpus.manifest
    if "versions" not in told:
        return [f"It was annotated with newskit {newskit.__version__} [@newskit]."]
    by = [f"newskit {told['versions']['newskit']} [@newskit]"]
    if "spacy" in told["versions"]:
        model = f", model {told['model']['name']} {told['model']['version']}" if "model" in told else ""
        by.append(f"spaCy {told['versions']['spacy']}{model} [@spacy]")
    sentences = [f"It was annotated with {' and '.join(by)}."]
    if "tone" in told:
        tone = f"Tone toward actors is that of the model {told['tone']['name']} {told['tone']['version']}"
        if larger := told["tone"].get("accurate"):
            tone += f", and of {larger['name']} {larger['version']} where that is not sure"
        sentences.append(f"{tone}.")
    if "catalog" in told:
        sentences.append(f"Actors were linked by the catalogue {told['catalog']['name']} {told['catalog']['version']}.")
    if books := [f"{name} {book['version']}" for name, book in told.get("codebooks", {}).items()]:
        sentences.append(f"Frames were coded with the {plural('codebook', books)} {listed(books)}.")
    return sentences


def _sampling(corpus: Corpus, codings: Codings) -> list[str]:
    design = codings.sample.design
    strata = design.get("strata", [])
    columns = [name for name in (strata[0] if strata else {}) if name not in _NUMBERS]
    actors = corpus.actors.set_index("actor_id")["label"]
    where = "; ".join(
        f"{_COLUMNS.get(name, name)}: {listed([actors.get(one, one) for one in _several(value)])}"
        for name, value in design.get("where", {}).items()
    )
    whose = f"{_UNITS[design['unit']]}{f' ({where})' if where else ''}"
    if design["n"] == design["population"]:
        return [
            f"To validate the measures, all {whose} were taken for coding (N = {design['n']:,}), so that nothing was "
            f"drawn at random; the sample has the id {codings.sample.id}."
        ]
    sentences = [
        f"To validate the measures, {design['n']:,} of {design['population']:,} {whose} {was(design['n'])} drawn at "
        "random without replacement"
        + (
            f", stratified by {listed([_COLUMNS.get(name, name) for name in columns])} ({len(strata)} strata), "
            f"{_ALLOCATIONS[design['allocation']]}."
            if len(strata) > 1
            else "."
        )
    ]
    chances = [one["probability"] for one in strata]
    if chances and min(chances) < max(chances):
        sentences.append(f"Inclusion probabilities are from {min(chances):.3f} to {max(chances):.3f}.")
    sentences.append(f"The seed was {design['seed']}; the sample has the id {codings.sample.id}.")
    return sentences


_NUMBERS: Final = frozenset({"stratum", "population", "sampled", "probability"})
_COLUMNS: Final = {
    "target_id": "actor",
    "shown": "whether there is a quotation",
    "hit": "whether there is a frame",
    "uncertainty": "the uncertainty of the model",
    "tone": "the tone that the model gives",
    "frame": "the rarest frame that the model gives",
}


def _coding(codings: Codings) -> list[str]:
    table = codings.table[codings.table["coder"] != SETTLED]
    n_coders = table["coder"].nunique()
    if not n_coders:
        return ["No row of the sample was coded, so that the measures are not validated and no estimate is corrected."]
    coders_of = table.groupby("row_id")["coder"].nunique()
    title = _TITLE.search(codings.sample.codebook)
    book = f" by the codebook “{title[1]}”{f' ({title[2]})' if title[2] else ''}" if title else ""
    names = listed([named(codings, name) for name in codings.variables])
    who, together = number(n_coders, "coder"), " together" if n_coders > 1 else ""
    sentences = [
        f"{who[0].upper()}{who[1:]}{together} coded {of_them(codings, len(coders_of))}{book}, "
        f"without seeing what the software said ({plural('variable', codings.variables)}: {names})."
    ]
    twice = int((coders_of > 1).sum())
    if twice:
        each = table.groupby("coder", sort=False)["row_id"].nunique()
        sentences.append(
            f"They coded {listed([f'{n:,}' for n in each])} rows; {count(twice, 'row')} {was(twice)} coded by "
            "more than one coder independently."
        )
    settled = codings.table.loc[codings.table["coder"] == SETTLED, "row_id"].nunique()
    if settled:
        sentences.append(f"Disagreements on {count(settled, 'row')} were settled by a further look.")
    unsure = table["unsure"].mean()
    if unsure > 0:
        sentences.append(f"Coders marked {unsure:.1%} of their codes as unsure.")
    return sentences


def _reliability(codings: Codings) -> list[str]:
    coders = [name for name in codings.coders if name != SETTLED]
    both = codings.table[codings.table["coder"].isin(coders)].groupby(["row_id", "variable"])["coder"].nunique()
    if not (both > 1).any():
        return ["No row was coded by two coders, so that agreement is not known."]
    found = agreement(codings, coders=coders)
    rows = found[found["code"].isna()].to_dict("records")
    told = [f"{_with_interval(row, 'alpha')} for {named(codings, row['variable'])}" for row in rows]
    return [f"Krippendorff's alpha (nominal) [@krippendorff2019] was {listed(told)}."]


def _accuracy(corpus: Corpus, codings: Codings) -> list[str]:
    """How often newskit is right: on all units, and for each code that is not only the opposite of another."""
    if not {*_JUDGED.get(codings.sample.unit, codings.variables)} & {*codings.variables}:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LostRowsWarning)  # the text says so itself
        found = accuracy(corpus, codings)
    scores, sentences = found.scores, []
    for variable, rows in scores[scores["by"].isna()].groupby("variable", sort=False):
        told = {row["code"]: row for row in rows.to_dict("records")}
        codes = [code for code, row in told.items() if code not in ("all", "no") and row["n_coded"] > 0]
        parts = [f"{code} {_score(told[code], 'precision')} and {_score(told[code], 'recall')}" for code in codes]
        scored = f"; precision and recall were: {', '.join(parts)}" if parts else ""
        right = _score(told["all"], "precision")
        name = named(codings, str(variable))
        sentences.append(f"On {name}, the software agreed with the coders in a share of {right} of the rows{scored}.")
    if not sentences:
        return []
    chances = found.rows["probability"]
    notes = ["these shares are weighted by the inclusion probabilities"] if chances.nunique() > 1 else []
    if any("[" in one for one in sentences):
        notes.append("95 % intervals are in brackets")
    elif (chances >= 1).all():
        notes.append("all rows were coded, so that there are no intervals")
    else:
        notes.append("there are too few rows for intervals")
    text = "; ".join(notes)
    return [*sentences, f"{text[0].upper()}{text[1:]}."]


def _score(row: Mapping[Any, Any], name: str) -> str:
    """A share with its interval; a dash where there is nothing to measure."""
    if pd.isna(row[name]):
        return "–"
    ends = row[f"{name}_low"], row[f"{name}_high"]
    low, high = (f"{end:.2f}" for end in ends)
    return f"{row[name]:.2f}" if any(map(pd.isna, ends)) or low == high else f"{row[name]:.2f} [{low}, {high}]"


def _with_interval(row: Mapping[Any, Any], name: str) -> str:
    """A number with its interval, or how often coders agreed where it is not defined."""
    if pd.isna(row[name]):
        return f"not defined ({row['observed']:.0%} agreement on {row['n']:,} rows)"
    return _score(row, name)


def _lost(corpus: Corpus, codings: Codings) -> list[str]:
    if not (lost := len(codings.lost(corpus))):
        return []
    return [
        f"{count(lost, 'row')} of the sample did not hold for the corpus as it was annotated and linked in the end; "
        f"{'it was' if lost == 1 else 'they were'} left out in part or as a whole."
    ]


def _estimation(corpus: Corpus, codings: Codings) -> list[str]:
    unit = codings.sample.unit
    if unit not in _COUNTED:
        return [f"The numbers of {_SHORT[unit]} are those of the software; they are not corrected with these codings."]
    n = _meant(corpus, codings)
    if n < MIN_CASES:
        few = f"Only {count(n, 'row')} {has(n)}" if n else "No row has"
        return [f"{few} {_COUNTED[unit]}: too few to correct estimates, which are those of the software alone."]
    story = "story" if corpus.table("articles", columns=["story_id"])["story_id"].notna().any() else "article"
    return [
        "Estimates are corrected with these codings in groups with at least five coded rows: the mean of the model "
        "plus the mean of its errors weighted by the inclusion probabilities [@horvitz1952], which is "
        "prediction-powered inference with power tuning [@angelopoulos2023, angelopoulos2023b] and, for means, "
        "design-based supervised learning [@egami2023]. They are right on average whatever the errors of the model "
        f"are. Intervals are at 95 %, clustered by {story}."
    ]


_SHORT: Final = {"quotes": "quotations", "positions": "positions"}
_COUNTED: Final = {
    "stances": "a coded tone toward the actor",
    "frames": "a frame by the coders",
    "mentions": "a coded actor that the passage is about",
}
"""What a row has that summaries are corrected with."""


def _meant(corpus: Corpus, codings: Codings) -> int:
    """How many rows are coded so that they correct a summary."""
    held, unit = codings.matched(corpus), codings.sample.unit
    if unit == "stances":
        codes = tone_codes(held) if "tone" in held.variables else pd.Series(dtype=float)
    elif unit == "mentions":
        codes = actor_codes(held)
    else:
        codes = frame_codes(held, held.sample.variables[0].name)
    return int(codes.notna().sum())


def _several(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one).replace("[@", "[ @") for one in values]  # what looks like a citation is none
