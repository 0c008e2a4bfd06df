"""The Python behind `./scripts/study`: run benchmarks and trials, keep them in one store, draw the
report.

cli.py          the command line build.py        installs and compiles what is missing parts.py
what can be asked for by name profiles.py     how much of everything each profile runs machine.py
what this machine is, without private names store.py        SQLite: every result, committed as soon as it
exists study.py        one run: the asked parts, then the report cells.py        drives the Google-
Benchmark programs, round by round trials.py       configurations of trials, and what their results are
kept as driver.py       plans: generators that run and are replayed by the same text executor.py     where
configurations are computed; kinds.py: those that no worker knows protocol.py     constants that decide a
ranking search.py       points of a search; tuning.py: search and choice with an equal budget studies/
one file a question: what is run for it, and its outcome progress.py     bars on a terminal, plain lines
elsewhere stats.py        intervals results.py      benchmark results read back as numbers for figures and
text compare.py      whether B is faster or slower than A, cell by cell; compare_*.py: its two sides,
rounds and text mann_whitney.py the test that compare rests on rankings.py     steps and seconds to a
target, from the outcomes of studies/ranking.py across.py       rankings across workloads evidence.py
all that claims, figures and sections may look at claims/         one file a claim: sentence, rule,
verdict status.py       what a folder has and lacks; the ledger as text wording.py      numbers as text,
and words that an interval allows figures/        one file a figure sections/       one file a section of
the report report.py       report.md and report.html from the same sections
"""
