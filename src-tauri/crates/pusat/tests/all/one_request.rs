//! One running request for each person, and what becomes of one that is given up.

use crate::client::Answer;
use crate::district::{Desk, District};
use crate::recording::{Sheet, nik};
use packet::wire::PersonAnswer;
use serde_json::json;
use uuid::Uuid;

impl Desk {
    async fn gives_up(&self, job: Uuid) -> Answer {
        let body = json!({"status": "WITHDRAWN", "at": "2026-11-27T03:00:00Z"});
        self.client.post(&format!("/v1/credentials/{job}/status"), &body).await
    }

    async fn standing(&self) -> String {
        self.client.get(&format!("/v1/persons/{}", nik(1))).await.json::<PersonAnswer>().status
    }
}

/// Why a request is not taken: the code and its detail.
fn refused(answer: &Answer) -> (String, String) {
    let said: serde_json::Value = answer.json();
    let part = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
    (part("code"), part("detail"))
}

fn runs(status: &str) -> (String, String) {
    ("not_now".to_owned(), status.to_owned())
}

/// Two desks, and a recording of the first that is ready.
async fn ready() -> (District, Desk, Desk) {
    let district = District::start().await;
    let (home, away) = (district.desk("UJI-01").await, district.desk("UJI-02").await);
    let sheet = Sheet::new(&home, 1, 1, &nik(1));
    assert_eq!(district.outcome(&home, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    (district, home, away)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_stations_one_makes_the_card_and_the_other_one_hears_how_far_it_is() {
    let (district, home, away) = ready().await;
    let [first, second, third] = [0; 3].map(|_| Uuid::now_v7());
    let plain = json!({"nik": nik(1)});
    let answers = tokio::join!(home.ask_for(first, &plain), away.ask_for(second, &plain));
    let mut taken = [(&home, first, answers.0), (&away, second, answers.1)];
    taken.sort_by_key(|(_, _, answer)| answer.status);
    let [(one, job, yes), (other, late, no)] = &taken;
    assert_eq!(yes.status, 201, "one of two at the same moment");
    assert_eq!(refused(no), runs("REQUESTED"), "and not both");
    let why = other.ask_for(*late, &json!({"nik": nik(1), "kind": "lost"})).await;
    assert_eq!(refused(&why), runs("REQUESTED"), "for whatever reason");
    one.print(*job).await;
    let damaged = json!({"nik": nik(1), "kind": "damaged"});
    assert_eq!(
        refused(&other.ask_for(*late, &damaged).await),
        runs("ISSUED"),
        "nor while it waits for its owner"
    );
    assert_eq!(refused(&one.ask_for(third, &damaged).await), runs("ISSUED"), "at its own station neither");
    assert_eq!(
        other.ask_for(*late, &json!({"nik": nik(1), "kind": "lost"})).await.status,
        201,
        "lost it is none"
    );
    assert_eq!(one.state_of(*job).await, "LOST", "nobody finishes that one");
    let made = json!({"nik": nik(1), "made": true});
    assert_eq!(one.ask_for(third, &made).await.status, 201, "one that was made without a network is a fact");
    drop(district);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_that_was_revoked_or_lost_its_disk_stands_in_nobodys_way() {
    let (district, home, away) = ready().await;
    let [first, second, third] = [0; 3].map(|_| Uuid::now_v7());
    let plain = json!({"nik": nik(1)});
    assert_eq!(home.ask_for(first, &plain).await.status, 201, "asked for");
    assert_eq!(home.ask_for(second, &plain).await.status, 201, "and anew, by a computer that knows of none");
    let states = (home.state_of(first).await, home.state_of(second).await);
    assert_eq!(states, ("WITHDRAWN".into(), "REQUESTED".into()), "one runs");
    let (by,): (String,) = sqlx::query_as(
        "SELECT detail ->> 'by' FROM event WHERE kind = 'card_ended' AND detail ->> 'job' = $1::text",
    )
    .bind(first)
    .fetch_one(&district.centre.pool)
    .await
    .unwrap();
    assert_eq!(by, second.to_string(), "by which it ended is in the log");
    assert_eq!(refused(&away.ask_for(third, &plain).await), runs("REQUESTED"), "elsewhere it waits");
    pusat::revoke_station(&district.centre, "UJI-01", jiff::Timestamp::now()).await.unwrap();
    assert_eq!(away.ask_for(third, &plain).await.status, 201, "but not for a stolen computer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_given_up_ends_and_the_card_that_was_lost_by_it_is_good_again() {
    let (_district, home, away) = ready().await;
    let (first, job) = (Uuid::now_v7(), Uuid::now_v7());
    assert_eq!(home.ask_for(first, &json!({"nik": nik(1)})).await.status, 201, "a first card");
    home.print_and_hand_over(first).await;
    let lost = json!({"nik": nik(1), "kind": "lost"});
    assert_eq!(away.ask_for(job, &lost).await.status, 201, "reported lost");
    assert_eq!(home.state_of(first).await, "LOST");
    assert_eq!(away.card(job).await.status, 200, "what its card needs is given out");

    assert_eq!(home.gives_up(job).await.problem(), "other_station", "only who holds the job");
    assert_eq!(home.gives_up(Uuid::now_v7()).await.problem(), "not_found", "and no other job");
    assert_eq!(home.gives_up(first).await.status, 204, "one that ended is over");
    assert_eq!(home.state_of(first).await, "LOST", "and stays as it ended");
    for _ in 0..2 {
        assert_eq!(away.gives_up(job).await.status, 204, "however often it is told");
    }
    let states = (home.state_of(first).await, away.state_of(job).await);
    assert_eq!(states, ("ACTIVE".into(), "WITHDRAWN".into()), "found in a coat, and nothing runs");
    assert_eq!(home.standing().await, "CARD_ISSUED", "the record stands where it stood");
    assert_eq!(refused(&away.card(job).await), runs("WITHDRAWN"), "nobody reads it any more");

    let again = Uuid::now_v7();
    assert_eq!(away.ask_for(again, &lost).await.status, 201, "lost after all");
    assert_eq!(home.state_of(first).await, "LOST", "it is none again");
    away.print(again).await;
    assert_eq!(refused(&away.gives_up(again).await), runs("ISSUED"), "a card is voided first");
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "disputed"});
    let path = format!("/v1/credentials/{again}/status");
    assert_eq!(away.client.post(&path, &void).await.status, 204, "as at a dispute");
    assert_eq!(away.gives_up(again).await.status, 204, "then the request ends");
    assert_eq!(home.standing().await, "CARD_ISSUED", "as before it");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_card_that_was_taken_in_does_not_come_back_with_the_request() {
    // The one that was lost was found again, and lies in the box as well.
    for (kind, ends_as) in [("damaged", "REPLACED"), ("lost", "LOST")] {
        let (_district, home, away) = ready().await;
        let [first, job, next] = [0; 3].map(|_| Uuid::now_v7());
        assert_eq!(home.ask_for(first, &json!({"nik": nik(1)})).await.status, 201, "a first card");
        home.print_and_hand_over(first).await;
        assert_eq!(away.ask_for(job, &json!({"nik": nik(1), "kind": kind})).await.status, 201, "{kind}");
        let path = format!("/v1/credentials/{job}/status");
        let taken = json!({"status": "OLD_WITHDRAWN", "old": "withdrawn"});
        assert_eq!(away.client.post(&path, &taken).await.status, 204, "it is in the box");
        assert_eq!(away.gives_up(job).await.status, 204, "the visit is called off");
        assert_eq!(home.state_of(first).await, ends_as, "its holder has none");
        assert_eq!(home.standing().await, "PRINT_READY_RECORD", "and one may be made at once");
        assert_eq!(home.ask_for(next, &json!({"nik": nik(1)})).await.status, 201, "by whoever asks");
    }
}
