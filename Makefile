# Each target is one line; the same from CI and from a keyboard. See README.md.
SHELL := /bin/bash
OUT ?= target/demo
# Tests wrap their keys cheaply, and their simulated devices share one; a test of its own holds the production parameters.
# One that fails hides no other: a run that goes on takes no longer than one that passes, and ends where twenty show that
# what all of them stand on is broken. Three for each processor: many wait for a device or a line.
CARGO_TEST := REKAM_CHEAP_KEYS=1 REKAM_SIM_KEYS=$(CURDIR)/target/sim-keys cargo nextest run --workspace --locked --max-fail 20 -j $$(( 3 * $$(nproc) )) -E 'not binary(e2e)'

.PHONY: setup ui run pusat demo station test check unit e2e bench load drain vm-test types wilayah

setup:
	@scripts/setup
ui: setup
	@scripts/ui
run: ui
	@scripts/run latihan
station: ui
	@scripts/run stasiun
pusat: setup
	@scripts/pusat
demo: setup
	@cargo run --locked --quiet -p rekamctl -- demo --centre --out $(OUT)
check: ui
	@scripts/check
unit: ui
	@$(CARGO_TEST)
e2e: ui
	@scripts/e2e
# Each of our crates is judged by clippy and rustdoc as it is built, so that nothing is built twice.
test: export RUSTC_WORKSPACE_WRAPPER := $(CURDIR)/scripts/judged
test: check unit e2e
	@echo "make test: semua pemeriksaan lulus"
bench: ui
	@scripts/bench
load: setup
	@scripts/load --seconds $(or $(SECONDS),60)
drain: setup
	@REKAM_BACKLOG=$(or $(PACKETS),1000) cargo nextest run --workspace --locked --no-capture -E 'test(a_backlog_arrives_once)'
vm-test: setup
	@tests/vm/run
types:
	@REKAM_WRITE_TYPES=1 cargo test --locked -p station --test types --quiet
wilayah:
	@node scripts/build-wilayah.mjs
