//! A station whose computer was lost begins a new register under its old code; a disk that is known does not.

use crate::client::Answer;
use crate::district::{Desk, District};
use crate::recording::{Sheet, nik, register_lines, visit};
use domain::register::RegisterLine;
use jiff::SignedDuration;
use packet::RegisterStretch;
use packet::pki::{Identity, KeyPair};
use packet::wire::{
    Activation, ActivationCode, Certificates, Comparison, Inventory, InventoryRow, RegisterClaim,
};
use serde_json::json;

const FAILED: &str = "ENROLL_FAILURE_AT_CENTRAL";

/// An attempt to activate with this code, key, and word about the register on the disk.
async fn ask(
    district: &District,
    station: &str,
    code: &ActivationCode,
    pair: &KeyPair,
    register: RegisterClaim,
) -> Answer {
    let csr = String::from_utf8(pair.request(station).unwrap().to_pem().unwrap()).unwrap();
    let body = Activation { secret: code.secret(), csr, register: Some(register) };
    district.stranger().post(&format!("/v1/stations/{station}/activation"), &body).await
}

/// The register on the disk of a station that has sealed up to this number.
fn known(station: &str, sequence: u64) -> RegisterClaim {
    let lines = register_lines(station, sequence);
    RegisterClaim { row: lines.len() as u64, first: lines[0].hash.hex() }
}

/// The computer in the place of a lost one.
fn in_place_of(district: &District, lost: &Desk, pair: &KeyPair, given: Certificates) -> Desk {
    let identity = Identity::from_pem(&pair.to_pem().unwrap(), given.certificate.as_bytes()).unwrap();
    let operator = lost.operator.clone();
    Desk {
        code: lost.code.clone(),
        client: district.client(&identity),
        identity,
        operator,
        certificates: given,
    }
}

/// The lines of a register that was begun a day later.
fn begun_later(station: &str, sequence: u64) -> Vec<RegisterLine> {
    let mut before = None;
    register_lines(station, sequence)
        .into_iter()
        .map(|line| {
            let mut entry = line.entry;
            entry.at += SignedDuration::from_hours(24);
            let line = RegisterLine::chain(before, entry);
            before = Some((line.row, line.hash));
            line
        })
        .collect()
}

/// A sheet under any number whose register holds these lines, those from `from` on for the packet; of the register's own
/// visit `own`.
fn sheet(desk: &Desk, sequence: u64, nik: &str, lines: &[RegisterLine], from: usize, own: u64) -> Sheet {
    let mut sheet = Sheet::new(desk, 1, 2, nik);
    sheet.header.sequence = sequence;
    let (visit, head) = (visit(&desk.code, own), lines.last().unwrap());
    sheet.biodata["permohonan"] = json!(visit);
    sheet.evidence["register"] = json!({"row": head.row, "hash": head.hash});
    sheet.register = RegisterStretch::of(lines[from..].iter().cloned(), visit);
    sheet
}

