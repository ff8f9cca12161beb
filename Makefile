# make demo: three tasks on a small site, done by the model that comes with Clickwright, in a real browser.
# make test: what every change is checked by, in some minutes. make slow: what takes longer, before a release and in
# continuous integration. All set everything up themselves, and are quick the second time.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
BROWSER := .venv/.browser
SEED ?=
TORCH_INDEX ?=

# The tests start hundreds of processes, each of which would compile anew what it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo bench-smoke test slow nightly reliability lint types layers tests setup clean

demo: setup
	@$(BIN)/clickwright demo $(if $(SEED),--seed $(SEED))

test: lint types layers tests

# Every figure of docs/reliability.md; with NIGHTLY=1 those that take a night.
reliability: setup
	@$(BIN)/python -m clickwright.reliability $(if $(NIGHTLY),--nightly)

# A little of every part of the benchmarks, in under five minutes: MiniWoB++, pointing, a comparison, the pages.
bench-smoke: setup
	@$(BIN)/python -m clickwright.benchmarks.smoke

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/pyright

layers: $(INSTALLED)
	$(BIN)/lint-imports

tests: setup
	$(BIN)/python -m pytest -q -n 2 --dist loadscope -m "not slow and not nightly"

# Whole runs from end to end: faults and kills, recordings that are replayed, training, every application.
# What takes longest comes first, so that nobody waits for it in the end.
slow: setup
	$(BIN)/python -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder -m "slow and not nightly"

# What repeats at length what the tests above show.
nightly: setup
	$(BIN)/python -m pytest -q -n 2 --dist loadscope -m nightly

setup: $(INSTALLED) $(BROWSER)

# On Linux the usual torch brings CUDA along. TORCH_INDEX may name an index with a smaller build, as PyTorch's for CPUs.
$(INSTALLED): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { rm -rf .venv; echo "Python 3.11 or newer with its venv module is needed; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 2; }
	@test -z "$(TORCH_INDEX)" || $(BIN)/pip install -qq -c constraints.txt --index-url "$(TORCH_INDEX)" torch
	$(BIN)/pip install -qq -c constraints.txt -e ".[test]"
	@touch $@

$(BROWSER): $(INSTALLED)
	@$(BIN)/clickwright setup
	@touch $@

clean:
	rm -rf .venv build dist *.egg-info
