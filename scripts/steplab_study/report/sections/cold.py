"""A step on cold data beside the same step on warm data."""

from ...statistics.intervals import ratio_of_medians
from ...wording.labels import optimizer_label
from ...wording.numbers import grouped, interval, span
from .blocks import Table, Text


def parts(results):
    """A sentence and a table; nothing without cold cells."""
    pairs = [(cold, warm) for cold, warm in results.cold_pairs()]
    if not pairs:
        return ()
    ratios = [ratio_of_medians(cold.samples, warm.samples) for cold, warm in pairs]
    rows = tuple(
        (
            optimizer_label(cold.optimizer),
            results.level_of(warm),
            grouped(cold.n),
            str(cold.threads),
            interval(warm.time),
            interval(cold.time),
            interval(ratio),
        )
        for (cold, warm), ratio in zip(pairs, ratios)
    )
    headers = ("optimizer", "bytes fit in", "parameters", "threads", "warm", "cold", "cold / warm")
    caption = (
        "ns per parameter with 95 % intervals. Warm: steps follow each other. Cold: before each step the"
        " threads that run it read twice the last cache level, untimed; code and branch history stay warm."
    )
    text = (
        f"A step whose data is in no cache, as after a forward and a backward pass, takes"
        f" {span([r.value for r in ratios])} × the time of a warm one."
    )
    return Text(text), Table(headers, rows, caption)
