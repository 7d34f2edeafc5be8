"""What is no part of an article: by rules, and by repetition."""

from __future__ import annotations

import pytest
from spacy.language import Language

import newskit as nk
from newskit.reading.article import Article, Block, find_blocks
from newskit.reading.boilerplate import boilerplate_spans, is_boilerplate, mark_boilerplate
from newskit.reading.repeated_lines import OutletLines
from tests.conftest import check_offsets


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "ADVERTISEMENT:",
        "Story continues below",
        "READ MORE: Minister resigns over grain",
        "Related: Who is Eva Rot?",
        "WATCH: Rot leaves court",
        "Harvest prices:Farmers ask for relief in drought",
        "Read more about the grain talks",
        "Click here to get the app",
        "Sign up for our morning newsletter",
        "Get the stories you care about delivered to your inbox.",
        "Follow Eva Rot on Twitter",
        "Follow us @dailyexample",
        "Share this article",
        "Facebook Twitter WhatsApp Email",
        "© 2021 Example Media Ltd.",
        "Copyright 2021 The Daily Example. All rights reserved.",
        "Slideshow (12 images)",
        "Eva Rot in Bonn and Jan Weiss in Bern contributed to this report.",
        "Reporting by Eva Rot; editing by Jan Weiss",
        "By Eva Rot and Jan Weiss",
        "By EVA ROT, The Daily Example",
        "Updated at 6:22 p.m. ET",
        "OPINION:",
        "Tags: grain, talks, Bonn",
        "Photo: Jan Weiss/Getty Images",
        "This story was originally published on March 3.",
        "The opinions expressed by columnists are their own.",
        "https://example.com/grain",
        "Watch the video below",
        "Donate now to keep us going",
        "Register or log in to read on",
        "Sign up or sign in",
        "Harvest in the north delayed by rain for weeks Read more",
        "Play Video 1:07 Rot leaves the court in Bonn – video",
        "Media playback is unsupported on your device Media caption Rot: 'We will harvest'",
        "Analysis by Eva Rot, farming correspondent, Bonn",
        "--Updated at 4:15 p.m.",
        "Adapted from Eva Rot's newsletter, May 3, 2021",
        "Photos: Harvest Photos: Harvest Rot in a field. " + "A field. " * 200 + "Hide Caption 12 of 12",
        "Latest:",
        "Should the harvest be delayed? Vote Here Now",
        "The Associated Press",
        "4 years ago",
        "Special report: Harvest in crisis",
        "Want more news on WhatsApp? Click here to begin",
        "Rot reports for the Bonn Courier; Weiss for the Bern Herald",
        "Editor's note: This article has been amended to say where it rained.",
        "Go deeper: Why the rain is late",
        "Read: The end of the harvest",
        "Read the full letter here:",
        "With agencies",
        "WhatsApp",
        "Related video: Rot in court",
        "Visit the Courier's homepage for more stories.",
        "OUR VIEW: Let it rain",
        "Follow @evarot Follow @courier",
        "Watch “The Field” with Eva Rot Sundays at 9am on Channel 4.",
        "We want to hear what you think about this article.",
        "Like what you’re reading? Get the app",
        "A daily round-up of news from the fields",
        "Opinion contributor",
        "Eva Rot farms in Bonn. The opinions expressed in this commentary are hers.",
        "Eva Rot and Jan Weiss contributed to this report, which was updated at 3:10 p.m.",
        "Updated at 3:15 p.m. ET Wednesday",
        "--This developing report was last updated at 7 a.m.",
        "*Updated for clarity.",
        "— With assistance by Eva Rot, and Jan Weiss",
        "Nation Why It Does Not Rain Listen · 3:02 3:02",
        "Published in",
        "Photograph by Eva Rot/Example Images.",
        "Watch Courier videos:",
        "Catch up on the harvest with our weekly podcast, “Field Day.”",
        "Watch the latest video at video.example.com",
    ],
)
def test_lines_that_are_no_part_of_an_article(line: str) -> None:
    assert is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "The minister told farmers to read more about the plan before they sign it.",
        "Follow the money, she said, and you will find the minister.",
        "Drought has contributed to the fall in the price of grain.",
        "Copyright law was never meant for that, the court ruled.",
        "By Friday the talks had failed.",
        "Photos of the wreck were shown in court on Monday.",
        "Related talks were held in Bern, where nobody came.",
        "Here is how we know:",
        "Share prices fell by a third.",
        "The talks: who came, and why",
        "Sign the deal or leave it, she told them.",
        "What comes next",
        "Donate or be damned: how two clubs raise money",
        "Subscribe or leave: the choice of the fans",
        "Register now: why the young do not",
        "Join us or go home, said the banner",
        "ROT - I never said that",
        "WEISS — “We will not yield”",
        "NEW YORK",
        "“More: that is all they want,” she said.",
        "Why children should read more",
        "Teachers ask pupils to Read more.",
        "Analysis by Oxfam shows that prices rise",
        "Adapted from Rot's speech, the film was shown in Bonn on Monday.",
        "Vote now or never, he said.",
        "Rot reports for work; Weiss does not.",
        "Timeline: how the harvest failed",
        "Ten years ago, nobody would have said so.",
        "Reuters was told nothing.",
        "Read: that is what he told her to do.",
        "Email is not safe, she said.",
        "We want to hear the truth, they told the minister.",
        "Watch what he does on Sunday, she said.",
        "A weekly paper was closed.",
        "Updated at 9:05 p.m. -- Rot concedes",
        "Read the statement below:",
        "Updated rules will apply from May.",
        "Photograph by photograph, the film shows how the river fell.",
        "With assistance from neighbours, the farmers saved half of it.",
        "Get out of our town, he said on our local radio channel.",
    ],
)
def test_lines_that_are_news(line: str) -> None:
    assert not is_boilerplate(line)
    assert boilerplate_spans(line) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("GENEVA, March 3 (Reuters) - The talks failed.", ["GENEVA, March 3 (Reuters) -"]),
        ("Bonn (dpa) – The talks failed.", ["Bonn (dpa) –"]),
        ("(AP) — The talks failed.", ["(AP) —"]),
        ("Bern, 3 May -- The talks failed.", ["Bern, 3 May --"]),
        ("BONN/BERN: The talks failed.", ["BONN/BERN:"]),
        ("BONN - Ministers met.", ["BONN -"]),
        ("BONN, March 3 - I saw them leave, she said.", ["BONN, March 3 -"]),
        ("OSLO, Norway — The talks failed.", ["OSLO, Norway —"]),
        ("Crowds in Bonn. (Photo by Eva Rot/AFP via Getty Images)", ["(Photo by Eva Rot/AFP via Getty Images)"]),
        ("FILE PHOTO: Crowds in Bonn. REUTERS/Eva Rot", ["FILE PHOTO:", "REUTERS/Eva Rot"]),
        ("Crowds in Bonn. Photograph: Eva Rot/AP", ["Photograph: Eva Rot/AP"]),
        ("The talks failed (READ MORE: Who came) in Bonn.", ["(READ MORE: Who came)"]),
        (
            "Minister Rot Eva Maria RotFarmers balk at grain deal Rot leaves court MORE said so.",
            ["Eva Maria RotFarmers balk at grain deal Rot leaves court MORE"],
        ),
        ("Rep. Rot (R-Tex.) — she left early — said so.", []),
        ("Rot (51) - a farmer - said so.", []),
        ("( Also on THE COURIER: Who pays for rain?)", ["( Also on THE COURIER: Who pays for rain?)"]),
        ("Image caption Rot in Bonn", ["Image caption"]),
        ("Facebook Twitter Pinterest Rot in Bonn. Photograph: AP", ["Facebook Twitter Pinterest", "Photograph: AP"]),
        ("Rot in a field. | AP Photo Rot: No rain, no grain", ["| AP Photo Rot: No rain, no grain"]),
        ("The talks (see also the chapter on rain) failed.", []),
    ],
)
def test_what_stands_inside_a_paragraph(line: str, found: list[str]) -> None:
    assert [line[a:b] for a, b in boilerplate_spans(line)] == found


