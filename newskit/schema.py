"""The columns of every table and result, with dtype and meaning, in one place.

The module is long because it is a list.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    import pandas as pd


OUTLET: Final = "outlet"
"""`voice` of what the article itself asserts."""
UNNAMED: Final = "unnamed source"
"""`voice` of what is attributed to somebody whom the text does not name: officials, aides, reports."""
UNRESOLVED: Final = "unresolved source"
"""`voice` of what is attributed to a name, pronoun or description of which newskit does not know whose it is."""
RESERVED_IDS: Final = frozenset(
    {OUTLET, UNNAMED, UNRESOLVED, "unnamed-source", "unnamed", "unresolved-source", "unresolved"}
)
"""What is no actor's `actor_id`, whatever its name: the three voices, and what could be taken for them."""
VOICES: Final = {OUTLET: "the outlet", UNNAMED: "unnamed sources", UNRESOLVED: "unresolved sources"}
"""What tables and figures call the voices that are no actor."""
SAYING: Final = frozenset({"speech", "belief"})
"""`act` of the quotations whose content is in the voice of their source; what somebody intends, the outlet tells."""
LABELS: Final = ("negative", "neutral", "positive")
"""The tone labels, in the order in which every table and figure gives them."""
ACTING: Final = ("name", "nominal", "pronoun")
"""`kind` of the mentions that count as mentions of an actor: no title beside a name, no place, nothing unresolved."""
LEFT_OUT: Final = ("boilerplate", "foreign")
"""Parts of the text of an article that are not annotated: no part of it, or in another language."""
NOT_VALIDATED: Final = "model alone, not validated on this corpus"
"""`estimate` of numbers without codings."""
ACTOR_IDS: Final = frozenset({"actor_id", "speaker_id", "speaks_for_id", "target_id", "voice"})
"""The columns that hold the id of an actor: linking a corpus anew changes them and no other."""


class Column(NamedTuple):
    """A column of a table: its name, its pandas dtype and what it says."""

    name: str
    dtype: str
    meaning: str


