# The Elegant Link. `make help` lists what can be made.
PYTHON ?= python3
BIN     = .venv/bin
READY   = .venv/.ready
SITE    = _build/site
# Small matrices gain nothing from a second thread, and two runs side by side lose by it.
export OMP_NUM_THREADS ?= 1

# Everything that the built book is made from. The cache of executed notebooks keys on the
# notebooks alone, so a change in what they import or read throws the old build away.
IMPORTED := $(shell find lib chapters/data -type f -not -path '*/__pycache__/*' -not -path '*.egg-info*') requirements.txt
SETS     := $(wildcard assignments/source/*/*.ipynb)
PAGES    := $(shell find chapters parts appendix _ext assets -type f -not -path '*/__pycache__/*') _config.yml _toc.yml intro.md genindex.md references.bib
EDITIONS := $(shell find locales -name '*.po') $(wildcard tools/editions.py locales/*/*.md)

.DEFAULT_GOAL := help
.PHONY: help book pdf tex-tools zh messages lite assignments test binder lab serve lint bench mutants audit lighthouse lock clean

help:  ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

$(READY): requirements.txt pyproject.toml
	@echo "Preparing .venv (once, a minute or two) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@$(BIN)/jupyter labextension disable --level=sys_prefix @jupyter/nbgrader >/dev/null 2>&1  # not for students
	@touch $@

book: $(SITE)/.complete  ## build the book into _build/site
	@echo "Open the book:  file://$(CURDIR)/$(SITE)/index.html   (or: make serve)"

_build/.imported: $(IMPORTED)
	@rm -rf _build/html _build/site _build/zh _build/.doctrees _build/.jupyter_cache
	@mkdir -p _build && touch $@

$(SITE)/.complete: $(READY) _build/.imported _build/assignments/.complete _build/lite/.complete _build/zh/.complete $(PAGES)
	$(BIN)/jupyter-book build . -W -n --keep-going
	@touch $@

zh: _build/zh/.complete  ## the Chinese pages of the book, which takes them in, into _build/zh/pages

_build/zh/.complete: $(READY) _build/.imported _build/assignments/.complete _build/lite/.complete $(PAGES) $(EDITIONS)
	PYTHONPATH=_ext $(BIN)/python tools/editions.py build
	@touch $@

messages: book  ## what is to translate, into the catalogues of locales (PAGE=chapters/… begins one)
	PYTHONPATH=_ext $(BIN)/python tools/editions.py messages $(PAGE)

pdf: tex-tools _build/pdf/.complete  ## print the book into _build/pdf (needs TeX: it says which packages)

tex-tools:
	@$(PYTHON) tools/tex.py check

# The executed notebooks are those of the pages: nothing is run twice.
_build/pdf/.complete: $(READY) _build/.imported _build/assignments/.complete $(PAGES)
	$(BIN)/jupyter-book build . --builder latex -W -n --keep-going
	@mkdir -p $(@D) && PYTHONPATH=_ext $(BIN)/python tools/pdf.py && touch $@

lite: _build/lite/.complete  ## JupyterLite for the book, which takes it in, into _build/lite/site

_build/lite-env/.ready: lite/requirements.txt | $(READY)
	@echo "Preparing JupyterLite (once, a minute) ..."
	@$(BIN)/python -m venv --clear $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@$(@D)/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
	  --platform any --constraint $< --dest $(@D)/wheels anywidget comm ipywidgets jupyterlab_widgets psygnal
	@touch $@

_build/lite/.complete: _build/lite-env/.ready _build/assignments/.complete lite/build.py pyproject.toml $(IMPORTED) $(wildcard chapters/*.ipynb)
	@_build/lite-env/bin/python lite/build.py
	@touch $@

assignments: _build/assignments/.complete  ## problem sets for students into _build/assignments

_build/assignments/.complete: $(READY) assignments/nbgrader_config.py assignments/source $(SETS)
	@rm -rf $(@D) && mkdir -p $(@D)/release
	@cd assignments && ../$(BIN)/nbgrader generate_assignment "*" --no-db --log-level=WARN \
	  --CourseDirectory.release_directory="$(CURDIR)/$(@D)/release"
	@mv $(@D)/release/*/*.ipynb $(@D) && rm -r $(@D)/release
	@touch $@

test: $(READY)  ## every test: lint, library, notebooks, problem sets, book, browser, lab, lite
	@$(BIN)/python tests/run.py

binder: _build/binder/.ready  ## the environment that Binder makes, in _build/binder/env

# Python 3.11, as binder/runtime.txt has it, where there is one; the pins are the same for any.
_build/binder/.pinned: binder/requirements.txt | $(READY)
	@echo "Preparing the environment that Binder makes (a minute) ..."
	@rm -rf $(@D) && mkdir -p $(@D)
	@python3.11 -m venv $(@D)/env 2>/dev/null || $(BIN)/python -m venv --clear $(@D)/env
	@$(@D)/env/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

_build/binder/.ready: _build/binder/.pinned binder/postBuild pyproject.toml $(IMPORTED)
	@rm -rf $(@D)/repository && mkdir $(@D)/repository
	@cp -R binder lib pyproject.toml README.md LICENSE $(@D)/repository
	@cd $(@D)/repository && rm -rf lib/*.egg-info && PATH="$(CURDIR)/$(@D)/env/bin:$$PATH" ./binder/postBuild
	@touch $@

lab: $(READY)  ## open the chapters in JupyterLab, where their sliders compute any value
	$(BIN)/jupyter-lab --ServerApp.ip=127.0.0.1 --ServerApp.root_dir=chapters

serve: book  ## read the book at http://127.0.0.1:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory $(SITE) 8000

lint: $(READY)  ## style and types of the code, and which modules may import which
	@$(BIN)/python tests/run.py lint

bench: $(READY)  ## speed, as ratios within one run, beside other libraries (ten minutes)
	@$(BIN)/python bench/run.py

mutants: $(READY)  ## break the library in small ways and see what its tests miss (an hour)
	@test -x _build/mutants-env/bin/cosmic-ray || { $(BIN)/python -m venv _build/mutants-env && \
	  _build/mutants-env/bin/pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0; }
	@$(BIN)/python bench/mutants.py

audit:  ## ask PyPI whether a hole is known in what is pinned
	@test -x _build/audit-env/bin/pip-audit || { $(PYTHON) -m venv _build/audit-env && \
	  _build/audit-env/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1; }
	@bad=0; for lock in requirements.txt binder/requirements.txt lite/requirements.txt; do \
	  echo "── $$lock"; _build/audit-env/bin/pip-audit --strict --no-deps --disable-pip \
	  --progress-spinner off -r $$lock || bad=1; done; exit $$bad

lighthouse: book  ## quality of every page, with npm and Chromium installed (forty minutes)
	$(BIN)/python tools/lighthouse.py

lock:  ## pin anew what the book, Binder and JupyterLite need, in each requirements.txt (needs uv)
	uv pip compile requirements.in --upgrade --universal --python-version 3.11 \
	  --no-annotate --no-emit-index-url --no-emit-find-links \
	  --custom-compile-command "make lock   (uv pip compile, from requirements.in)" -q -o requirements.txt
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
