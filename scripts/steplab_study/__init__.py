"""The Python behind `./scripts/study`: run benchmarks and trials, keep them in one store, draw the report.

Every folder answers one question, and imports go one way: what a folder may import is a table in
tests/scripts/layout_test.py.

cli          what can be asked
machine      on what machine, and with what programs
protocol     what is fixed before anything runs
store        where results are kept
trials       one training run, and what is read off it
tuning       which hyperparameters
engine       how, and where, what a plan asks for is computed
benchmarks   how long a step takes, and how many bytes
rankings     who needs fewer steps to the target
statistics   how sure a number is
compare      is B faster or slower than A
peers        how steplab does beside what people would use instead
wording      in which words, digits and units
studies      one file a question: what is run for it, and its outcome
claims       one file a claim: sentence, rule, verdict
figures      one file a figure
report       what is read; one file a section in report/sections
robustness   the page of what did not break it
evidence.py  all that claims, figures and sections may look at; errors.py, progress.py: what everyone uses
"""
