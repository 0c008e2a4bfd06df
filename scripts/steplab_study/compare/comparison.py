"""Two sides held against each other: every cell's verdict, and what is to be known beside it."""

from dataclasses import dataclass

from . import rule


@dataclass
class Comparison:
    """What was found of two sides (A, B), and what is to be known beside it."""

    sides: tuple
    effect: float
    aa: float
    cells: list
    warnings: list

    def only(self, place):
        """Cells with a time on one side that the other does not have at all."""
        mine, other = self.sides[place], self.sides[1 - place]
        return [cell for cell in mine.samples if cell not in other.samples and cell not in other.failed]

    def dropped(self):
        """(polluted samples left out, samples taken) of the compared cells."""
        left_out = sum(side.dropped[cell.id] for side in self.sides for cell in self.cells)
        return left_out, left_out + sum(cell.a.count + cell.b.count for cell in self.cells)


def compared(sides, given_effect=None):
    """The Comparison of two sides."""
    a, b = sides
    aa = rule.aa_difference((a.samples, b.samples))
    effect = rule.minimum_effect(given_effect, aa)
    cpus = [side.machine.get("cpu") for side in sides]
    warnings = []
    if a.kind == "folder":
        warnings.append(
            "Stored samples: whatever changed between the two runs beside the code counts as well."
        )
    if cpus[0] != cpus[1]:
        warnings.append(f"A ran on {cpus[0]}, B on {cpus[1]}: nothing is said of faster or slower.")
    cells = rule.judge(a.samples, b.samples, effect, comparable=cpus[0] == cpus[1])
    return Comparison((a, b), effect, aa, cells, warnings)
