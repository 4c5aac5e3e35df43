//! The cards' part of the exchange against the real centre.

use crate::desk::Station;
use crate::district::District;
use crate::recording::{Sheet, nik};
use domain::ids::{JobId, PermohonanId};
use domain::permohonan::CardNews;
use domain::plan::JenisPermohonan;
use store::CardReportState as State;
use uuid::Uuid;

async fn one<T>(district: &District, sql: &'static str, job: JobId) -> T
where
    T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    let row: (T,) = sqlx::query_as(sql).bind(job.uuid()).fetch_one(&district.centre.pool).await.unwrap();
    row.0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_card_goes_from_the_request_to_the_hand_and_the_centre_knows_each_step_once() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded at home");
    let station = Station::new(&district, &away);
    let (first, job) = (station.visit(JenisPermohonan::Hilang, &nik(1)), JobId::new(Uuid::now_v7()));
    station.tell(first, job, CardNews::Requested);
    let report = station.exchange().await;
    assert_eq!((report.cause, report.cards, report.contents), (None, 1, 1), "asked for and fetched at once");
    let data = station.store.read(|v| v.card_data(first)).unwrap().expect("what the card needs is here");
    assert!(
        data.portrait.starts_with(b"\xff\xd8") && data.signature.starts_with(b"\x89PNG"),
        "both pictures"
    );
    assert_eq!(data.fingers.len(), 2, "and two fingers");
    assert!(data.biodata_json.contains("ORANG CONTOH"), "biodata as attested");
    station.tell(first, job, CardNews::Issued);
    station.tell(first, job, CardNews::Active);
    assert_eq!(station.exchange().await.cards, 2, "printed and handed over");
    assert!(station.reports(first).iter().all(|row| row.0 == State::Told), "all told");
    let status: String = one(&district, "SELECT status FROM credential WHERE job = $1", job).await;
    let serial: String = one(&district, "SELECT serial FROM credential WHERE job = $1", job).await;
    assert_eq!((status.as_str(), serial.as_str()), ("ACTIVE", "0718224913"), "the centre has it whole");
    let steps = "SELECT count(*) FROM event WHERE kind = 'card_progress' AND detail ->> 'job' = $1::text
                 AND detail ->> 'at' IS NOT NULL";
    assert_eq!(one::<i64>(&district, steps, job).await, 2, "each step is one event with the station's time");

    // The answers were lost: the same three once more change nothing.
    let reports = station.store.read(|v| v.card_reports_of(first)).unwrap();
    let other = Station::new(&district, &away);
    let again = other.visit(JenisPermohonan::Hilang, &nik(1));
    for row in &reports {
        other.tell(again, row.job, row.news);
    }
    assert_eq!(other.exchange().await.cards, 3, "a station of an older backup tells all of it once more");
    assert_eq!(one::<i64>(&district, steps, job).await, 2, "which the centre has already");
    assert_eq!(other.findings(), [], "and nobody is called");

    // The next card of the same person, now that one was handed over.
    let (second, next) = (station.visit(JenisPermohonan::Rusak, &nik(1)), JobId::new(Uuid::now_v7()));
    station.tell(second, next, CardNews::Requested);
    let report = station.exchange().await;
    assert_eq!((report.cards, report.contents), (1, 1), "a damaged card is replaced");
    let why =
        "SELECT detail ->> 'kind' FROM event WHERE kind = 'card_reprint' AND detail ->> 'job' = $1::text";
    assert_eq!(one::<String>(&district, why, next).await, "damaged", "and the centre knows why");
}

