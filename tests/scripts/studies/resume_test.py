"""Resume: arms, tuned rates and windows, on made-up trials."""

from plans import context, drive, trial

from steplab_study.protocol.ranking import TEST_SEEDS, TUNING_SEEDS
from steplab_study.studies import resume as study

LOSSES = {"all": 1.0, "no_count": 0.9, "no_moments": 1.5, "none": 1.1}


def answer(config):
    """Rates near 0.003 and 0.1 are best; after the restart the loss is its arm's."""
    best = 0.003 if config["rule"] == "adam" else 0.1
    restart = config.get("restart")
    late = 1.0 if restart is None else LOSSES[restart["keep"]] * restart.get("lr_factor", 1.0)
    miss = abs(config["hyper"]["lr"] - best)
    return trial(config, lambda step: (2.0 if step <= 300 else late) + miss)


def outcome_of(key):
    return drive(study.plans(context("quick"))[key], answer)


def test_smoke_leaves_it_out_and_quick_has_one_network():
    assert study.plans(context("smoke")) == {}
    assert [*study.plans(context("quick"))] == [
        "loss mlp/small",
        "switch mlp/small other labels",
        "switch mlp/small fewer images",
    ]
    assert "loss transformer/small" in study.plans(context("standard"))


def test_rates_are_tuned_on_tuning_seeds_and_reported_on_test_seeds():
    outcome, asked = outcome_of("loss mlp/small")
    assert outcome["optimizers"]["adam"]["lr"] == 0.003 and outcome["optimizers"]["sgd_momentum"]["lr"] == 0.1
    restarted = [c for c in asked if "restart" in c]
    assert {c["seed"] for c in restarted} == {*TEST_SEEDS[:12]}
    assert {c["seed"] for c in asked} == {*TEST_SEEDS[:12], *TUNING_SEEDS[:2]}


def test_every_arm_has_the_windows_after_the_restart():
    adam = outcome_of("loss mlp/small")[0]["optimizers"]["adam"]
    assert adam["exact"] == 12
    assert {keep: arms[0] for keep, arms in adam["factors"]["1"].items()} == {
        keep: [loss] * 5 for keep, loss in LOSSES.items()
    }
    assert adam["factors"]["0.1"]["all"] == [[0.1] * 5] * 12


def test_sgd_m_has_no_step_count_to_lose():
    factors = outcome_of("loss mlp/small")[0]["optimizers"]["sgd_momentum"]["factors"]
    assert [*factors["1"]] == ["all", "none"]


def test_a_switch_changes_the_data_and_compares_reset_with_kept():
    outcome, asked = outcome_of("switch mlp/small other labels")
    assert outcome["switch"] == "other labels"
    assert outcome["optimizers"]["adam"] == {"keep": [[1.0] * 5] * 12, "reset": [[1.1] * 5] * 12}
    assert all(c["restart"]["options"] == {"label_shift": 1} for c in asked if "restart" in c)
