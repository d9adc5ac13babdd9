# make demo   play a whole diagnosis on this machine, without Slack
# make test   the tests
# make check  formatter, linter, types, import contracts and the tests
# make soak   full-size fault and load runs (up to 30 minutes)
# make bench  print how fast things are
# make lock   renew requirements.lock after a change of dependencies (UPGRADE=1: newest versions)
# make clean  remove what these commands made
#
# Each prepares .venv by itself. Needed beforehand: Python 3.11 or newer and make.

BIN := .venv/bin
# Much of the tests' time is waiting for real processes; a module's tests share one.
SIDE_BY_SIDE := -n 2 --dist loadfile
export PYTHON

.PHONY: demo test check soak bench lock clean ready
.DEFAULT_GOAL := check

ready:
	@scripts/prepare

demo: ready
	@$(BIN)/slipway demo

test: ready
	$(BIN)/pytest $(SIDE_BY_SIDE)

check: ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(SIDE_BY_SIDE)

soak: ready
	$(BIN)/pytest -m soak -s

bench: ready
	$(BIN)/pytest -m benchmark -s

lock:
	scripts/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra dev \
		$(if $(UPGRADE),--upgrade) -o requirements.lock pyproject.toml

clean:
	rm -rf .venv .uv build dist demo-output .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	rm -rf .import_linter_cache *.egg-info
	find bot handlers sandbox tests migrations -name __pycache__ -type d -prune -exec rm -rf {} +
