//! What is told late of a card, and what a card's holder hears of another one: nothing is lost, and no second card is in a hand.

use crate::client::Answer;
use crate::district::{Desk, District};
use crate::recording::{Sheet, nik};
use jiff::{SignedDuration, Timestamp};
use packet::wire::{Change, PersonAnswer};
use pusat::pipeline;
use pusat::pipeline::adjudication::{self, Word};
use serde_json::{Value, json};
use uuid::Uuid;

impl Desk {
    async fn reports(&self, job: Uuid, body: &Value) -> Answer {
        self.client.post(&format!("/v1/credentials/{job}/status"), body).await
    }

    async fn stands(&self) -> String {
        self.client.get(&format!("/v1/persons/{}", nik(1))).await.json::<PersonAnswer>().status
    }

    async fn asks(&self, body: Value) -> (Uuid, Answer) {
        let job = Uuid::now_v7();
        let answer = self.ask_for(job, &body).await;
        (job, answer)
    }

    /// Asks, and is given.
    async fn given(&self, body: Value) -> Uuid {
        let (job, answer) = self.asks(body).await;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        job
    }
}

/// What the feed of a station says of a job, oldest first.
async fn heard(district: &District, desk: &Desk, job: Uuid) -> Vec<String> {
    let word = |change: Change| match change {
        Change::Print(print) if print.job == job => Some(print.s),
        _ => None,
    };
    district.feed(desk, "0").await.changes.into_iter().filter_map(word).collect()
}

/// The same, of the card alone: what names no recording.
async fn heard_alone(district: &District, desk: &Desk, job: Uuid) -> Vec<String> {
    let word = |change: Change| match change {
        Change::Print(print) if print.job == job && print.enrolment.is_none() => Some(print.s),
        _ => None,
    };
    district.feed(desk, "0").await.changes.into_iter().filter_map(word).collect()
}

