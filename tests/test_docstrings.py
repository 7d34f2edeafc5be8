"""Public docstrings against what they describe: sections, parameters, columns."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import docstring_parser
import pytest

import newskit as nk
from newskit.schema import RESULTS, TABLES


def documented() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public functions, classes and methods, by name."""
    for name in sorted(dir(nk)):
        thing = getattr(nk, name)
        if inspect.ismodule(thing) or name.startswith("_"):
            continue
        yield name, thing
        if inspect.isclass(thing):
            for member, function in vars(thing).items():
                function = function.__func__ if isinstance(function, classmethod | staticmethod) else function
                if not member.startswith("_") and inspect.isfunction(function):
                    yield f"{name}.{member}", function


PUBLIC = dict(documented())


@pytest.mark.parametrize("name", PUBLIC)
def test_every_parameter_is_described_and_no_other(name: str) -> None:
    thing = PUBLIC[name]
    text = inspect.getdoc(thing) or ""
    told = docstring_parser.parse(text, style=docstring_parser.DocstringStyle.NUMPYDOC)
    params = [param for param in told.params if param.args[0] == "param"]
    names = [part.strip(" *") for param in params for part in param.arg_name.split(",")]
    wanted = [parameter for parameter in inspect.signature(thing).parameters if parameter not in ("self", "cls")]
    attributes = [param for param in told.params if param.args[0] == "attribute"]
    if not (inspect.isclass(thing) and attributes and not params):
        assert sorted(names) == sorted(wanted)


@pytest.mark.parametrize("name", [name for name, thing in PUBLIC.items() if not inspect.isclass(thing)])
def test_every_result_is_described(name: str) -> None:
    thing = PUBLIC[name]
    text = inspect.getdoc(thing) or ""
    summary = text.split("\n\n")[0]
    assert summary.endswith((".", ":", "?")), summary
    returned = inspect.signature(thing).return_annotation
    if returned not in (None, "None"):
        assert ("Yields\n" if "Iterator" in str(returned) else "Returns\n") in text
    assert "{columns}" not in text


def test_columns_of_results_belong_to_public_functions() -> None:
    assert not {*RESULTS} & {*TABLES}
    for name, columns in RESULTS.items():
        function, _, member = name.partition(".")
        public = getattr(nk, function)
        text = inspect.getdoc(getattr(public, member) if member else public)
        for column in columns:
            assert f"- `{column.name}` ({column.dtype}): {column.meaning}" in str(text), (name, column.name)