/// The population register of the centre says this of a person from now on.
async fn registered(district: &District, line: serde_json::Value) {
    pusat::residents::import(&district.centre, format!("{line}\n").as_bytes(), "18.13.01").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_of_changed_data_bears_what_the_population_register_says_today() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded at home");
    let station = Station::new(&district, &away);
    let fetched = async |kind: JenisPermohonan| {
        let (visit, job) = (station.visit(kind, &nik(1)), JobId::new(Uuid::now_v7()));
        station.tell(visit, job, CardNews::Requested);
        assert_eq!(station.exchange().await.contents, 1, "fetched");
        let data = station.store.read(|v| v.card_data(visit)).unwrap().unwrap();
        station.tell(visit, job, CardNews::Withdrawn);
        station.exchange().await;
        let biodata: std::collections::BTreeMap<String, String> =
            serde_json::from_str(&data.biodata_json).unwrap();
        biodata
    };
    let old = fetched(JenisPermohonan::Hilang).await;
    assert!(!old.contains_key("alamat"), "whom the register does not hold stands there as attested: {old:?}");
    let mut line = serde_json::json!({
        "nik": nik(1), "kk": "1801010101019001", "nama": "ORANG CONTOH", "alamat": "JL. LAMA 1", "rt": "1",
        "rw": "2", "kelurahan": "1813012001", "status_perkawinan": "1", "pekerjaan": "",
    });
    registered(&district, line.clone()).await;
    assert_eq!(fetched(JenisPermohonan::Hilang).await["alamat"], "JL. LAMA 1", "the register's");
    line["alamat"] = "JL. BARU 27".into();
    line["status_perkawinan"] = "2".into();
    registered(&district, line).await;
    let new = fetched(JenisPermohonan::PerubahanData).await;
    assert_eq!(
        (new["alamat"].as_str(), new["status_perkawinan"].as_str()),
        ("JL. BARU 27", "2"),
        "as of today"
    );
    assert_eq!(new["tanggal_lahir"], old["tanggal_lahir"], "what the register leaves out stays as attested");
    assert!(!new.contains_key("pekerjaan"), "and a blank says nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_whom_nobody_recorded_is_a_task_for_a_person_and_another_stations_job_too() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let station = Station::new(&district, &away);
    let visit = station.visit(JenisPermohonan::Hilang, &nik(7));
    station.tell(visit, JobId::new(Uuid::now_v7()), CardNews::Requested);
    assert_eq!(station.exchange().await.cause, None, "the exchange is well");
    assert_eq!(station.reports(visit)[0], (State::Refused, "refused:not_now_UNREGISTERED".into()), "refused");
    let found = ("card_request_refused".to_owned(), "2026-11-27/K-001 (not_now_UNREGISTERED)".to_owned());
    assert_eq!(station.findings(), [found], "with the words of it");

    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    let (mine, theirs) = (Station::new(&district, &home), JobId::new(Uuid::now_v7()));
    let first = mine.visit(JenisPermohonan::Hilang, &nik(1));
    mine.tell(first, theirs, CardNews::Requested);
    assert_eq!(mine.exchange().await.cards, 1, "the first one has the job");
    let stolen = station.visit(JenisPermohonan::Hilang, &nik(1));
    station.tell(stolen, theirs, CardNews::Requested);
    station.exchange().await;
    assert_eq!(station.reports(stolen)[0], (State::Refused, "refused:other_station".into()), "nobody else's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_centre_that_lost_its_cards_is_told_them_again_from_the_start() {
    let district = District::start().await;
    let home = district.desk("UJI-01").await;
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    let station = Station::new(&district, &home);
    let (visit, job) = (station.visit(JenisPermohonan::Hilang, &nik(1)), JobId::new(Uuid::now_v7()));
    station.tell(visit, job, CardNews::Requested);
    station.tell(visit, job, CardNews::Issued);
    assert_eq!(station.exchange().await.cards, 2, "asked for and printed");
    sqlx::query("DELETE FROM credential").execute(&district.centre.pool).await.unwrap();
    station.tell(visit, job, CardNews::Active);
    assert_eq!(station.exchange().await.cards, 1, "the hand-over arrives");
    let status: String = one(&district, "SELECT status FROM credential WHERE job = $1", job).await;
    assert_eq!(status, "ACTIVE", "with everything before it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voided_card_is_told_once_and_the_next_one_is_printed_under_the_same_request() {
    let district = District::start().await;
    let home = district.desk("UJI-01").await;
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    let (bad, worse, good) = ("0718224911", "0718224912", "0718224913");
    let told = |station: &Station, visit: PermohonanId, job: JobId| {
        station.tell(visit, job, CardNews::Requested);
        // The chip was written and could not be read back; the printed card was accepted and found wrong at the hand-over.
        station.tell_of(visit, job, CardNews::Voided, bad);
        station.tell_of(visit, job, CardNews::Issued, worse);
        station.tell_of(visit, job, CardNews::Voided, worse);
        station.tell_of(visit, job, CardNews::Voided, worse);
    };
    let station = Station::new(&district, &home);
    let (visit, job) = (station.visit(JenisPermohonan::Hilang, &nik(1)), JobId::new(Uuid::now_v7()));
    told(&station, visit, job);
    assert_eq!(station.exchange().await.cards, 4, "each blangko once");
    assert!(
        station.reports(visit).iter().all(|row| row.0 == State::Told),
        "all told: {:?}",
        station.reports(visit)
    );
    let standing = "SELECT status || ' ' || serial FROM credential WHERE job = $1";
    assert_eq!(one::<String>(&district, standing, job).await, "REQUESTED ", "the request stands");
    let ready = ("PRINT_READY_RECORD".to_owned(), "voided".to_owned());
    assert_eq!(
        district.status(sheet.header.packet).await,
        ready,
        "and the recording is ready for the next card"
    );

    station.tell_of(visit, job, CardNews::Issued, good);
    station.tell_of(visit, job, CardNews::Active, good);
    assert_eq!(station.exchange().await.cards, 2, "the next one is printed and handed over");
    assert_eq!(one::<String>(&district, standing, job).await, format!("ACTIVE {good}"), "the centre has it");
    assert_eq!(district.status(sheet.header.packet).await.0, "CARD_ISSUED", "and so has its holder");
    let voided = "SELECT string_agg(serial, ' ' ORDER BY serial) FROM voided_card WHERE job = $1";
    assert_eq!(
        one::<String>(&district, voided, job).await,
        format!("{bad} {worse}"),
        "every blangko is known"
    );
    let why = "SELECT DISTINCT reason FROM voided_card WHERE job = $1";
    assert_eq!(one::<String>(&district, why, job).await, "chip", "with the desk's reason");

    // A station of an older backup tells all of it once more.
    let other = Station::new(&district, &home);
    let again = other.visit(JenisPermohonan::Hilang, &nik(1));
    told(&other, again, job);
    other.tell_of(again, job, CardNews::Issued, good);
    other.tell_of(again, job, CardNews::Active, good);
    assert_eq!(other.exchange().await.cards, 6, "taken");
    let events = "SELECT count(*) FROM event WHERE kind = 'card_progress' AND detail ->> 'job' = $1::text";
    assert_eq!(one::<i64>(&district, events, job).await, 5, "and nothing is there twice");
    assert_eq!(one::<String>(&district, standing, job).await, format!("ACTIVE {good}"), "nor changed");
    let called = |station: &Station| station.findings().iter().any(|found| found.0.starts_with("card_"));
    assert!(!called(&other), "nobody is called: {:?}", other.findings());

    station.tell_of(visit, job, CardNews::Voided, good);
    station.exchange().await;
    let last = station.reports(visit).pop().unwrap();
    assert_eq!(last, (State::Refused, "refused:not_now_ACTIVE".into()), "a card in the hand is not void");
    assert!(called(&station), "a person sees to it: {:?}", station.findings());
}

/// Every status that a station's mirror holds of a NIK, newest first.
fn mirror(station: &Station, nik: &str) -> Vec<String> {
    let rows = station.store.read(|view| view.central_statuses(nik)).unwrap();
    rows.into_iter().map(|row| row.status).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_taken_back_and_given_again_reaches_the_station_that_makes_its_card_and_no_second_request_is_taken()
 {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded at home");
    let says = async |status: &str| {
        pusat::pipeline::simulate(&district.centre, sheet.header.packet, status, "").await.unwrap();
    };
    let station = Station::new(&district, &away);
    let (visit, job) = (station.visit(JenisPermohonan::BaruWni, &nik(1)), JobId::new(Uuid::now_v7()));
    station.tell(visit, job, CardNews::Requested);
    assert_eq!(station.exchange().await.cards, 1, "its card is asked for elsewhere");
    says("DUPLICATE_RECORD").await;
    station.exchange().await;
    let words = ["DUPLICATE_RECORD", "PRINT_READY_RECORD"];
    assert_eq!(mirror(&station, &nik(1)), words, "taken back, and heard where it matters");
    // It was in the printer.
    station.tell(visit, job, CardNews::Issued);
    assert_eq!(station.exchange().await.cards, 1, "told");
    says("PRINT_READY_RECORD").await;
    station.exchange().await;
    let words = ["CARD_PRINTED", "PRINT_READY_RECORD"];
    assert_eq!(mirror(&station, &nik(1))[..2], words, "given again, and as far as its card");

    let (second, next) = (station.visit(JenisPermohonan::BaruWni, &nik(1)), JobId::new(Uuid::now_v7()));
    station.tell(second, next, CardNews::Requested);
    station.exchange().await;
    let refused = (State::Refused, "refused:not_now_CARD_PRINTED".to_owned());
    assert_eq!(station.reports(second)[0], refused, "no second card");

    station.tell(visit, job, CardNews::Active);
    station.exchange().await;
    assert_eq!(station.reports(visit)[2].0, State::Told, "the first one is handed over");
    assert_eq!(district.status(sheet.header.packet).await.0, "CARD_ISSUED", "and closes the record");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_station_that_makes_a_card_of_a_record_made_elsewhere_hears_how_the_record_stands_at_each_turn() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded at home");
    let station = Station::new(&district, &away);
    // Who waits at this counter is called by what the feed says: first of a record that is ready already.
    let (first, job) = (station.visit(JenisPermohonan::PindahDatangWni, &nik(1)), JobId::new(Uuid::now_v7()));
    let hears = async |word: &str| {
        station.exchange().await;
        station.later();
        station.exchange().await;
        assert_eq!(mirror(&station, &nik(1)).first().map(String::as_str), Some(word));
    };
    station.tell(first, job, CardNews::Requested);
    hears("PRINT_READY_RECORD").await;
    station.tell(first, job, CardNews::Issued);
    hears("CARD_PRINTED").await;
    station.tell(first, job, CardNews::Active);
    hears("CARD_ISSUED").await;
    // Then of one that becomes ready anew by the request itself, and is given up.
    let (second, next) = (station.visit(JenisPermohonan::Hilang, &nik(1)), JobId::new(Uuid::now_v7()));
    station.tell(second, next, CardNews::Requested);
    hears("PRINT_READY_RECORD").await;
    station.tell(second, next, CardNews::Withdrawn);
    hears("CARD_ISSUED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_visits_request_waits_until_the_card_of_the_visit_before_is_told_to_its_end() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    let station = Station::new(&district, &away);
    // A month without a line: a card made and handed over, and lost again.
    let (first, job) = (station.visit(JenisPermohonan::PindahDatangWni, &nik(1)), JobId::new(Uuid::now_v7()));
    let (second, next) = (station.visit(JenisPermohonan::Hilang, &nik(1)), JobId::new(Uuid::now_v7()));
    for news in [CardNews::Requested, CardNews::Issued, CardNews::Active] {
        station.tell(first, job, news);
    }
    station.tell(second, next, CardNews::Requested);
    station.exchange().await;
    station.later();
    station.exchange().await;
    let told = |visit| station.reports(visit).iter().all(|row| row.0 == State::Told);
    assert!(told(first) && told(second), "all of both");
    let status = "SELECT status FROM credential WHERE job = $1";
    assert_eq!(one::<String>(&district, status, job).await, "LOST", "the first card was in the hand");
    assert_eq!(one::<String>(&district, status, next).await, "REQUESTED");
    assert_eq!(station.findings(), [], "and nobody is called");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_station_waits_for_the_first_ones_card_until_that_request_is_given_up() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded at home");
    let (first, second) = (Station::new(&district, &home), Station::new(&district, &away));
    let (visit, job) = (first.visit(JenisPermohonan::BaruWni, &nik(1)), JobId::new(Uuid::now_v7()));
    first.tell(visit, job, CardNews::Requested);
    assert_eq!(first.exchange().await.cards, 1, "asked for");
    let (there, late) = (second.visit(JenisPermohonan::PindahDatangWni, &nik(1)), JobId::new(Uuid::now_v7()));
    second.tell(there, late, CardNews::Requested);
    let report = second.exchange().await;
    assert_eq!((report.cause, report.cards, report.contents), (None, 0, 0), "neither card nor data");
    assert_eq!(second.reports(there)[0], (State::Waiting, "card_running:REQUESTED".into()), "and why");
    assert_eq!(second.findings(), [], "which ends by itself");

    first.tell(visit, job, CardNews::Withdrawn);
    assert_eq!(first.exchange().await.cards, 1, "called off");
    let status = "SELECT status FROM credential WHERE job = $1";
    assert_eq!(one::<String>(&district, status, job).await, "WITHDRAWN", "it runs no more");
    second.later();
    let report = second.exchange().await;
    assert_eq!((report.cards, report.contents), (1, 1), "now it is this one's turn");
    assert_eq!(one::<String>(&district, status, late).await, "REQUESTED", "the only one");
}
