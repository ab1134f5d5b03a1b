# SPDX-License-Identifier: MPL-2.0
"""What the provincial staff do with November: close it, send it up, and see what was restated afterwards."""
import json
import os

import lib
import story


class Publishing:
    """The part of the demo that is about published figures."""

    def staff(self, *words, done=()):
        """One command of the staff, given again as long as the killer was quicker; DONE: codes that say that
        an earlier attempt went through."""
        while True:
            said = self.aggregator.run(
                *words, "--plan", story.PLAN, ok=None, env={"BAOCAO_PERSON": "Nguyễn Văn B"}
            )
            if said.returncode == 0 or any(code in said.stderr for code in done):
                return said.stdout
            if not self.killer.program:
                raise AssertionError("%s: exit %d\n%s" % (words, said.returncode, said.stderr))

    def document(self, month, form):
        path = os.path.join(self.folder, "bao-cao-%s.%s" % (month, form))
        words = ["--date", "10/12/2024"] if month == "2024-11" else []
        self.staff("document", "--period", month, "--format", form, "--out", path, *words)
        return path

    def closings(self):
        said = self.aggregator.run("closings", "--json", ok=None)
        return json.loads(said.stdout) if said.returncode == 0 else []

    def publish(self, month):
        """Staff close a month, make its document and record that it went up."""
        self.day(story.CLOSED, "the federation closes %s and sends its report up" % month)
        lib.wait_until(self.level, "the aggregator to have read the whole log\n" + self.aggregator.tail())
        self.staff("decide", "close", "--period", month, done=["period-closed"])
        lib.wait_until(lambda: len(self.closings()) == 1, "the closing to be read back")
        self.closed = self.staff("summary", "--period", month, "--closed")
        for form in ("docx", "pdf", "xlsx"):
            path = self.document(month, form)
        words = [
            "--number",
            "12/BC-LĐLĐ",
            "--date",
            "10/12/2024",
            "--signer",
            "Nguyễn Văn A",
            "--file",
            path,
        ]
        self.staff("decide", "sent", "--period", month, *words)
        print("closed at position %d of the log" % json.loads(self.closed)["position"], flush=True)

    def check_closed(self, out):
        """The closed figures are the same bytes; restated are those and the figures of now, which were
        compared with the oracle's."""
        month = "2024-11"
        again = self.staff("summary", "--period", month, "--closed")
        if again != self.closed:
            out.append("the closed figures of %s are not the same bytes" % month)
        was = json.loads(self.closed)["measures"]
        now = self.summary("BD", month, story.PLAN)["measures"]
        said = json.loads(self.staff("restated", "--period", month, "--json"))
        for m in sorted(set(was) | set(now) | set(said["measures"])):
            a, b = was.get(m, {}).get("value"), now.get(m, {}).get("value")
            want = None if a == b else {"was": a, "is": b, "difference": (b or 0) - (a or 0)}
            if said["measures"].get(m) != want:
                out.append("restated %s: expected %s, it says %s" % (m, want, said["measures"].get(m)))
        corrected = {u for u, _, _ in story.CORRECT_LATER if u in self.agents}
        if not corrected <= {c["unit"] for c in said["changes"]}:
            out.append("restated: %s is not among its causes" % corrected)
        if [d["number"] for d in said["sent"]] != ["12/BC-LĐLĐ"]:
            out.append("restated: the document that went up is not named: %s" % said["sent"])
