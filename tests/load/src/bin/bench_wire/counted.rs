//! Bytes as TCP carries them, counted by the proxy between station and centre: exact, without rate or loss.

use crate::figure;
use load::{Desk, Error, House, Result, drive, free_port};
use sim::network::{Network, Weather};

/// A usual packet of 2 MiB.
const USUAL: [usize; 3] = [64 << 10, 1_792 << 10, 192 << 10];
const PAYLOAD: f64 = 2_097_152.0;
/// Statuses of one page.
const PAGE: u32 = 5_000;
/// Payload of one segment on Ethernet, and what IPv4 and TCP with time stamps add to it (RFC 791, 9293, 7323).
const SEGMENT: f64 = 1_448.0;
const HEADERS: f64 = 52.0;
const LOSS: f64 = 0.05;

#[allow(clippy::cast_precision_loss)] // megabytes
fn total(network: &Network) -> f64 {
    let (up, down) = network.bytes();
    (up + down) as f64
}

pub async fn measure() -> Result<()> {
    let house = House::build(free_port()?)?;
    house.serve(None)?;
    let network = Network::start(house.listen()).map_err(Error::file("start the proxy"))?;
    packet_and_cuts(&house, &network).await?;
    feed(&house, &network).await
}

async fn packet_and_cuts(house: &House, network: &Network) -> Result<()> {
    let desk = Desk::new(house, "W0001").await?;
    let engine = desk.engine(network.address())?;
    // The first exchange of a station also fetches what it lacks.
    drive(&desk, &engine).await?;
    desk.seal(USUAL)?;
    let before = total(network);
    drive(&desk, &engine).await?;
    let plain = total(network) - before;
    let ratio = plain / PAYLOAD;
    // What a lossy line makes of it at the least: headers for each segment, and every lost segment once more.
    let model = ratio * (1.0 + HEADERS / SEGMENT) / (1.0 - LOSS);
    let more = serde_json::json!({"tls_and_http": ratio, "loss": LOSS, "floor": (1.0 + HEADERS / SEGMENT) / (1.0 - LOSS)});
    figure("wire bytes for 2 MiB, counted; headers and 5 % loss by calculation", model, "ratio", 1.18, more)?;

    let cuts = 8u32;
    // A line that is narrower than the station's buffers are wide; a hundred times 64 kbit/s.
    network.set_weather(Weather { bytes_per_second: Some(800_000), ..Weather::default() });
    let fresh = desk.engine(network.address())?;
    desk.seal(USUAL)?;
    let before = total(network);
    let base = network.bytes().0;
    network.cut_at((1..=u64::from(cuts)).map(|n| base + n * 230_000));
    drive(&desk, &fresh).await?;
    let cut = u32::try_from(network.cuts()).unwrap_or(0);
    network.set_weather(Weather::default());
    let each = (total(network) - before - plain) / f64::from(cut.max(1));
    let more = serde_json::json!({"cuts": cut, "with": "the new connection's handshake, the question for the offset"});
    figure("bytes again after a cut, both ways", each, "bytes", 32_768.0, more)
}

async fn feed(house: &House, network: &Network) -> Result<()> {
    let desk = Desk::new(house, "W0002").await?;
    let engine = desk.engine(network.address())?;
    let asked = async |text: &str| {
        let before = total(network);
        let report = engine.exchange().await.map_err(|error| Error::Broken(error.to_string()))?;
        match report.cause {
            Some(cause) => Err(Error::Broken(format!("{text}: {cause:?}"))),
            None => Ok((total(network) - before, report.changes)),
        }
    };
    let (first, _) = asked("first").await?;
    let (second, _) = asked("nothing changed").await?;
    let more = serde_json::json!({"on": "a connection that stands, both ways, TLS included", "first_exchange_of_a_connection": first});
    figure("bytes when nothing changed", second, "bytes", 200.0, more)?;

    // As the pipeline writes them: batches of 32 in the order of arrival, every eighth of them fails, one batch in three
    // seconds; each packet twice, received and decided.
    house.sql(&format!(
        "INSERT INTO feed (station, number, change)
         SELECT 'W0002', n, jsonb_build_object('k', 'status', 's', s, 't', to_char(t, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), 'q', jsonb_build_array(jsonb_build_array(q, q)))
         FROM (SELECT row_number() OVER (ORDER BY t, k, q) AS n, * FROM (
            SELECT q, 1 AS k, 'RECEIVED_AT_CENTRAL' AS s, timestamptz '2026-11-20 01:00:00Z' + interval '1 second' * (q / 2) AS t FROM generate_series(1, {half}) q
            UNION ALL
            SELECT q, 2, CASE WHEN q % 8 = 3 THEN 'ENROLL_FAILURE_AT_CENTRAL' ELSE 'PRINT_READY_RECORD' END, timestamptz '2026-11-20 03:00:00Z' + interval '3 second' * (q / 32) FROM generate_series(1, {half}) q
         ) a) b;
         UPDATE station SET feed_number = {PAGE} WHERE code = 'W0002';",
        half = PAGE / 2
    ))?;
    let before = total(network);
    let report = engine.exchange().await.map_err(|error| Error::Broken(error.to_string()))?;
    let bytes = total(network) - before;
    if report.changes > u64::from(PAGE) || report.cause.is_some() {
        return Err(Error::Broken(format!("the page: {:?}", report.cause)));
    }
    let more = serde_json::json!({"statuses": PAGE, "bytes": bytes});
    figure("bytes per status, page of 5,000", bytes / f64::from(PAGE), "bytes", 4.0, more)
}
