"""The Grafana dashboard shows every metric, under a title that a person understands."""

from __future__ import annotations

import json
import re

from bot.web.metric_list import METRICS
from tests.unit.dashboard import DASHBOARD, list_alerts, list_legend_labels, list_queries, list_sample_names


def test_every_metric_has_a_panel() -> None:
    shown = {name for query in list_queries() for name in query.names}
    names = {name for name in shown if name.startswith("dealwire_")}
    assert names - list_sample_names() == set()
    assert {metric.name for metric in METRICS} - {name.removesuffix("_bucket") for name in names} == set()


def test_the_labels_of_queries_and_legends_exist() -> None:
    """Each query only uses labels that one of its metrics has."""
    labels = {metric.name: set(metric.labels) for metric in METRICS}
    for query in list_queries():
        known = {
            label for name in query.names for metric, own in labels.items() if name.startswith(metric) for label in own
        }
        assert query.labels <= known, query
    assert list_legend_labels() <= {label for own in labels.values() for label in own}


def test_the_metrics_of_the_alerts_exist() -> None:
    alerts = list_alerts()
    assert len(alerts) > 5
    names = {name for alert in alerts for name in re.findall(r"dealwire_\w+", alert)}
    assert names - list_sample_names() == set()


def test_panels_are_named_and_do_not_overlap() -> None:
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    panels = dashboard["panels"]
    titles = [panel["title"] for panel in panels]
    assert len(set(titles)) == len(titles) > 20
    cells = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24
