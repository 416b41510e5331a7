# make            what there is to make
# make run        build the page and serve it on this machine
# make test       everything that a change has to pass

# The toolchain of go.mod, also where the go command is older. simd/archsimd is
# behind an experiment. What make builds has it, so that everything is compiled
# once; the stages named plain show that a build without it works as well.
export GOTOOLCHAIN := go1.27.4
export GOEXPERIMENT := simd
unexport GOOS GOARCH

PORT ?= 8080
STATICCHECK_VERSION := v0.8.2
staticcheck := .cache/staticcheck-$(STATICCHECK_VERSION)/staticcheck

# A stage says which kernels it is for: one that has fallen back to others fails.
vectors := TWEEDIE_KERNELS=simd
scalar := TWEEDIE_KERNELS=reference
plain := GOEXPERIMENT= $(scalar)
wasm := GOOS=js GOARCH=wasm
# Lint has vetted the same files.
go_test := go test -vet=off
in_node := $(go_test) -exec="$(CURDIR)/tools/wasmexec/run"

emulated := $(if $(filter aarch64 arm64,$(shell uname -m)),,-exec=qemu-aarch64-static)

# Packages with files for one processor or one kind of kernels, those that run
# kernels, those that vector instructions can break, those that run in Node, and
# those with files for WebAssembly.
tagged := ./sampler/kernels
kernel := $(tagged) ./sampler/layers ./sampler/unet ./sampler/classifier
vector := $(kernel) ./sampler ./wasm/protocol
portable := ./weights/... ./sampler/... ./wasm/protocol ./wasm/converter
wasm_only := ./wasm/post ./wasm/worker ./wasm/viewer ./wasm/plane ./wasm/converter ./wasm/lab ./wasm/bench
# Those that train, and the data.
learning := ./sampler/train ./sampler/plane ./sampler/lab/...
# The tests that drive browsers need the built page.
browser := tweedie/wasm/browser
# The trainer's needs PyTorch, and says so where it is missing.
trainer := tweedie/tools/train

.PHONY: help
help:
	@echo 'make run         build the page and serve it (PORT=$(PORT))'
	@echo 'make run MODEL=FOLDER  show a site of go run ./tools/pack site'
	@echo 'make build       build the page into web/dist'
	@echo 'make publish     the same for a public host: smaller files, more minutes'
	@echo 'make single      build web/dist/tweedie.html, one file that opens without a server'
	@echo 'make test        lint, then every test: native, plain, Node, trainer, browser'
	@echo 'make test-page   the tests of the page that need no browser: seconds'
	@echo 'make test-train  the data of faces, and the trainer where there is PyTorch'
	@echo 'make site-check  the built page as GitHub Pages serves it, in the browser'
	@echo 'make test-arm64  the golden bits on arm64, emulated where need be'
	@echo 'make fuzz        fuzzes every reader of files, each for FUZZTIME=$(FUZZTIME)'
	@echo 'make lint        formatting, vet, staticcheck and the types of the scripts'
	@echo 'make bench       the benchmarks, natively and in Node'
	@echo 'make bench-step  one step of the network natively, in Node and in Chromium'
	@echo 'make bench-pool  a grid on one worker and on two, beside two native copies'
	@echo 'make bench-guided a guided picture on one worker and on two'
	@echo 'make bench-start the first seconds of a visit'
	@echo 'make bench-visit what two visits show when, and every download in bytes'
	@echo 'make bench-plane frames a second of the stage of the lab'
	@echo 'make bench-pad   pictures a second that follow the pointer on the pad of a plane'
	@echo 'make bench-lab   how fast the lab learns and draws natively, in Node and in Chromium'
	@echo 'make lighthouse  the page in the eyes of Lighthouse'
	@echo 'make size        what a visitor downloads, against the budget'
	@echo 'make pictures    the pictures of README.md, taken from the page'
	@echo 'make thumbnails  the pictures of the menu of models, drawn by them'
	@echo 'make clean       remove what was built'

# With readable scripts, for debugging: make run READABLE=1
# MODEL=FOLDER shows a site that tools/pack site has built instead.
.PHONY: run
run: $(if $(MODEL),,build)
	go run ./tools/serve -dir "$(or $(MODEL),web/dist)" -addr 127.0.0.1:$(PORT) -open

.PHONY: build
build: tools
	go run ./tools/pack $(if $(READABLE),-readable) -o web/dist

# As build, with minutes spent on the smallest files, and for a known address:
# make publish ADDRESS=https://example.org/tweedie/
.PHONY: publish
publish: tools
	go run ./tools/pack -best $(if $(ADDRESS),-address $(ADDRESS)) -o web/dist

# For another model or recipe: go run ./tools/pack single -model NAME -recipe TEXT -o FILE
.PHONY: single
single: tools
	@mkdir -p web/dist
	go run ./tools/pack single -o web/dist/tweedie.html

.PHONY: size
size: build
	go run ./tools/pack size -o web/dist

# Quick failures come first.
.PHONY: test
test: lint test-page test-native test-plain test-node test-train test-browser

# The page's scripts that need no browser.
.PHONY: test-page
test-page: node
	node --test $$(find web -name '*.test.js' -not -path 'web/dist/*')

.PHONY: test-native
test-native: tools node
	$(vectors) $(go_test) $$(go list ./... | grep -v -e '^$(browser)' -e '^$(trainer)')

# Without vector instructions: the experiment is off, or the kernels of a build
# that has it are left out by a tag.
.PHONY: test-plain
test-plain: tools
	$(plain) $(go_test) $(vector)
	$(scalar) $(go_test) -tags=scalar $(kernel)