async fn counted(desk: &Desk, highest: u64, acknowledged: &[(u64, u64)], waiting: &[u64]) -> Comparison {
    let waiting =
        waiting.iter().map(|n| InventoryRow { sequence: *n, enrolment: uuid::Uuid::now_v7() }).collect();
    let format = Inventory::FORMAT.into();
    let inventory = Inventory { format, highest, acknowledged: acknowledged.to_vec(), waiting };
    let answer = desk.client.post(&format!("/v1/stations/{}/inventory", desk.code), &inventory).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_was_lost_before_anything_was_heard_of_it_may_have_given_numbers_too() {
    let district = District::start().await;
    let _lost = district.desk("UJI-01").await;
    for (time, first) in [("once", 20_001), ("and again", 40_001)] {
        let replace = pusat::replace_station(&district.centre, "UJI-01", "hilang di jalan").await.unwrap();
        let pair = KeyPair::generate().unwrap();
        let given: Certificates =
            ask(&district, "UJI-01", &replace, &pair, RegisterClaim::none_yet()).await.json();
        assert_eq!(given.first_sequence, Some(first), "lost {time}");
    }
    assert_eq!(pusat::registers(&district.centre, "UJI-01").await.unwrap().len(), 3);
    // A station that never had a computer has given none.
    let replace = {
        district.activation("UJI-02").await;
        pusat::replace_station(&district.centre, "UJI-02", "salah kode").await.unwrap()
    };
    let pair = KeyPair::generate().unwrap();
    let given: Certificates =
        ask(&district, "UJI-02", &replace, &pair, RegisterClaim::none_yet()).await.json();
    assert_eq!(given.first_sequence, None, "its first numbers are its first");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computer_that_begins_anew_is_let_in_by_a_code_for_it_alone_and_goes_on_above_every_number() {
    let district = District::start().await;
    let lost = district.desk("UJI-01").await;
    let first = Sheet::new(&lost, 1, 1, &nik(1));
    assert_eq!(district.outcome(&lost, &first).await.0, "PRINT_READY_RECORD", "the lost computer's packet");
    counted(&lost, 2, &[(1, 1)], &[2]).await;

    let (pair, changes) = (KeyPair::generate().unwrap(), "/v1/stations/UJI-01/changes?after=0");
    let plain = district.activation("UJI-01").await;
    for again in ["once", "twice"] {
        let refused = ask(&district, "UJI-01", &plain, &pair, RegisterClaim::none_yet()).await;
        assert_eq!(refused.problem(), "register_other", "an ordinary code begins nothing anew: {again}");
    }
    let foreign = RegisterClaim { row: 12, first: begun_later("UJI-01", 1)[0].hash.hex() };
    let refused = ask(&district, "UJI-01", &plain, &pair, foreign).await;
    assert_eq!(refused.problem(), "register_other", "nor does it let another register go on");
    let replace = pusat::replace_station(&district.centre, "UJI-01", " cakram rusak ").await.unwrap();
    for (row, what) in [(10, "cloned"), (4, "rolled back")] {
        let disk = RegisterClaim { row, ..known("UJI-01", 1) };
        let refused = ask(&district, "UJI-01", &replace, &pair, disk).await;
        assert_eq!(refused.problem(), "register_known", "a disk that was {what} is no new one");
    }
    assert_eq!(lost.client.get(changes).await.status, 200, "so far nothing has changed for anybody");
    assert_eq!(pusat::registers(&district.centre, "UJI-01").await.unwrap().len(), 1, "nor was one closed");

    let answer = ask(&district, "UJI-01", &replace, &pair, RegisterClaim::none_yet()).await;
    let given: Certificates = answer.json();
    assert_eq!(given.first_sequence, Some(20_001), "its numbers begin above everything that was used");
    let again: Certificates =
        ask(&district, "UJI-01", &replace, &pair, RegisterClaim::none_yet()).await.json();
    assert_eq!(again, given, "a lost answer is asked for again");
    let pem = |identity: &Identity| String::from_utf8(identity.certificate_ref().to_pem().unwrap()).unwrap();
    assert_eq!(
        given.earlier,
        [pem(&lost.identity)],
        "what the lost computer sealed is in people's hands: the new one can check it"
    );
    assert_eq!(lost.client.get(changes).await.problem(), "not_this_certificate", "the old disk is out");

    let new = in_place_of(&district, &lost, &pair, given);
    let counts = counted(&new, 20_000, &[], &[]).await;
    let expected = Comparison { next_sequence: 20_001, ..Comparison::default() };
    assert_eq!(counts, expected, "what the lost computer sent is no question to the new one");
    let one = sheet(&new, 20_001, &nik(2), &begun_later("UJI-01", 1), 0, 1);
    assert_eq!(district.outcome(&new, &one).await.0, "PRINT_READY_RECORD", "accepted from row 1 on");
    let two = sheet(&new, 20_002, &nik(3), &begun_later("UJI-01", 2), 10, 2);
    assert_ne!(district.outcome(&new, &two).await.0, FAILED, "and goes on");
    let older = sheet(&new, 20_003, &nik(4), &register_lines("UJI-01", 3), 10, 2);
    assert_eq!(district.outcome(&new, &older).await.1, "chain_position", "the old register does not");
    let claim = RegisterClaim { row: 30, first: begun_later("UJI-01", 1)[0].hash.hex() };
    let anew = pusat::replace_station(&district.centre, "UJI-01", "lagi").await.unwrap();
    let refused = ask(&district, "UJI-01", &anew, &KeyPair::generate().unwrap(), claim).await;
    assert_eq!(refused.problem(), "register_known", "the new register is known by its first packet");
    let plain = district.activation("UJI-01").await;
    let refused = ask(&district, "UJI-01", &plain, &KeyPair::generate().unwrap(), known("UJI-01", 1)).await;
    assert_eq!(refused.problem(), "register_known", "and what was closed stays closed, whatever the code");

    let all = pusat::registers(&district.centre, "UJI-01").await.unwrap();
    let [closed, open] = &all[..] else { panic!("two registers: {all:?}") };
    let head = register_lines("UJI-01", 1).pop().unwrap();
    assert_eq!(
        (closed.last_row, closed.last_hash.clone()),
        (Some(10), Some(head.hash.hex())),
        "its last head"
    );
    assert_eq!((closed.received, closed.last_sequence), (1, Some(1)), "and its packets");
    assert_eq!(closed.missing, [(2, 2)], "what was announced and is lost with the computer");
    assert_eq!((closed.reason.as_str(), closed.closed.is_some()), ("cakram rusak", true), "and why");
    assert_eq!((open.generation, open.closed, open.last_row), (2, None, Some(20)), "the one that goes on");
    assert!(open.received == 3 && open.missing.is_empty(), "without a gap: {open:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_disk_that_calls_itself_new_is_found_out_by_its_first_packet() {
    let district = District::start().await;
    let lost = district.desk("UJI-01").await;
    for sequence in [1, 2] {
        let sheet = Sheet::new(&lost, sequence, sequence, &nik(sequence));
        assert_eq!(district.outcome(&lost, &sheet).await.0, "PRINT_READY_RECORD", "number {sequence}");
    }
    let code = pusat::replace_station(&district.centre, "UJI-01", "cakram hilang").await.unwrap();
    let pair = KeyPair::generate().unwrap();
    let given = ask(&district, "UJI-01", &code, &pair, RegisterClaim::none_yet()).await.json();
    let new = in_place_of(&district, &lost, &pair, given);
    // It holds the lines up to its first packet, and went on from there.
    let forged = sheet(&new, 20_001, &nik(3), &register_lines("UJI-01", 2), 10, 2);
    let outcome = district.outcome(&new, &forged).await;
    assert_eq!(outcome, (FAILED.into(), "chain_position".into()), "a new register begins at its row 1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_computer_s_station_comes_back_on_another_one_and_the_thief_stays_out() {
    let district = District::start().await;
    let stolen = district.desk("UJI-01").await;
    let sheet_one = Sheet::new(&stolen, 1, 1, &nik(1));
    assert_eq!(district.outcome(&stolen, &sheet_one).await.0, "PRINT_READY_RECORD", "before the theft");
    pusat::revoke_station(&district.centre, "UJI-01", jiff::Timestamp::now()).await.unwrap();
    let pair = KeyPair::generate().unwrap();
    let plain = district.activation("UJI-01").await;
    let refused = ask(&district, "UJI-01", &plain, &pair, known("UJI-01", 1)).await;
    assert_eq!(refused.problem(), "activation_refused", "an ordinary code does not bring it back");
    let code = pusat::replace_station(&district.centre, "UJI-01", "laptop dicuri").await.unwrap();
    let given: Certificates = ask(&district, "UJI-01", &code, &pair, RegisterClaim::none_yet()).await.json();
    let new = in_place_of(&district, &stolen, &pair, given);
    let one = sheet(&new, 20_001, &nik(2), &begun_later("UJI-01", 1), 0, 1);
    assert_eq!(district.outcome(&new, &one).await.0, "PRINT_READY_RECORD", "the office records again");
    let changes = "/v1/stations/UJI-01/changes?after=0";
    assert_eq!(stolen.client.get(changes).await.problem(), "not_this_certificate", "the thief does not");
    pusat::revoke_station(&district.centre, "UJI-01", jiff::Timestamp::now()).await.unwrap();
    let refused = ask(&district, "UJI-01", &code, &pair, RegisterClaim::none_yet()).await;
    assert_eq!(refused.problem(), "activation_refused", "each such code brings it back once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stations_of_a_centre_of_before_keep_their_register_when_it_is_brought_up_to_date() {
    let district = District::start().await;
    let desk = district.desk("UJI-01").await;
    assert_eq!(
        district.outcome(&desk, &Sheet::new(&desk, 1, 1, &nik(1))).await.0,
        "PRINT_READY_RECORD",
        "one"
    );
    // As the database was before there were registers, and before certificates were kept.
    sqlx::raw_sql(
        "DROP TABLE station_register; ALTER TABLE station DROP COLUMN activation_replaces; DROP TABLE station_certificate;
         DELETE FROM migration WHERE version IN (2026112803, 2026113001)",
    )
    .execute(&district.centre.pool)
    .await
    .unwrap();
    let later = pusat::Centre::open(district.folder.path()).await.unwrap();
    let all = pusat::registers(&later, "UJI-01").await.unwrap();
    assert_eq!(all.len(), 1, "one register, open");
    assert_eq!((all[0].first_sequence, all[0].last_row, all[0].closed), (1, Some(10), None), "as it was");
    let two = Sheet::new(&desk, 2, 2, &nik(2));
    assert_eq!(district.outcome(&desk, &two).await.0, "PRINT_READY_RECORD", "and it goes on");
    let (code, pair) = (district.activation("UJI-01").await, KeyPair::generate().unwrap());
    let given: Certificates = ask(&district, "UJI-01", &code, &pair, known("UJI-01", 2)).await.json();
    let own = String::from_utf8(desk.identity.certificate_ref().to_pem().unwrap()).unwrap();
    assert_eq!(given.earlier, [own], "the certificate that it had then is kept from then on");
    for change in ["UPDATE station_certificate SET certificate = ''", "DELETE FROM station_certificate"] {
        let refused = sqlx::query(change).execute(&later.pool).await;
        assert!(refused.is_err(), "{change}: papers outlive whoever would tidy up");
    }
    later.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_migration_that_was_edited_after_it_was_applied_stops_the_centre() {
    let district = District::closed(|_| {}).await;
    sqlx::query("UPDATE migration SET sha256 = 'lain' WHERE version = 20261124")
        .execute(&district.centre.pool)
        .await
        .unwrap();
    let refused = pusat::Centre::open(district.folder.path()).await;
    assert!(matches!(refused, Err(pusat::Error::Migration { version: 20_261_124 })), "{refused:?}");
}