def test_marks_of_an_article() -> None:
    long = "Delegates of forty states met for a long day of talks in the old town, and nobody there believed in terms."
    lines = [
        "Talks on grain",
        "Daily Example",
        long,
        "More: Who came",
        "What comes next",
        long + " (AP)",
        long + " Rain.",
    ]
    text = "\n".join([*lines, long, long, "Eva Rot is a reporter for the Example. Follow her on Twitter."])
    blocks = mark_boilerplate(text, find_blocks(text), outlet="daily example")
    apart = [text[b.start : b.end] for b in blocks if b.part == "boilerplate"]
    assert apart == [lines[1], lines[3], "(AP)", long, "Eva Rot is a reporter for the Example. Follow her on Twitter."]
    assert mark_boilerplate(text, blocks, outlet="daily example") == blocks
    heading = [
        Block(0, 14, "headline"),
        Block(15, 28, "heading", "Daily Example"),
        Block(29, 135, "body", "Daily Example"),
    ]
    assert [b.section for b in mark_boilerplate(text, heading, outlet="Daily Example")] == [None, None, None]


def _articles() -> list[Article]:
    body = "Delegates met in the town of {} for talks on grain, and {} praised them."
    return [
        Article(
            f"a{i}",
            f"{body.format(place, 'Russia')}\nSupport the Example’s work in {2010 + i}\nEva Rot\nOn {place}.",
            outlet="E",
        )
        for i, place in enumerate(["Bonn", "Bern", "Oslo", "Rome"])
    ]


