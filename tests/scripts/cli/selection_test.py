"""What can be asked for by name."""

import pytest

from steplab_study.cli.selection import all_parts, parts_named
from steplab_study.errors import UsageError
from steplab_study.protocol import ranking as protocol
from steplab_study.protocol.profiles import profile_named


def test_unknown_names_list_the_known_ones():
    with pytest.raises(UsageError, match="'fast'; known profiles: smoke, quick, standard, full"):
        profile_named("fast")
    with pytest.raises(UsageError, match="'speed' in --only; known parts: step, memory, ranking"):
        parts_named("step,speed")
    with pytest.raises(UsageError, match="'poker'; known: quadratic, rosenbrock"):
        protocol.space("poker", "sgd")


def test_parts_keep_the_studys_order():
    assert parts_named("ranking,step") == ("step", "ranking")
    assert parts_named(",".join(all_parts())) == all_parts()
