//! A record is taken back while a card of it is asked for, printed or handed over, and given again later.

use crate::client::Answer;
use crate::district::{Desk, District};
use crate::recording::{Sheet, nik};
use packet::wire::{Change, PersonAnswer};
use pusat::{orders, pipeline};
use serde_json::json;
use uuid::Uuid;

impl District {
    async fn says(&self, enrolment: Uuid, status: &str) {
        pipeline::simulate(&self.centre, enrolment, status, "").await.expect("the centre says it");
    }

    /// Every status that the feed of a station holds, of its own recordings and of cards that it may make, oldest first.
    async fn heard(&self, desk: &Desk) -> Vec<String> {
        let feed = self.feed(desk, "0").await;
        let word = |change: &Change| match change {
            Change::Status(status) => Some(status.s.clone()),
            Change::Print(print) => Some(format!("{} {}", print.job, print.s)),
            _ => None,
        };
        feed.changes.iter().filter_map(word).collect()
    }
}

impl Desk {
    async fn tells(&self, job: Uuid, body: serde_json::Value) -> Answer {
        self.client.post(&format!("/v1/credentials/{job}/status"), &body).await
    }

    async fn newest(&self, nik: &str) -> String {
        self.client.get(&format!("/v1/persons/{nik}")).await.json::<PersonAnswer>().status
    }
}

