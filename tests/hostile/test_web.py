"""Pages from servers that are slow, endless, broken, or lead elsewhere: an article or a clear refusal, in time."""

from __future__ import annotations

import base64
import gzip
import http.server
import pickle
import socket
import ssl
import threading
import time
from collections.abc import Iterator

import pytest

import newskit as nk
from newskit.errors import ArticleError
from newskit.reading import web
from newskit.reading.web import without_password

WORDS = "The ferry to Ålesund runs again, said harbour master Tuva Lie on Friday. " * 5
PAGE = f"<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1><p>{WORDS}</p></article></body></html>"


class Handler(http.server.BaseHTTPRequestHandler):
    seen: list[tuple[str, str | None]] = []  # noqa: RUF012 - the server makes one handler for each request
    other = ""

    def do_GET(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        what = self.path.strip("/").partition("?")[0]
        try:
            getattr(self, f"send_{what}", self.send_page)()
        except OSError:  # the reader went away
            return

    def begin(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send_page(self) -> None:
        self.begin()
        self.wfile.write(PAGE.encode())

    def send_packed(self) -> None:
        self.begin(Content_Encoding="gzip")
        self.wfile.write(gzip.compress(PAGE.encode()))

    def send_bomb(self) -> None:
        self.begin(Content_Encoding="gzip")
        self.wfile.write(gzip.compress(b" " * 3_000_000))

    def send_endless(self) -> None:
        self.begin()
        while True:
            self.wfile.write(b"<p>again</p>" * 9_000)

    def send_trickle(self) -> None:
        self.begin()
        for _ in range(200):
            self.wfile.write(b"<p>")
            time.sleep(0.05)

    def send_trickled_head(self) -> None:
        for _ in range(200):
            self.wfile.write(b"H")
            time.sleep(0.05)

    def send_cut(self) -> None:
        self.begin(Content_Length="90000")
        self.wfile.write(PAGE.encode())

    def send_home(self) -> None:
        self.begin(302, Location="/page?from=home")

    def send_circle(self) -> None:
        self.begin(301, Location="/circle")

    def send_away(self) -> None:
        self.begin(302, Location=f"{self.other}/page")

    def send_metadata(self) -> None:
        self.begin(307, Location="http://169.254.169.254/latest/")

    def send_file(self) -> None:
        self.begin(302, Location="file:///etc/passwd")

    def send_gone(self) -> None:
        self.begin(410)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[str, str]]:
    running = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2)]
    for one in running:
        one.daemon_threads = True
        threading.Thread(target=one.serve_forever, daemon=True).start()
    first, second = (f"http://127.0.0.1:{one.server_port}" for one in running)
    Handler.other = second
    yield first, second
    for one in running:
        one.shutdown()
        one.server_close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_SECONDS", 1.5)
    monkeypatch.setattr(web, "MAX_PAGE", 1_000_000)


@pytest.mark.parametrize("path", ["page", "packed", "naïve page/ü?q=ø&x=%20"])
def test_a_page_is_read(servers: tuple[str, str], path: str) -> None:
    article = nk.read_article(f"{servers[0]}/{path}")
    assert article.text.count("Ålesund") == 5


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("bomb", r"more than 1 MB.*save the page"),
        ("endless", r"more than 1 MB"),
        ("trickle", r"within 2 seconds: try later"),
        ("trickled_head", r"within 2 seconds"),
        ("cut", r"broke off in the middle"),
        ("circle", r"without end"),
        ("gone", r"answered 410 Gone.*login"),
        ("file", r"which led to file:///etc/passwd, is no address of a page"),
        ("away", r"which led to http://127\.0\.0\.1:\d+/page, leads to a private address.*allow_private=True"),
        ("metadata", r"private address"),
    ],
)
def test_what_is_refused(servers: tuple[str, str], path: str, message: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ArticleError, match=message):
        nk.read_article(f"{servers[0]}/{path}")
    assert time.monotonic() - begun < 30  # a trickle of 200 bytes would take ten seconds, and an endless page for ever


def test_where_a_page_came_from_is_told(servers: tuple[str, str]) -> None:
    first, second = servers
    article = nk.read_article(f"{first}/home")
    assert (article.article_id, article.url) == (f"{first}/home", f"{first}/page?from=home")
    assert nk.read_article(f"{first}/away", allow_private=True).url == f"{second}/page"


def test_a_password_goes_to_its_host_and_is_kept_nowhere(servers: tuple[str, str]) -> None:
    first, _ = servers
    Handler.seen.clear()
    address = f"{first.replace('//', '//ann:p%40ss@')}/away"
    article = nk.read_article(address, allow_private=True)
    login = "Basic " + base64.b64encode(b"ann:p@ss").decode()
    assert Handler.seen == [("/away", login), ("/page", None)]
    assert b"ss@" not in pickle.dumps(article)
    with pytest.raises(ArticleError) as error:
        nk.read_article(address.replace("away", "gone"))
    assert "ann" not in str(error.value)
    assert without_password("https://a:b@c@example.org/x@y") == "https://example.org/x@y"


@pytest.mark.parametrize(
    "address",
    [
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:1/",
        "http://xn--\u0378.invalid/",
        "https://a b/",
    ],
)
def test_addresses_that_lead_nowhere(address: str) -> None:
    with pytest.raises(ArticleError):
        nk.read_article(address)


def test_certificates_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        error = ssl.SSLCertVerificationError(1, "certificate verify failed")
        error.verify_message = "self-signed certificate"
        raise error

    assert web._context().verify_mode is ssl.CERT_REQUIRED
    assert web._context().check_hostname
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", refused)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(ArticleError, match=r"certificate that is not valid \(self-signed.*save the page"):
            nk.read_article(f"https://127.0.0.1:{port}/")