_QUOTE_MEANING: Final = "the innermost quotation, of speech or belief, it stands in; missing in the outlet's own words"
_ARTICLE = Column("article_id", "str", "the article, unique in the corpus")
_SENTENCE = Column("sentence_id", "int64", "number of the sentence in its article, from 0")
_SPAN = (
    Column("start", "int64", "first character in articles.text, from 0"),
    Column("end", "int64", "one past the last character"),
    Column("text", "str", "articles.text[start:end]"),
)
TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "articles": (
        _ARTICLE,
        Column("text", "str", "the text as it came in, never edited"),
        Column("title", "str", "headline"),
        Column("outlet", "str", "who published it"),
        Column(
            "published",
            "datetime64[us]",
            "publication date as the outlet gives it: its own day and time, without a time zone",
        ),
        Column("author", "str", "byline"),
        Column("url", "str", "where it was found"),
        Column("language", "str", "ISO 639-1 code, given or detected"),
        Column("n_tokens", "int64", "words and punctuation marks annotated; 0 if not annotated"),
        Column("status", "str", "annotated, skipped or failed"),
        Column("reason", "str", "why it was skipped or failed"),
        Column("story_id", "str", "the first article that tells it in the same words; missing until find_stories()"),
    ),
    "sentences": (
        _ARTICLE,
        _SENTENCE,
        *_SPAN,
        Column(
            "part",
            "str",
            "headline, heading, body; not annotated: boilerplate (no part of the article), foreign (another language)",
        ),
        Column("section", "str", "the heading above it; missing before the first heading"),
        Column("polarity", "float64", "TextBlob polarity of the sentence, -1 to 1"),
        Column("subjectivity", "float64", "TextBlob subjectivity of the sentence, 0 to 1"),
    ),
    "mentions": (
        _ARTICLE,
        _SENTENCE,
        *_SPAN,
        Column("mention_id", "int64", "number of the mention in its article, from 0"),
        Column("entity_id", "Int64", "identity inside the article, from 0; missing if unresolved"),
        Column("actor_id", "str", "identity across articles"),
        Column(
            "kind",
            "str",
            "name, nominal, pronoun; apposition: title or label beside the name, not counted again; "
            "place: named, but only as a place; unresolved: no actor told",
        ),
        Column("name", "str", "the name by which it is linked across articles; missing if unresolved"),
        Column("name_type", "str", "catalog, person, organization, people or place: what kind of name that is"),
        Column("gender", "str", "m or f, where title, pronoun or first name tells it of a person"),
        Column("ner_label", "str", "what spaCy's recogniser called it; missing if it saw nothing"),
        Column("rule", "str", "why this is a mention of this actor"),
    ),
    "quotes": (
        _ARTICLE,
        _SENTENCE,
        *_SPAN,
        Column("quote_id", "int64", "number of the quotation in its article, from 0"),
        Column(
            "act",
            "str",
            "speech, belief, or intention (plans, wants, is expected to), whose voice is the outlet's; with "
            "quotes='polnear' also other (acts, perception)",
        ),
        Column(
            "kind",
            "str",
            "direct: all in quotation marks, also if its cue interrupts it; mixed: a part; indirect: none",
        ),
        Column("content_start", "int64", "first character of what was said"),
        Column("content_end", "int64", "one past its last character"),
        Column("cue", "str", "the word that makes it a quotation: said, according to; empty if only its marks do"),
        Column("source_start", "Int64", "first character of who said it; missing if not named"),
        Column("source_end", "Int64", "one past its last character"),
        Column("speaker_mention_id", "Int64", "the mention that is the source; missing if it is no actor"),
        Column("speaker_id", "str", "actor_id of the source; missing if it is no actor"),
        Column("speaks_for_mention_id", "Int64", "the mention of the one for whom a spokesman speaks; else missing"),
        Column("speaks_for_id", "str", "actor_id of the one for whom a spokesman speaks; else missing"),
        Column(
            "sourcing",
            "str",
            "named: speaker_id says who; unnamed: the text names nobody (officials, critics, a poll, no source); "
            "unresolved: a name, pronoun or description of which newskit has no actor, or quotation marks alone",
        ),
        Column(
            "source_kind",
            "str",
            "kind of an unnamed source, a key of lexicons/source_kinds.toml (officials, insiders, critics, documents, "
            "polls …), others, or not given (a cue without a source); missing if it is not unnamed",
        ),
        Column("flag", "str", "a doubt about this row, e.g. unbalanced quotation marks"),
    ),
    "stances": (
        _ARTICLE,
        _SENTENCE,
        *_SPAN,
        Column("mention_id", "int64", "the mention that is evaluated"),
        Column("target_id", "str", "actor_id of the one evaluated"),
        Column("source_mention_id", "Int64", "the mention of who evaluates, by method directed; missing by others"),
        Column("quote_id", "Int64", _QUOTE_MEANING),
        Column(
            "voice",
            "str",
            f"whose words: {OUTLET!r}, an actor_id, {UNNAMED!r} or {UNRESOLVED!r}; by method directed who evaluates",
        ),
        Column("speaks", "boolean", "whether the target speaks, writes or believes here; missing but by method model"),
        Column("fate", "str", "what happens to the target: harmed, benefits or none; missing but by method model"),
        Column("label", "str", "negative, neutral or positive"),
        Column("score", "float64", "-1 (negative) to 1 (positive)"),
        Column("p_negative", "float64", "probability; NaN where the method gives none"),
        Column("p_neutral", "float64", "probability; NaN where the method gives none"),
        Column("p_positive", "float64", "probability; NaN where the method gives none"),
        Column("method", "str", "how it was measured"),
    ),
    "frames": (
        _ARTICLE,
        _SENTENCE,
        *_SPAN,
        Column("codebook", "str", "name of the codebook"),
        Column("codebook_version", "str", "its version"),
        Column("frame", "str", "name of the frame"),
        Column("method", "str", "how it was found"),
        Column("score", "float64", "strength; NaN where the method gives none"),
        Column("quote_id", "Int64", _QUOTE_MEANING),
        Column("voice", "str", "whose words, as in stances"),
    ),
    "actors": (
        Column("actor_id", "str", "identity across articles"),
        Column("label", "str", "name for people to read"),
        Column("type", "str", "person, state, alliance, organization, movement, party, people or place"),
        Column(
            "n_mentions",
            "int64",
            "rows of mentions, without titles and labels beside a name; actor_frequency leaves out mere places too",
        ),
        Column("n_articles", "int64", "articles with at least one mention"),
        Column("aliases", "str", "the names seen in the texts, most frequent first, ' | ' between them"),
        Column("source", "str", "catalog or discovered"),
        Column("rules", "str", "why its names were given to it, most mentions first; Corpus.merges() has them by name"),
        Column("group", "str", "the side that the catalogue puts it on; missing if none"),
        Column("wikidata", "str", "its Wikidata item, where the catalogue gives it"),
        Column("party", "str", "the party of a politician, where the catalogue gives it; the latest known"),
        Column("country", "str", "its country, where the catalogue gives it: ISO 3166-1 alpha-3, as in USA"),
    ),
}


_ESTIMATE: Final = Column("estimate", "str", f"{NOT_VALIDATED!r}, or 'corrected with 400 codings'")
_TONE: Final = (
    Column("target_id", "str", "actor_id of the one evaluated"),
    Column("target", "str", "its name"),
    Column("n", "int64", "observations"),
    Column("n_articles", "int64", "articles with one"),
    Column("mean", "float64", "mean score, -1 to 1"),
    Column("low", "float64", "lower end of its 95 % interval"),
    Column("high", "float64", "its upper end"),
    *(Column(label, "float64", f"share of {label} observations, 0 to 1") for label in LABELS),
    Column("method", "str", "how the tone was measured"),
    Column("resampled", "str", "what the intervals resample: articles, or sentences"),
    *(
        Column(f"{label}_{end}", "float64", f"{which} end of the 95 % interval of the share")
        for label in LABELS
        for end, which in (("low", "lower"), ("high", "upper"))
    ),
    Column("evaluated", "float64", "share of observations that evaluate at all, 0 to 1: negative or positive"),
    Column("evaluated_low", "float64", "lower end of the 95 % interval of that share"),
    Column("evaluated_high", "float64", "its upper end"),
    _ESTIMATE,
)

