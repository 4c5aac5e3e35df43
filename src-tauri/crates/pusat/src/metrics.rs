use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// Labels of one answered request: never a path with a NIK in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Answered {
    /// Method.
    pub method: String,
    /// Route template.
    pub route: String,
    /// Status.
    pub status: u16,
}

/// Labels of one decision of the pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Decided {
    /// Central status.
    pub status: String,
    /// Reason; empty when there is none.
    pub reason: String,
}

/// Counters of the centre, for Prometheus.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Answered requests.
    pub requests: Family<Answered, Counter>,
    /// Bytes of parts taken in.
    pub bytes: Counter,
    /// Packets finalised for the first time.
    pub finalised: Counter,
    /// Seconds from the finalisation's request to its answer.
    pub finalise_seconds: Histogram,
    /// Decisions.
    pub decided: Family<Decided, Counter>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("pusat");
        let requests = Family::default();
        let bytes = Counter::default();
        let finalised = Counter::default();
        let finalise_seconds = Histogram::new(exponential_buckets(0.001, 2.0, 14));
        let decided = Family::default();
        registry.register("requests", "Answered requests", requests.clone());
        registry.register("part_bytes", "Bytes of parts taken in", bytes.clone());
        registry.register("finalised", "Packets finalised", finalised.clone());
        registry.register("finalise_seconds", "Time to acknowledge", finalise_seconds.clone());
        registry.register("decided", "Statuses set", decided.clone());
        Self { registry, requests, bytes, finalised, finalise_seconds, decided }
    }
}

impl Metrics {
    /// Text form.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = prometheus_client::encoding::text::encode(&mut out, &self.registry);
        out
    }
}
