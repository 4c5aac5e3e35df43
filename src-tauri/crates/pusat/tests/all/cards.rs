//! Cards for people recorded elsewhere and before.

use crate::district::{Desk, District};
use crate::recording::{Sheet, nik};
use base64::Engine as _;
use biometrics::matching::Template;
use hyper::Method;
use packet::wire::{CardContent, PersonAnswer, StatusChange};
use serde_json::json;
use uuid::Uuid;

impl Desk {
    pub async fn ask_for(&self, job: Uuid, body: &serde_json::Value) -> crate::client::Answer {
        self.client.post(&format!("/v1/credentialRequests/{job}"), body).await
    }

    pub async fn state_of(&self, job: Uuid) -> String {
        let answer = self.client.get(&format!("/v1/credentialRequests/{job}")).await;
        answer.json::<serde_json::Value>()["status"].as_str().unwrap().to_owned()
    }

    pub async fn print(&self, job: Uuid) {
        let issued = br#"{"status":"ISSUED","serial":"B-0001"}"#;
        let headers = [("content-type", "application/json")];
        let path = format!("/v1/credentialRequests/{job}");
        assert_eq!(self.client.ask(Method::PUT, &path, &headers, issued).await.status, 204, "printed");
    }

    pub async fn print_and_hand_over(&self, job: Uuid) {
        self.print(job).await;
        let path = format!("/v1/credentials/{job}/status");
        assert_eq!(self.client.post(&path, &json!({"status": "ACTIVE"})).await.status, 204, "handed over");
    }

