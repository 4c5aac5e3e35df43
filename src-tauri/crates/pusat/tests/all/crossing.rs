//! Cards of several people, and several reports of one card, at the same moment: none waits for one that waits for it.

use crate::client::Answer;
use crate::district::{Desk, District};
use crate::recording::{Sheet, nik};
use hyper::StatusCode;
use packet::wire::Change;
use pusat::{Centre, Serving};
use serde_json::{Value, json};
use sqlx::Connection as _;
use uuid::Uuid;

const CREATED: StatusCode = StatusCode::CREATED;
const NO_CONTENT: StatusCode = StatusCode::NO_CONTENT;

/// Two transactions that wait for each other are ended by PostgreSQL after a second: a few rounds show them.
const ROUNDS: usize = 40;

impl Desk {
    async fn says(&self, job: Uuid, body: &Value) -> Answer {
        self.client.post(&format!("/v1/credentials/{job}/status"), body).await
    }

    /// Asks for a card of somebody, with a kind, and is given.
    async fn gets(&self, person: u64, kind: Option<&str>) -> Uuid {
        let job = Uuid::now_v7();
        let answer = self.ask_for(job, &request(person, kind)).await;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        job
    }
}

fn request(person: u64, kind: Option<&str>) -> Value {
    json!({"nik": nik(person), "kind": kind})
}

fn given_up() -> Value {
    json!({"status": "WITHDRAWN"})
}

/// Somebody recorded at one station whose card lies on the shelf of another; answers its job.
async fn waits(district: &District, recorder: &Desk, holder: &Desk, person: u64) -> Uuid {
    let sheet = Sheet::new(recorder, 1, person, &nik(person));
    assert_eq!(district.outcome(recorder, &sheet).await.0, "PRINT_READY_RECORD", "recorded");
    let job = holder.gets(person, None).await;
    holder.print(job).await;
    job
}

