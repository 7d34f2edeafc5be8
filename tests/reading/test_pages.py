"""Reading one article from a file, a page or a URL, good and bad."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import newskit as nk
from newskit.errors import ArticleError, LanguageWarning
from newskit.reading.article import detect_language

BODY = "The two ministers met in Geneva on Monday and agreed to continue the talks next week, officials said."


PAGE = f"""<!doctype html><html lang="en"><head><title>Ministers agree to talk | The Example</title>
<meta property="og:site_name" content="The Example"><meta property="article:published_time" content="2025-03-04">
<meta name="author" content="Ada Writer"><meta property="og:title" content="Ministers agree to talk"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>Ministers agree to talk</h1>
<p>{BODY}</p><h2>What comes next</h2><p>{BODY.replace("Monday", "Tuesday")}</p>
<p>A third paragraph says that nobody knows how long &amp; how often they will meet after that, if at all.</p></article>
<footer>Copyright The Example</footer></body></html>"""


@pytest.mark.parametrize(
    "data",
    [
        f"Talks – resume\n{BODY}".encode(),
        b"\xef\xbb\xbf" + f"Talks – resume\n{BODY}".encode(),
        f"Talks – resume\n{BODY}".encode("cp1252"),
        f"Talks – resume\n{BODY}".encode("utf-16"),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16"],
)
def test_encodings(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "talks.txt"
    path.write_bytes(data)
    article = nk.read_article(path)
    assert article.text == f"Talks – resume\n{BODY}"
    assert article.article_id == "talks"
    assert article.title == "Talks – resume"


def test_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "crlf.txt"
    path.write_bytes(f"Talks resume\r\n\r\n{BODY}\r\n".encode())
    assert nk.read_article(path).text == f"Talks resume\r\n\r\n{BODY}\r\n"


def test_named_encoding_and_metadata(tmp_path: Path) -> None:
    path = tmp_path / "latin2.txt"
    path.write_bytes(f"Talks in Łódź resume\n{BODY}".encode("iso8859-2"))
    article = nk.read_article(path, encoding="iso8859-2", outlet="The Example", article_id="x")
    assert article.title == "Talks in Łódź resume"
    assert (article.outlet, article.article_id) == ("The Example", "x")


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("empty.txt", b"", "is empty"),
        ("white.txt", b" \n\t\r\n ", "is empty"),
        ("bom.txt", b"\xef\xbb\xbf", "is empty"),
        ("nul.bin", b"abc\x00\x01def", "binary"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        ("program.txt", b"\x7fELF\x02\x01\x01" + b"\0\0\x01\xd8\0\0\0\xde" * 50, "binary"),
        ("silence.txt", bytes(400), "binary"),
        ("cut.txt", "Talks resume".encode("utf-16")[:-1], "not utf-16 text"),
        ("control.txt", bytes(range(1, 9)) * 40 + b"text", "binary"),
        ("paper.pdf", b"%PDF-1.7 ...", "is a PDF"),
        ("export.docx", b"PK\x03\x04....", "Office"),
        ("odd.txt", b"caf\x81\x8d", "encoding="),
        ("menu.html", b"<html><body><nav>Home World</nav></body></html>", "no article text"),
        ("nothing.html", b"<html></html>", "no article text"),
    ],
)
def test_bad_files_name_the_source_and_the_way_out(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ArticleError, match=message) as caught:
        nk.read_article(path)
    assert name in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_missing_file_folder_and_text_instead_of_path(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"gone\.txt: no such file"):
        nk.read_article(tmp_path / "gone.txt")
    with pytest.raises(ArticleError, match=r"is a folder.*annotate"):
        nk.read_article(tmp_path)
    with pytest.raises(ArticleError, match="Article\\(article_id"):
        nk.read_article(f"Talks resume\n{BODY}")
    (tmp_path / "a.txt").write_text(BODY)
    with pytest.raises(ArticleError, match=r"unknown encoding"):
        nk.read_article(tmp_path / "a.txt", encoding="utf-nonsense")


def check_page(article: nk.Article) -> None:
    assert article.title == "Ministers agree to talk"
    assert article.outlet == "The Example"
    assert article.author == "Ada Writer"
    assert article.published is not None
    assert article.published.isoformat().startswith("2025-03-04")
    parts = [(b.part, article.text[b.start : b.end]) for b in article.blocks]
    assert parts[0] == ("headline", "Ministers agree to talk")
    assert parts[1] == ("body", BODY)
    assert parts[2] == ("heading", "What comes next")
    assert "how long & how often" in article.text
    assert "Copyright" not in article.text
    assert "Home" not in article.text
    assert article.blocks[-1].section == "What comes next"


def test_html_file_and_string(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    check_page(nk.read_article(path))
    check_page(nk.read_article(PAGE))
    assert nk.read_article(PAGE).article_id == nk.read_article(PAGE).article_id


@pytest.fixture
def server() -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/page.html"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.encode() if found else b"<html><body>gone</body></html>")

        def log_message(self, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_url(server: str) -> None:
    article = nk.read_article(f"{server}/page.html")
    check_page(article)
    assert article.article_id == f"{server}/page.html"
    with pytest.raises(ArticleError, match=r"gone\.html returned no page"):
        nk.read_article(f"{server}/gone.html")


def test_other_languages_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "bericht.txt"
    path.write_text(
        "Die Minister haben am Montag in Genf lange miteinander gesprochen und wollen sich bald wieder treffen."
    )
    with pytest.warns(LanguageWarning, match="'de'"):
        assert nk.read_article(path).language == "de"
    assert nk.read_article(path, language="en").language == "en"
    assert detect_language("Talks resume") == "en"
    assert detect_language("") == "en"
    assert detect_language("Věra Šťastná, Jiří Dvořák and Božena Němcová met Łukasz Żak in Kraków on Friday.") == "en"


@pytest.mark.parametrize(("n_words", "is_read"), [(19, False), (20, True)])
def test_a_page_with_too_few_words_has_no_article(n_words: int, is_read: bool) -> None:
    page = f"<html><body><article><h1>Talks resume</h1><p>{'word ' * (n_words - 1)}end.</p></article></body></html>"
    if is_read:
        assert nk.read_article(page, language="en").text.endswith("end.")
    else:
        with pytest.raises(ArticleError, match=r"no article text found in the page \(19 words\)"):
            nk.read_article(page)


@pytest.mark.parametrize(("n", "is_read"), [(20, True), (21, False)])
def test_a_few_control_characters_are_no_reason_to_refuse_a_text(n: int, is_read: bool, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x01" * n + b"word " * 196 + b"x" * (20 - n))
    if is_read:
        assert nk.read_article(tmp_path / "a.txt", language="en").text.startswith("\x01")
    else:
        with pytest.raises(ArticleError, match="control characters"):
            nk.read_article(tmp_path / "a.txt")


def test_text_in_an_html_file_and_html_in_a_text_file(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(f"<!-- saved -->\n{PAGE}")
    assert nk.read_article(tmp_path / "page.txt").title == "Ministers agree to talk"
    (tmp_path / "angle.txt").write_text(f"<b>Talks</b> resume\n{BODY}")
    assert nk.read_article(tmp_path / "angle.txt").text == f"<b>Talks</b> resume\n{BODY}"


@pytest.mark.parametrize("between", ["<br>", "<br><br>", "</p><p>"])
def test_headings_without_tags_are_told_as_in_plain_text(between: str, tmp_path: Path) -> None:
    said = [BODY.replace("Monday", day) for day in ("Monday", "Tuesday", "Friday", "Sunday")]
    lines = [*said[:2], "Talks to Go On", *said[2:]]
    page = tmp_path / "page.html"
    body = f"<h1>Ministers agree</h1><p>{between.join(lines)}</p>"
    page.write_text(f"<html><body><article>{body}</article></body></html>")
    article = nk.read_article(page)
    assert [block.part for block in article.blocks] == ["headline", "body", "body", "heading", "body", "body"]
    assert [block.section for block in article.blocks][-2:] == ["Talks to Go On"] * 2
    tagged = page.with_name("tagged.html")
    tagged.write_text(page.read_text().replace("Talks to Go On", "Talks to Go On<h2>Geneva</h2>"))
    parts = [block.part for block in nk.read_article(tagged).blocks]
    assert parts.count("heading") <= 1, "where tags tell headings, lines do not"
