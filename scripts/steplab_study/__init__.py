"""The Python behind `./scripts/study`: run benchmarks and trials, keep them in one store, draw the report.

cli.py        the command line                      profiles.py   how much of everything each profile runs
build.py      install and compile what is missing   machine.py    what this machine is, without private
names store.py      SQLite: every result, committed as soon as it exists cells.py      drives the Google-
Benchmark programs, round by round protocol.py   constants that decide a ranking        search.py     the
points of the tuning budget runner.py     runs trials in parallel processes      convergence.py  the
phases: search, choice, target, test, timing stats.py      intervals
results.py     the store, read back as numbers for figures and text figures/      one file a figure
sections/      one file a section of the report report.py     report.md and report.html from the same
sections
"""
