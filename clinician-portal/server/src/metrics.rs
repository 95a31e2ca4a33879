//! Counters for whoever runs the portal: route patterns and statuses, never ids, names or addresses.

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

/// Upper bounds of the latency buckets, seconds: 1 ms to 5 s.
const SECONDS: [f64; 10] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

/// All counters of one process.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    latency: Histogram,
    records: Family<OutcomeLabels, Counter>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("reme_portal");
        let (requests, records) = (Family::default(), Family::default());
        let latency = Histogram::new(SECONDS);
        registry.register("requests", "Requests by route pattern and status", Family::clone(&requests));
        registry.register("request_seconds", "Time to answer", latency.clone());
        registry.register("records", "Records of devices by what became of them", Family::clone(&records));
        Self { registry, requests, latency, records }
    }

    pub(crate) fn request(&self, method: &str, route: &str, status: u16, seconds: f64) {
        let labels = Labels { method: method.into(), route: route.into(), status };
        self.requests.get_or_create(&labels).inc();
        self.latency.observe(seconds);
    }

    pub(crate) fn record(&self, outcome: &'static str) {
        self.records.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// In the text format of OpenMetrics.
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        // Writing into a string cannot fail.
        let _ = encode(&mut out, &self.registry);
        out
    }
}
