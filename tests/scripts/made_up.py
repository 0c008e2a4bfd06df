"""Results that no machine ever gave, in the shape of real ones: for tests of figures, report and
store."""

import json
import math
import random
from concurrent.futures import Future
from dataclasses import replace

from steplab_study import studies
from steplab_study.benchmarks import predictions
from steplab_study.engine.driver import Driver
from steplab_study.errors import StudyError
from steplab_study.protocol.profiles import PROFILES, Budget, Problem
from steplab_study.store.store import Store
from steplab_study.trials.configuration import Context, settings_of

MACHINE = {
    "cpu": "Made-up CPU",
    "isas": ["sse2", "avx2"],
    "threads_allowed": 2,
    "kernel_selected": "xsimd-avx2",
    "caches": [
        {"level": 1, "bytes": 32768, "shared_by": 1},
        {"level": 2, "bytes": 524288, "shared_by": 1},
        {"level": 3, "bytes": 33554432, "shared_by": 2},
    ],
    "kernels": ["scalar", "xsimd-avx2"],
    "variants": [],
    "version": "0.1.0",
    "compiler": "made-up 1",
    "memory_bytes": 8 * 2**30,
    "system": "Linux 6",
    "machine": "x86_64",
    "virtual": True,
    "huge_pages": "madvise",
    "hardware_counters": False,
    "host_name": "secret-host",
}
STREAMS = {"sgd": 1, "sgd_momentum": 2, "adam": 3, "adamw": 3, "adam_amsgrad": 4}
SLOTS = {"sgd": 0, "sgd_momentum": 1, "adam": 2, "adamw": 2, "adam_amsgrad": 3}
CONTEXT = {
    "steplab_commit": "0123456789abcdef",
    "onetbb_version": "2021.8.0",
    "xsimd_version": "8.1.0",
    "subnormals": "kept",
    "flags of every file": "-O3",
    "flags of xsimd_avx2.cpp": "-mavx2",
}
SERIAL_BELOW = dict.fromkeys(("sgd", "sgd_momentum", "adam", "adamw", "adam_amsgrad"), 16384)
SIZES = (1024, 16384, 262144, 4194304, 33554432)

_BUDGET = Budget(4, 2, 1, 2, 3, (0.25, 0.5, 1, 2), 1)
PROFILE = replace(
    PROFILES["quick"],
    problems=(
        Problem("quadratic", "small", 400, 8, _BUDGET, (("kappa", 100), ("noise", 0.01), ("rotated", 1))),
        Problem("logistic", "small", 300, 64, _BUDGET),
        Problem("mlp", "small", 400, 64, _BUDGET),
        Problem("mlp", "medium", 400, 64, _BUDGET, clipped=True),
        Problem("cnn", "small", 300, 64, _BUDGET),
        Problem("transformer", "small", 300, 16, _BUDGET),
        Problem("transformer", "medium", 200, 16, _BUDGET, clipped=True),
    ),
)
PROFILES["made-up"] = PROFILE  # where the report of a stored run finds it; its budgets of studies are quick's
STUDIES = ("ranking", "inclusion", "step_times")


def fill(directory, parts=("step", "memory", *STUDIES), slower=1.0, stop_after=None):
    """A finished study in `directory`; steps take `slower` times as long; `stop_after` so many trials it
    is interrupted."""
    context = Context(PROFILE, "0.1.0", "avx2", {}, {"cpu": MACHINE["cpu"], "digest": "d"})
    store = Store.open(directory)
    store._db.execute("PRAGMA synchronous = OFF")  # a thousand commits of results that nobody will miss
    run = store.begin_run("quick", parts, {**settings_of(context), "profile": "made-up"}, MACHINE)
    generator = random.Random(1)
    if "step" in parts:
        predict(store, "b" * 64)
        for number in range(PROFILE.rounds):
            store.add_batch(
                "b" * 64,
                number,
                "bench_step",
                {"program": "bench_step"},
                {"steal_seconds": 0.01, "involuntary_switches": 3, "context": CONTEXT},
                list(step_samples(generator, slower)),
            )
    if "memory" in parts:
        store.add_batch("c" * 64, 0, "bench_memory", {"program": "bench_memory"}, {}, list(memory_samples()))
    for study in studies.ALL:
        if study.name in parts:
            Driver(store, MadeUpExecutor(stop_after), study.name).run(study.plans(context))
    store.finish_run(run)
    store.close()


