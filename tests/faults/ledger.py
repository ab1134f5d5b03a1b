# SPDX-License-Identifier: MPL-2.0
"""What officers handed in, kept by nobody but the one who handed it in: no program under test is asked."""
MONTHS = ("2024-11", "2024-12")
GONE = "withdrawn"


class Ledger:
    """For each activity, by its title: every content it was ever handed in with, and what it is now."""

    def __init__(self):
        self.said = {}  # title -> {(sessions, attendances) or GONE}
        self.order = []  # (title, content) as they were handed in
        self.now = {}  # title -> (sessions, attendances) or GONE, once its officer was told it is kept
        self.unit, self.day = {}, {}
        self.submits = set()  # (unit, month)

    def hand_in(self, title, content, unit=None, day=None):
        """Somebody gives the command; whether it is kept nobody knows yet."""
        self.said.setdefault(title, set()).add(content)
        self.order = [o for o in self.order if o != (title, content)] + [(title, content)]
        if unit:
            self.unit[title], self.day[title] = unit, day

    def kept(self, title, content):
        self.now[title] = content

    def live(self, unit=None, month=None):
        """{title: content} of what counts, of a unit, in a month."""
        return {
            t: c
            for t, c in self.now.items()
            if c != GONE
            and (unit is None or self.unit[t] == unit)
            and (month is None or self.day[t].startswith(month))
        }

    def figures(self, month):
        """{unit: [activities, sessions, attendances]} of a month."""
        out = {}
        for title, (sessions, attendances) in self.live(month=month).items():
            row = out.setdefault(self.unit[title], [0, 0, 0])
            for i, n in enumerate((1, sessions, attendances)):
                row[i] += n
        return out