RESULTS: Final[Mapping[str, tuple[Column, ...]]] = {
    "ImportReport.files": (
        Column("path", "str", "the file, or (articles) or (DataFrame)"),
        Column("format", "str", "the format that was recognised"),
        Column("encoding", "str", "the encoding of a text file; empty for other formats"),
        Column("found", "int64", "articles found: found = read + refused"),
        Column("read", "int64", "articles read"),
        Column("refused", "int64", "articles that could not be read"),
        Column("dates_parsed", "int64", "articles read whose date was understood"),
        Column("dates_missing", "int64", "articles read without a date"),
        Column("dates_unparsed", "int64", "articles read whose date was not understood"),
        Column("dates_assumed", "int64", "dates such as 03/04/2020 read as month first, since nothing settles it"),
        Column("empty", "int64", "refused for having no text"),
        Column("truncated", "int64", "articles that end early: shorter than the file states, or cut at an ellipsis"),
        Column("garbled", "int64", "articles with signs of a wrong encoding, which annotate reads as mended by ftfy"),
        Column("duplicates", "int64", "articles with the same words as an earlier one of the import"),
        Column("renumbered", "int64", "articles whose id was taken, with a new one made from their file and place"),
        Column("boilerplate", "int64", "paragraphs that are no part of an article, by the rules of annotate"),
        Column(
            "odd_case", "int64", "articles mostly in capitals or in small letters, read as they are usually written"
        ),
        Column("languages", "str", "articles by language, as in 'en 38, de 2'"),
        Column("date_order", "str", "whether numeric dates have the day or the month first, and why"),
        Column("note", "str", "remarks on the file as a whole"),
    ),
    "ImportReport.refused": (
        Column("path", "str", "the file"),
        Column("place", "str", "the place in the file, such as 'row 7'; empty for a whole file"),
        Column("reason", "str", "why it could not be read"),
        Column("article_id", "str", "the id under which it is counted"),
    ),
    "ImportReport.columns": (
        Column("path", "str", "the file"),
        Column("column", "str", "the name of the column"),
        Column("field", "str", "the field of Article that it was taken for; missing if it is not used"),
    ),
    "ImportReport.stories": (
        Column("outlet", "str", "who published them; missing if unknown"),
        Column("placements", "int64", "articles"),
        Column("stories", "int64", "different stories"),
    ),
    "ActorCatalog.diff": (
        Column("actor_id", "str", "identity across articles"),
        Column("actor", "str", "its label, from this catalogue where the actor still exists"),
        Column("before", "int64", "mentions as the corpus is linked now"),
        Column("after", "int64", "mentions with this catalogue"),
        Column("change", "int64", "after - before"),
        Column("articles_before", "int64", "articles with at least one mention, as the corpus is linked now"),
        Column("articles_after", "int64", "articles with at least one mention, with this catalogue"),
    ),
    "Codebook.diff": (
        Column("change", "str", "added or dropped"),
        Column("frame", "str", "name of the frame"),
        Column("article_id", "str", "the article"),
        Column("sentence_id", "int64", "number of the sentence in its article, from 0"),
        Column("start", "int64", "first character in articles.text, from 0"),
        Column("end", "int64", "one past the last character"),
        Column("text", "str", "the words that were or are coded"),
        Column("sentence", "str", "the sentence that they stand in"),
        Column("old", "str", "version of the old codebook"),
        Column("new", "str", "version of this codebook"),
    ),
    "FrameCoder.cross_validate": (
        Column("frame", "str", "name of the frame, or macro for the mean of all"),
        Column("n", "int64", "texts with the frame; for macro all texts"),
        Column("precision", "float64", "share of the texts coded with the frame that have it"),
        Column("recall", "float64", "share of the texts with the frame that were coded with it"),
        Column("f1", "float64", "harmonic mean of precision and recall; for macro the mean over frames"),
        Column("low", "float64", "lower end of the interval of F1"),
        Column("high", "float64", "upper end of the interval of F1"),
    ),
    "FrameCoder.learning_curve": (
        Column("kind", "str", "measured or projected"),
        Column("n", "int64", "texts learned from"),
        Column("f1", "float64", "macro-F1, the mean of the repeats"),
        Column("low", "float64", "lowest of the repeats; NaN where projected"),
        Column("high", "float64", "highest of the repeats; NaN where projected"),
    ),
    "directed_tone": (
        Column("direction", "str", "none, first_to_second or second_to_first: who evaluates whom"),
        Column("label", "str", "negative, neutral or positive: how the one evaluates the other"),
        Column("score", "float64", "positive - negative, of both directions, -1 to 1"),
        Column("p_none", "float64", "probability that neither evaluates the other"),
        Column("p_first_positive", "float64", "probability that the first evaluates the second positively"),
        Column("p_second_positive", "float64", "probability that the second evaluates the first positively"),
        Column("p_first_negative", "float64", "probability that the first evaluates the second negatively"),
        Column("p_second_negative", "float64", "probability that the second evaluates the first negatively"),
    ),
    "sentence_sentiment": (
        Column("polarity", "float64", "-1 (negative) to 1 (positive)"),
        Column("subjectivity", "float64", "0 (objective) to 1 (subjective)"),
    ),
    "agreement": (
        Column("variable", "str", "what was coded"),
        Column("code", "str", "the code against all others; missing in the row for all codes together"),
        Column("coders", "str", "who was compared"),
        Column("n", "int64", "rows coded by at least two of them"),
        Column("n_given", "int64", "codings of these rows; for a code, how many of them gave it"),
        *(
            Column(f"{name}{end}", "float64", f"{ends}{meaning}")
            for name, meaning in (
                ("observed", "share of pairs of coders that agree, 0 to 1"),
                ("alpha", "Krippendorff's alpha, nominal; 1 is perfect agreement, 0 chance"),
                ("alpha_ordinal", "Krippendorff's alpha, ordinal; missing for codes without an order"),
                ("kappa", "Cohen's kappa"),
                ("ac1", "Gwet's AC1"),
            )
            for end, ends in (("", ""), ("_low", "lower end of the 95 % interval: "), ("_high", "its upper end: "))
        ),
    ),
    "disagreements": (
        Column("row_id", "str", "the row of the sample"),
        Column("variable", "str", "what was coded"),
        Column("text", "str", "the words marked; missing without a sample"),
        Column("sentence", "str", "the sentence that they stand in; missing without a sample"),
        Column("unsure", "bool", "whether one of the coders was unsure"),
        Column("note", "str", "their notes, each with the coder's name"),
    ),
    "robustness": (
        Column("finding", "str", "what is estimated"),
        Column("method", "str", "how the tone was measured"),
        Column("count", "str", "placements or stories"),
        Column("headlines", "str", "with or without sentences in the headline"),
        Column("pronouns", "str", "with or without mentions by pronouns"),
        Column("own_words", "str", "with or without what the target says of itself"),
        Column("min_score", "float64", "absolute scores below it are taken as 0"),
        Column("corrected", "str", "whether corrected with codings: yes or no"),
        Column("estimate", "float64", "the mean tone, -1 to 1, or the first group's less the second's"),
        Column("low", "float64", "lower end of its 95 % interval"),
        Column("high", "float64", "its upper end"),
        Column("conclusion", "str", "above 0 or below 0, if the interval is; else open"),
        Column("n", "int64", "observations"),
        Column("n_articles", "int64", "articles, or stories, with one"),
        Column("usual", "bool", "whether it is the estimate of the summaries, corrected if there are codings"),
        Column("flips", "bool", "whether the conclusion is another one than the usual"),
    ),
    "actor_frequency": (
        Column("actor_id", "str", "identity across articles; with `sides` the name of the group"),
        Column("actor", "str", "its name"),
        Column("type", "str", 'as in `actors`; "group" for a side'),
        Column("n_mentions", "int64", "mentions of the kinds that count"),
        Column("n_sentences", "int64", "sentences with one"),
        Column("n_articles", "int64", "articles with one"),
        Column("share", "float64", "of all mentions of the group, 0 to 1"),
        Column("low", "float64", "lower end of the 95 % interval of the share"),
        Column("high", "float64", "its upper end"),
        Column("resampled", "str", "what the interval resamples: articles, or sentences"),
        Column("kinds", "str", "kinds of mentions that count, '+' between them"),
        _ESTIMATE,
    ),
    "actor_rates": (
        Column("actor_id", "str", "identity across articles; with `sides` the name of the group"),
        Column("actor", "str", "its name"),
        Column("n_articles", "int64", "articles of the group with a mention"),
        Column("articles", "int64", "articles of the group"),
        Column("article_share", "float64", "of the articles of the group, 0 to 1"),
        Column("low", "float64", "lower end of the 95 % interval of that share"),
        Column("high", "float64", "its upper end"),
        Column("n_mentions", "int64", "mentions in the group; 0 if there are none"),
        Column("words", "int64", "words and punctuation marks of the articles of the group"),
        Column("per_1000_words", "float64", "mentions per 1,000 of these"),
    ),
    "frame_rates": (
        Column("codebook", "str", "name of the codebook"),
        Column("frame", "str", "name of the frame"),
        Column("frame_label", "str", "its label"),
        Column("n_articles", "int64", "articles of the group with it"),
        Column("articles", "int64", "articles of the group"),
        Column("article_share", "float64", "of the articles of the group, 0 to 1"),
        Column("low", "float64", "lower end of the 95 % interval of that share"),
        Column("high", "float64", "its upper end"),
        Column("n_sentences", "int64", "sentences with it; 0 if there are none"),
    ),
    "describe_corpus": (
        Column("n_articles", "int64", "articles annotated"),
        Column("not_annotated", "int64", "articles skipped or failed"),
        Column("n_words", "int64", "words and punctuation marks annotated"),
        Column("n_sentences", "int64", "sentences"),
        Column("first", "datetime64[us]", "earliest date of publication"),
        Column("last", "datetime64[us]", "latest date of publication"),
        Column("undated", "int64", "articles annotated that have no date"),
        Column("n_stories", "int64", "stories, if articles in the same words count once"),
        Column("n_effective", "float64", "effective number of articles, given the stories"),
        Column("languages", "str", "languages of all articles, each with their number"),
    ),
    "stance_summary": _TONE,
    "voice_matrix": (
        Column("voice", "str", f"whose words: {OUTLET!r}, an actor_id or {UNNAMED!r}"),
        Column("speaker", "str", "its name"),
        Column("voice_group", "str", "the side that the catalogue puts the speaker on; missing if none"),
        Column("target_group", "str", "the side of the target; missing if none"),
        *_TONE,
    ),
    "source_summary": (
        Column("speaker_id", "str", "the actor quoted; missing if the source is unnamed or unresolved"),
        Column("speaker", "str", "what the row is, in words: a name, unnamed officials, women"),
        Column("sourcing", "str", "named, unnamed or unresolved, as in quotes"),
        Column("source_kind", "str", "kind of the unnamed source, as in quotes; missing if it is not unnamed"),
        Column("type", "str", "type of the actor, as in actors; missing if there is none"),
        Column("gender", "str", "m, f or unknown, of people"),
        Column("n_quotes", "int64", "quotations"),
        Column("n_words", "int64", "their words"),
        Column("n_articles", "int64", "articles with one"),
        Column("n_sources", "int64", "actors who are quoted in them"),
        Column("n_all", "int64", "quotations that the shares are of: of all rows of the group"),
        Column("share", "float64", "n_quotes / n_all"),
        Column("low", "float64", "lower end of the 95 % interval of the share"),
        Column("high", "float64", "its upper end"),
        Column("share_words", "float64", "share of the words of these quotations"),
        Column("share_words_low", "float64", "lower end of its 95 % interval"),
        Column("share_words_high", "float64", "its upper end"),
        Column("direct", "float64", "share of direct quotations among those of the row"),
        Column("direct_low", "float64", "lower end of its 95 % interval"),
        Column("direct_high", "float64", "its upper end"),
        Column("mixed", "float64", "share of those of which a part is in quotation marks"),
        Column("indirect", "float64", "share of indirect ones"),
        Column("resampled", "str", "what the intervals resample: articles, or sentences"),
        Column("kinds", "str", "kinds of quotations that count, '+' between them"),
        Column("acts", "str", "acts that count, '+' between them"),
        Column("estimate", "str", f"{NOT_VALIDATED!r}"),
    ),
    "frame_summary": (
        Column("codebook", "str", "name of the codebook"),
        Column("frame", "str", "name of the frame"),
        Column("frame_label", "str", "its label"),
        Column("n_sentences", "int64", "sentences with the frame"),
        Column("n_hits", "int64", "rows in `frames`"),
        Column("n_articles", "int64", "articles with the frame"),
        Column("n_coded", "int64", "sentences of the group with any frame of the codebook"),
        Column("share", "float64", "n_sentences / n_coded"),
        Column("low", "float64", "lower end of the 95 % interval of the share"),
        Column("high", "float64", "its upper end"),
        Column("resampled", "str", "what the interval resamples: articles, or sentences"),
        _ESTIMATE,
    ),
    "Accuracy.scores": (
        Column("variable", "str", "what was coded"),
        Column("by", "str", "the column that makes the group; missing for all rows"),
        Column("group", "str", "its value"),
        Column(
            "code", "str", "the code; 'all': the share of rows on which newskit and coders agree, as all three scores"
        ),
        Column("n_said", "int64", "coded rows to which newskit gives the code"),
        Column("n_coded", "int64", "rows to which coders give it"),
        *(
            Column(f"{score}{end}", "float64", meaning if not end else f"{which} end of its 95 % interval")
            for score, meaning in (
                ("precision", "share of what newskit gives the code to that coders give it to"),
                ("recall", "share of what coders give the code to that newskit gives it to"),
                ("f1", "harmonic mean of the two"),
            )
            for end, which in (("", ""), ("_low", "lower"), ("_high", "upper"))
        ),
    ),
    "Accuracy.confusion": (
        Column("variable", "str", "what was coded"),
        Column("code", "str", "what coders say"),
        Column("said", "str", "what newskit says"),
        Column("n", "int64", "coded rows"),
        Column("share", "float64", "of all units of the corpus, estimated with the inclusion probabilities"),
    ),
    "Accuracy.worst": (
        Column("row_id", "str", "the row of the sample"),
        _ARTICLE,
        Column("variable", "str", "what was coded"),
        Column("said", "str", "what newskit says"),
        Column("code", "str", "what coders say"),
        Column("sure", "float64", "probability that newskit gives to what it says; missing if it tells none"),
        Column("target", "str", "the actor that it is about; missing if none"),
        Column("text", "str", "the words of the unit"),
        Column("sentence", "str", "the sentence"),
        Column("note", "str", "what the coder noted"),
    ),
    "compare": (
        Column("measure", "str", "what is compared"),
        Column("between", "str", "the column whose values are the groups"),
        Column("item_id", "str", "the actor or frame that it is about"),
        Column("item", "str", "its name"),
        Column("first", "object", "a group"),
        Column("second", "object", "the group that it is compared with"),
        Column("mean_first", "float64", "mean tone, or share, in the first group"),
        Column("mean_second", "float64", "the same in the second"),
        Column("difference", "float64", "first less second"),
        Column("low", "float64", "lower end of its 95 % interval"),
        Column("high", "float64", "its upper end"),
        Column("p", "float64", "p-value of no difference; NaN where there is no interval"),
        Column("q", "float64", "false discovery rate (Benjamini and Hochberg)"),
        Column("n_first", "int64", "observations, mentions or sentences in the first group"),
        Column("n_second", "int64", "the same in the second"),
        Column("articles_first", "float64", "articles that they rest on, effectively: fewer if some have most of them"),
        Column("articles_second", "float64", "the same in the second"),
        Column("largest_first", "float64", "share of the article with most of them"),
        Column("largest_second", "float64", "the same in the second"),
        Column("estimate", "str", f"{NOT_VALIDATED!r}, or 'corrected with 400 codings'"),
        Column("n_codings", "int64", "coded rows of the group with fewer; of tone, those coded as of the actor"),
        Column("uncorrected", "float64", "the difference by newskit alone"),
        Column("note", "str", "what to know before quoting it: a group that is mostly one article; missing if nothing"),
    ),
    "frame_comparison": (
        Column("frame", "str", "name of the frame"),
        Column("first", "object", "the group with most codings"),
        Column("second", "object", "the group that it is compared with"),
        Column("changes_sign", "bool", "whether methods disagree on which group has more of the frame"),
    ),
    "frame_cooccurrence": (
        Column("frame", "str", "name of a frame"),
        Column("other", "str", "name of another"),
        Column("n_sentences", "int64", "sentences with both"),
        Column("n_articles", "int64", "articles with such a sentence"),
        Column("expected", "float64", "sentences with both if they were independent among the coded ones"),
        Column("lift", "float64", "n_sentences / expected"),
        Column("jaccard", "float64", "sentences with both / with either"),
    ),
    "frame_stance": (
        Column("frame", "str", "name of the frame"),
        Column("frame_label", "str", "its label"),
        *_TONE,
    ),
    "Corpus.merges": (
        Column("actor_id", "str", "the actor that the name was given to"),
        Column("actor", "str", "its label"),
        Column("name", "str", "the name"),
        Column("name_type", "str", "what kind of name it is, as in mentions"),
        Column("gender", "str", "m or f, if the articles reveal it"),
        Column("n_mentions", "int64", "mentions by that name"),
        Column("n_articles", "int64", "articles with one"),
        Column("rule", "str", "why the name was given to this actor"),
    ),
    "plan_codings": (
        Column("population", "int64", "units of the group"),
        Column("measure", "str", "the measure that needs most rows"),
        Column("n_coded", "int64", "rows of the pilot that are coded"),
        Column("sd", "float64", "standard deviation of what coding corrects: of the model's error, or of the measure"),
        Column("source", "str", "what it was taken from: pilot, or model"),
        Column("half_width", "float64", "half of the 95 % interval with the pilot alone; NaN without one"),
        Column("n", "int64", "rows to code in all"),
        Column("more", "int64", "rows to code beside the pilot"),
        Column("note", "str", "what n rests on beside sd and the width asked for; missing if nothing"),
    ),
    "Codings.lost": (
        Column("row_id", "str", "the row of the sample"),
        _ARTICLE,
        Column("start", "int64", "first character in articles.text, from 0"),
        Column("end", "int64", "one past the last character"),
        Column("text", "str", "its text when the sample was drawn"),
        Column("target", "str", "the actor that it was about then"),
        Column("reason", "str", "why it does not hold: no article, another text, nothing found, another actor"),
    ),
    "keyness": (
        Column("term", "str", "the word"),
        Column("n_focus", "int64", "occurrences in the focus"),
        Column("n_reference", "int64", "occurrences in the reference"),
        Column("texts_focus", "int64", "texts of the focus with the word"),
        Column("texts_reference", "int64", "texts of the reference with the word"),
        Column("per_1000_focus", "float64", "occurrences per 1,000 words of the focus"),
        Column("per_1000_reference", "float64", "occurrences per 1,000 words of the reference"),
        Column(
            "dp_focus",
            "float64",
            "how unevenly the word is spread over the texts of the focus: 0 in proportion to their lengths, near 1 in "
            "a small part only; NaN where it does not occur",
        ),
        Column("dp_reference", "float64", "the same for the reference"),
        Column("log_odds", "float64", "log-odds ratio, positive if typical of the focus"),
        Column("z", "float64", "log_odds / its standard error"),
        Column("g2", "float64", "signed log-likelihood ratio, positive if typical of the focus"),
        Column("p", "float64", "p-value of g2"),
        Column("q", "float64", "false discovery rate (Benjamini and Hochberg)"),
    ),
    "concordance": (
        _ARTICLE,
        _SENTENCE,
        Column("start", "int64", "first character of the match in articles.text, from 0"),
        Column("end", "int64", "one past its last character"),
        Column("text", "str", "the match: articles.text[start:end]"),
        Column("left", "str", "the text before it, white space collapsed"),
        Column("right", "str", "the text after it, white space collapsed"),
        Column("position", "float64", "where it stands in the article, 0 (start) to 1 (end)"),
    ),
    "microframes": (
        Column("axis", "str", "the pair of opposites: first – second"),
        Column("bias_focus", "float64", "mean cosine of the focus words with the axis, -1 (first) to 1 (second)"),
        Column("bias_reference", "float64", "the same for the reference"),
        Column("bias", "float64", "bias_focus - bias_reference"),
        Column("bias_p", "float64", "p-value of the bias (permutation test)"),
        Column("bias_q", "float64", "false discovery rate of the bias (Benjamini and Hochberg)"),
        Column("intensity", "float64", "intensity of the focus less that of the reference"),
        Column("intensity_p", "float64", "p-value of the intensity"),
        Column("intensity_q", "float64", "false discovery rate of the intensity"),
        Column("low_words", "str", "the five words of the focus that pull most toward the first opposite"),
        Column("high_words", "str", "the five that pull most toward the second"),
    ),
    "positions": (
        Column("issue", "str", "name of the issue"),
        Column("issue_version", "str", "its version"),
        _ARTICLE,
        _SENTENCE,
        Column("start", "int64", "first character in articles.text, from 0"),
        Column("end", "int64", "one past the last character"),
        Column("text", "str", "the words that express the position: articles.text[start:end]"),
        Column("actor_id", "str", "who holds it"),
        Column("actor", "str", "the actor's label"),
        Column("position", "str", "support, opposition, condition or ambivalence"),
        Column("when", "str", '"earlier" if the text says that it was held before, else "now"'),
        Column("voice", "str", "whose words report it, as in stances"),
        Column("term", "str", "the term of the issue that matched"),
        Column("sentence", "str", "the evidence"),
        Column("published", "datetime64[us]", "publication date of the article"),
    ),
    "discourse_network": (
        Column("actor_id", "str", "identity across articles"),
        Column("actor", "str", "its label"),
        Column("issue", "str", "name of the issue"),
        Column("support", "int64", "positions of support"),
        Column("opposition", "int64", "positions of opposition"),
        Column("condition", "int64", "positions that make a condition"),
        Column("ambivalence", "int64", "ambivalent positions"),
        Column("n", "int64", "all positions"),
        Column("n_articles", "int64", "articles with one"),
        Column(
            "agreement",
            "float64",
            "(support - opposition) / (support + opposition), -1 to 1; NaN if there is neither",
        ),
    ),
    "target_tone": (
        Column("label", "str", "negative, neutral or positive"),
        Column("score", "float64", "-1 (negative) to 1 (positive)"),
        Column("p_negative", "float64", "probability; NaN where the method gives none"),
        Column("p_neutral", "float64", "probability; NaN where the method gives none"),
        Column("p_positive", "float64", "probability; NaN where the method gives none"),
    ),
}
"""The columns of what public functions return, by the name of the function; those of `TABLES` are not repeated here."""