def predict(store, key):
    """What a pass over the made-up ceilings foretells of the made-up steps."""
    samples = dict(step_samples(random.Random(2)))
    chosen = predictions.needed(list(samples), MACHINE["kernel_selected"])
    return predictions.freeze(
        store, key, list(samples), {name: samples[name] for name in chosen}, SERIAL_BELOW
    )


class MadeUpExecutor:
    """Answers at once; a trial after the first `stop_after` is refused."""

    def __init__(self, stop_after=None):
        self._left = math.inf if stop_after is None else stop_after

    def submit(self, config):
        future = Future()
        self._left -= 1
        if self._left < 0:
            future.set_exception(StudyError("interrupted"))
        elif config["kind"] not in _RESULTS:
            future.set_exception(StudyError(f"no made-up results of kind '{config['kind']}'"))
        else:
            future.set_result((_RESULTS[config["kind"]](config), 0.1))
        return future

    def stop(self):
        pass


def _sample(nanoseconds, n, streams, threads, tensors=1):
    size = 4 * (2 * streams + 1)
    return {
        "real_time": nanoseconds * n,
        "cpu_time": nanoseconds * n * threads,
        "time_unit": "ns",
        "parameters": n,
        "tensors": tensors,
        "threads": threads,
        "threads_running": threads,
        "cpu_share": 1.0,
        "page_faults": 0,
        "voluntary_switches": 0,
        "bytes_per_parameter": size,
        "flops_per_parameter": 4 * streams - 2,
        "ns_per_parameter": nanoseconds,
        "gigabytes_per_second": size / nanoseconds,
        "verified": 1,
        **({"anonymous_bytes": 1e9, "huge_page_bytes": 9e8} if n > 1e6 else {}),
    }


def ceiling_time(streams, n, threads):
    level = sum(4 * (streams + 1) * n > c["bytes"] for c in MACHINE["caches"])
    return (2 * streams + 1) * (0.01, 0.025, 0.05, 0.12)[level] / (1 if n < 1e5 else threads**0.4)


def step_samples(generator, slower=1.0):
    """One round: four variants of each optimizer, ceilings, limits, fragmented and special cells and one
    that failed."""

    def noise():
        return 1 + 0.02 * generator.random()

    for optimizer, streams in STREAMS.items():
        for n in SIZES:
            for kernel, schedule, threads, factor in (
                ("scalar", "serial", 1, 6),
                ("autovec-avx2", "serial", 1, 1.05),
                ("xsimd-avx2", "serial", 1, 1.0),
                ("xsimd-avx2", "tbb", 2, 1.02),
            ):
                base = ceiling_time(streams, n, threads)
                base = max(base * 1.03, 0.25 if SLOTS[optimizer] > 1 else 0) * factor ** (
                    0.8 if n < 1e6 else 0.4
                )
                yield (
                    f"step/{optimizer}/{kernel}/{schedule}/n:{n}/tensors:1/threads:{threads}",
                    _sample(base * slower * noise(), n, streams, threads),
                )
        yield (
            f"step/{optimizer}/xsimd-avx2/serial/n:262144/tensors:300/threads:1",
            _sample(ceiling_time(streams, 262144, 1) * 1.1 * noise(), 262144, streams, 1, 300),
        )
        yield from empty_and_baselines(optimizer, streams, noise)
        if SLOTS[optimizer] > 1:
            yield f"limit/{optimizer}/n:1024", {"parameters": 1024, "ns_per_parameter": 0.24 * noise()}
    yield from special_samples(noise)
    yield from extras_samples(noise)
    for streams in sorted(set(STREAMS.values())):
        yield (
            f"ceiling/{streams}rw1r/serial/n:100/threads:1",
            _sample(ceiling_time(streams, 100, 1), 100, streams, 1),
        )
        for n in SIZES:
            for schedule, threads in (("serial", 1), ("tbb", 2)):
                yield (
                    f"ceiling/{streams}rw1r/{schedule}/n:{n}/threads:{threads}",
                    _sample(ceiling_time(streams, n, threads) * noise(), n, streams, threads),
                )
    yield (
        "step/adamw/xsimd-avx2/serial/n:1024/tensors:1/threads:1/cold",
        _sample(4 * slower * noise(), 1024, STREAMS["adamw"], 1),
    )
    for when in ("start", "end"):
        drifted = {"parameters": 1024, "ns_per_parameter": ceiling_time(2, 1024, 1) * noise()}
        yield f"drift/{when}/2rw1r/serial/n:1024/threads:1", drifted
    yield "step/adam/broken/serial/n:1024/tensors:1/threads:1", {"error": "differs from scalar at element 7"}


