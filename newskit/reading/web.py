"""A page at a URL: bounded in time and size, by a checked certificate, and led nowhere that was not asked for."""

from __future__ import annotations

import base64
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import urllib.request
import zlib
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from newskit.errors import ArticleError

MAX_SECONDS: Final = 60.0
"""The longest that reading a page may take in all, however slowly it comes."""
MAX_PAGE: Final = 16_000_000
"""The largest page in bytes, unpacked."""
_REDIRECTS: Final = 10
_AGENT: Final = "Mozilla/5.0 (compatible; newskit)"
_SAVE: Final = "open it in a browser, save the page and read the file"
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Page:
    """What came from a URL."""

    data: bytes
    url: str
    """Where it came from in the end, without a password."""
    encoding: str | None
    """The character set that the server states."""


def without_password(url: str) -> str:
    """A URL as it may be kept and shown.

    >>> without_password("https://ann:secret@example.org/a?b=1")
    'https://example.org/a?b=1'
    """
    return re.sub(r"(?i)^(https?://)[^/?#]*@", r"\1", url)


def fetched(url: str, *, allow_private: bool = False) -> Page:
    """The page at a URL; `ArticleError`, with the way out, if there is none within the bounds.

    The address itself may be private, since it comes from the researcher; a redirect leads to another private address
    only with `allow_private`.
    """
    job = _Job(url, allow_private)
    threading.Thread(target=job.run, daemon=True).start()  # a server may send a byte now and then, in any phase
    if not job.done.wait(MAX_SECONDS):
        job.stop()
        raise job.late()
    if job.error is not None:
        raise job.error
    assert job.page is not None
    return job.page


