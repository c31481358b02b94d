SHELL := /bin/bash
.DEFAULT_GOAL := help

# The same flags everywhere, so that one build serves build, demo and tests.
STRICT := -Xswiftc -warnings-as-errors
PYTHON := .venv/bin/python

.PHONY: help
help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: packages
packages:
	@tools/install-packages

# The AWS stand-in's Python, from pinned packages only.
.venv/ready: emulator/requirements.txt | packages
	@python3 -m venv .venv
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check -r emulator/requirements.txt
	@touch $@

.PHONY: build
build: packages ## the release binary, .build/release/meshdr
	swift build -c release --product meshdr --static-swift-stdlib $(STRICT)

.PHONY: demo
demo: build .venv/ready ## lose a region and get it back, on the NimbusCart mesh
	@tools/demo

.PHONY: check
check: packages .venv/ready ## format, lint, layers, warnings as errors
	@tools/check-arrows
	@swift format lint --strict --parallel --recursive Sources Tests benchmarks Package.swift
	@$(PYTHON) -m ruff check --quiet emulator
	@$(PYTHON) -m ruff check --quiet --config emulator/ruff.toml benchmarks
	@swift build --build-tests $(STRICT)

# Tests from end to end wait for other programs on the threads that all tests share, and some others take
# them for minutes: beside both, those that time a transport or a clock would stand still. So each of the
# three has a run of its own.
.PHONY: test
test: check ## check, and all tests
	$(PYTHON) -m pytest -q emulator/tests
	swift test $(STRICT) --filter AWSAccessTests
	swift test $(STRICT) --skip 'EndToEndTests|AWSAccessTests'
	swift test $(STRICT) --filter EndToEndTests

.PHONY: bench
bench: packages .venv/ready ## the benchmarks; writes benchmarks/RESULTS.md
	@benchmarks/run

.PHONY: sanitize
sanitize: packages ## the transport's tests under the thread sanitizer
	swift test --sanitize thread --scratch-path .build/tsan --filter AWSAccessTests

.PHONY: clean
clean: ## remove what was built
	rm -rf .build .venv .venv-bench demo-output
