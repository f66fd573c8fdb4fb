"""What the relay tells of itself, on a port that nobody outside reaches: /health, /status and
/metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from desk_phone.model.relayed import Relayed

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric
    from starlette.applications import Starlette

_NAME = "desk_phone_relay_"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 60.0, 3600.0)


@dataclass(frozen=True, slots=True)
class Count:
    """Something that only grows, by ``label`` where it has several kinds."""

    name: str
    help: str
    values: Callable[[], Mapping[str, float]]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Gauge:
    """How something stands."""

    name: str
    help: str
    value: Callable[[], float]


class Figures:
    """For Prometheus; no number and no name is a label. ``problems`` says what is not well, by the
    part; empty: all is."""

    def __init__(
        self,
        counts: Iterable[Count],
        gauges: Iterable[Gauge],
        problems: Callable[[], Mapping[str, str]],
        now: Callable[[], datetime],
    ) -> None:
        from prometheus_client import CollectorRegistry, Histogram

        self._counts, self._gauges = tuple(counts), tuple(gauges)
        self.problems, self._now = problems, now
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._delay = Histogram(
            *(_NAME + "published_seconds", "From hearing a notice to the broker having it"),
            buckets=_SECONDS,
            registry=self._registry,
        )

    def published(self, relayed: Relayed) -> None:
        """The broker has it."""
        self._delay.observe(max(0.0, (self._now() - relayed.heard).total_seconds()))

    def collect(self) -> Iterator[Metric]:
        """As prometheus_client asks it of a collector."""
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

        for count in self._counts:
            labels = [count.label] if count.label else []
            told = CounterMetricFamily(_NAME + count.name, count.help, labels=labels)
            for kind, value in count.values().items():
                told.add_metric([kind] if count.label else [], value)
            yield told
        for gauge in self._gauges:
            yield GaugeMetricFamily(_NAME + gauge.name, gauge.help, value=gauge.value())

    def status(self) -> Mapping[str, object]:
        """``{"well", "problems", "figures"}``, the figures by their names here."""
        problems = self.problems()
        figures: dict[str, object] = {gauge.name: gauge.value() for gauge in self._gauges}
        figures |= {count.name: count.values() for count in self._counts}
        return {"well": not problems, "problems": problems, "figures": figures}

    def text(self) -> bytes:
        from prometheus_client import generate_latest

        return generate_latest(self._registry)


def local(figures: Figures) -> Starlette:
    """The three pages."""
    from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    async def health(_request: Request) -> Response:
        problems = figures.problems()
        return JSONResponse({"well": not problems, **problems}, 503 if problems else 200)

    async def status(_request: Request) -> Response:
        return JSONResponse(figures.status())

    async def metrics(_request: Request) -> Response:
        return Response(figures.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    pages = {"/health": health, "/status": status, "/metrics": metrics}
    return Starlette(routes=[Route(path, page) for path, page in pages.items()])
