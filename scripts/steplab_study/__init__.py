"""The Python behind `./scripts/study`: run benchmarks and trials, keep them in one store, draw the report.

cli.py          the command line
build.py        installs and compiles what is missing
profiles.py     how much of everything each profile runs
machine.py      what this machine is, without private names
store.py        SQLite: every result, committed as soon as it exists
study.py        one run: the asked parts, then the report
cells.py        drives the Google-Benchmark programs, round by round
protocol.py     constants that decide a ranking
search.py       the points of the tuning budget
runner.py       runs trials in parallel processes
convergence.py  the phases: search, choice, target, test, timing
progress.py     bars on a terminal, plain lines elsewhere
stats.py        intervals
results.py      benchmark results read back as numbers for figures and text
outcomes.py     the same for convergence
wording.py      numbers as text, and words that an interval allows
figures/        one file a figure
sections/       one file a section of the report
report.py       report.md and report.html from the same sections
"""
