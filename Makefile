# Muster's goals. `make` alone lists them.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help check test soak bench generate build demo fmt vet generated race plain e2e js browser web

# Parallel goals would fight for the processors that each of them uses in full.
.NOTPARALLEL:

help: ## List the goals.
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

check: fmt vet ## The quick inner loop: format, vet and unit tests; under a minute once built.
	go test -short -timeout 5m $$(scripts/packages quick)

test: fmt vet generated race plain e2e js browser web ## Everything that must hold before a change lands; .ci/run calls this.

soak: ## Long proofs, about an hour and a half: many more random cases, whole days, crashes, every fuzz test (SOAK=5m each instead of 1m).
	scripts/soak

bench: ## All benchmarks, about ten minutes; what docs/performance.md needs goes to tmp/bench.txt.
	scripts/bench

generate: ## Make anew what is made of something else.
	scripts/generate

build: ## Build bin/muster.
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-X main.version=$$(scripts/version)" -o bin/muster ./cmd/muster

demo: ## Run the demo; ARGS="--agents 50" hands it flags.
	go run ./cmd/muster demo $(ARGS)

fmt: ## Part of test: every Go file is as gofmt writes it.
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "run gofmt -w on:"; echo "$$unformatted"; exit 1; }

vet: ## Part of test: what go vet finds.
	go vet ./...

generated: ## Part of test: generated files are what they are generated from.
	scripts/generated

race: ## Part of test: the packages that can be race-tested.
	go test -race -shuffle=on -timeout 10m $$(scripts/packages race)

plain: ## Part of test: the packages that reach SQLite, and those that the race detector need not watch.
	go test -shuffle=on -timeout 10m $$(scripts/packages plain)

e2e: ## Part of test: the binary, from outside; its tests wait most of the time, for leases and restarts.
	go test -shuffle=on -parallel 6 -timeout 10m ./e2e

js: ## Part of test: the browser SDK's types, scenarios, npm package and size. Node 20.19 or later.
	scripts/js
	scripts/js-package

browser: ## Part of test: the browser SDK in Chromium, against the binary; needs what js has installed.
	scripts/browser

web: ## Part of test: the console's pages, their bundle and size. Node 20.19 or later.
	scripts/web