def test_lines_that_an_outlet_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = _articles()
    lines = OutletLines(articles)
    marked = [[b.part for b in lines.marked(article).blocks] for article in articles]
    assert marked == [["body", "boilerplate", "boilerplate", "body"]] * 4
    again = [Article(f"b{i}", articles[0].text, outlet="E") for i in range(4)]
    assert OutletLines(again).marked(again[0]) is again[0], "a story that is printed again repeats nothing"
    assert OutletLines(articles[:2]).marked(articles[0]) is articles[0]
    other = Article("o", articles[0].text, outlet="O")
    assert lines.marked(other) is other
    talk = [
        Article(f"t{i}", "\n".join(["Eva Rot", f"Yes {word}.", "Eva Rot", "No."]), outlet="T")
        for i, word in enumerate("abcd")
    ]
    assert OutletLines(talk).marked(talk[0]).blocks[0].part != "boilerplate", "the name of a speaker in an interview"
    monkeypatch.setattr(OutletLines, "_MOST_LINES", 5)
    assert OutletLines(articles).marked(articles[0]).blocks[1].part == "boilerplate"


def test_boilerplate_is_kept_and_left_out(nlp: Language) -> None:
    articles = [
        *_articles(),
        Article(
            "x",
            "GENEVA (AP) — Ukraine praised the terrible talks.\nREAD MORE: Iran slams Israel\nIsrael left. (Reuters)",
        ),
    ]
    corpus = nk.annotate(articles, nlp=nlp, progress=False)
    check_offsets(corpus)
    apart = corpus.sentences[corpus.sentences["part"] == "boilerplate"]
    x = apart[apart["article_id"] == "x"]
    assert x["text"].tolist() == ["GENEVA (AP) —", "READ MORE: Iran slams Israel", "(Reuters)"]
    assert apart["polarity"].isna().all()
    assert apart["article_id"].value_counts()["a0"] == 2
    keys = [*["article_id", "sentence_id"]]
    for name in ("mentions", "quotes", "stances", "frames"):
        assert getattr(corpus, name).merge(apart, on=keys).empty
    assert not {"iran", "reuters"} & set(corpus.mentions["actor_id"].dropna())
    assert nk.concordance(corpus, "slams").empty
    assert "slams" not in set(nk.keyness(corpus.sentences, reference=["grain"], min_count=1)["term"])
    alone = nk.annotate(iter(articles), nlp=nlp, progress=False)
    assert set(alone.sentences.loc[alone.sentences["part"] == "boilerplate", "article_id"]) == {"x"}
    again = corpus.recode("news_frames", method="lexicon")
    assert len(again.frames) == len(corpus.recode("news_frames").frames)
    assert "nk-boilerplate" in nk.show_article(corpus, "x").html


@pytest.mark.parametrize(
    "line",
    [
        "Join us or leave us alone, the rebels told the mayor of Aleppo on Friday.",
        "Share this with the minister, the ambassador told reporters.",
        "The company's privacy policy is considerably more detailed, but few read it.",
        "Research by the Institute for Peace shows that there were 2,354 attacks in ten years.",
        "(c) The authority in this memorandum shall terminate in a year.",
    ],
)
def test_news_that_begins_like_boilerplate_stays(line: str) -> None:
    assert not is_boilerplate(line)


