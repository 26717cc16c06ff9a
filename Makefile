# make demo: the graph built, checked, asked and exported.   make test: every check.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
QUERY := $(BIN)/gsefgraph query
YASQE := gsefgraph/web/static/yasqe

.PHONY: demo serve assets test test-long coverage fuzz bench bench-validation bench-web docs lock lint clean

demo: $(VENV)/runtime
	$(BIN)/gsefgraph info
	$(BIN)/gsefgraph validate -q
	$(QUERY) events-between -p from=2018 -p to=2019-12-31 --lang fr
	$(QUERY) speakers --lang fr --limit 8
	$(QUERY) goals-covered --lang fr
	mkdir -p build
	$(BIN)/gsefgraph export -f turtle -o build/gsefgraph.ttl
	$(BIN)/gsefgraph export -f jsonld -o build/gsefgraph.jsonld

# The graph in a browser, at http://127.0.0.1:8000/.
serve: $(VENV)/runtime
	$(BIN)/gsefgraph serve --open

# The larger editor of the SPARQL page, and what the tests judge pages with: from npm, by version and
# hash, no script of a package run. Without it the page has the plain editor.
assets:
	rm -rf build/assets && mkdir -p build/assets build/axe $(YASQE)
	cp gsefgraph/web/assets/package.json gsefgraph/web/assets/package-lock.json build/assets/
	cd build/assets && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	cp build/assets/node_modules/@triply/yasqe/build/yasqe.min.js $(YASQE)/
	cp build/assets/node_modules/@triply/yasqe/build/yasqe.min.css $(YASQE)/
	cat build/assets/node_modules/@triply/yasqe/LICENSE.txt \
	  build/assets/node_modules/codemirror/LICENSE > $(YASQE)/LICENSE.txt
	cp build/assets/node_modules/axe-core/axe.min.js build/axe/
	rm -rf build/assets

test: $(VENV)/dev
	sh .ci/servers
	@sh .ci/assets
	$(MAKE) --no-print-directory lint
	$(BIN)/python -m pytest -q -n auto --dist worksteal

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/gsefgraph fmt --check

# The laws once more, with many more cases; then every reader of what people type, with what atheris
# finds by the lines that run: GSEFGRAPH_FUZZ_SECONDS=3600 looks for an hour, not for five minutes.
fuzz: $(VENV)/dev
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -q tests -m hypothesis -n auto --dist worksteal
	$(BIN)/python -m tests.fuzz_readers

# The tests once more, in twice the time: which lines and branches none of them runs.
coverage: $(VENV)/dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n auto --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-long: fuzz $(VENV)/dev
	GSEFGRAPH_ROUNDS=1000 $(BIN)/python -m pytest -q tests/test_faults.py -n auto
	GSEFGRAPH_ROUNDS=1000 $(BIN)/python -m pytest -q tests/test_web_hostile.py tests/test_web_api.py
	GSEFGRAPH_SECONDS=3600 $(BIN)/python -m pytest -q -s tests/test_web_load.py
	$(BIN)/python -m pytest -q tests -m long

bench: $(VENV)/dev
	$(BIN)/python -m bench

# Ours beside pySHACL and pyrudof, and records beside a large graph, up to ten million triples;
# FLAGS="--pyshacl 1M" lets pySHACL try a million too.
bench-validation: $(VENV)/bench
	$(BIN)/python -m bench validation $(FLAGS)
	$(BIN)/python -m bench records

# Our server beside oxigraph serve and rdflib-endpoint; FLAGS="--size 1M" has more of a graph.
bench-web: $(VENV)/bench
	sh .ci/servers bench
	$(BIN)/python -m bench web $(FLAGS)

docs: $(VENV)/dev
	$(BIN)/python -m gsefgraph.docs.ready
	$(BIN)/python -m gsefgraph.docs.ontology
	$(BIN)/python -m gsefgraph.docs.catalogue
	$(BIN)/python -m gsefgraph.docs.commands
	$(BIN)/python -m gsefgraph.docs.dataset
	$(BIN)/python -m gsefgraph.docs.journeys
	$(BIN)/python -m gsefgraph.docs.guides

# Pins every dependency by version and hash; needs uv on the path.
lock:
	uv pip compile pyproject.toml --extra web --group build --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -o requirements.lock
	uv pip compile pyproject.toml --extra web --group dev --universal --python-version 3.11 \
	  -c requirements.lock --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" -o requirements-dev.lock
	uv pip compile pyproject.toml --extra web --group bench --universal --python-version 3.11 \
	  -c requirements-dev.lock --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" -o requirements-bench.lock

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/bench: requirements-bench.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements-bench.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf build dist $(VENV) .coverage*
