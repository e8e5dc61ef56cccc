"""The queries of the Grafana dashboard."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from bot.web.metric_list import METRICS, MetricType

DASHBOARD = Path(__file__).resolve().parents[2] / "docs" / "grafana-dashboard.json"
#: What Prometheus itself adds to each sample, and what a histogram has besides.
ADDED_LABELS = {"instance", "job", "le"}
_NAME = re.compile(r"\b(?:dealwire|process)_\w+")
_MATCHERS = re.compile(r"(\w+)\{([^}]*)\}")
_GROUPS = re.compile(r"\b(?:by|without|on|ignoring) \(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Query:
    """A query of a panel, with Grafana's variables replaced."""

    panel: str
    text: str

    @property
    def names(self) -> set[str]:
        """The metrics that it names."""
        return set(_NAME.findall(self.text))

    @property
    def labels(self) -> set[str]:
        """The labels by which it selects or groups, without those that Prometheus adds."""
        matched = {
            part.split("=")[0].strip(" !~") for _, text in _MATCHERS.findall(self.text) for part in text.split(",")
        }
        grouped = {part.strip() for text in _GROUPS.findall(self.text) for part in text.split(",")}
        return (matched | grouped) - ADDED_LABELS - {""}


def list_queries() -> list[Query]:
    """Return all queries of the dashboard, ready for Prometheus."""
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [
        Query(panel["title"], target["expr"].replace("$instance", ".*").replace("$__rate_interval", "1m"))
        for panel in panels
        for target in panel["targets"]
    ]


def list_alerts() -> list[str]:
    """Return the conditions on which the documentation advises an alert."""
    text = (DASHBOARD.parent / "operations.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `((?:up|\w+\(|dealwire_|process_)[^`]*)`", text, re.MULTILINE)


def list_legend_labels() -> set[str]:
    """Return the labels that the legends of the panels show."""
    return set(re.findall(r"\{\{(\w+)\}\}", DASHBOARD.read_text(encoding="utf-8"))) - ADDED_LABELS


def list_sample_names() -> set[str]:
    """Return the names that the samples of our metrics have."""
    names = {metric.name for metric in METRICS if metric.type is not MetricType.HISTOGRAM}
    histograms = [metric.name for metric in METRICS if metric.type is MetricType.HISTOGRAM]
    return names | {f"{name}_{part}" for name in histograms for part in ("bucket", "count", "sum")}