@pytest.mark.parametrize(
    "line",
    [
        "ISIS -- through its media arm on Tuesday -- claimed responsibility for the attack.",
        "ICE — in a statement late on Friday — denied it.",
        "On May 4 – two days after the letter – officials met.",
    ],
)
def test_a_subject_before_a_parenthesis_is_no_dateline(line: str) -> None:
    assert boilerplate_spans(line) == []


def _marked(text: str, author: str | None = None) -> list[str]:
    marked = mark_boilerplate(text, find_blocks(text), author=author)
    return [text[block.start : block.end] for block in marked if block.part == "boilerplate"]


def test_notes_on_the_author_of_an_article() -> None:
    weiss = "Jan Weiss is the mayor of Bonn, and he wants the river to be dammed before the harvest begins."
    rain = "Farmers in the north have been waiting for rain since the beginning of March, they say."
    text = "\n\n".join(["Rain is late", "Eva Rot", rain, weiss, "Eva M. Rot teaches law in Bern."])
    assert _marked(text, "Eva Rot") == ["Eva Rot", "Eva M. Rot teaches law in Bern."]
    assert _marked(text.replace(rain, f"Opinion contributor\n\n{rain}"))[-1] == "Eva M. Rot teaches law in Bern."
    interview = ["Rain", "Eva Rot", "When will it rain?", "Jan Weiss", "Nobody knows that.", "Eva Rot", "Who should?"]
    assert _marked("\n\n".join([*interview, "Jan Weiss", "I do not."]), "Eva Rot") == []


def test_the_last_line_says_what_an_author_is() -> None:
    rain = "Farmers in the north have been waiting for rain since the beginning of March, Jan Weiss told them."
    for note in ("Eva Rot is governor of Bonn.", "Ada Blau is a former editor of the Courier."):
        assert _marked(f"Rain\n\n{rain}\n\nNobody came.\n\n{note}") == [note], "the text names nobody of that name"
    assert _marked(f"Rain\n\n{rain}\n\nNobody came.\n\nRot is a professor of law.", "Eva Rot") == [
        "Rot is a professor of law."
    ]
    for news in (
        "Jan Weiss is a professor of law.",
        "Rot is a professor of law.",
        "Rain is the director of all plays.",
    ):
        assert _marked(f"Rain\n\n{rain}\n\nNobody came.\n\n{news}") == []
    assert _marked(f"Rain\n\nEva Rot is a lawyer.\n\n{rain}\n\nNobody came.") == []


def test_bylines_are_names_with_suffixes_or_above_the_outlet() -> None:
    rain = "Farmers in the north have been waiting for rain since the beginning of March, they say."
    assert _marked(f"Rain\n\n{rain}\n\nJan Weiss Jr.\n\n{rain} So.", "Jan Weiss Jr., Columnist") == ["Jan Weiss Jr."]
    text = f"Rain\n\nEva Rot\n\nThe Courier\n\n{rain}"
    marked = mark_boilerplate(text, find_blocks(text), outlet="The Courier")
    assert [text[b.start : b.end] for b in marked if b.part == "boilerplate"] == ["Eva Rot", "The Courier"]
    assert _marked(text) == []


def _ending(sentence: str, *, at_end: bool, n: int = 4) -> list[Article]:
    articles = []
    for number, ward in enumerate("abcdefgh"[:n]):
        lines = [f"Ward {ward} has voted on {word} and will {word} again." for word in ("grain", "rain", "fish")]
        rest = [
            f"Nobody in ward {ward} was {word} by that." for word in ("hurt", "moved", "amused", "told", "seen", "met")
        ]
        lines = [*lines, *rest, sentence.format(ward)] if at_end else [*lines, sentence.format(ward), *rest]
        articles.append(Article(f"e{number}", "\n\n".join([f"Ward {ward} votes", *lines]), outlet="W"))
    return articles