.PHONY: test-node
test-node: tools node
	$(wasm) $(vectors) $(in_node) $(portable)
	$(wasm) $(plain) $(in_node) $(vector)

.PHONY: test-train
test-train: tools node
	npm --prefix tools/train/faces ci --silent
	$(go_test) -v -count=1 $(trainer)

# Fuzzes every reader of bytes from outside, each for FUZZTIME; findings become files
# of its testdata.
FUZZTIME ?= 10m
readers := ./weights ./weights/json ./tools/convert/torch ./tools/convert/checkpoint \
  ./sampler/recipe ./sampler/schedule ./sampler/unet ./sampler/classifier \
  ./sampler/plane ./sampler/lab/keys ./tools/pngtext
.PHONY: fuzz
fuzz:
	for reader in $(readers); do \
	  for target in $$(go test -list '^Fuzz' $$reader | grep '^Fuzz'); do \
	    echo "$$reader $$target"; \
	    go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x \
	      $$reader || exit 1; \
	  done; \
	done

.PHONY: test-browser
test-browser: build chromium node engines
	npm --prefix tools/axe ci --silent
	npm --prefix tools/blog ci --silent
	go run ./tools/pack size -quick -o web/dist
	TWEEDIE_PAGE="$(CURDIR)/web/dist" CI=true $(go_test) -p=1 -timeout=60m -count=1 $(browser)/...

# The built page as a project of GitHub Pages: under a path, with that host's
# headers. The tests are those that a host can break.
.PHONY: site-check
site-check: build chromium
	TWEEDIE_PAGE="$(CURDIR)/web/dist" TWEEDIE_HOST=pages CI=true $(go_test) -count=1 $(browser) \
	  -run='^Test(UnderPath|Generates|Grid|Certifies|ProgramOfTheWrongType|Embeds|EmbedBuilder|SingleFile|SecondVisitOffline|Updates)$$'

# The same bits on a processor of another kind, emulated where need be. CI runs
# it; make test does not, since an emulator is much to ask of a contributor. Some
# thousands of evaluations of a network are too much for an emulator.
.PHONY: test-arm64
test-arm64: tools emulator
	CGO_ENABLED=0 GOARCH=arm64 $(vectors) $(go_test) $(emulated) -skip='EndInTheBytes|InTwo' ./sampler/kernels ./sampler/portable ./sampler/graph ./wasm/protocol
	CGO_ENABLED=0 GOARCH=arm64 $(vectors) $(go_test) $(emulated) -run=Golden $(learning)
	CGO_ENABLED=0 GOARCH=arm64 $(plain) $(go_test) $(emulated) -run=Golden -skip=InTwo ./wasm/protocol $(learning)

.PHONY: lint
lint: tools $(staticcheck) node
	@unformatted=$$(gofmt -l $$(git ls-files --cached --others --exclude-standard '*.go')); \
	  if [ -n "$$unformatted" ]; then echo "gofmt -w would change:" $$unformatted; exit 1; fi
	go run ./tools/columns .
	go vet ./...
	go vet -tags=scalar $(tagged)
	$(wasm) go vet $(tagged) $(wasm_only)
	$(wasm) go vet -tags=scalar $(tagged) $(wasm_only)
	$(staticcheck) ./...
	$(staticcheck) -tags=scalar $(tagged)
	$(wasm) $(staticcheck) $(tagged) $(wasm_only)
	npm --prefix tools/tsc ci --silent
	tools/tsc/node_modules/.bin/tsc --project tools/tsc/page.json
	tools/tsc/node_modules/.bin/tsc --project tools/tsc/worker.json

$(staticcheck):
	GOBIN="$(CURDIR)/$(@D)" go install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)

.PHONY: bench
bench: tools node
	$(go_test) -run='^$$' -bench=. ./sampler/... ./weights/...
	$(wasm) $(in_node) -run='^$$' -bench=. ./sampler/... ./weights/...

# One step of the network in every place; tools/bench has more to choose from.
.PHONY: bench-step
bench-step: build node chromium
	go run ./tools/bench

.PHONY: bench-pool bench-guided bench-start bench-visit bench-plane bench-lab bench-pad
bench-pool bench-guided bench-start bench-visit bench-plane bench-lab bench-pad: build node chromium
	go run ./tools/bench -in $(@:bench-%=%) -rounds 5

# Those of models that have none of their present weights yet.
.PHONY: thumbnails
thumbnails: tools
	go run ./tools/pack/thumbnails

.PHONY: pictures
pictures: build chromium
	go run ./tools/pictures

# It judges by the clock, so it is no part of make test.
.PHONY: lighthouse
lighthouse: build node chromium
	npm --prefix tools/lighthouse ci --silent
	go build -o .cache/serve ./tools/serve
	node tools/lighthouse/check.mjs .cache/serve

.PHONY: clean
clean:
	rm -rf web/dist .cache tools/tsc/node_modules tools/axe/node_modules tools/blog/node_modules tools/lighthouse/node_modules tools/train/faces/node_modules

.PHONY: tools node chromium engines emulator
tools:
	@tools/setup.sh go
node:
	@tools/setup.sh node npm
chromium:
	@tools/setup.sh chromium
# Firefox and WebKit are tested where they are or can be installed.
engines:
	@tools/setup.sh --try firefox-esr WebKitWebDriver Xvfb dbus-run-session
emulator:
	@$(if $(emulated),tools/setup.sh qemu-aarch64-static)