def empty_and_baselines(optimizer, streams, noise):
    """A step of 100 parameters that takes 1 ns more than its limit, and the forms before fusing: five and
    four times the bytes."""
    bound = max(ceiling_time(streams, 100, 1), 0.24 if SLOTS[optimizer] > 1 else 0)
    yield (
        f"step/{optimizer}/xsimd-avx2/serial/n:100/tensors:1/threads:1",
        _sample(bound + 0.01, 100, streams, 1),
    )
    for form, factor in (("temporaries", 5), ("passes", 4)) if optimizer in ("sgd_momentum", "adamw") else ():
        for n in (100, 4194304):
            sample = _sample(factor * 1.2 * ceiling_time(streams, n, 1) * noise(), n, streams, 1)
            sample["bytes_per_parameter"] *= 3
            sample["fetched_bytes_per_parameter"] = (factor - 3) * sample["bytes_per_parameter"] / 3
            yield f"baseline/{form}/{optimizer}/n:{n}/threads:1", sample


def extras_samples(noise):
    """AdamW's extras at one size: inside the step a little more than the bare one, apart twice."""
    for form, factor in (("bare", 1.0), ("zero", 1.1), ("zero-apart", 1.4), ("all", 1.3), ("all-apart", 2.2)):
        sample = _sample(ceiling_time(3, 4194304, 1) * factor * noise(), 4194304, 3, 1)
        yield f"extras/adamw/{form}/serial/n:4194304/threads:1", sample


def special_samples(noise):
    """Cells of AdamW with something special in their ids: memory, decay, threads, partitioners,
    crossover."""
    n, tensors, cell = 262144, 300, "step/adamw/xsimd-avx2"
    flat = ceiling_time(3, n, 1)
    for rest, extra in (("/borrowed", 10.0), ("/scattered", 60.0), ("/moving", 25.0)):
        yield (
            f"{cell}/serial/n:{n}/tensors:{tensors}/threads:1{rest}",
            _sample((flat * 1.03 + extra * tensors / n) * noise(), n, 3, 1, tensors),
        )
    yield f"{cell}/serial/n:{n}/tensors:1/threads:1/moving", _sample(flat * 1.03 * noise(), n, 3, 1)
    control = f"{cell}/serial/n:{n}/tensors:{tensors}/threads:1/moving/set_gradient"
    yield control, _sample(5.0 * tensors / n * noise(), n, 0, 1, tensors)
    for kernel, schedule, threads in (("xsimd-avx2", "serial", 1), ("scalar", "tbb", 2)):
        for steps in (0, 900, 90000):
            for mode in ("keep", "flush"):
                slow = 3 if mode == "keep" and steps else 1
                changed = float(mode == "flush" and steps > 0)
                sample = _sample(0.4 * slow * noise(), 16384, 3, threads)
                sample |= {"subnormal_m": float(slow > 1), "changed_m": changed, "values_changed": 0.0}
                rest = f"n:16384/tensors:1/threads:{threads}/decayed:{steps}/{mode}"
                yield f"step/adamw/{kernel}/{schedule}/{rest}", sample
    yield (
        f"{cell}/tbb/n:{n}/tensors:1/threads:4/oversubscribed",
        _sample(ceiling_time(3, n, 2) * 1.2 * noise(), n, 3, 4),
    )
    for partitioner in ("static", "affinity", "auto", "simple"):
        for block in (4096, 16384):
            rest = f"partitioner:{partitioner}/block:{block}"
            time = flat * (0.6 if partitioner == "static" else 0.7) * noise()
            yield f"{cell}/tbb/n:{n}/tensors:1/threads:2/{rest}", _sample(time, n, 3, 2)
    for size, factor in ((1024, 2.0), (16384, 0.5)):
        time = max(ceiling_time(3, size, 1) * 1.03, 0.25) * factor * (1 + (noise() - 1) / 100)
        sample = _sample(time, size, 3, 2) | {"serial_below": 16384}
        yield f"crossover/adamw/xsimd-avx2/tbb/n:{size}/tensors:1/threads:2", sample


