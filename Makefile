# The Elegant Link. `make help` lists what can be made.
PYTHON ?= python3
BIN     = .venv/bin
TOOL    = PYTHONPATH=_ext $(BIN)/python tools
SITE    = _build/site
# Small matrices gain nothing from a second thread, and two runs side by side lose by it.
export OMP_NUM_THREADS ?= 1
# What does not wait for something else is made beside it.
CORES   := $(shell getconf _NPROCESSORS_ONLN)
MAKEFLAGS += --jobs=$(CORES)

# What the chapters import and read, and what the pages are made from.
IMPORTED := $(shell find lib chapters/data -type f -not -path '*/__pycache__/*' -not -path '*.egg-info*') requirements.txt
SETS     := $(shell find assignments/source -name '*.ipynb')
PAGES    := $(shell find chapters parts appendix _ext assets -type f -not -path '*/__pycache__/*') _config.yml _toc.yml intro.md genindex.md references.bib
EDITIONS := $(shell find locales -name '*.po') $(wildcard locales/*/*.md)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help book pdf tex-tools zh messages lite assignments variants test check binder lab serve course lint bench peers mutants ledger-mutants audit lighthouse lock clean

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

# Each group of packages is installed when something first needs it: pyproject.toml names them.
.venv/.book: requirements.txt pyproject.toml tools/install.py
	@echo "Preparing .venv (once, a minute with uv and a few without) ..."
	@$(PYTHON) tools/install.py .venv book
	@$(BIN)/jupyter labextension disable --level=sys_prefix @jupyter/nbgrader >/dev/null 2>&1  # not for students
	@touch $@

.venv/.%: .venv/.book
	@echo "Adding to .venv what is needed for: $* ..."
	@$(PYTHON) tools/install.py .venv $*
	@touch $@

book: $(SITE)/.complete  ## build the book into _build/site
	@echo "Open the book:  file://$(CURDIR)/$(SITE)/index.html   (or: make serve)"

# Of the notebooks those run whose code, or what it depends on, has changed.
_build/.executed: .venv/.book $(IMPORTED) $(filter %.ipynb %.md,$(PAGES)) _toc.yml appendix/printed.toml tools/execute.py
	@$(TOOL)/execute.py
	@mkdir -p _build && touch $@

_build/html/.complete: _build/.executed _build/assignments/.complete tools/pages.py $(PAGES)
	@$(TOOL)/pages.py
	@touch $@

zh: _build/zh/.complete  ## the Chinese pages of the book, which takes them in, into _build/zh/pages

# A word in a chapter that is not translated stands in none of the Chinese pages.
_build/.outlined: _build/.executed tools/outline.py $(PAGES) $(EDITIONS)
	@$(TOOL)/outline.py $(filter-out _build/% tools/%,$^) && touch $@
_build/.outline: _build/.outlined ;

_build/zh/.complete: _build/.outline _build/assignments/.complete tools/pages.py
	@$(TOOL)/pages.py zh_CN
	@touch $@

$(SITE)/.complete: _build/html/.complete _build/zh/.complete _build/lite/.complete tools/finish.py $(wildcard lectures/*.md)
	@$(TOOL)/finish.py
	@touch $@

messages: book .venv/.translate  ## what is to translate, into the catalogues of locales (PAGE=chapters/… begins one)
	$(TOOL)/editions.py $(PAGE)

pdf: _build/pdf/.complete  ## print the book into _build/pdf (needs TeX: it says which packages)

tex-tools:
	@$(PYTHON) tools/tex.py check

# The executed notebooks, and what Sphinx has read, are those of the pages.
_build/pdf/.complete: _build/html/.complete tools/pdf.py | tex-tools
	@$(TOOL)/pages.py latex
	@mkdir -p $(@D) && $(TOOL)/pdf.py && touch $@

lite: _build/lite/.complete  ## JupyterLite for the book, which takes it in, into _build/lite/site

_build/lite-env/.ready: lite/requirements.txt tools/install.py
	@echo "Preparing JupyterLite (once, half a minute) ..."
	@$(PYTHON) tools/install.py $(@D) $<
	@$(@D)/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
	  --platform any --constraint $< --dest $(@D)/wheels anywidget comm ipywidgets jupyterlab_widgets psygnal
	@touch $@

_build/lite/.complete: _build/lite-env/.ready _build/assignments/.complete lite/build.py pyproject.toml $(IMPORTED) $(wildcard chapters/*.ipynb)
	@_build/lite-env/bin/python lite/build.py
	@touch $@

ifneq ($(VARIANT)$(ROSTER),)
assignments: .venv/.book
	@$(BIN)/python assignments/course.py set-up "_build/assignments-$(or $(VARIANT),$(basename $(notdir $(ROSTER))))" "$(ROSTER)" --variant "$(or $(VARIANT),each)" --release
else
assignments: _build/assignments/.complete  ## problem sets for students into _build/assignments; VARIANT=name or ROSTER=class.csv: a course
endif

variants: .venv/.book .venv/.test  ## all tasks of all parts and fifty variants of each problem set, with right and wrong answers
	@VARIANTS=50 $(BIN)/python -m pytest -p no:cacheprovider -n $(CORES) tests/assignments/test_variants.py

_build/assignments/.complete: .venv/.book assignments/nbgrader_config.py $(SETS) tools/assignments.py
	@$(BIN)/python tools/assignments.py
	@touch $@

course: .venv/.book  ## a course with its students: make course NAME=~/course ROSTER=roster.csv; VARIANT=name or each: numbers of its own
	@$(BIN)/python assignments/course.py set-up "$(NAME)" "$(ROSTER)" --variant "$(VARIANT)"

test: .venv/.book .venv/.test  ## every test: lint, library, notebooks, problem sets, book, browser, engines, lab, lite
	@$(BIN)/python tests/run.py

check: .venv/.book .venv/.test  ## style, library and notebooks: what to run while writing
	@$(BIN)/python tests/run.py check

binder: _build/binder/.ready  ## the environment that Binder makes, in _build/binder/env

# Python 3.11, as binder/runtime.txt has it, where there is one; the pins are the same for any.
_build/binder/.pinned: binder/requirements.txt | .venv/.book
	@echo "Preparing the environment that Binder makes (once, a minute with uv) ..."
	@rm -rf $(@D) && mkdir -p $(@D)
	@python=$$(command -v python3.11 || echo $(BIN)/python) && $$python tools/install.py $(@D)/env $<
	@touch $@

_build/binder/.ready: _build/binder/.pinned binder/postBuild pyproject.toml $(IMPORTED)
	@rm -rf $(@D)/repository && mkdir $(@D)/repository
	@cp -R binder lib pyproject.toml README.md LICENSE $(@D)/repository
	@cd $(@D)/repository && rm -rf lib/*.egg-info && PATH="$(CURDIR)/$(@D)/env/bin:$$PATH" ./binder/postBuild
	@touch $@

lab: .venv/.book .venv/.lab  ## open the chapters in JupyterLab, where their sliders compute any value
	$(BIN)/jupyter-lab --ServerApp.ip=127.0.0.1 --ServerApp.root_dir=chapters

serve: book  ## read the book at http://127.0.0.1:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(SITE) 8000

lint: .venv/.book .venv/.test  ## style and types of the code, and which modules may import which
	@$(BIN)/python tests/run.py lint

bench: .venv/.compiled  ## speed, as ratios within one run, beside other libraries (ten minutes)
	@$(BIN)/python bench/run.py

peers: .venv/.book  ## run the rows of "Coming from another library" in torch, optax, BlackJAX and OpenMM (some minutes)
	@$(TOOL)/coming_from.py

mutants: .venv/.book .venv/.test  ## break the library in small ways and see what its tests miss (an hour)
	@test -x _build/mutants-env/bin/cosmic-ray || { $(BIN)/python -m venv _build/mutants-env && \
	  _build/mutants-env/bin/pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0; }
	@$(BIN)/python bench/mutants.py

ledger-mutants: .venv/.book  ## break each check of the ledger in small ways and see if it notices (half an hour)
	@$(TOOL)/ledger_mutants.py

audit:  ## ask PyPI whether a hole is known in what is pinned
	@test -x _build/audit-env/bin/pip-audit || { $(PYTHON) -m venv _build/audit-env && \
	  _build/audit-env/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1; }
	@bad=0; for lock in requirements.txt binder/requirements.txt lite/requirements.txt; do \
	  echo "── $$lock"; _build/audit-env/bin/pip-audit --strict --no-deps --disable-pip \
	  --progress-spinner off -r $$lock || bad=1; done; exit $$bad

lighthouse: book  ## quality of every page, with Chromium installed (forty minutes)
	$(BIN)/python tools/lighthouse.py

lock:  ## pin anew what the book, Binder and JupyterLite need, in each requirements.txt (needs uv)
	uv pip compile --group book --group lab --group translate --group cluster --group compiled --group binder --group test --group install \
	  --upgrade --universal --python-version 3.11 \
	  --no-annotate --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock   (uv pip compile, from pyproject.toml)" -q -o requirements.txt
	uv pip compile binder/requirements.in pyproject.toml --constraint requirements.txt \
	  --python-version 3.11 --python-platform linux \
	  --no-annotate --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock   (uv pip compile, from requirements.in and pyproject.toml)" \
	  -q -o binder/requirements.txt
	uv pip compile lite/requirements.in --constraint requirements.txt --universal --python-version 3.11 \
	  --no-annotate --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock   (uv pip compile, from requirements.in)" -q -o lite/requirements.txt

clean:  ## remove what was built (not .venv)
	rm -rf _build .pytest_cache .ruff_cache .hypothesis .coverage
