"""The doctor reads made-up machines."""

import json
from subprocess import CompletedProcess

import pytest

from steplab_study.machine import checks, doctor
from steplab_study.machine.checks import BAD, OK, STATIC, WARN, Finding, System

QUIET = {
    "proc/self/status": "Name:\tx\nCpus_allowed_list:\t0-3\n",
    "proc/loadavg": "0.05 0.1 0.2 1/100 999\n",
    "proc/meminfo": "MemTotal: 16777216 kB\nMemAvailable:   16000000 kB\n",
    "proc/cpuinfo": "processor : 0\nflags\t\t: fpu sse2 avx2\n",
    "proc/stat": "cpu  1000 0 500 100000 10 0 5 0 0 0\ncpu0 1 2 3\n",
    "sys/devices/system/cpu/online": "0-3\n",
    "sys/devices/system/cpu/cpufreq/boost": "0\n",
    "sys/fs/cgroup/cpu.max": "max 100000\n",
    "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
    "sys/bus/event_source/devices/cpu/type": "4\n",
    **{f"sys/devices/system/cpu/cpu{i}/cpufreq/scaling_governor": "performance\n" for i in range(4)},
    **{f"sys/devices/system/cpu/cpu{i}/topology/thread_siblings_list": f"{i}\n" for i in range(4)},
}


@pytest.fixture
def machine(tmp_path):
    """Makes a System of the quiet machine with some files changed; None takes a file away."""

    def make(**changed):
        for path, text in {**QUIET, **changed}.items():
            if text is not None:
                (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / path).write_text(text)
            elif (tmp_path / path).exists():
                (tmp_path / path).unlink()
        return System(tmp_path)

    return make


def test_nothing_is_wrong_with_a_quiet_machine(machine):
    findings = [check(machine()) for check in STATIC]
    assert {f.word for f in findings} == {OK} and not any(f.advice for f in findings)
    assert doctor.score(findings) == 100


