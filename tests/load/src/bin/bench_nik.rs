//! One NIK looked up at the real centre over mTLS, among millions of made-up residents: what step 3 waits for at the desk.
//! `REKAM_BENCH_RESIDENTS` sets how many there are. One JSON line per figure; see docs/bench.md.
#![forbid(unsafe_code)]

use bytes::Bytes;
use hyper::Method;
use load::{Account, Error, House, Line, Result, Spread, free_port};
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const STATIONS: usize = 64;
/// Look-ups a second, and for how long.
const RATE: u32 = 400;
const SECONDS: u32 = 20;

fn main() -> ExitCode {
    let count = std::env::var("REKAM_BENCH_RESIDENTS").ok().and_then(|text| text.parse().ok());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(measure(count.unwrap_or(10_000_000))),
        Err(source) => Err(Error::File { doing: "start", source }),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "bench_nik: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The NIK of the nth made-up resident: kecamatan scattered, so that neighbours in time are none in the index,
/// and running numbers that no registration comes to.
fn nik(n: u64) -> String {
    let (place, number) = (n * 7_919 % 7_300, n % 999 + 9_001);
    let (day, month, year) = (n / 999 % 28 + 1, n / 27_972 % 12 + 1, 40 + n / 335_664 % 60);
    format!(
        "{:02}{:02}{:02}{day:02}{month:02}{year:02}{number:04}",
        11 + place / 100,
        place / 10 % 10 + 1,
        place % 10 + 1
    )
}

/// The same in SQL.
const ROWS: &str = "SELECT lpad((11 + p / 100)::text, 2, '0') || lpad((p / 10 % 10 + 1)::text, 2, '0')
    || lpad((p % 10 + 1)::text, 2, '0') || lpad((n / 999 % 28 + 1)::text, 2, '0') || lpad((n / 27972 % 12 + 1)::text, 2, '0')
    || lpad((40 + n / 335664 % 60)::text, 2, '0') || lpad((n % 999 + 9001)::text, 4, '0') AS nik, n
    FROM (SELECT n, n * 7919 % 7300 AS p FROM generate_series(0::bigint, $1::bigint) n) a";

async fn measure(count: u64) -> Result<()> {
    let house = House::build(free_port()?)?;
    let stations = house.stations(STATIONS, "N").await?;
    let began = Instant::now();
    let rows = ROWS.replace("$1::bigint", &(count.max(1) - 1).to_string());
    // Without a log and with the indexes made at the end: nothing of this is kept. Reading is the same.
    house.sql(&format!(
        "SET maintenance_work_mem = '512MB';
         ALTER TABLE resident SET UNLOGGED;
         ALTER TABLE resident DROP CONSTRAINT resident_pkey; DROP INDEX resident_wilayah;
         INSERT INTO resident (nik, kk, wilayah, data, version)
         SELECT nik, nik, substr(nik, 1, 2) || '.' || substr(nik, 3, 2) || '.' || substr(nik, 5, 2),
                jsonb_build_object('nik', nik, 'kk', nik, 'nama', 'ORANG CONTOH ' || n, 'tempat_lahir', 'KOTA CONTOH',
                    'tanggal_lahir', '1990-01-01', 'jenis_kelamin', 'L', 'alamat', 'JALAN CONTOH NOMOR ' || n % 997,
                    'rt', '001', 'rw', '002', 'agama', 'ISLAM', 'status_perkawinan', 'BELUM KAWIN', 'pekerjaan', 'PELAJAR'), 1
         FROM ({rows}) r;
         ALTER TABLE resident ADD PRIMARY KEY (nik);
         CREATE INDEX resident_wilayah ON resident (wilayah text_pattern_ops);
         ANALYZE resident;"
    ))?;
    let made = began.elapsed().as_secs_f64();
    let size = house.sql("SELECT pg_total_relation_size('resident') / 1048576;")?;
    house.serve(None)?;
    let own = own_limit(&house, count)?;
    let times = look_up(&stations, count).await?;
    let more = serde_json::json!({
        "residents": count, "look_ups": times.count(), "per_second": RATE, "p50_ms": times.ms(0.5), "p999_ms": times.ms(0.999),
        "table_mib": size.trim().parse::<u64>().unwrap_or(0), "made_in_s": made.round(), "load": load::load_average(),
        "postgresql_alone_per_s": own,
    });
    let p99 = times.ms(0.99);
    let line = serde_json::json!({
        "name": "NIK look-up at the centre over mTLS, p99", "value": p99, "unit": "ms", "reference": 50.0,
        "ratio": (p99 / 50.0 * 1000.0).round() / 1000.0, "more": more,
    });
    writeln!(std::io::stdout(), "{line}").map_err(Error::file("write to standard output"))
}

/// The same row read by PostgreSQL alone, a second, 8 clients.
fn own_limit(house: &House, count: u64) -> Result<f64> {
    let script = house.folder().join("look.sql");
    let rows = ROWS.replace("generate_series(0::bigint, $1::bigint) n", "(SELECT :n::bigint AS n) s");
    let text = format!(
        "\\set n random(0, {})\nSELECT data FROM resident WHERE nik = (SELECT nik FROM ({rows}) r);\n",
        count - 1
    );
    std::fs::write(&script, text).map_err(Error::file("write a script"))?;
    let said = house.pgbench(&script, 8, Duration::from_secs(3))?;
    let tps =
        said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
    Ok(tps.unwrap_or(0.0).round())
}

async fn look_up(stations: &[Arc<Account>], count: u64) -> Result<Spread> {
    let mut lines = Vec::new();
    for station in stations {
        lines.push(Arc::new(Mutex::new(station.badge.connect().await?)));
    }
    let began = tokio::time::Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..RATE * SECONDS {
        let due = began + Duration::from_secs(1) * n / RATE;
        let line = Arc::clone(&lines[n as usize % lines.len()]);
        tokio::time::sleep_until(due).await;
        tasks.spawn(async move { one(&line, count, due.into_std()).await });
    }
    let mut times = Spread::default();
    for time in tasks.join_all().await {
        times.add(time?);
    }
    Ok(times)
}

/// One in ten is a NIK that nobody has.
async fn one(line: &Mutex<Line>, count: u64, due: Instant) -> Result<Duration> {
    let known = rand::random_range(0..10) > 0;
    let n = if known { rand::random_range(0..count) } else { count + rand::random_range(0..1_000) };
    let path = format!("/v1/persons/{}?attributeNames=nama,tanggal_lahir,jenis_kelamin", nik(n));
    let answer = line.lock().await.ask(Method::GET, &path, &[], Bytes::new()).await?;
    match (answer.status.as_u16(), known) {
        (200, true) | (404, false) => Ok(due.elapsed()),
        (status, _) => Err(Error::Answer { doing: "look a NIK up", status }),
    }
}
