"""The command lines of the steps: what they have in common."""

import argparse
from pathlib import Path


def command(doc: str | None, *places: str) -> argparse.ArgumentParser:
    """A parser whose help is the docstring of a module, with a positional path for each of `places`."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    for place in places:
        parser.add_argument(place, type=Path)
    return parser


def training_command(
    doc: str | None, *places: str, seed: int = 1, epochs: int, rate: float, size: int
) -> argparse.ArgumentParser:
    """The same for a training, with its seed, epochs, learning rate and batch size."""
    parser = command(doc, *places)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--size", type=int, default=size, help="sentences or windows per batch")
    return parser
