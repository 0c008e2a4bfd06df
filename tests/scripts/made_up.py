"""Results that no machine ever gave, in the shape of real ones: for tests of figures, report and store."""

import math
import random

from steplab_study import protocol
from steplab_study.convergence import AGAIN, protocol_settings
from steplab_study.profiles import PROFILES
from steplab_study.store import Store, key_of

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
SIZES = (1024, 16384, 262144, 4194304, 33554432)
PARAMETERS = {
    "quadratic/small": 64,
    "quadratic/medium": 512,
    "quadratic/large": 4096,
    "mlp/small": 12730,
    "mlp/medium": 109386,
    "mlp/large": 535818,
}
VERSIONS = {
    "program": "0.1.0",
    "workloads": {name: "1" for name in PARAMETERS},
    "data_isa": {name: "avx2" for name in PARAMETERS},
}


def fill(directory, parts=("step", "memory", "convergence"), profile="quick", slower=1.0, only_problems=None):
    """A finished study in `directory`; steps take `slower` times as long, only the first problems are
    done."""
    chosen = PROFILES[profile]
    protocol_of_run = protocol_settings(chosen, VERSIONS)
    settings = (
        {"protocol": protocol_of_run, "protocol_key": key_of(protocol_of_run)}
        if "convergence" in parts
        else {}
    )
    store = Store.open(directory)
    run = store.begin_run(profile, parts, settings, MACHINE)
    generator = random.Random(1)
    if "step" in parts:
        for number in range(chosen.rounds):
            store.add_batch(
                "b" * 64,
                number,
                "bench_step",
                {"program": "bench_step"},
                {"steal_seconds": 0.01, "involuntary_switches": 3},
                list(step_samples(generator, slower)),
            )
    if "memory" in parts:
        store.add_batch("c" * 64, 0, "bench_memory", {"program": "bench_memory"}, {}, list(memory_samples()))
    if "convergence" in parts:
        for problem in chosen.problems[:only_problems]:
            _fill_problem(store, chosen, problem, settings["protocol_key"], generator)
    store.finish_run(run)
    store.close()


def _sample(nanoseconds, n, streams, threads, tensors=1):
    size = 4 * (2 * streams + 1)
    return {
        "real_time": nanoseconds * n,
        "cpu_time": nanoseconds * n,
        "time_unit": "ns",
        "parameters": n,
        "tensors": tensors,
        "threads": threads,
        "threads_running": threads,
        "bytes_per_parameter": size,
        "ns_per_parameter": nanoseconds,
        "gigabytes_per_second": size / nanoseconds,
        "verified": 1,
    }


def ceiling_time(streams, n, threads):
    level = sum(4 * (streams + 1) * n > c["bytes"] for c in MACHINE["caches"])
    return (2 * streams + 1) * (0.01, 0.025, 0.05, 0.12)[level] / (1 if n < 1e5 else threads**0.4)


def step_samples(generator, slower=1.0):
    """One round: four variants of each optimizer, ceilings, limits, one fragmented cell and one that
    failed."""

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
        if SLOTS[optimizer] > 1:
            yield f"limit/{optimizer}/n:1024", {"parameters": 1024, "ns_per_parameter": 0.24 * noise()}
    for streams in sorted(set(STREAMS.values())):
        for n in SIZES:
            for schedule, threads in (("serial", 1), ("tbb", 2)):
                yield (
                    f"ceiling/{streams}rw1r/{schedule}/n:{n}/threads:{threads}",
                    _sample(ceiling_time(streams, n, threads) * noise(), n, streams, threads),
                )
    yield "step/adam/broken/serial/n:1024/tensors:1/threads:1", {"error": "differs from scalar at element 7"}


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
            }


def curve(config, rate, generator):
    """A trial whose loss falls from 2.3 towards 0.3 at `rate` per step."""
    start, end = 2.3, 0.3 + 0.01 * generator.random()
    grid = range(0, config["steps"] + 1, config["eval_every"])
    evaluations = [
        {
            "step": s,
            "train_loss": start,
            "validation_accuracy": 0.8,
            "validation_loss": end + (start - end) * math.exp(-rate * s),
        }
        for s in grid
    ]
    name = f"{config['workload']}/{config['size']}"
    return {
        "workload": config["workload"],
        "size": config["size"],
        "parameters": PARAMETERS[name],
        "diverged": False,
        "evaluations": evaluations,
        "test": {"loss": 0.4, "accuracy": 0.85},
        "steps_done": config["steps"],
        "seconds": {"total": 1.0, "optimizer": 0.1, "gradient": 0.9},
    }


RATES = {"sgd": 0.006, "sgd_momentum": 0.012, "adam": 0.02, "adamw": 0.021}


def _fill_problem(store, profile, problem, key, generator):
    """Adam twice as fast as SGD-M; SGD reaches the target of mlp/large on no seed."""
    for optimizer, axes in protocol.SPACES[problem.workload].items():
        point = {name: float(f"{math.sqrt(a.low * a.high):.4g}") for name, a in axes.items()}
        configs = [
            protocol.trial_config(problem, optimizer, point, seed, VERSIONS)
            for seed in protocol.TEST_SEEDS[: profile.test_seeds]
        ]
        for config in configs:
            rate = RATES[optimizer] * (0.2 if (problem.name, optimizer) == ("mlp/large", "sgd") else 1)
            store.add_trial(config, curve(config, rate * (0.95 + 0.1 * generator.random()), generator), 1.0)
        timing = [{**configs[0], "steps": problem.timing_steps, "arm": arm} for arm in ("", AGAIN)]
        lr, hyper = protocol.hyperparameters(problem.workload, optimizer, point)
        store.set_choice(
            key,
            problem.name,
            optimizer,
            {
                "point": point,
                "lr": lr,
                "hyper": hyper,
                "worst_tuning_loss": 0.3,
                "points_tried": profile.points,
                "edges": ["lr"] if optimizer == "adamw" else [],
                "space": {n: [a.low, a.high] for n, a in axes.items()},
                "search": [[point, 0.3]],
                "test": configs,
                "timing": timing,
            },
        )
        for number in range(profile.timing_rounds):
            seconds = PARAMETERS[problem.name] * 1e-8 * (1 + 0.02 * generator.random())
            for config in timing if optimizer == protocol.REFERENCE else timing[:1]:
                store.add_timing(
                    config,
                    number,
                    {
                        "step": seconds * (1 + SLOTS[optimizer] * 0.02),
                        "optimizer": seconds * 0.02,
                        "gradient": seconds,
                    },
                )
    store.freeze_target(
        key, problem.name, protocol.target_from({o: [0.32, 0.33] for o in protocol.OPTIMIZERS}, 2.3)
    )
