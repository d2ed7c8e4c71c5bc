# The one list of commands. Each target sets up what it misses and is safe to run again.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
.ONESHELL:
MAKEFLAGS += --no-print-directory

# Caches live outside the clone, so that a fresh clone builds fast.
export REGAIN_CACHE ?= $(HOME)/.cache/regain
export REGAIN_TOOLS ?= $(REGAIN_CACHE)/tools
export CARGO_TARGET_DIR := $(REGAIN_CACHE)/target/native
TOOLS := . "$(REGAIN_TOOLS)/env.sh"

# Which browser bundle the tests use: `release` is what ships, `dev` is built faster.
PROFILE ?= release
# What a bundle of that kind is built with.
BUNDLE := build $(if $(filter release,$(PROFILE)),release)
# Passed on to the program, the test runner or Playwright: make run ARGS="--listen 127.0.0.1:3100"
ARGS ?=

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: ## build and run the demo on http://localhost:3000
	@scripts/bootstrap.sh build
	$(TOOLS)
	frontend/build.sh dev
	cargo build --quiet --package regain-server
	exec "$(CARGO_TARGET_DIR)/debug/regain" demo $(ARGS)

.PHONY: test
test: ## every test: unit, property, store on both databases, HTTP, browser
	@scripts/bootstrap.sh $(BUNDLE) test
	$(TOOLS)
	frontend/build.sh $(PROFILE)
	scripts/test.sh $(ARGS)
	scripts/end2end.sh
	scripts/clients.sh

.PHONY: e2e
e2e: ## the browser tests alone
	@scripts/bootstrap.sh $(BUNDLE) test
	$(TOOLS)
	frontend/build.sh $(PROFILE)
	scripts/end2end.sh $(ARGS)

.PHONY: screenshots
screenshots: ## a PNG of every page (light, dark, phone, right to left) into target/screenshots/
	@scripts/bootstrap.sh $(BUNDLE) test
	$(TOOLS)
	frontend/build.sh $(PROFILE)
	rm -rf target/screenshots
	scripts/end2end.sh --project=screenshots $(ARGS)

.PHONY: check
check: ## format, lints, licences, advisories, catalogues, edges, docs
	@scripts/bootstrap.sh build check
	$(TOOLS)
	scripts/check.sh

.PHONY: bench
bench: ## print a table of measurements, write target/bench/latest.json
	@scripts/bootstrap.sh build release test
	$(TOOLS)
	frontend/build.sh release
	mkdir -p target/bench
	scripts/with-postgres.sh cargo run --quiet --release --package regain-server --example bench -- $(ARGS)

.PHONY: release
release: ## a stripped binary with everything embedded, as tar.gz and .deb, into dist/release/
	@scripts/bootstrap.sh build release
	$(TOOLS)
	rm -rf dist/pkg
	frontend/build.sh release
	cargo build --release --locked --package regain-server --features embed
	packaging/build-release.sh "$(CARGO_TARGET_DIR)/release/regain"

.PHONY: clean
clean: ## forget what was built in this clone (the caches outside stay)
	rm -rf dist target end2end/test-results end2end/playwright-report
