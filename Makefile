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
# Much of the tests' time is waiting for real processes; a module's tests share one. Real processes have real
# time-outs, which a crowded machine can reach: what fails in the crowd is run once more alone, and has to pass.
TESTS := $(BIN)/pytest -n 2 --dist loadfile || $(BIN)/pytest --last-failed --last-failed-no-failures none
export PYTHON

.PHONY: demo test check soak bench lock clean ready
.DEFAULT_GOAL := check

ready:
	@scripts/prepare

demo: ready
	@$(BIN)/slipway demo

test: ready
	$(TESTS)

check: ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(TESTS)

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