_CORRECTED: Final = (
    Column("n_codings", "int64", "coded rows of the group; of tone, those coded as of the actor"),
    Column("worth", "float64", "how many codings alone would give the same precision for this corpus"),
    Column("reason", "str", "why the row is not corrected or something has no interval; missing if there is no reason"),
)
_TONE_CORRECTED: Final = (
    *_CORRECTED,
    Column("uncorrected", "float64", "mean score by the model alone"),
    *(Column(f"{label}_uncorrected", "float64", "the share by the model alone") for label in LABELS),
)
_SHARE_CORRECTED: Final = (*_CORRECTED, Column("uncorrected", "float64", "the share by newskit alone"))
WITH_CODINGS: Final[Mapping[str, tuple[Column, ...]]] = {
    "actor_frequency": _SHARE_CORRECTED,
    "stance_summary": _TONE_CORRECTED,
    "voice_matrix": _TONE_CORRECTED,
    "frame_summary": _SHARE_CORRECTED,
}
"""The columns that a result has beside those of `RESULTS` where it is corrected by codings."""

Documented = TypeVar("Documented", bound=Callable[..., Any])


def returns_columns(result: str) -> Callable[[Documented], Documented]:
    """Fill in the line `{columns}` of a function's docstring: the columns of its result, or of a table of the corpus.

    The columns stand in `RESULTS` or `TABLES` alone, so that what `help()` shows cannot differ from them.
    """

    def documented(function: Documented) -> Documented:
        if function.__doc__:  # there is none under `python -OO`
            lines = [f"- `{name}` ({dtype}): {meaning}" for name, dtype, meaning in {**TABLES, **RESULTS}[result]]
            if result in WITH_CODINGS:
                lines += ["", "and, with codings,", ""]
                lines += [f"- `{name}` ({dtype}): {meaning}" for name, dtype, meaning in WITH_CODINGS[result]]
            text = inspect.cleandoc(function.__doc__)
            at = next(line for line in text.splitlines() if line.strip() == "{columns}")
            indent = at[: at.index("{")]
            function.__doc__ = text.replace(at, "\n".join(f"{indent}{line}" for line in lines))
        return _of_a_corpus(function)

    return documented