@dataclass(slots=True)
class _Job:
    """One page on its way."""

    start: str
    allow_private: bool
    done: threading.Event = field(default_factory=threading.Event)
    page: Page | None = None
    error: Exception | None = None
    until: float = field(default_factory=lambda: time.monotonic() + MAX_SECONDS)
    connection: http.client.HTTPConnection | None = None
    now: str = ""

    @property
    def shown(self) -> str:
        """The address, and the one it led to, for messages."""
        start = without_password(self.start)
        return start if self.now in ("", start) else f"{start}, which led to {self.now},"

    def run(self) -> None:
        """Fetch the page, or keep the error."""
        try:
            self.page = self._follow()
        except ArticleError as error:
            self.error = error
        except ssl.SSLCertVerificationError as error:
            self.error = ArticleError(
                f"{self.shown} has a certificate that is not valid ({error.verify_message}): the page may not come "
                f"from there. Check the address; if you trust it, {_SAVE}"
            )
        except TimeoutError:
            self.error = self.late()
        except Exception as error:  # servers answer in many odd ways; none may end a run
            why = str(error) or type(error).__name__
            self.error = ArticleError(
                f"{self.shown} returned no page ({why}). Check the address and your connection; or {_SAVE}"
            )
        finally:
            self.done.set()

    def late(self) -> ArticleError:
        """The error of a page that takes too long."""
        return ArticleError(
            f"{self.shown} did not send the page within {MAX_SECONDS:.0f} seconds: try later, or {_SAVE}"
        )

    def stop(self) -> None:
        """Let go of the connection."""
        self.until = 0.0
        sock = getattr(self.connection, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def _follow(self) -> Page:
        url, first = self.start, urlsplit(self.start)
        for hop in range(_REDIRECTS + 1):
            parts = urlsplit(url)
            self.now = without_password(url)
            if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
                raise ArticleError(f"{self.shown} is no address of a page: it should begin with http:// or https://")
            is_first_place = (parts.hostname, _port(parts)) == (first.hostname, _port(first))
            free = hop == 0 or self.allow_private or is_first_place
            try:
                with self._response(parts, free=free, login=_login(first) if is_first_place else None) as response:
                    location = response.getheader("Location")
                    if response.status not in (301, 302, 303, 307, 308) or not location:
                        return self._page(response)
            finally:
                if self.connection is not None:
                    self.connection.close()
            url = urljoin(without_password(url), location)
        raise ArticleError(f"{self.shown} returned no page: it leads from one address to the next without end")

    def _response(self, parts: SplitResult, *, free: bool, login: str | None) -> http.client.HTTPResponse:
        host = str(parts.hostname).encode("idna").decode() if not str(parts.hostname).isascii() else str(parts.hostname)
        target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
            f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
        )
        connection, through = self._connected(parts, host, free=free)
        headers = {
            "User-Agent": _AGENT,
            "Accept": "text/html,*/*;q=0.8",
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        default = {"http": 80, "https": 443}[parts.scheme.lower()]
        named = f"[{host}]" if ":" in host else host
        headers["Host"] = named if _port(parts) == default else f"{named}:{_port(parts)}"
        if login:
            headers["Authorization"] = login
        whole = f"http://{headers['Host']}{target}"
        connection.request("GET", whole if through and parts.scheme.lower() == "http" else target, headers=headers)
        return connection.getresponse()

    def _connected(self, parts: SplitResult, host: str, *, free: bool) -> tuple[http.client.HTTPConnection, bool]:
        """A connection to a host, and whether it goes through a proxy."""
        scheme, port, timeout = parts.scheme.lower(), _port(parts), max(self.until - time.monotonic(), 0.1)
        proxy = None if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(scheme)
        address = self._checked_address(host, port, free=free, needed=proxy is None)
        through = urlsplit(proxy if "://" in proxy else f"http://{proxy}") if proxy else None
        place = (str(through.hostname), through.port or 80) if through else (address, port)
        connection = self.connection = http.client.HTTPConnection(host, port, timeout=timeout)
        connection.sock = raw = socket.create_connection(place, timeout)
        if through is not None and scheme == "https":
            _ask_for_tunnel(raw, host, port, _login(through))
        if scheme == "https":
            connection.sock = _context().wrap_socket(raw, server_hostname=host)
        return connection, through is not None

    def _checked_address(self, host: str, port: int, *, free: bool, needed: bool) -> str:
        """The address of a host; `ArticleError` for a private one that is not free to go to."""
        try:
            found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except OSError as error:
            if needed:
                raise ArticleError(
                    f"{self.shown} returned no page: there is no host {host!r} ({error.strerror or error}). Check the "
                    "address and your connection"
                ) from error
            return host  # the proxy knows it
        if not free and not all(map(_is_public, found)):
            raise ArticleError(
                f"{self.shown} leads to a private address, which a page from elsewhere should not: if that is right, "
                "read that address itself, or pass allow_private=True to read_article"
            )
        return sorted(found, key=lambda address: ":" in address)[0]

    def _page(self, response: http.client.HTTPResponse) -> Page:
        if response.status != 200:
            raise ArticleError(
                f"{self.shown} returned no page: the server answered {response.status} {response.reason}. Check the "
                f"address; if it needs a login, {_SAVE}"
            )
        packed = (response.getheader("Content-Encoding") or "identity").lower()
        unpack = zlib.decompressobj(wbits=47) if packed in ("gzip", "x-gzip", "deflate") else None
        if unpack is None and packed != "identity":
            raise ArticleError(f"{self.shown} came packed by {packed!r}, which was not asked for: {_SAVE}")
        data = bytearray()
        while chunk := response.read1(1 << 16):
            data += unpack.decompress(chunk, MAX_PAGE + 1) if unpack is not None else chunk
            if len(data) > MAX_PAGE:
                raise ArticleError(
                    f"{self.shown} has more than {MAX_PAGE // 1_000_000} MB, too many for an article: {_SAVE}"
                )
            if time.monotonic() > self.until:
                raise TimeoutError("it took too long")
        if response.length:  # the server promised more
            raise ArticleError(f"{self.shown} broke off in the middle of the page: try again, or {_SAVE}")
        return Page(bytes(data), self.now, response.headers.get_content_charset())


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme.lower() == "https" else 80)


def _login(parts: SplitResult) -> str | None:
    """The header for the name and password in a URL."""
    if parts.username is None:
        return None
    both = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Basic {base64.b64encode(both.encode()).decode()}"


def _context() -> ssl.SSLContext:
    import certifi

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())  # beside those of the system, which may be none
    return context


def _ask_for_tunnel(sock: socket.socket, host: str, port: int, login: str | None) -> None:
    """Have a proxy connect a socket to a host."""
    ask = f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n"
    ask += f"Proxy-Authorization: {login}\r\n\r\n" if login else "\r\n"
    sock.sendall(ask.encode("ascii"))
    answer = b""
    while not answer.endswith(b"\r\n\r\n") and len(answer) < 1 << 16 and (byte := sock.recv(1)):
        answer += byte
    if not re.match(rb"HTTP/1\.[01] 2\d\d\b", answer):
        raise OSError(f"the proxy refused: {answer[:80].decode('ascii', 'replace').strip()}")


def _is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet.

    >>> [_is_public(one) for one in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "169.254.169.254")]
    [True, False, False, False, False]
    """
    found: Any = ipaddress.ip_address(address.partition("%")[0])
    if found.version == 6 and found in _NAT64:
        found = ipaddress.ip_address(int(found) & 0xFFFFFFFF)
    found = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None) or found
    return bool(found.is_global and not found.is_multicast and not found.is_reserved)
