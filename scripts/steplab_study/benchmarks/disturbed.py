"""Which samples of a cell were disturbed, and by what.

The bounds come from 4815 samples of a standard run on two virtual cores, each against the median of its
cell:

- page faults: 4785 samples had none; the others, whatever their number, were 2 to 13 % slower in the
  median. A warm sample has none.
- several threads: up to 8 involuntary switches slowed no sample down; processor time 0.05 below the usual
  share of the cell cost 7 %, 0.1 below it 16 %. The usual share of a cell is not 1: workers wait.
- one thread: it never waits, so that a voluntary switch is a disturbance, and so is a share below
  1 - LOST_SHARE.
"""

import statistics

LOST_SHARE, SWITCHES = 0.05, 2


def share_of_processor(sample):
    """Processor time ÷ (wall time × threads that ran); None where it was not measured."""
    if "cpu_share" in sample:
        return sample["cpu_share"]
    if not sample.get("real_time"):
        return None
    return sample["cpu_time"] / (sample["real_time"] * _running(sample))


def usual_share(samples):
    """What a cell on several threads gets when nothing disturbs it: the median of its samples."""
    shares = [share for share in map(share_of_processor, samples) if share is not None]
    return statistics.median(shares) if shares else 1.0


def disturbance(sample, usual=1.0):
    """What disturbed a sample, in a word or two; None when nothing did.

    `usual`: the share of the processor that several threads have in this cell.
    """
    alone = _running(sample) == 1
    share = share_of_processor(sample)
    if sample.get("steal_seconds", 0) > 0:
        return "stolen time"
    allocates = "fetched_bytes_per_parameter" in sample  # forms before fusing: page faults are part of them
    if sample.get("page_faults", 0) > 0 and not allocates:
        return "page faults"
    if alone and sample.get("involuntary_switches", 0) > SWITCHES:
        return "switched out"
    if alone and sample.get("voluntary_switches", 0) > 0:
        return "slept"
    if share is not None and share < (1.0 if alone else usual) - LOST_SHARE:
        return "lost processor time"
    return None


def split(taken):
    """(clean, dropped, suspected) of one cell.

    `taken`: [(round, sample)]; clean: [(round, sample)]; dropped and suspected: [(round, what)]. Where
    fewer than half would be left, all are clean and what would have been dropped is only suspected.
    """
    usual = usual_share([sample for _, sample in taken])
    found = [(number, sample, disturbance(sample, usual)) for number, sample in taken]
    clean = [(number, sample) for number, sample, what in found if what is None]
    disturbed = [(number, what) for number, _, what in found if what is not None]
    if len(disturbed) > len(clean):
        return list(taken), [], disturbed
    return clean, disturbed, []


def _running(sample):
    return int(sample.get("threads_running", sample.get("threads", 1)))