def _of_a_corpus(function: Documented) -> Documented:
    """The function, which tells whoever gives it a table or a path for a corpus what to do."""
    if next(iter(inspect.signature(function).parameters), "") != "corpus":
        return function

    @functools.wraps(function)
    def called(*args: Any, **options: Any) -> Any:
        given = args[0] if args else options.get("corpus")
        kind = type(given).__name__
        if isinstance(given, str | Path) or kind in ("DataFrame", "Article", "list"):
            way = "open_corpus(path)" if isinstance(given, str | Path) else "annotate(articles)"
            raise TypeError(f"{function.__name__} takes a Corpus, got {kind}: make one with newskit.{way}")
        return function(*args, **options)

    return called  # type: ignore[return-value]


class AnyCorpus(Protocol):
    """What the rooms below `corpus` ask of a `Corpus`: its tables, and itself linked or coded anew."""

    @property
    def articles(self) -> pd.DataFrame: ...
    @property
    def sentences(self) -> pd.DataFrame: ...
    @property
    def mentions(self) -> pd.DataFrame: ...
    @property
    def quotes(self) -> pd.DataFrame: ...
    @property
    def stances(self) -> pd.DataFrame: ...
    @property
    def frames(self) -> pd.DataFrame: ...
    @property
    def actors(self) -> pd.DataFrame: ...
    def relink(self, catalog: Any) -> AnyCorpus: ...
    def recode(self, codebooks: Any) -> AnyCorpus: ...