@pytest.mark.parametrize(
    "check, changed, word, named",
    [
        ("threads", {"proc/self/status": "Cpus_allowed_list:\t0,2\n"}, WARN, "2 of 4"),
        ("quota", {"sys/fs/cgroup/cpu.max": "150000 100000\n"}, BAD, "1.5 processors' time for 4 threads"),
        ("quota", {"sys/fs/cgroup/cpu.max": "400000 100000\n"}, OK, "4 processors' time"),
        (
            "quota",
            {
                "sys/fs/cgroup/cpu.max": None,
                "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "200000\n",
                "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
            },
            BAD,
            "2 processors' time",
        ),
        ("load", {"proc/loadavg": "1.50 1 1 1/1 1\n"}, WARN, "1.50"),
        (
            "governor",
            {"sys/devices/system/cpu/cpu2/cpufreq/scaling_governor": "powersave\n"},
            WARN,
            "powersave",
        ),
        ("turbo", {"sys/devices/system/cpu/cpufreq/boost": "1\n"}, WARN, "on"),
        ("turbo", {"sys/devices/system/cpu/cpufreq/boost": None}, WARN, "not visible"),
        (
            "huge_pages",
            {"sys/kernel/mm/transparent_hugepage/enabled": "always madvise [never]"},
            WARN,
            "never",
        ),
        (
            "siblings",
            {"sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "0-1\n"},
            WARN,
            "share: 1",
        ),
        ("memory", {"proc/meminfo": "MemAvailable: 1048576 kB\n"}, WARN, "1.0 GiB"),
        ("hypervisor", {"proc/cpuinfo": "flags\t: fpu hypervisor\n"}, WARN, "virtual"),
    ],
)
def test_each_trouble_is_named_with_what_to_do_about_it(machine, check, changed, word, named):
    found = getattr(checks, check)(machine(**changed))
    assert found.word == word and named in found.found
    assert bool(found.advice) == (word != OK)


def test_a_sibling_that_is_not_allowed_does_not_share_a_core(machine):
    system = machine(
        **{
            "proc/self/status": "Cpus_allowed_list:\t0\n",
            "sys/devices/system/cpu/cpu0/topology/thread_siblings_list": "0-1\n",
        }
    )
    assert checks.siblings(system).word == OK


def test_a_machine_that_tells_nothing_is_judged_without_failing(tmp_path):
    findings = doctor.examine(System(tmp_path), seconds=0.0, sleep=lambda _: None)
    assert {f.name for f in findings} >= {"threads", "quota", "stolen time", "fixed loop"}


def watch(machine, after):
    """What is found between the quiet machine and the same one `after` a while."""
    return {f.name: f for f in doctor.watched(machine(), 1.0, sleep=lambda _: machine(**after))}


def test_idle_processors_and_no_steal_are_fine(machine):
    found = watch(machine, {"proc/stat": "cpu  1000 0 502 100398 10 0 5 0 0 0\n"})
    assert found["stolen time"].word == OK and found["busy processes"].word == OK


def test_stolen_time_is_seen_over_a_second(machine):
    little = watch(machine, {"proc/stat": "cpu  1000 0 500 100396 10 0 5 4 0 0\n"})
    much = watch(machine, {"proc/stat": "cpu  1000 0 500 100360 10 0 5 40 0 0\n"})
    assert little["stolen time"].word == WARN and "1.0 %" in little["stolen time"].found
    assert much["stolen time"].word == BAD and "10.0 %" in much["stolen time"].found


def test_a_busy_process_is_named(machine):
    before = "7 (a (strange) name) R " + "0 " * 10 + "100 50 0\n"
    after = "7 (a (strange) name) R " + "0 " * 10 + "190 60 0\n"
    machine(**{"proc/7/stat": before})
    found = watch(machine, {"proc/7/stat": after, "proc/stat": "cpu  1090 0 510 100300 10 0 5 0 0 0\n"})
    assert found["busy processes"].word == BAD
    assert found["busy processes"].found == "1.00 processors (a (strange) name)"


def test_spread_is_that_of_the_slow_tail_not_of_one_outlier():
    assert doctor.spread([1.0] * 99 + [50.0]) == 0
    assert doctor.spread([1.0] * 8 + [1.5] * 2) == pytest.approx(0.5)


def stream(*times):
    """A bench_ceilings that lists two streams and gives these times."""
    calls = []

    def run(command, **_):
        calls.append(command)
        if "--list-cells" in command:
            listed = "".join(f"ceiling/2rw1r/serial/n:{n}/threads:1\n" for n in (1024, 65536))
            return CompletedProcess(command, 0, listed, "")
        entries = [{"run_type": "iteration", "real_time": t} for t in times]
        entries.append({"run_type": "aggregate", "real_time": 99.0})
        return CompletedProcess(command, 0, json.dumps({"benchmarks": entries}), "")

    return run, calls


def test_the_largest_stream_is_repeated_and_its_spread_judged():
    run, calls = stream(*[1.0] * 9, 1.01)
    assert doctor.bare_stream("bench_ceilings", run).word == OK
    assert any("/n:65536/" in word for word in calls[-1])
    assert doctor.bare_stream("bench_ceilings", stream(*[1.0] * 8, 1.05, 1.05)[0]).word == WARN
    assert doctor.bare_stream("bench_ceilings", stream(*[1.0] * 8, 1.5, 1.5)[0]).word == BAD


def test_without_the_program_the_stream_is_not_measured(tmp_path):
    found = doctor.bare_stream(tmp_path / "bench_ceilings")
    assert found.word == WARN and found.found == "not measured"


def findings_of(*words):
    return [Finding(f"check {i}", "", word) for i, word in enumerate(words)]


def test_warnings_cost_points_and_bad_lines_cost_trust():
    assert doctor.score(findings_of(OK, WARN, WARN)) == 90 and doctor.trusted(findings_of(OK, WARN))
    assert doctor.score(findings_of(BAD, BAD, BAD, BAD)) == 0 and not doctor.trusted(findings_of(OK, BAD))


def test_the_summary_is_one_line_that_names_what_is_wrong():
    assert doctor.summary(findings_of(OK, WARN, BAD)) == (
        "this machine scores 65 of 100 for timing (bad: check 2; warn: check 1)"
    )
    assert doctor.summary(findings_of(OK)) == "this machine scores 100 of 100 for timing"


def test_json_holds_score_trust_and_every_finding():
    found = doctor.as_json(findings_of(OK, BAD))
    assert found["score"] == 70 and not found["trusted"]
    assert found["findings"][1] == {"name": "check 1", "found": "", "word": BAD, "advice": ""}
