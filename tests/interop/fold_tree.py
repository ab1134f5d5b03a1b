# SPDX-License-Identifier: MPL-2.0
"""Units and where they stand, written from proto/PROTOCOL.md 10 and 13, rules 4 and 8, for fold.py."""

DEEPEST = 64  # links from unit to heir, and levels of a tree


def in_force(dated, day, what):
    """The last of a list of dated values that begins on DAY or before; None where there is none."""
    held = [d[what] for d in dated if d["from"] <= day]
    return held[-1] if held else None


class Tree:
    """What is asked of `units`: {code: newest record}."""

    units = {}

    def parent(self, code, day):
        return in_force(self.units[code]["parents"], day, "parent")

    def name(self, code, day):
        names = self.units[code]["names"]
        return in_force(names, day, "name") or names[0]["name"]

    def is_open(self, code, day):
        u = self.units[code]
        return u["opened"] <= day <= u.get("closed", "9999")

    def row(self, code, above, day):
        """The row of a unit in the table of ABOVE: itself, the child over it, or None."""
        if code == above:
            return code
        while code is not None:
            up = self.parent(code, day)
            if up == above:
                return code
            code = up
        return None

    def heir(self, code, day):
        """Who carries on what a unit was, as of a day."""
        at = code
        for _ in range(DEEPEST):
            links = [] if self.is_open(at, day) else self.units[at].get("successors", [])
            found = next((x["unit"] for x in links if "unit" in x and x["date"] <= day), None)
            if found not in self.units:
                return at
            at = found
        return code

    def row_today(self, code, above, day):
        """Rule 8."""
        code = self.heir(code, day)
        if code == above:
            return above
        for _ in range(DEEPEST):
            u = self.units[code]
            then = day if self.is_open(code, day) else u.get("closed", day)
            parent = self.parent(code, then)
            if parent is None:
                return None
            parent = self.heir(parent, day)
            if parent == above:
                return code
            code = parent
        return None