def memory_samples():
    for optimizer, slots in SLOTS.items():
        for n in (10**4, 10**6, 10**7):
            state = 4 * slots * n
            yield f"memory/{optimizer}/n:{n}", {
                "parameters": n,
                "model_state_bytes": state,
                "accounted_state_bytes": state,
                "accounted_parameter_bytes": 4 * n,
                "accounted_gradient_bytes": 4 * n,
                "resident_growth_bytes": state + 4096 * (slots > 0),
                "resident_total_growth_bytes": state + 8 * n + 8192,
                "resident_peak_growth_bytes": state + 8 * n + 16384,
                "largest_mismatch": 16384 / (8 * n),
            }
            yield f"memory/{optimizer}/borrowed/n:{n}", {
                "parameters": n,
                "model_state_bytes": state,
                "accounted_state_bytes": state,
                "accounted_parameter_bytes": 4 * n,
                "accounted_gradient_bytes": 4 * n,
                "resident_growth_bytes": state,
                "resident_total_growth_bytes": state + 8 * n,
                "resident_peak_growth_bytes": state + 8 * n,
                "largest_mismatch": 0.0,
            }


_PARAMETERS = {
    "quadratic": (64, 512, 4096),
    "logistic": (7850,),
    "mlp": (12730, 109386, 535818),
    "cnn": (9000, 60000, 200000),
    "transformer": (5000, 28000, 108000),
}
_RATES = {"sgd": 0.03, "sgd_momentum": 0.06, "adam": 0.11, "adamw": 0.12}
_BEST = {"sgd": 0.3, "sgd_momentum": 0.05, "adam": 3e-3, "adamw": 3e-3}  # learning rates
STUCK = "logistic"  # here SGD-M misses its target with every test seed


def parameters_of(config):
    sizes = _PARAMETERS.get(config["workload"], (1000,))
    return sizes[min(("small", "medium", "large").index(config["size"]), len(sizes) - 1)]


def optimizer_of(config):
    hyper = config["hyper"]
    if config["rule"] == "sgd":
        return "sgd_momentum" if hyper.get("momentum") else "sgd"
    return "adam" if hyper.get("weight_decay") == 0 else config["rule"]


def train(config):
    """A trial whose loss falls from 2.3 as one over the steps, fastest at the optimizer's best rate."""
    optimizer = optimizer_of(config)
    what = [config[k] for k in ("workload", "size", "seed", "steps", "schedule")]
    generator = random.Random(json.dumps([*what, optimizer, config["hyper"]["lr"]]))
    off = math.log10(config["hyper"]["lr"] / _BEST[optimizer])
    diverges = off > 1.7
    rate = _RATES[optimizer] * math.exp(-(off**2)) * (0.95 + 0.1 * generator.random())
    if config["workload"] == "cnn":
        rate = _RATES["sgd"] * (0.95 + 0.1 * generator.random())  # no optimizer is better than another
    stuck = config["workload"] == STUCK and optimizer == "sgd_momentum" and config["seed"] > 1000
    floor = 0.9 if stuck else 0.3
    decayed = 0.93 if config["schedule"] == "cosine" else 1.0
    evaluations = []
    for step in range(0, config["steps"] + 1, config["eval_every"]):
        loss = floor + 2 / (1 + rate * step)
        loss *= 1 - (1 - decayed) * step / config["steps"]
        if config["workload"] == "quadratic" and "noise" not in config["options"]:
            loss = 2.3 * math.exp(-30 * math.exp(-(off**2)) * step / config["steps"])
        loss = math.nan if diverges and step else loss
        evaluations.append(
            {"step": step, "train_loss": loss, "validation_loss": loss, "validation_accuracy": 1 - loss / 3}
        )
    return {
        "workload": config["workload"],
        "size": config["size"],
        "parameters": parameters_of(config),
        "steps_done": config["steps"],
        "diverged": diverges,
        "final_bits": f"{generator.getrandbits(64):016x}",
        "clipped_steps": 3 if config.get("clip_norm") else 0,
        "evaluations": evaluations,
        "test": {"loss": loss, "accuracy": 1 - loss / 3} if config["test"] else None,
        "seconds": {"total": 1.0, "optimizer": 0.1, "gradient": 0.9},
    }


def train_time(config):
    """Seconds of a quiet timing; one in fifty of noise."""
    noise = 1 + 0.02 * random.Random(json.dumps(config, sort_keys=True)).random()
    seconds = parameters_of(config) * 1e-8 * config["steps"] * noise
    slots = {"sgd": 0, "sgd_momentum": 1}.get(optimizer_of(config), 2)
    return {
        "steps_done": config["steps"],
        "seconds": {"optimizer": seconds * 0.02 * (1 + slots), "gradient": seconds},
    }


_RESULTS = {"train": train, "train_time": train_time}