/// Three desks, and a recording of the first that is ready.
async fn ready() -> (District, [Desk; 3], Uuid) {
    let district = District::start().await;
    let desks = [district.desk("UJI-01").await, district.desk("UJI-02").await, district.desk("UJI-03").await];
    let sheet = Sheet::new(&desks[0], 1, 1, &nik(1));
    assert_eq!(district.outcome(&desks[0], &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    (district, desks, sheet.header.packet)
}

fn hours_ago(hours: i64) -> Timestamp {
    Timestamp::now() - SignedDuration::from_hours(hours)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_was_made_without_a_line_is_known_though_another_one_was_handed_over_meanwhile() {
    let (_district, [home, away, _], packet) = ready().await;
    let new = away.given(json!({"nik": nik(1), "kind": "moved"})).await;
    away.print_and_hand_over(new).await;
    let plain = json!({"nik": nik(1), "enrolment": packet});
    assert_eq!(home.asks(plain).await.1.problem(), "not_now", "no first card any more");
    let old = home.given(json!({"nik": nik(1), "enrolment": packet, "made": true})).await;
    let told = json!({"status": "ACTIVE", "serial": "B-0009", "at": hours_ago(30)});
    let issued = json!({"status": "ISSUED", "serial": "B-0009", "at": hours_ago(31)}).to_string();
    let path = format!("/v1/credentialRequests/{old}");
    let headers = [("content-type", "application/json")];
    assert_eq!(home.client.ask(hyper::Method::PUT, &path, &headers, issued.as_bytes()).await.status, 204);
    assert_eq!(home.reports(old, &told).await.status, 204);
    let states = (home.state_of(old).await, away.state_of(new).await);
    assert_eq!(states, ("REPLACED".into(), "ACTIVE".into()), "by when they were given");
    assert_eq!(home.stands().await, "CARD_ISSUED");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_card_on_the_shelf_hears_that_it_was_reported_lost_elsewhere_and_found_again() {
    let (district, [_home, holder, other], _) = ready().await;
    let card = holder.given(json!({"nik": nik(1)})).await;
    holder.print(card).await;
    let lost = other.given(json!({"nik": nik(1), "kind": "lost"})).await;
    assert_eq!(holder.state_of(card).await, "LOST");
    assert_eq!(
        heard(&district, &holder, card).await.last().unwrap(),
        "CARD_LOST",
        "before it is handed over"
    );
    let withdrawn = json!({"status": "WITHDRAWN"});
    assert_eq!(other.reports(lost, &withdrawn).await.status, 204, "it was there all the time");
    assert_eq!(holder.state_of(card).await, "ISSUED");
    let words = heard(&district, &holder, card).await;
    assert_eq!(words[words.len() - 2..], ["PRINT_READY_RECORD", "CARD_PRINTED"], "it may go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_ended_stays_ended_for_its_holder_whatever_comes_of_the_one_in_its_place() {
    let (district, [home, other, _], _) = ready().await;
    let card = home.given(json!({"nik": nik(1)})).await;
    home.print(card).await;
    let lost = other.given(json!({"nik": nik(1), "kind": "lost"})).await;
    other.print(lost).await;
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "misprint"});
    assert_eq!(other.reports(lost, &void).await.status, 204, "spoiled: the record is ready again");
    assert_eq!(home.stands().await, "PRINT_READY_RECORD");
    assert_eq!(heard(&district, &home, card).await.last().unwrap(), "CARD_LOST", "of this card nothing new");
    let lines = district.feed(&home, "0").await.changes;
    let named = lines
        .iter()
        .any(|line| matches!(line, Change::Print(line) if line.s == "CARD_LOST" && line.enrolment.is_some()));
    assert!(!named, "the end is of the job, the record says the same of each card");
    let issued = json!({"status": "ISSUED", "serial": "B-0777"}).to_string();
    let headers = [("content-type", "application/json")];
    let path = format!("/v1/credentialRequests/{card}");
    let another = home.client.ask(hyper::Method::PUT, &path, &headers, issued.as_bytes()).await;
    assert_eq!(
        another.json::<Value>()["detail"],
        "OTHER_CARD",
        "a card under an ended job is for a person to see"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_its_holder_voided_or_gave_up_does_not_come_back_with_the_loss_taken_back() {
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "other"});
    let withdrawn = json!({"status": "WITHDRAWN"});
    for gives_up in [false, true] {
        let (district, [home, holder, other], _) = ready().await;
        let card = holder.given(json!({"nik": nik(1)})).await;
        holder.print(card).await;
        let lost = other.given(json!({"nik": nik(1), "kind": "lost"})).await;
        assert_eq!(holder.reports(card, &void).await.status, 204, "as its screen says");
        if gives_up {
            assert_eq!(holder.reports(card, &withdrawn).await.status, 204);
        }
        assert_eq!(other.reports(lost, &withdrawn).await.status, 204, "the loss is taken back");
        let now = holder.state_of(card).await;
        let words = heard_alone(&district, &holder, card).await;
        assert_eq!(home.stands().await, "PRINT_READY_RECORD", "no card of it is there");
        if gives_up {
            assert_eq!((now.as_str(), words.last().unwrap().as_str()), ("WITHDRAWN", "CARD_LOST"));
        } else {
            assert_eq!((now.as_str(), words.last().unwrap().as_str()), ("REQUESTED", "PRINT_READY_RECORD"));
            let damaged = json!({"nik": nik(1), "kind": "damaged"});
            assert_eq!(home.asks(damaged).await.1.problem(), "not_now", "its request stands");
            assert_eq!(holder.reports(card, &withdrawn).await.status, 204);
        }
        // Of a first card nobody says why it is printed again.
        home.given(json!({"nik": nik(1)})).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_in_place_of_one_in_the_hand_that_was_voided_and_given_up_leaves_that_one_in_the_hand() {
    let (_district, [home, holder, other], _) = ready().await;
    let first = home.given(json!({"nik": nik(1)})).await;
    home.print_and_hand_over(first).await;
    let card = holder.given(json!({"nik": nik(1), "kind": "damaged"})).await;
    holder.print(card).await;
    let lost = other.given(json!({"nik": nik(1), "kind": "lost"})).await;
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "other"});
    for told in [&void, &json!({"status": "WITHDRAWN"})] {
        assert_eq!(holder.reports(card, told).await.status, 204);
    }
    assert_eq!(other.reports(lost, &json!({"status": "WITHDRAWN"})).await.status, 204, "it was in a coat");
    let states = (home.state_of(first).await, holder.state_of(card).await);
    assert_eq!(states, ("ACTIVE".into(), "WITHDRAWN".into()), "each is what became of it");
    assert_eq!(home.stands().await, "CARD_ISSUED", "and nobody is given a second card without a reason");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_taken_back_while_its_card_was_lost_is_what_the_holder_hears_once_the_loss_is_over()
{
    let (district, [_home, holder, other], packet) = ready().await;
    let card = holder.given(json!({"nik": nik(1)})).await;
    holder.print(card).await;
    let lost = other.given(json!({"nik": nik(1), "kind": "lost"})).await;
    pipeline::simulate(&district.centre, packet, "DUPLICATE_RECORD", "").await.unwrap();
    assert_eq!(
        other.reports(lost, &json!({"status": "WITHDRAWN"})).await.status,
        204,
        "it was there all along"
    );
    let words = heard(&district, &holder, card).await;
    assert_eq!(
        words[words.len() - 2..],
        ["CARD_LOST", "DUPLICATE_RECORD"],
        "no longer lost, nor to be given"
    );
    pipeline::simulate(&district.centre, packet, "PRINT_READY_RECORD", "").await.unwrap();
    let words = heard(&district, &holder, card).await;
    assert_eq!(words[words.len() - 2..], ["PRINT_READY_RECORD", "CARD_PRINTED"], "now it may go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_handed_over_before_it_was_lost_is_known_as_handed_over_once_the_loss_is_taken_back() {
    let (district, [home, holder, other], _) = ready().await;
    let card = holder.given(json!({"nik": nik(1)})).await;
    holder.print(card).await;
    let lost = other.given(json!({"nik": nik(1), "kind": "lost"})).await;
    // The holder had no line when the owner took it.
    let told = json!({"status": "ACTIVE", "serial": "B-0001", "at": hours_ago(3)});
    for _ in 0..2 {
        assert_eq!(holder.reports(card, &told).await.status, 204, "however often");
    }
    let kept = "SELECT count(*) FROM event WHERE kind = 'card_progress' AND detail ->> 'job' = $1::text
                AND detail ->> 'status' = 'ACTIVE'";
    let (kept,): (i64,) = sqlx::query_as(kept).bind(card).fetch_one(&district.centre.pool).await.unwrap();
    assert_eq!((kept, holder.state_of(card).await), (1, "LOST".into()), "known, and still lost");
    assert_eq!(other.reports(lost, &json!({"status": "WITHDRAWN"})).await.status, 204, "in a coat");
    assert_eq!(holder.state_of(card).await, "ACTIVE", "in the hand of its owner");
    let next = home.given(json!({"nik": nik(1), "kind": "damaged"})).await;
    assert_eq!(home.state_of(next).await, "REQUESTED", "nothing stands in the way of the next one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_was_refused_hides_no_card_of_the_one_that_stands() {
    let (district, [home, away, _], _) = ready().await;
    let first = home.given(json!({"nik": nik(1)})).await;
    home.print_and_hand_over(first).await;
    let ends = [(1, Word::SamePerson, "DUPLICATE_RECORD"), (2, Word::DifferentPerson, "REQUEST_VALIDATION")];
    for (sequence, word, end) in ends {
        let again = Sheet::new(&away, sequence, 1 + sequence, &nik(1));
        let enrolment = away.send(&again.seal(&away)).await.enrolment;
        assert_eq!(district.status(enrolment).await.0, "ADJUDICATE_RECORD", "a second whole recording");
        adjudication::decide(&district.centre, enrolment, word, "ahli", "diperiksa").await.unwrap();
        assert_eq!(district.status(enrolment).await.0, end);
        assert_eq!(away.stands().await, "CARD_ISSUED", "{end} is about the other recording");
        let own = json!({"nik": nik(1), "enrolment": enrolment});
        let refused: Value = away.asks(own).await.1.json();
        assert_eq!(refused["detail"], end, "who asks by that recording hears of it");
    }
    away.given(json!({"nik": nik(1), "kind": "lost"})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_that_is_told_late_is_not_of_a_card_that_was_made_since() {
    let (_district, [_home, away, other], _) = ready().await;
    let first = away.given(json!({"nik": nik(1)})).await;
    away.print(first).await;
    let active = json!({"status": "ACTIVE", "serial": "B-0001", "at": hours_ago(2)});
    assert_eq!(away.reports(first, &active).await.status, 204);
    let late = json!({"nik": nik(1), "kind": "lost", "at": hours_ago(100)});
    let refused: Value = other.asks(late).await.1.json();
    assert_eq!(refused["detail"], "CARD_ISSUED", "a person decides");
    assert_eq!(away.state_of(first).await, "ACTIVE", "the card of today is in the hand");
    let made = json!({"nik": nik(1), "kind": "lost", "at": hours_ago(100), "made": true});
    other.given(made).await;
    assert_eq!(away.state_of(first).await, "ACTIVE", "nor does one that is made already end it");
    let now = json!({"nik": nik(1), "kind": "lost", "made": true});
    other.given(now).await;
    assert_eq!(away.state_of(first).await, "LOST", "a loss of now does");
}
