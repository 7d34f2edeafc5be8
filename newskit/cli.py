"""The command line: `newskit annotate`, `newskit import-report`, `newskit summary`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

    from newskit.corpus.corpus import Corpus

_WHAT: Final = ("overview", "actors", "stances", "voices", "frames")
_EXIT: Final = """\
exit status: 0 done; 1 it could not be done, and a message says why; 2 wrong options; 130 interrupted (Ctrl-C)"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("newskit: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `newskit summary … | head`
        sys.stderr.close()
        return 0
    except (ValueError, OSError, RuntimeError) as error:
        notes = " ".join(getattr(error, "__notes__", ()))
        print(f"newskit: {error}" + (f" {notes}" if notes else ""), file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="newskit",
        description="Who is in the news, how each actor is portrayed and by whom, and how a debate is framed.",
        epilog=_EXIT,
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _annotate_options(commands.add_parser("annotate", help="annotate articles into a folder", epilog=_EXIT))
    report = commands.add_parser("import-report", help="say what an import would read, and what not", epilog=_EXIT)
    report.description = "Read the articles of a file, folder or glob, and report what was found, file by file."
    report.add_argument("source", metavar="SRC", help="a file, a folder (searched through) or a quoted glob")
    _column_option(report)
    report.set_defaults(run=_import_report)
    _summary_options(commands.add_parser("summary", help="print a table of an annotated corpus", epilog=_EXIT))
    return parser


def _annotate_options(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Annotate the articles of SRC into the folder OUT: actors, quotations, tone, frames. Ended at any moment, the "
        "same command goes on where it was. Read the result with `newskit summary OUT`, or in Python with "
        "newskit.open_corpus(OUT)."
    )
    parser.add_argument("source", metavar="SRC", help="a file, a folder (searched through) or a quoted glob")
    parser.add_argument("out", metavar="OUT", help="a folder, new or begun by this command; or a URL such as s3://…")
    _column_option(parser)
    parser.add_argument("--catalog", help="catalogue of actors: a name or a TOML file (default: world)")
    parser.add_argument(
        "--codebook", action="append", metavar="NAME", help="codebook of frames: a name or a TOML file; may be repeated"
    )
    parser.add_argument("--model", help="spaCy model to use instead of the small English one")
    parser.add_argument(
        "--quotes", choices=["model", "rules"], help="how quotations are found; rules are faster and find less"
    )
    parser.add_argument("--directed", action="store_true", help="read who blames or endorses whom too; takes longer")
    parser.add_argument(
        "--processes", type=int, metavar="N", help="how many processes; -1 for one each core (default: 1)"
    )
    parser.add_argument("--dask", metavar="ADDRESS", help="the scheduler of a Dask cluster, such as tcp://host:8786")
    parser.add_argument("--shard-size", type=int, metavar="N", help="articles a shard (default: 200)")
    parser.add_argument("--overwrite", action="store_true", help="annotate anew what was made otherwise")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.set_defaults(run=_annotate)


def _column_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=_field_and_name,
        metavar="FIELD=NAME",
        help="which column of a table is the text, title, outlet …, where the guess is wrong; may be repeated",
    )


def _field_and_name(given: str) -> tuple[str, str | None]:
    """A field and the column it is in; "title=" leaves a field out."""
    field, is_given, name = given.partition("=")
    if not is_given:
        raise argparse.ArgumentTypeError(f"{given}: give FIELD=NAME, such as text=maintext")
    return field.strip(), name.strip() or None


def _summary_options(parser: argparse.ArgumentParser) -> None:
    parser.description = "Print a table of the corpus in the folder CORPUS, with 95 % intervals."
    parser.add_argument("corpus", metavar="CORPUS", help="a folder written by newskit annotate")
    parser.add_argument(
        "--what",
        choices=_WHAT,
        default="overview",
        help="overview (default), actors (who is in the news), stances (how portrayed), voices (by whom), frames",
    )
    parser.add_argument("--by", action="append", default=[], help="group by: outlet, month, voice …; may be repeated")
    parser.add_argument("--codebook", help="the codebook of --what frames, if the corpus was coded with several")
    parser.add_argument("--min-n", type=int, default=1, help="leave out stances with fewer observations")
    parser.add_argument("--top", type=int, default=20, help="how many rows to print (default: 20; 0 for all)")
    parser.add_argument("--csv", action="store_true", help="print CSV, all columns and all rows")
    parser.set_defaults(run=_summary)


def _annotate(options: argparse.Namespace) -> None:
    import newskit as nk

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
        directed=options.directed or None,
        columns=dict(options.column) or None,
        engine="dask" if options.dask else None,
        n_jobs=None if options.dask else options.processes,
        shard_size=options.shard_size,
        overwrite=options.overwrite,
        progress=not options.quiet,
    )
    if options.dask:
        client.close()  # type: ignore[no-untyped-call]
    print(_overview(corpus))


def _import_report(options: argparse.Namespace) -> None:
    import newskit as nk

    print(nk.import_report(options.source, columns=dict(options.column) or None))


def _summary(options: argparse.Namespace) -> None:
    import newskit as nk

    corpus = nk.open_corpus(options.corpus)
    if options.what == "overview":
        print(_overview(corpus))
        return
    if options.what == "actors":
        table = nk.actor_frequency(corpus, by=options.by)
        shown = [*options.by, "actor", "type", "n_mentions", "n_articles", "share", "low", "high"]
    elif options.what == "frames":
        table = nk.frame_summary(corpus, codebook=options.codebook, by=options.by)
        shown = ["frame_label", *options.by, "n_sentences", "n_articles", "share", "low", "high"]
    else:
        by = options.by if options.what == "stances" else ["voice", *options.by]
        table = nk.stance_summary(corpus, by=by, min_n=options.min_n)
        shown = [*by, "target", "n", "n_articles", "mean", "low", "high", "negative", "positive"]
    if options.csv:
        table.to_csv(sys.stdout, index=False)
    else:
        print(_as_text(table[shown], options.top))


def _overview(corpus: Corpus) -> str:
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
    rows = table.head(top) if top > 0 else table
    text = str(rows.to_string(index=False, float_format="{:.3f}".format, na_rep="–")) if len(rows) else "nothing found"
    return text + (f"\n… {len(table) - len(rows):,} rows more (--top 0 for all)" if len(rows) < len(table) else "")


if __name__ == "__main__":
    raise SystemExit(main())
