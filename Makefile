# Two commands for everybody: `make run` and `make test`. The rest is for developers.
PYTHON := .venv/bin/python
export PYTHONUNBUFFERED := 1

.PHONY: run serve test bench soak lint format setup setup-test clean help

help:
	@echo "make run     시스템을 시작합니다 (준비부터 모두)     PORT=8000"
	@echo "make test    모든 검사와 시험                        make lint: 검사만"
	@echo "make bench   성능 측정 (docs/performance.md에 기록)  make soak: 오래 걸리는 시험"

setup:
	@scripts/setup.sh run

setup-test:
	@scripts/setup.sh test

run: setup
	@$(PYTHON) manage.py migrate -v 0
	@$(PYTHON) manage.py seed_district --if-empty
	@scripts/collect_static.sh
	@exec $(PYTHON) -m config.run

# The web process of a production server, whose environment names everything (docs/running.md).
serve:
	@exec $(PYTHON) -m config.serve

test: setup-test
	@$(PYTHON) scripts/run_tests.py

lint: setup-test
	@$(PYTHON) scripts/run_tests.py --checks-only

soak: setup-test
	@$(PYTHON) -m pytest -m soak

bench: setup-test
	@$(PYTHON) bench/run.py $(BENCH)

format: setup-test
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

clean:
	rm -rf .venv node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