#[tokio::test(flavor = "multi_thread")]
async fn two_losses_whose_words_go_to_the_same_two_stations_crosswise_are_both_taken() {
    let district = District::start().await;
    let [one, two] = [district.desk("UJI-01").await, district.desk("UJI-02").await];
    let [third, fourth] = [district.desk("UJI-03").await, district.desk("UJI-04").await];
    let first = waits(&district, &one, &two, 1).await;
    let second = waits(&district, &two, &one, 2).await;
    let (loss, other_loss) = (request(1, Some("lost")), request(2, Some("lost")));
    for round in 0..ROUNDS {
        let [job, other] = [0; 2].map(|_| Uuid::now_v7());
        let taken = tokio::join!(third.ask_for(job, &loss), fourth.ask_for(other, &other_loss));
        assert_eq!((taken.0.status, taken.1.status), (CREATED, CREATED), "round {round}");
        let up = given_up();
        let taken = tokio::join!(third.says(job, &up), fourth.says(other, &up));
        assert_eq!((taken.0.status, taken.1.status), (NO_CONTENT, NO_CONTENT), "round {round}");
    }
    for (holder, card) in [(&two, first), (&one, second)] {
        let told = district.feed(holder, "0").await.changes;
        let of_card = told.iter().filter(|line| matches!(line, Change::Print(line) if line.job == card));
        let lost = of_card.filter(|line| matches!(line, Change::Print(line) if line.s == "CARD_LOST"));
        assert_eq!(lost.count(), ROUNDS, "every word has come");
        assert_eq!(holder.state_of(card).await, "ISSUED", "and it is as it was");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_reported_lost_at_the_moment_it_is_handed_over_elsewhere_keeps_neither_waiting() {
    let district = District::start().await;
    let [home, holder, other] =
        [district.desk("UJI-01").await, district.desk("UJI-02").await, district.desk("UJI-03").await];
    let mut card = waits(&district, &home, &holder, 1).await;
    let handed_over = json!({"status": "ACTIVE", "serial": "B-0001"});
    for round in 0..ROUNDS {
        let (job, loss) = (Uuid::now_v7(), request(1, Some("lost")));
        let (asked, told) = tokio::join!(other.ask_for(job, &loss), holder.says(card, &handed_over));
        let asked = asked.status.as_u16();
        // Whichever comes first: lost before it was handed over, or handed over after it was missed.
        assert!([201, 409].contains(&asked) && told.status == 204, "round {round}: {asked}, {}", told.status);
        if asked == 201 {
            assert_eq!(other.says(job, &given_up()).await.status, 204, "it was there all the time");
        }
        assert_eq!(holder.state_of(card).await, "ACTIVE", "in the hand of its owner, round {round}");
        card = holder.gets(1, Some("damaged")).await;
        holder.print(card).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_that_is_reported_lost_at_the_moment_it_is_voided_elsewhere_keeps_neither_waiting() {
    let district = District::start().await;
    let [home, holder, other] =
        [district.desk("UJI-01").await, district.desk("UJI-02").await, district.desk("UJI-03").await];
    let mut card = waits(&district, &home, &holder, 1).await;
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "misprint"});
    for round in 0..ROUNDS {
        let (job, loss) = (Uuid::now_v7(), request(1, Some("lost")));
        let (asked, told) = tokio::join!(other.ask_for(job, &loss), holder.says(card, &void));
        let asked = asked.status.as_u16();
        // Whichever comes first: lost before it was void, or missed when its request waits for the next card.
        assert!([201, 409].contains(&asked) && told.status == 204, "round {round}: {asked}, {}", told.status);
        if asked == 201 {
            assert_eq!(other.says(job, &given_up()).await.status, 204, "round {round}");
        }
        assert_eq!(holder.state_of(card).await, "REQUESTED", "its request stands, round {round}");
        assert_eq!(holder.says(card, &given_up()).await.status, 204, "round {round}");
        card = holder.gets(1, None).await;
        holder.print(card).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_word_of_a_card_waits_for_what_is_being_noted_against_its_record() {
    let district = District::start().await;
    let [home, holder] = [district.desk("UJI-01").await, district.desk("UJI-02").await];
    let card = waits(&district, &home, &holder, 1).await;
    let alike = Sheet::new(&home, 2, 2, &nik(2));
    assert_eq!(district.outcome(&home, &alike).await.0, "PRINT_READY_RECORD", "recorded");
    // As the pipeline has it in the middle of a batch: what it writes points at the record of the card.
    let mut noting = district.centre.pool.begin().await.unwrap();
    let noted = sqlx::query(
        "INSERT INTO resemblance (enrolment, against, kind, found_ms)
         SELECT own.id, against.id, 'nik', 0 FROM enrolment own, enrolment against WHERE own.nik = $1 AND against.nik = $2",
    );
    let noted = noted.bind(nik(2)).bind(nik(1)).execute(&mut *noting).await.unwrap();
    assert_eq!(noted.rows_affected(), 1);
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "misprint"});
    let words = async {
        assert_eq!(holder.says(card, &void).await.status, 204);
        assert_eq!(holder.says(card, &given_up()).await.status, 204);
        let next = holder.gets(1, None).await;
        holder.print(next).await;
        next
    };
    let next = tokio::time::timeout(std::time::Duration::from_secs(20), words).await;
    let next = next.expect("a foreign key is no change of the record");
    assert_eq!(holder.state_of(next).await, "ISSUED");
    noting.commit().await.unwrap();
}

/// Closes the centre's connections and waits for their end: only then is everything told that they counted.
async fn closed(district: &District, own: &mut sqlx::PgConnection) {
    district.centre.pool.close().await;
    let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pusat'";
    loop {
        let (open,): (i64,) = sqlx::query_as(sql).fetch_one(&mut *own).await.unwrap();
        if open == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_told_of_a_card_is_looked_for_by_an_index() {
    let mut district = District::closed(|_| {}).await;
    let url = district.cluster.as_ref().unwrap().url();
    let mut own = sqlx::PgConnection::connect(&url).await.unwrap();
    // So small a table is read whole even where an index would do; from here on only where none does.
    sqlx::raw_sql("ALTER SYSTEM SET enable_seqscan = off").execute(&mut own).await.unwrap();
    sqlx::raw_sql("SELECT pg_reload_conf()").execute(&mut own).await.unwrap();
    // To make an index, too, a table is read whole.
    closed(&district, &mut own).await;
    sqlx::raw_sql("SELECT pg_stat_reset()").execute(&mut own).await.unwrap();
    district.centre = Centre::open(district.folder.path()).await.unwrap();
    district.serving = Some(Serving::start(district.centre.clone()).await.unwrap());
    let [home, other] = [district.desk("UJI-01").await, district.desk("UJI-02").await];
    let card = waits(&district, &home, &other, 1).await;
    let lost = home.gets(1, Some("lost")).await;
    let late = json!({"status": "ACTIVE", "serial": "B-0001"});
    for _ in 0..2 {
        assert_eq!(other.says(card, &late).await.status, 204, "however often");
    }
    assert_eq!(home.says(lost, &json!({"status": "OLD_WITHDRAWN", "old": "withdrawn"})).await.status, 204);
    home.print(lost).await;
    let void = json!({"status": "VOIDED", "serial": "B-0001", "reason": "misprint"});
    assert_eq!(home.says(lost, &void).await.status, 204);
    assert_eq!(home.says(lost, &given_up()).await.status, 204);
    closed(&district, &mut own).await;
    for table in ["event", "credential"] {
        let sql = "SELECT seq_scan, idx_scan FROM pg_stat_user_tables WHERE relname = $1";
        let (whole, by_index): (i64, i64) =
            sqlx::query_as(sql).bind(table).fetch_one(&mut own).await.unwrap();
        assert!(by_index > 0, "{table} is looked into");
        assert_eq!(whole, 0, "and never read whole: {table}");
    }
}