/// A recording that is ready, at home, and a card of it that was asked for.
async fn asked(district: &District, home: &Desk) -> (Uuid, Uuid) {
    let sheet = Sheet::new(home, 1, 1, &nik(1));
    assert_eq!(district.outcome(home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    let job = Uuid::now_v7();
    assert_eq!(home.ask_for(job, &json!({"nik": nik(1)})).await.status, 201, "a card is asked for");
    (sheet.header.packet, job)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_is_given_again_stands_where_its_card_stands_and_no_second_one_is_made() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let (enrolment, job) = asked(&district, &home).await;
    district.says(enrolment, "DUPLICATE_RECORD").await;
    home.print(job).await;
    assert_eq!(home.state_of(job).await, "ISSUED", "the card is known");
    assert_eq!(district.status(enrolment).await.0, "DUPLICATE_RECORD", "and gives the record nothing");
    let second = json!({"nik": nik(1)});
    assert_eq!(away.ask_for(Uuid::now_v7(), &second).await.problem(), "not_now", "no card of such a record");

    district.says(enrolment, "PRINT_READY_RECORD").await;
    assert_eq!(district.status(enrolment).await.0, "CARD_PRINTED", "as far as its card");
    let words = ["PRINT_READY_RECORD", "DUPLICATE_RECORD", "PRINT_READY_RECORD", "CARD_PRINTED"];
    assert_eq!(
        district.heard(&home).await[1..],
        words,
        "the station hears that it is given, and then of the card"
    );
    assert_eq!(away.newest(&nik(1)).await, "CARD_PRINTED", "whoever asks hears it too");
    for desk in [&home, &away] {
        let refused = desk.ask_for(Uuid::now_v7(), &second).await;
        let refused: serde_json::Value = refused.json();
        let said = (refused["code"].as_str(), refused["detail"].as_str());
        assert_eq!(said, (Some("not_now"), Some("CARD_PRINTED")), "one card");
    }
    assert!(orders::print(&district.centre, "UJI-02", enrolment).await.is_err(), "nor by the centre's order");

    let active = json!({"status": "ACTIVE", "serial": "B-0001"});
    assert_eq!(home.tells(job, active).await.status, 204, "that very card goes out");
    assert_eq!(district.status(enrolment).await.0, "CARD_ISSUED", "and the record with it");
    let cards: Vec<(String,)> = sqlx::query_as("SELECT status FROM credential WHERE nik = $1")
        .bind(nik(1))
        .fetch_all(&district.centre.pool)
        .await
        .unwrap();
    assert_eq!(cards, [("ACTIVE".to_owned(),)], "one request, one card");
    assert!(district.heard(&away).await.is_empty(), "nothing of it concerns anybody else");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_voided_meanwhile_leaves_the_record_ready_for_the_next_one_under_its_request() {
    let district = District::start().await;
    let home = district.desk("UJI-01").await;
    let (enrolment, job) = asked(&district, &home).await;
    home.print(job).await;
    district.says(enrolment, "ADJUDICATE_RECORD").await;
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "other"});
    assert_eq!(home.tells(job, void).await.status, 204, "two officers have voided it");
    assert_eq!(district.status(enrolment).await.0, "ADJUDICATE_RECORD", "which gives the record nothing");
    district.says(enrolment, "PRINT_READY_RECORD").await;
    assert_eq!(district.status(enrolment).await.0, "PRINT_READY_RECORD", "no card is out");
    home.print_and_hand_over(job).await;
    assert_eq!(district.status(enrolment).await.0, "CARD_ISSUED", "the next one, under the same request");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_handed_over_where_nobody_knew_better_is_the_one_that_its_holder_has() {
    let district = District::start().await;
    let home = district.desk("UJI-01").await;
    let (enrolment, job) = asked(&district, &home).await;
    district.says(enrolment, "REQUEST_VALIDATION").await;
    home.print_and_hand_over(job).await;
    assert_eq!(home.state_of(job).await, "ACTIVE", "it is in a hand");
    assert_eq!(district.status(enrolment).await.0, "REQUEST_VALIDATION", "which gives the record nothing");
    district.says(enrolment, "PRINT_READY_RECORD").await;
    assert_eq!(district.status(enrolment).await.0, "CARD_ISSUED", "as far as its card");
    let next = Uuid::now_v7();
    assert_eq!(
        home.ask_for(next, &json!({"nik": nik(1)})).await.problem(),
        "not_now",
        "no second first card"
    );
    let damaged = json!({"nik": nik(1), "kind": "damaged"});
    assert_eq!(home.ask_for(next, &damaged).await.status, 201, "only one in its place");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_station_elsewhere_that_makes_the_card_hears_both_words_and_the_old_card_stands_in_no_way() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let (enrolment, first) = asked(&district, &home).await;
    home.print_and_hand_over(first).await;
    let job = Uuid::now_v7();
    let damaged = json!({"nik": nik(1), "kind": "damaged"});
    assert_eq!(away.ask_for(job, &damaged).await.status, 201, "one in its place, elsewhere");
    district.says(enrolment, "DUPLICATE_RECORD").await;
    let words = ["PRINT_READY_RECORD", "DUPLICATE_RECORD"].map(|word| format!("{job} {word}"));
    assert_eq!(district.heard(&away).await, words, "it is told at once");
    district.says(enrolment, "PRINT_READY_RECORD").await;
    assert_eq!(district.status(enrolment).await.0, "PRINT_READY_RECORD", "the next card is still to be made");
    district.says(enrolment, "DUPLICATE_RECORD").await;
    away.print(job).await;
    district.says(enrolment, "PRINT_READY_RECORD").await;
    assert_eq!(district.status(enrolment).await.0, "CARD_PRINTED", "now it is made");
    let (ready, taken_back) = ("PRINT_READY_RECORD", "DUPLICATE_RECORD");
    let words = [ready, taken_back, ready, taken_back, ready, "CARD_PRINTED"];
    let words = words.map(|word| format!("{job} {word}"));
    assert_eq!(district.heard(&away).await, words, "each word in its order");
    let own = district.heard(&home).await;
    assert!(!own.iter().any(|word| word.contains(' ')), "who recorded it hears it by its number: {own:?}");
    let active = json!({"status": "ACTIVE", "serial": "B-0002"});
    assert_eq!(away.tells(job, active).await.status, 204, "handed over");
    let states = (home.state_of(first).await, away.state_of(job).await);
    assert_eq!(states, ("REPLACED".into(), "ACTIVE".into()), "one card is good");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_recorded_under_another_nik_is_compared_with_a_record_that_was_given_again() {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let (enrolment, _) = asked(&district, &home).await;
    district.says(enrolment, "DUPLICATE_RECORD").await;
    district.says(enrolment, "PRINT_READY_RECORD").await;
    let again = district.outcome(&away, &Sheet::new(&away, 1, 1, &nik(2))).await;
    assert_eq!(again, ("ADJUDICATE_RECORD".into(), "fingers_alike".into()), "it stands for its person again");
}
