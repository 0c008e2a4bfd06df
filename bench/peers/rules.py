"""The rules that all peers run, with the hyperparameters that peer_worker uses."""

LR = {"sgdm": 0.01, "adam": 1e-3, "adamw": 1e-3}
MOMENTUM = 0.9
BETAS = BETA1, BETA2 = 0.9, 0.999
EPS = 1e-8
WEIGHT_DECAY = 0.01  # of adamw alone

ALL = tuple(LR)
ADAMS = ("adam", "adamw")