    pub async fn card(&self, job: Uuid) -> crate::client::Answer {
        self.client.get(&format!("/v1/credentialRequests/{job}/card")).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_card_is_printed_again_at_another_station_from_the_same_recording() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let first = Uuid::now_v7();
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded at home");
    assert_eq!(home.ask_for(first, &json!({"nik": nik(1)})).await.status, 201, "a first card");
    home.print_and_hand_over(first).await;
    let person = |answer: crate::client::Answer| answer.json::<PersonAnswer>();
    let known = person(away.client.get(&format!("/v1/persons/{}", nik(1))).await);
    assert_eq!(known.status, "CARD_ISSUED", "another station sees the newest status");
    assert!(known.status_at.is_some(), "with its time");
    assert_eq!(known.enrolment, Some(sheet.header.packet), "and of which recording");

    let job = Uuid::now_v7();
    let plain = away.ask_for(job, &json!({"nik": nik(1)})).await;
    assert_eq!(plain.problem(), "not_now", "a second card is not a first one");
    let odd = away.ask_for(job, &json!({"nik": nik(1), "kind": "hilang"})).await;
    assert_eq!(odd.problem(), "malformed", "for a kind that is none");
    let stranger = away.ask_for(job, &json!({"nik": nik(9), "kind": "lost"})).await;
    assert_eq!(stranger.problem(), "not_now", "nor for somebody who was never recorded");
    let lost = json!({"nik": nik(1), "kind": "lost"});
    assert_eq!(away.ask_for(job, &lost).await.status, 201, "a lost one is replaced");
    assert_eq!(away.ask_for(job, &lost).await.status, 200, "asked again is the same request");
    assert_eq!(home.state_of(first).await, "LOST", "whoever finds the old one has no card");
    let known = person(away.client.get(&format!("/v1/persons/{}", nik(1))).await);
    assert_eq!(known.status, "PRINT_READY_RECORD", "ready anew");
    let feed = district.feed(&home, "0").await;
    let again = feed.lines.iter().filter_map(|line| serde_json::from_str::<StatusChange>(line).ok());
    let again = again.filter(|status| status.s == "PRINT_READY_RECORD" && status.r == "lost").count();
    assert_eq!(again, 1, "and the station that recorded it hears why, once");
    let (logged,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM event WHERE kind = 'card_reprint' AND station = 'UJI-02' AND detail ->> 'kind' = 'lost'",
    )
    .fetch_one(&district.centre.pool)
    .await
    .unwrap();
    assert_eq!(logged, 1, "it is in the log of the centre");

    assert_eq!(home.card(job).await.problem(), "other_station", "only for who holds the job");
    assert_eq!(home.card(Uuid::now_v7()).await.problem(), "not_found", "and no other job");
    let answer = away.card(job).await;
    assert_eq!(answer.header("cache-control"), "no-store", "nobody on the way keeps it");
    let card: CardContent = answer.json();
    let bytes = |text: &str| base64::engine::general_purpose::STANDARD.decode(text).unwrap();
    assert_eq!((card.nik.as_str(), card.biodata["nama"].as_str()), (nik(1).as_str(), "ORANG CONTOH"), "who");
    assert!(bytes(&card.portrait).starts_with(b"\xff\xd8"), "the portrait");
    assert!(bytes(&card.signature).starts_with(b"\x89PNG"), "the signature");
    let positions: Vec<u8> = card.fingers.iter().map(|finger| finger.position).collect();
    assert_eq!(positions.len(), 2, "two fingers, one a hand: {positions:?}");
    for finger in &card.fingers {
        let template = Template::from_compact(&bytes(&finger.template)).expect("a template");
        assert!(template.is_comparable(), "which can be compared");
    }
    assert!(!format!("{card:?}").contains(&nik(1)), "what is logged by mistake names nobody");
    away.print(job).await;
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "chip"});
    let path = format!("/v1/credentials/{job}/status");
    assert_eq!(away.client.post(&path, &void).await.status, 204, "the new one is void");
    let known = person(away.client.get(&format!("/v1/persons/{}", nik(1))).await);
    assert_eq!(known.status, "PRINT_READY_RECORD", "ready for the next");
    away.print_and_hand_over(job).await;
    assert_eq!(away.card(job).await.problem(), "not_now", "once printed it is not given again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_card_that_was_taken_in_is_none_any_more_although_the_new_one_was_never_handed_over() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    assert_eq!(home.ask_for(first, &json!({"nik": nik(1)})).await.status, 201, "a first card");
    home.print_and_hand_over(first).await;
    assert_eq!(away.ask_for(second, &json!({"nik": nik(1), "kind": "damaged"})).await.status, 201, "again");
    away.print(second).await;
    let path = format!("/v1/credentials/{second}/status");
    let taken = json!({"status": "OLD_WITHDRAWN", "at": "2026-11-27T03:00:00Z", "old": "withdrawn"});
    assert_eq!(home.client.post(&path, &taken).await.problem(), "other_station", "only who holds the job");
    let wordy = json!({"status": "OLD_WITHDRAWN", "old": "di kotak 14, cip retak"});
    assert_eq!(away.client.post(&path, &wordy).await.problem(), "malformed", "a word, not a person's text");
    assert_eq!(home.state_of(first).await, "ACTIVE", "nothing of this moved it");
    for _ in 0..2 {
        assert_eq!(away.client.post(&path, &taken).await.status, 204, "however often it is told");
    }
    let states = (home.state_of(first).await, away.state_of(second).await);
    assert_eq!(states, ("REPLACED".into(), "ISSUED".into()), "in the box, and the new one on its shelf");
    let (events,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM event WHERE kind = 'card_progress' AND detail ->> 'job' = $1::text
           AND detail ->> 'status' = 'OLD_WITHDRAWN' AND detail ->> 'old' = 'withdrawn'",
    )
    .bind(second)
    .fetch_one(&district.centre.pool)
    .await
    .unwrap();
    assert_eq!(events, 1, "one event");
    let stranger = format!("/v1/credentials/{}/status", Uuid::now_v7());
    assert_eq!(away.client.post(&stranger, &taken).await.problem(), "not_found", "of no other job");
    let given = json!({"status": "ACTIVE", "serial": "B-0001", "old": "withdrawn"});
    assert_eq!(away.client.post(&path, &given).await.status, 204, "handed over after all");
    assert_eq!(away.state_of(second).await, "ACTIVE", "it is the one");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_person_one_card_is_active_and_the_old_one_only_until_the_new_one_is_in_the_hand() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    assert_eq!(home.ask_for(first, &json!({"nik": nik(1)})).await.status, 201, "a first card");
    home.print_and_hand_over(first).await;
    assert_eq!(away.ask_for(second, &json!({"nik": nik(1), "kind": "damaged"})).await.status, 201, "again");
    assert_eq!(home.state_of(first).await, "ACTIVE", "the damaged one is all that the holder has");
    away.print(second).await;
    let path = format!("/v1/credentials/{second}/status");
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "misprint"});
    assert_eq!(away.client.post(&path, &void).await.status, 204, "spoiled");
    let known = away.client.get(&format!("/v1/persons/{}", nik(1))).await.json::<PersonAnswer>();
    assert_eq!(known.status, "PRINT_READY_RECORD", "the old one does not stand in the next one's way");
    away.print(second).await;
    let wordy = json!({"status": "ACTIVE", "serial": "B-0001", "old": "di kotak 14, cip retak"});
    assert_eq!(away.client.post(&path, &wordy).await.problem(), "malformed", "a word, not a person's text");
    let given = json!({"status": "ACTIVE", "serial": "B-0001", "old": "withdrawn"});
    assert_eq!(away.client.post(&path, &given).await.status, 204, "the old card was taken in");
    let states = (home.state_of(first).await, away.state_of(second).await);
    assert_eq!(states, ("REPLACED".into(), "ACTIVE".into()), "one");
    let (old,): (String,) = sqlx::query_as(
        "SELECT detail ->> 'old' FROM event WHERE kind = 'card_progress' AND detail ->> 'job' = $1::text
           AND detail ->> 'status' = 'ACTIVE'",
    )
    .bind(second)
    .fetch_one(&district.centre.pool)
    .await
    .unwrap();
    assert_eq!(old, "withdrawn", "the centre knows that the old card is in no hand any more");
    let late =
        home.client.post(&format!("/v1/credentials/{first}/status"), &json!({"status": "ACTIVE"})).await;
    assert_eq!(late.status, 204, "what happened is known");
    assert_eq!(home.state_of(first).await, "REPLACED", "and brings it not back");
    let (ended,): (i64,) = sqlx::query_as("SELECT count(*) FROM event WHERE kind = 'card_ended'")
        .fetch_one(&district.centre.pool)
        .await
        .unwrap();
    assert_eq!(ended, 1, "it is in the log of the centre");
}

