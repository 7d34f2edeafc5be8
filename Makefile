# make notebooks   execute the notebooks; HTML and figures go to build/
# make test        lint, types, contracts of imports, tests and notebooks
# make check       (for developers) lint, types, contracts, and the tests of the rooms that you changed
# make lab         JupyterLab with newskit
# make clean       remove everything that make has made
# make wheel       (for maintainers) build the wheels and try newskit's in an empty environment: build/dist
# make newest      (for maintainers) install without the lock, in the newest versions, and read a file of each kind
# make lock        (for maintainers) resolve the dependencies of pyproject.toml anew

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NOTEBOOKS := $(wildcard notebooks/*.ipynb)

export PYTHONUTF8 = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export JUPYTER_PLATFORM_DIRS = 1

.DEFAULT_GOAL := notebooks
.PHONY: notebooks test check lint types contracts unit executed lab clean lock newest wheel

$(READY): .ci/requirements.lock pyproject.toml models/newskit-accurate/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "newskit needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r .ci/requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e . -e models/newskit-accurate
	@touch $@

notebooks: $(READY)
	@mkdir -p build
	$(BIN)/jupyter nbconvert --log-level=ERROR --ExecutePreprocessor.extra_arguments=--log-level=ERROR \
		--execute --to html --output-dir build $(NOTEBOOKS)
	@echo "Done: open build/*.html in a browser; the figures are in build/figures/"

test: lint types contracts unit executed

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

unit: $(READY)
	MPLBACKEND=agg $(BIN)/pytest --numprocesses auto --dist loadfile

executed: $(READY)
	$(BIN)/pytest --nbmake --nbmake-timeout=600 notebooks

check: lint types contracts
	MPLBACKEND=agg $(BIN)/pytest -q --numprocesses auto --dist loadfile $$(.ci/changed)

lab: $(READY)
	$(BIN)/jupyter lab notebooks

clean:
	rm -rf $(VENV) build newskit.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

wheel: $(READY)
	rm -rf build/dist
	$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir build/dist . ./models/newskit-accurate
	.ci/wheel $(PYTHON)

newest:
	.ci/newest $(PYTHON)

lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	build/lock/bin/uv pip compile pyproject.toml --extra notebooks --extra dask --extra dev --universal \
		--python-version 3.11 --generate-hashes --no-header --upgrade --output-file .ci/requirements.lock
