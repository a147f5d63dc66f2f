"""Whichever AWS call of whichever function fails, and however: redelivered, it all comes to the same."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from tests.faults.faulty_aws import Failure, Plan, at_calls, is_read, undisturbed
from tests.faults.outcome import outcome
from tests.faults.scenes import SCENES, Scene
from tests.faults.stage import Snapshot, Stage


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A scene that was played without a fault: where it begins, which calls it makes, and what it comes to."""

    beginning: Snapshot
    operations: tuple[str, ...]
    outcome: dict[str, Any]


def rehearsal(stage: Stage, scene: Scene) -> Rehearsed:
    """Play a scene without a fault."""
    beginning = stage.at(scene.before)
    stage.restore(beginning)
    with stage.failing_by(undisturbed, scene.function):
        scene.act(stage)
        operations = tuple(stage.aws.operations)
    stage.come_to_rest()
    return Rehearsed(beginning, operations, outcome(stage))


def trouble(stage: Stage, scene: Scene, expected: Rehearsed, plan: Plan) -> str:
    """Play a scene by a plan, and give in words how it came to something else; empty when it didn't."""
    stage.restore(expected.beginning)
    try:
        with stage.failing_by(plan, scene.function):
            scene.act(stage)
        stage.come_to_rest()
        return difference(expected.outcome, outcome(stage))
    except AssertionError as error:
        return str(error)


def difference(expected: Any, found: Any, where: str = "") -> str:
    """Give in words where two outcomes differ first; empty when they don't."""
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        return next((said for key in expected if (said := difference(expected[key], found[key], f"{where}/{key}"))), "")
    if isinstance(expected, list) and isinstance(found, list):
        missing, added = [one for one in expected if one not in found], [one for one in found if one not in expected]
        if missing or added:
            return f"{where}: missing {missing}, added {added}"
    return "" if expected == found else f"{where}: {found} instead of {expected}"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_call_that_fails_changes_nothing_in_the_end(stage: Stage, scene: Scene) -> None:
    expected = rehearsal(stage, scene)
    assert expected.operations
    troubles = [
        f"call {number} ({operation}) {failure}: {said}"
        for failure, (number, operation) in product(Failure, enumerate(expected.operations, 1))
        if (failure is Failure.REFUSED or not is_read(operation))
        and (said := trouble(stage, scene, expected, at_calls({number: failure})))
    ]
    assert not troubles, "\n".join(troubles)
