# The Elegant Link. `make help` lists what can be made.
PYTHON ?= python3
BIN     = .venv/bin
READY   = .venv/.ready
HTML    = _build/html

# Everything that the built book is made from. The cache of executed notebooks keys on the
# notebooks alone, so a change in what they import or read throws the old build away.
IMPORTED := $(shell find lib chapters/data -type f -not -path '*/__pycache__/*' -not -path '*.egg-info*') requirements.txt
PAGES    := $(shell find chapters parts appendix _ext assets -type f -not -path '*/__pycache__/*') _config.yml _toc.yml intro.md references.bib

.DEFAULT_GOAL := help
.PHONY: help book test serve lint bench mutants lighthouse lock clean

help:  ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

$(READY): requirements.txt pyproject.toml
	@echo "Preparing .venv (once, a minute or two) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

book: $(HTML)/.complete  ## build the book into _build/html
	@echo "Open the book:  file://$(CURDIR)/$(HTML)/index.html   (or: make serve)"

_build/.imported: $(IMPORTED)
	@rm -rf _build/html _build/.doctrees _build/.jupyter_cache
	@mkdir -p _build && touch $@

$(HTML)/.complete: $(READY) _build/.imported $(PAGES)
	$(BIN)/jupyter-book build . -W -n --keep-going
	@touch $@

test: $(READY)  ## every test: lint, library, notebooks, book, browser, lab
	@$(BIN)/python tests/run.py

serve: book  ## read the book at http://127.0.0.1:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(HTML) 8000

lint: $(READY)  ## style of the code and of the notebooks
	@$(BIN)/python tests/run.py lint

bench: $(READY)  ## speed, as ratios within one run, beside other libraries (ten minutes)
	@$(BIN)/python bench/run.py

mutants: $(READY)  ## break the library in small ways and see what its tests miss (an hour)
	@test -x _build/mutants-env/bin/cosmic-ray || { $(BIN)/python -m venv _build/mutants-env && \
	  _build/mutants-env/bin/pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0; }
	@$(BIN)/python bench/mutants.py

lighthouse: book  ## page quality, with npm and Chromium installed
	$(BIN)/python tests/lighthouse.py

lock:  ## pin requirements.in anew into requirements.txt (needs uv)
	uv pip compile requirements.in --upgrade --universal --python-version 3.11 \
	  --no-annotate --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock   (uv pip compile, from requirements.in)" -q -o requirements.txt

clean:  ## remove what was built (not .venv)
	rm -rf _build .pytest_cache .ruff_cache .hypothesis .coverage
