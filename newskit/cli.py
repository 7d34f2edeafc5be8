"""The command line: `newskit annotate`, `newskit import-report`, `newskit summary`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import newskit as nk
from newskit.resources.shown import shown
from newskit.resources.spreadsheets import safe_cells

if TYPE_CHECKING:
    import pandas as pd

SUMMARIES: Final = ("overview", "actors", "stances", "voices", "sources", "frames")
EXIT_STATUS: Final = "exit status: 0 success; 1 failure, with a message; 2 wrong options; 130 interrupted (Ctrl-C)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("newskit: interrupted; run the same command again to continue", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `newskit summary … | head`
        sys.stderr.close()
        return 0
    except (ValueError, OSError, RuntimeError, ImportError) as error:
        notes = " ".join(getattr(error, "__notes__", ()))
        print(shown(f"newskit: {error}" + (f" {notes}" if notes else "")), file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="newskit",
        description="Who is in the news, how each actor is portrayed and by whom, and how a debate is framed.",
        epilog=EXIT_STATUS,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, add_options, purpose in (
        ("annotate", _annotate_options, "annotate articles into a folder"),
        ("import-report", _import_report_options, "report what an import would read and what it would refuse"),
        ("summary", _summary_options, "print a table from an annotated corpus"),
    ):
        add_options(commands.add_parser(name, help=purpose, epilog=EXIT_STATUS))
    return parser


def _annotate_options(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Annotate the articles in SRC into the folder OUT: actors, quotations, tone, frames. If interrupted at any "
        "point, the same command continues where it stopped. Read the result with `newskit summary OUT`, or in Python "
        "with newskit.open_corpus(OUT)."
    )
    _source_argument(parser)
    parser.add_argument(
        "out", metavar="OUT", help="a folder, new or from an earlier run of this command; or a URL such as s3://…"
    )
    _column_option(parser)
    parser.add_argument("--catalog", help="catalogue of actors: a name or a TOML file (default: world)")
    parser.add_argument(
        "--codebook", action="append", metavar="NAME", help="codebook of frames: a name or a TOML file; repeatable"
    )
    parser.add_argument(
        "--frames",
        choices=["lexicon", "definition", "embedding"],
        help="how to code the codebooks: by their terms (default), or by a model that reads their definitions",
    )
    parser.add_argument("--model", help="spaCy model to use instead of the small English one")
    parser.add_argument(
        "--quotes",
        choices=["model", "rules", "polnear"],
        help="how to find quotations; rules are faster but find fewer",
    )
    parser.add_argument(
        "--tone", choices=["fast", "accurate"], help="model of tone; accurate needs the package newskit-accurate"
    )
    parser.add_argument("--directed", action="store_true", help="also read who blames or endorses whom; slower")
    parser.add_argument(
        "--processes", type=int, metavar="N", help="number of processes; -1 for one per core (default: 1)"
    )
    parser.add_argument("--dask", metavar="ADDRESS", help="scheduler of a Dask cluster, such as tcp://host:8786")
    parser.add_argument("--shard-size", type=int, metavar="N", help="articles per shard (default: 200)")
    parser.add_argument("--overwrite", action="store_true", help="replace a corpus that was made with other options")
    parser.add_argument("--quiet", action="store_true", help="show no progress bar")
    parser.set_defaults(run=_annotate)


def _import_report_options(parser: argparse.ArgumentParser) -> None:
    parser.description = "Read the articles in a file, folder or glob, and report what was found in each file."
    _source_argument(parser)
    _column_option(parser)
    parser.set_defaults(run=_import_report)


def _source_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SRC", help="a file, a folder (searched recursively) or a quoted glob")


def _column_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=_field_and_name,
        metavar="FIELD=NAME",
        help="which column of a table is the text, title, outlet …, where newskit guesses wrong; repeatable",
    )


def _field_and_name(given: str) -> tuple[str, str | None]:
    """Parse a field and the column that holds it; "title=" leaves the field out."""
    field, is_given, name = given.partition("=")
    if not is_given:
        raise argparse.ArgumentTypeError(f"{given}: expected FIELD=NAME, such as text=maintext")
    return field.strip(), name.strip() or None


def _summary_options(parser: argparse.ArgumentParser) -> None:
    parser.description = "Print a table from the corpus in the folder CORPUS, with 95 % intervals."
    parser.add_argument("corpus", metavar="CORPUS", help="a folder written by newskit annotate")
    parser.add_argument(
        "--what",
        choices=SUMMARIES,
        default="overview",
        help="overview (default), actors (who is in the news), stances (how they are portrayed), voices (by whom), "
        "sources (who is quoted) or frames",
    )
    parser.add_argument("--by", action="append", default=[], help="group by: outlet, month, voice …; repeatable")
    parser.add_argument("--codebook", help="codebook for --what frames, if the corpus was coded with several")
    parser.add_argument("--min-n", type=int, default=1, help="leave out stances with fewer observations")
    parser.add_argument("--top", type=int, default=20, help="number of rows to print (default: 20; 0 for all)")
    parser.add_argument(
        "--csv",
        action="store_true",
        help="print CSV with all columns and all rows; texts like formulas get an apostrophe",
    )
    parser.set_defaults(run=_summary)


def _annotate(options: argparse.Namespace) -> None:
    if options.dask:
        try:
            from distributed import Client
        except ImportError:
            raise ValueError('--dask needs the package distributed: pip install "newskit[dask]"') from None
        client = Client(options.dask)  # type: ignore[no-untyped-call]
    corpus = nk.annotate(
        options.source,
        out=options.out,
        model=options.model,
        catalog=options.catalog,
        codebooks=options.codebook,
        quotes=options.quotes,
        tone=options.tone,
        directed=options.directed or None,
        frames=options.frames,
        columns=dict(options.column) or None,
        engine="dask" if options.dask else None,
        n_jobs=None if options.dask else options.processes,
        shard_size=options.shard_size,
        overwrite=options.overwrite,
        progress=not options.quiet,
    )
    if options.dask:
        client.close()  # type: ignore[no-untyped-call]
    print(shown(_overview(corpus)))


def _import_report(options: argparse.Namespace) -> None:
    print(nk.import_report(options.source, columns=dict(options.column) or None))


def _summary(options: argparse.Namespace) -> None:
    corpus = nk.open_corpus(options.corpus)
    if options.what == "overview":
        print(shown(_overview(corpus)))
        return
    if options.what == "actors":
        table = nk.actor_frequency(corpus, by=options.by)
        listed = [*options.by, "actor", "type", "n_mentions", "n_articles", "share", "low", "high"]
    elif options.what == "frames":
        table = nk.frame_summary(corpus, codebook=options.codebook, by=options.by)
        listed = ["frame_label", *options.by, "n_sentences", "n_articles", "share", "low", "high"]
    elif options.what == "sources":
        table = nk.source_summary(corpus, by=options.by)
        listed = [*options.by, "speaker", "sourcing", "n_quotes", "n_words", "n_articles", "share", "low", "high"]
    else:
        by = options.by if options.what == "stances" else ["voice", *options.by]
        table = nk.stance_summary(corpus, by=by, min_n=options.min_n)
        listed = [*by, "target", "n", "n_articles", "mean", "low", "high", "negative", "positive"]
    if options.csv:
        safe_cells(table).to_csv(sys.stdout, index=False)
    else:
        print(shown(_as_text(table[listed], options.top)))


def _overview(corpus: nk.Corpus) -> str:
    """Say what became of the articles, with the most frequent reasons, and who is mentioned most."""
    counts = corpus.manifest["articles"]
    lines = [
        f"{counts['in']:,} articles in = {counts['annotated']:,} annotated + {counts['skipped']:,} skipped "
        f"+ {counts['failed']:,} failed"
    ]
    bad = corpus.sql(
        """select status, regexp_replace(reason, '[''"].*', '…') as reason, count(*) as n from articles
        where status <> 'annotated' group by all order by n desc, status, reason limit 5"""
    )
    lines += [f"  {row.n:,} {row.status}: {row.reason}" for row in bad.itertuples()]
    lines += [f"{len(corpus.actors):,} actors; most mentioned:"]
    lines += [
        f"  {row.label} ({row.type}): {row.n_mentions:,} mentions in {row.n_articles:,} articles"
        for row in corpus.actors.head(10).itertuples()
    ]
    return "\n".join(lines)


def _as_text(table: pd.DataFrame, top: int) -> str:
    """Format the first rows of a table for a terminal."""
    rows = table.head(top) if top > 0 else table
    text = str(rows.to_string(index=False, float_format="{:.3f}".format, na_rep="–")) if len(rows) else "nothing found"
    return text + (f"\n… {len(table) - len(rows):,} more rows (--top 0 for all)" if len(rows) < len(table) else "")


if __name__ == "__main__":
    raise SystemExit(main())