/// Tells a step of a card that happened at this hour of the day before.
async fn tells(desk: &Desk, job: Uuid, word: &str, serial: &str, hour: i8) {
    let at =
        (jiff::Timestamp::now() - jiff::SignedDuration::from_hours(48)).to_zoned(jiff::tz::TimeZone::UTC);
    let at = at.date().at(hour, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
    let body = json!({"status": word, "serial": serial, "at": at});
    let answer = match word {
        "ISSUED" => {
            let headers = [("content-type", "application/json")];
            let bytes = serde_json::to_vec(&body).unwrap();
            desk.client.ask(Method::PUT, &format!("/v1/credentialRequests/{job}"), &headers, &bytes).await
        }
        _ => desk.client.post(&format!("/v1/credentials/{job}/status"), &body).await,
    };
    assert_eq!(answer.status, 204, "{word} of {serial}: {}", String::from_utf8_lossy(&answer.body));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_comes_late_does_not_bring_an_older_card_back() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    // Home was without a network all day; nobody else knew that a card was made there.
    let [old, new, next] = [0; 3].map(|_| Uuid::now_v7());
    for (desk, job, made) in [(&away, new, false), (&home, old, true)] {
        assert_eq!(desk.ask_for(job, &json!({"nik": nik(1), "made": made})).await.status, 201, "asked for");
    }
    tells(&away, new, "ISSUED", "B-0002", 13).await;
    tells(&away, new, "ACTIVE", "B-0002", 14).await;
    let status = async || {
        let known = away.client.get(&format!("/v1/persons/{}", nik(1))).await.json::<PersonAnswer>();
        known.status
    };
    tells(&home, old, "ISSUED", "B-0001", 8).await;
    assert_eq!(status().await, "CARD_ISSUED", "printed long before the other one was handed over");
    tells(&home, old, "ACTIVE", "B-0001", 9).await;
    let states = (home.state_of(old).await, away.state_of(new).await);
    assert_eq!(states, ("REPLACED".into(), "ACTIVE".into()), "the later one stands, whatever came first");
    assert_eq!(status().await, "CARD_ISSUED", "and so does the status");
    let ended = "SELECT count(*) FROM event WHERE kind = 'card_ended' AND detail ->> 'by' = $1::text";
    let (ended,): (i64,) = sqlx::query_as(ended).bind(new).fetch_one(&district.centre.pool).await.unwrap();
    assert_eq!(ended, 1, "by which it ended is in the log");

    // The other way round: what is told late did happen later.
    assert_eq!(home.ask_for(next, &json!({"nik": nik(1), "kind": "damaged"})).await.status, 201, "again");
    tells(&home, next, "ISSUED", "B-0003", 15).await;
    tells(&home, next, "ACTIVE", "B-0003", 16).await;
    let states = (away.state_of(new).await, home.state_of(next).await);
    assert_eq!(states, ("REPLACED".into(), "ACTIVE".into()), "the newest replaces");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_cards_at_one_time_the_higher_number_stands_and_a_clock_that_is_ahead_wins_nothing() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    let [first, second] = [0; 2].map(|_| Uuid::now_v7());
    for (desk, job, made) in [(&home, first, false), (&away, second, true)] {
        assert_eq!(desk.ask_for(job, &json!({"nik": nik(1), "made": made})).await.status, 201, "asked for");
    }
    for (desk, job, serial) in [(&away, second, "B-0002"), (&home, first, "B-0001")] {
        tells(desk, job, "ISSUED", serial, 10).await;
        tells(desk, job, "ACTIVE", serial, 10).await;
    }
    let states = (home.state_of(first).await, away.state_of(second).await);
    assert_eq!(states, ("REPLACED".into(), "ACTIVE".into()), "the higher number");

    let ahead = Uuid::now_v7();
    assert_eq!(home.ask_for(ahead, &json!({"nik": nik(1), "kind": "lost"})).await.status, 201, "lost");
    home.print(ahead).await;
    let path = format!("/v1/credentials/{ahead}/status");
    let body = json!({"status": "ACTIVE", "serial": "B-0003", "at": "2096-01-01T00:00:00Z"});
    assert_eq!(home.client.post(&path, &body).await.status, 204, "by a clock that is years ahead");
    let kept = "SELECT happened_ms FROM credential WHERE job = $1";
    let (kept,): (i64,) = sqlx::query_as(kept).bind(ahead).fetch_one(&district.centre.pool).await.unwrap();
    assert!(kept <= jiff::Timestamp::now().as_millisecond(), "it counts as now");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_void_card_is_named_by_its_number_and_a_plain_word_by_the_station_that_holds_it() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    assert_eq!(
        district.outcome(&home, &Sheet::new(&home, 1, 1, &nik(1))).await.0,
        "PRINT_READY_RECORD",
        "recorded"
    );
    let job = Uuid::now_v7();
    assert_eq!(home.ask_for(job, &json!({"nik": nik(1)})).await.status, 201, "asked for");
    let path = format!("/v1/credentials/{job}/status");
    let void =
        json!({"status": "VOIDED", "serial": "0718224911", "reason": "chip", "at": "2026-11-27T03:00:00Z"});
    for (change, code) in [
        (json!({"serial": ""}), "malformed"),
        (json!({"reason": "ORANG CONTOH, salah nama"}), "malformed"),
        (json!({"status": "HILANG"}), "malformed"),
    ] {
        let mut body = void.clone();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(home.client.post(&path, &body).await.problem(), code, "{body}");
    }
    assert_eq!(away.client.post(&path, &void).await.problem(), "other_station", "nobody else's");
    let nowhere = format!("/v1/credentials/{}/status", Uuid::now_v7());
    assert_eq!(home.client.post(&nowhere, &void).await.problem(), "not_found", "nor of no request");
    for _ in 0..2 {
        assert_eq!(home.client.post(&path, &void).await.status, 204, "told, and told again");
    }
    let kept: Vec<(String, String)> = sqlx::query_as("SELECT serial, reason FROM voided_card")
        .fetch_all(&district.centre.pool)
        .await
        .unwrap();
    assert_eq!(kept, [("0718224911".into(), "chip".into())], "kept once");
    let changed = sqlx::query("DELETE FROM voided_card").execute(&district.centre.pool).await;
    assert!(changed.is_err(), "and for good");
    let state = home.client.get(&format!("/v1/credentialRequests/{job}")).await;
    assert_eq!(state.json::<serde_json::Value>()["status"], "REQUESTED", "the request still stands");
}
