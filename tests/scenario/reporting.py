# SPDX-License-Identifier: MPL-2.0
"""What the aggregator scenarios share: one that has joined, many activities at once, summaries."""
import json
import os

import federation


def aggregator(place, c, name="figures", *more, window="16M"):
    """An aggregator that is enrolled; C runs. MORE: options of `consumer add`."""
    code = c.json("consumer", "add", name, *more)["code"]
    a = place.aggregator(
        name,
        env={
            "BAOCAO_FOLLOW_PATIENCE": "3s",
            "BAOCAO_FOLLOW_BACKOFF": "300ms",
            "BAOCAO_FOLLOW_WINDOW": window,
        },
    )
    a.run("join", code)
    return a


def through(aggregator, port):
    """From now on AGGREGATOR calls its collector at PORT of this machine."""
    path = os.path.join(aggregator.dir, "collector.json")
    with open(path, encoding="utf-8") as file:
        peer = json.load(file)
    peer["endpoint"] = "tcp://127.0.0.1:%d" % port
    with open(path, "w", encoding="utf-8") as file:
        json.dump(peer, file)


def summary(a, *more, period="2024-11"):
    """The canonical bytes of a summary, as text."""
    return a.run("summary", "--period", period, "--format", "json", *more).stdout


def value(a, measure, *more):
    figure = json.loads(summary(a, *more))["measures"].get(measure)
    return figure["value"] if figure else None


def many(place, a, rows):
    """Enters ROWS activities from one table and sends them."""
    lines = ["date;form;sessions;attendances;title"]
    lines += ["%d/11/2024;F1;1;%d;Hội nghị số %d" % (n % 28 + 1, 10 + n % 90, n) for n in range(rows)]
    a.run("import", place.write("many.csv", "\n".join(lines) + "\n"), "--again")
    a.run("send")


def place_with_reports(place, rows):
    """A running collector with ROWS activities in its log, and the agent that sent them."""
    c = federation.collector(place).up()
    a = federation.agent(place, c, "BD.1.1")
    many(place, a, rows)
    return c, a
