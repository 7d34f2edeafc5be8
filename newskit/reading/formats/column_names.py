"""The names that tables of articles give their columns of texts, titles, outlets, dates and so on."""

from __future__ import annotations

import re
from typing import Final

COLUMN_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "article_id": (
        *("article_id", "articleid", "id", "doc_id", "docid", "document_id", "documentid", "stories_id", "story_id"),
        *("uuid", "uid", "guid", "_id", "accession_number", "an"),
    ),
    "text": (
        *("text", "full_text", "fulltext", "article_text", "text_full", "body", "body_text", "bodytext"),
        *("article_body", "articlebody", "content", "contents", "article_content", "maintext", "main_text"),
        *("story_text", "plain_text", "plaintext", "article", "story", "document", "doc", "texts"),
    ),
    "title": ("title", "headline", "head", "heading", "article_title", "story_title", "webtitle", "hd", "title_text"),
    "outlet": (
        *("outlet", "outlet_name", "source", "source_name", "media_name", "medium", "media", "media_outlet"),
        *("newspaper", "publication", "publication_title", "publication_name", "publisher", "site", "sitename"),
        *("pubtitle", "site_name", "domain", "source_domain", "news_outlet", "sn"),
    ),
    "published": (
        *("published", "date", "publish_date", "published_date", "publication_date", "date_publish", "published_at"),
        *("publishedat", "pub_date", "pubdate", "datetime", "date_published", "webpublicationdate", "article_date"),
        *("created_at", "timestamp", "time", "pd"),
    ),
    "author": ("author", "authors", "byline", "by", "creator", "journalist", "writer", "author_name"),
    "url": ("url", "link", "web_url", "article_url", "weburl", "permalink", "uri", "source_url", "document_url"),
    "language": ("language", "lang", "language_code", "la", "languages"),
}
MEDIA_CLOUD: Final = ({"media_name", "media_url", "publish_date"}, {"stories_id", "media_id", "publish_date"})


def is_text_name(name: str) -> bool:
    """Whether a column of that name holds texts."""
    return plain_name(name) in COLUMN_NAMES["text"]


def plain_name(name: str) -> str:
    """The name of a column in lower case, with _ for everything but letters and digits."""
    return re.sub(r"[^a-z0-9_]+", "_", name.strip().lower()).strip("_") or name