def test_stories_that_end_in_the_same_words() -> None:
    def marked(sentence: str, *, at_end: bool) -> list[str]:
        articles = _ending(sentence, at_end=at_end)
        lines = OutletLines(articles)
        blocks = lines.marked(articles[0]).blocks
        return [articles[0].text[b.start : b.end] for b in blocks if b.part == "boilerplate"]

    first = "The Ward News has been written by its readers since 1900 and likes {}."
    assert marked(first, at_end=True) == [first.format("a")], "the first eight words"
    last = "Ward {}: this is what our readers pay for, month by month by month."
    assert marked(last, at_end=True) == [last.format("a")], "the last eight words"
    assert marked(first, at_end=False) == []
    assert marked("She denied all of it in ward {}.", at_end=True) == [], "too few words"


def test_versions_of_a_story_are_one() -> None:
    versions = [
        Article(
            f"v{n}",
            "\n\n".join(
                [f"{word} dead in flood", *lines, f"Police said that {word} were dead, and more might be found there."]
            ),
            outlet="W",
        )
        for n, word in enumerate(["Two", "Three", "Four hundred thousand"])
        for lines in [
            [
                "The river rose by two metres in the night and took the bridge with it.",
                "A school was closed, and nobody knows for how long.",
            ]
        ]
    ]
    assert OutletLines(versions).marked(versions[0]) is versions[0]


def test_links_below_a_word_for_them() -> None:
    body = "Farmers in the north have been waiting for rain since the beginning of March, they say."
    assert _marked(
        "\n\n".join(["Rain", body, "MORE:", "Bonn Is Dry", "Who Pays for the Harvest?", body + " Now."])
    ) == [
        *("MORE:", "Bonn Is Dry", "Who Pays for the Harvest?"),
    ]


def test_links_in_capitals_between_paragraphs() -> None:
    paragraph = "Farmers in the north have been waiting for rain since March, and the minister has promised them help."
    link = "WEISS BLASTS COUNCIL OVER BRIDGE, CALLS BUDGET 'A BAD JOKE'"
    other = "The harvest will begin in June, whatever the weather, she said on Monday in the capital of the region."

    def loud(*lines: str) -> list[str]:
        text = "\n\n".join(lines)
        return _marked(text)

    assert loud("Rain is late", paragraph, other, other[:-1] + ", too.", link, paragraph) == [link]
    assert loud("Rain is late", paragraph, "NO RAIN BEFORE JUNE", other, other[:-1] + ", too.") == []
    assert loud("Rain is late", paragraph, "The banner said:", link, other) == []
    shouted = "COUNCIL BLASTED OVER BRIDGE AS WEISS CALLS BUDGET A BAD JOKE"
    below = (
        "The council was blasted over the bridge on Monday, and Weiss calls the budget a joke, as he does every year."
    )
    assert loud("Rain is late", paragraph, other, other[:-1] + ", too.", shouted, below) == []
    assert loud("RAIN", paragraph.upper(), link, other.upper(), paragraph.upper()) == []


def test_a_headline_is_never_boilerplate() -> None:
    text = "OPINION: The mayor is wrong about the bridge\n\nThe mayor opened the bridge on Friday."
    at = text.index("\n")
    blocks = [Block(0, at, part="headline"), Block(at + 2, len(text))]
    assert mark_boilerplate(text, blocks)[0].part == "headline"


def test_a_sentence_that_comes_three_times_is_news() -> None:
    def text_of(n: int, sentence: str) -> str:
        ward = "abcde"[n]
        return f"The council of ward {ward} met again.\n\n{sentence}\n\nIt went home after {ward} hours of talk."

    texts = [text_of(n, "The minister denied the allegations.") for n in range(3)]
    articles = [Article(f"w{n}", text, outlet="W") for n, text in enumerate(texts)]
    lines = OutletLines(articles)
    assert all(block.part != "boilerplate" for article in articles for block in lines.marked(article).blocks)


def test_a_text_of_one_line_is_its_news_not_its_end() -> None:
    said = ["The mayor opened a school", "The mayor closed a bridge", "The mayor sold a ferry", "The mayor met a crowd"]
    ending = ". She said that the town would vote again before the end of the year."
    articles = [Article(article_id=str(i), text=text + ending, outlet="Post") for i, text in enumerate(said)]
    lines = OutletLines(articles)
    assert all(lines.marked(article) == article for article in articles)
