# Everything here works on a machine that has only Python 3.11 to 3.14 with venv, make and git.
#
#   make demo [ARGS=--once]   open the app on a demo desk
#   make test [ARGS=...]      run the tests (ARGS goes to pytest)
#   make campaigns            the tests that kill, attack and fill whole desks, which take longer
#   make check                formatting, lint, import contracts, types, all of these tests
#   make bench | make soak    what is timed | the tests that take minutes

PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
PY := .venv/bin/python
READY := .venv/.ready
WORKERS := 2

.PHONY: demo test campaigns lint spelling contracts types check format words bench soak lock clean

demo: $(READY)
	@.venv/bin/deskterm demo $(ARGS)

test: $(READY)
	$(PY) -m pytest -n $(WORKERS) -m "not soak and not campaign" $(ARGS)

campaigns: $(READY)
	$(PY) -m pytest -n $(WORKERS) -m "campaign and not soak" $(ARGS)

soak: $(READY)
	$(PY) -m pytest -m soak --timeout=0 --hypothesis-profile=soak $(ARGS)

lint: spelling contracts types

spelling: $(READY)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .

contracts: $(READY)
	.venv/bin/lint-imports --no-logo

types: $(READY)
	$(PY) -m mypy

check: lint test campaigns

format: $(READY)
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

# After a text for people was changed: extract, update and compile the translations.
words: $(READY)
	$(PY) -m deskterm.locales.catalogue

bench: $(READY)
	$(PY) -m benchmarks $(ARGS)

# For maintainers: ARGS=--upgrade takes new versions, ARGS="-P rich" only one.
lock: $(READY)
	$(PY) -m pip install -q uv
	$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --extra dev \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		$(ARGS) pyproject.toml -o requirements.lock

clean:
	rm -rf .venv dist .coverage htmlcov snapshot_report.html .hypothesis
	find . -path ./.git -prune -o \( -name __pycache__ -o -name '.*_cache' \) -prune -exec rm -rf {} +

# The environment: made once, and again when the lock or the project file changes. A half-made or outdated one is
# started over; one that works is kept.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))

$(READY): requirements.lock pyproject.toml
	@if ! { $(PY) -c "$(FITS)" && $(PY) -m pip --version; } >/dev/null 2>&1; then \
		found=; python=; \
		for each in $(PYTHONS); do \
			version=$$($$each -c 'import platform; print(platform.python_version())' 2>/dev/null) || continue; \
			found="$$found $$each is $$version,"; \
			if $$each -c "$(FITS)"; then python=$$each; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "deskterm needs Python 3.11 to 3.14, but there is no python3 here: install one and run make again." >&2; exit 1; \
		elif [ -z "$$python" ]; then \
			echo "deskterm needs Python 3.11 to 3.14, but has here only$${found%,}: install one that fits and run make again." >&2; exit 1; \
		elif ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
			echo "deskterm needs Python's venv module, which $$python lacks: install it (on Debian and Ubuntu the package python3-venv) and run make again." >&2; exit 1; \
		fi; \
		echo "Creating .venv with $$python $$version ..." >&2; \
		$$python -m venv --clear .venv; \
	fi
	@echo "Installing what deskterm needs (about a minute, once) ..." >&2
	@{ $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock \
		&& $(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .; } \
		|| { echo "deskterm could not install its packages into .venv (pip says why above): see that pip reaches its package index and run make again." >&2; exit 1; }
	@touch $@
