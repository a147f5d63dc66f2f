PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help setup run test lint bench costs package deploy destroy rehearse lock clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## create the virtual environment and install what is pinned

$(STAMP): requirements.txt requirements-dev.txt
	@command -v $(PYTHON) >/dev/null || { echo "pennydesk needs Python 3.11 or newer; '$(PYTHON)' was not found. Install it, or name another: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "pennydesk needs Python 3.11 or newer; $$($(PYTHON) --version) is too old. Name another: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/python -m infra.page_scripts >/dev/null || true
	@touch $(STAMP)

run: setup ## start the whole desk on this machine: http://127.0.0.1:8000
	@$(BIN)/python -m infra.local $(ARGS)

test: setup lint ## every check and test
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: setup ## ruff, mypy strict and the layering
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup ## count AWS calls and units, measure imports and the package
	@$(BIN)/python -m bench

costs: setup ## count anew what a ticket takes, and write the documents' tables of costs
	@$(BIN)/python -m bench --pieces
	@$(BIN)/python -m infra.cost --documents

package: setup ## build/package: what deployment uploads
	$(BIN)/python -m infra.package

deploy: setup ## deploy or update a desk: STAGE=prod SUPPORT_ADDRESS=… [DOMAIN=… MAIL_IN=none SET="Name=value …"]
	@$(BIN)/python -m infra.deploy $(if $(STAGE),--stage "$(STAGE)") $(if $(DOMAIN),--domain "$(DOMAIN)") \
	  $(if $(SUPPORT_ADDRESS),--support-address "$(SUPPORT_ADDRESS)") $(if $(MAIL_IN),--mail-in "$(MAIL_IN)") \
	  $(if $(SET),--set $(SET))

destroy: setup ## take a desk away, its data stays: STAGE=prod [DATA=delete REALLY=pennydesk-prod]
	@test -n "$(STAGE)" || { echo "which desk? make destroy STAGE=prod" >&2; exit 1; }
	@$(BIN)/python -m infra.destroy --stage "$(STAGE)" $(if $(filter delete,$(DATA)),--delete-data) \
	  $(if $(REALLY),--really "$(REALLY)")

rehearse: setup ## deploy, use, update and destroy a whole desk on an emulator
	@$(BIN)/python -m infra.rehearsal

lock: setup ## pin the development requirements anew
	$(BIN)/python -m pip install --quiet --upgrade -r requirements-dev.in
	$(BIN)/python -m pip freeze --exclude-editable > requirements-dev.txt

clean: ## remove what was built, and the virtual environment
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
