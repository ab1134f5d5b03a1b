# SPDX-License-Identifier: MPL-2.0
# baocao: one library from proto/, three programs, their tests. `make help` lists the targets.
# Sources are found by wildcard; nothing is probed while parsing, so a bare machine can run `deps` first. V=1: commands.

MODE    ?= release
PREFIX  ?= /usr/local
JOBS    ?= 2

B        := build/$(MODE)
PROGRAMS := $(patsubst %/main.c,%,$(wildcard agent/main.c collector/main.c aggregator/main.c))
BINARIES := $(PROGRAMS:%=$(B)/baocao-%)
LIBRARY  := $(B)/libbaocao.a
LDLIBS   := -lczmq -lzmq -ljansson -lsqlite3 -lsodium -lcrypto -lutf8proc -lcsv -lpthread -lm -lzip -lxlsxwriter \
            -lpangocairo-1.0 -lpango-1.0 -lcairo -lgobject-2.0

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
            -Wpointer-arith -Wundef -Wvla
FLAGS_release := -O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2
FLAGS_asan    := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FLAGS_tsan    := -O1 -fsanitize=thread -fno-omit-frame-pointer
FLAGS_fuzz    := $(FLAGS_asan) -fsanitize=fuzzer-no-link -Wno-missing-field-initializers -Wno-format-nonliteral
$(if $(FLAGS_$(MODE)),,$(error MODE is release, asan, tsan or fuzz (with CC=clang), not "$(MODE)"))
COMPILE := $(CC) -std=gnu11 -g $(WARNINGS) $(FLAGS_$(MODE)) -I. -D_GNU_SOURCE -MMD -MP $(CFLAGS)
LINK    := $(CC) $(FLAGS_$(MODE)) $(LDFLAGS) -Wl,--as-needed
quiet    = $(if $(V),,@echo '  $1 $@';)

sources = $(wildcard $1/*.c $1/*/*.c)
objects = $(patsubst %.c,$(B)/%.o,$1)

TESTS := $(foreach p,base proto agent collector aggregator,$(wildcard tests/$p/test_*.c))
TOOLS := $(filter-out $(wildcard tests/*/part_*.c tests/*/preload_*.c),$(wildcard tests/bench/*.c tests/fuzz/*.c))
TOOLBINS := $(patsubst %.c,$(B)/%,$(TOOLS))
FUZZERS  := $(filter $(B)/tests/fuzz/%,$(TOOLBINS))
PRELOADS := $(patsubst %.c,$(B)/%.so,$(wildcard tests/faults/preload_*.c))
TESTBINS := $(patsubst %.c,$(B)/%,$(TESTS))

.PHONY: all tests tools fuzzers demo test check bench faults fuzz install deps deps-test clean help
.DELETE_ON_ERROR .SECONDARY .SECONDEXPANSION:

all: $(BINARIES) ## the three programs, in build/MODE/ (MODE=release, asan or tsan)
tests: $(TESTBINS) ## every test program, without running it
tools: $(TOOLBINS) $(PRELOADS) ## what measures, fuzzes, and stands between a program and its disk
fuzzers: $(FUZZERS) ## only what fuzzes: replays a corpus, or with MODE=fuzz CC=clang looks for more
demo: deps ## installs what is missing, builds, shows plan 160 from end to end
	@$(MAKE) -j$(JOBS) all
	@tests/demo/run.py

test: deps-test ## installs what is missing, passes every test
	@$(MAKE) -j$(JOBS) MODE=release all tests tools
	@$(MAKE) -j$(JOBS) MODE=asan all tests fuzzers
	@tests/run
check: all tests ## the module tests of this MODE only (MODE=asan: under ASan and UBSan)
	@tests/run $(MODE)

bench: all tools ## measures against the floors and prints one line per ratio
	@tests/bench/run
faults: all tools ## random rounds of faults over the real programs: SEED=n MINUTES=m
	@tests/faults/run $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES))
fuzz: ## libFuzzer on every parser that meets outside bytes: MINUTES=m for each (needs clang)
	@tests/fuzz/run $(if $(MINUTES),--minutes $(MINUTES))

deps: ## installs what the build needs (Debian; root or sudo)
	@tests/install-deps build
deps-test: ## installs what the tests need as well
	@tests/install-deps test

install: all ## the programs, manuals, units and examples under PREFIX
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 $(BINARIES) $(DESTDIR)$(PREFIX)/bin
	$(foreach f,$(wildcard */*.1),install -D -m 644 $f $(DESTDIR)$(PREFIX)/share/man/man1/$(notdir $f);)
	$(foreach f,$(wildcard */*.service),install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/systemd/system $f;)
	$(foreach f,$(wildcard */*.cfg),install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/baocao/examples $f;)

clean: ## removes build/
	rm -rf build
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC) $(COMPILE) $(PANGO) -c -o $@ $<

$(B)/aggregator/export/pdf%: PANGO = $(subst -I,-isystem ,$(shell pkg-config --cflags pangocairo))
# Embedded by .incbin, which -MMD does not see.
$(B)/proto/embed.o: $(wildcard proto/data/*)

$(LIBRARY): $(call objects,$(call sources,proto))
	@rm -f $@
	$(call quiet,AR) $(AR) rcs $@ $^

# A program's modules lie in an archive, from which its tests take what they need.
define program
$(B)/$1.a: $(call objects,$(filter-out $1/main.c,$(call sources,$1)))
	@rm -f $$@
	$$(call quiet,AR) $$(AR) rcs $$@ $$^

$(B)/baocao-$1: $(B)/$1/main.o $(B)/$1.a $(LIBRARY)
	$$(call quiet,LD) $$(LINK) -o $$@ $$^ $$(LDLIBS)
endef
$(foreach p,agent collector aggregator,$(eval $(call program,$p)))

# Of which program a test is, its folder says; helpers lie there without the prefix test_.
helpers_of = $(call objects,$(filter-out $(wildcard $1/test_*.c),$(wildcard $1/*.c)))
define test
$(B)/$1: $(B)/$1.o $(call helpers_of,tests/$2) $(patsubst %,$(B)/%.a,$(filter-out base proto,$2)) $(LIBRARY)
	$$(call quiet,LD) $$(LINK) -o $$@ $$^ -lcmocka $$(LDLIBS)
endef
$(foreach t,$(TESTS:.c=),$(eval $(call test,$t,$(notdir $(patsubst %/,%,$(dir $t))))))

# What the tools of a folder share lies there in part_*.c; libFuzzer brings its own main().
SHARED_BY = $(filter-out $(if $(filter fuzz,$(MODE)),tests/fuzz/part_replay.c),$(wildcard $(subst $(B)/,,$1)/part_*.c))
$(TOOLBINS): %: %.o $$(call objects,$$(call SHARED_BY,$$(@D))) $(PROGRAMS:%=$(B)/%.a) $(LIBRARY)
	$(call quiet,LD) $(LINK) $(if $(filter fuzz,$(MODE)),-fsanitize=fuzzer) -o $@ $^ $(LDLIBS)

$(PRELOADS): $(B)/%.so: %.c Makefile
	@mkdir -p $(@D)
	$(call quiet,SO) $(COMPILE) -fPIC -shared -o $@ $< -ldl -lpthread

-include $(wildcard $(B)/*/*.d $(B)/*/*/*.d)