def columns(table: str) -> list[str]:
    """Names of the columns of a table, in order.

    >>> columns("actors")[:3]
    ['actor_id', 'label', 'type']
    """
    return [column.name for column in _table(table)]


def dtype_of(table: str, column: str) -> str:
    """The dtype of a column of a table."""
    return next(one.dtype for one in _table(table) if one.name == column)


def make_table(table: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make a table of the corpus from rows: the fixed columns in their dtypes, even when empty.

    A column that no row has is missing throughout; a key that is no column raises `ValueError`.
    """
    import pandas as pd

    rows = list(rows)
    names = columns(table)
    unknown = {key for row in rows for key in row} - set(names)
    if unknown:
        raise ValueError(f"{sorted(unknown)} are no columns of {table!r}; it has {names}")
    data = {
        column.name: pd.array([row.get(column.name) for row in rows], dtype=column.dtype)  # type: ignore[call-overload]
        for column in _table(table)
    }
    return pd.DataFrame(data, columns=names)


def result_table(result: str, rows: Iterable[Mapping[str, Any] | Sequence[Any]]) -> pd.DataFrame:
    """Make a table of `RESULTS` from rows: its columns in their dtypes, even when empty."""
    import pandas as pd

    dtypes = {column.name: column.dtype for column in RESULTS[result]}
    return pd.DataFrame(list(rows), columns=list(dtypes)).astype(dtypes)


def conform(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Some columns of a table in their dtypes, as they come from a file or a query."""
    dtypes = {column.name: column.dtype for column in _table(table)}
    return frame.astype({name: dtypes[name] for name in frame.columns if name in dtypes})


def name_key(name: str, name_type: str, gender: str) -> str:
    """What stands for an actor until the names of a corpus are linked: all mentions of one key are one actor.

    >>> name_key("Anna Novak", "person", "f")
    'Anna Novak\\tperson\\tf'
    """
    return f"{name}\t{name_type}\t{gender}"


def describe(table: str) -> pd.DataFrame:
    """The columns of a table with dtype and meaning, as a table: for a notebook or a codebook annex."""
    import pandas as pd

    return pd.DataFrame(_table(table)).set_index("name")


def _table(table: str) -> tuple[Column, ...]:
    if table not in TABLES:
        raise ValueError(f"no table {table!r}; the tables are {', '.join(TABLES)}")
    return TABLES[table]
