//! What the centre orders by the feed: each line once, none believed without its signature, none in the way of the others.

use std::sync::Arc;

use base64::Engine as _;
use domain::permohonan::CardNews;
use domain::plan::JenisPermohonan;
use domain::stock::Item;
use jiff::{SignedDuration, Timestamp};
use packet::Document;
use packet::pki::{Identity, Role, Validity};
use packet::wire::{BlangkoChange, Change, PrintChange, RecoveryChange, SettingChange};
use uuid::Uuid;

use crate::cards::{NIK, visit};
use crate::centre::{Centre, Keys};
use crate::desk::Desk;

fn pair() -> (Centre, Desk) {
    let centre = Centre::plain(Arc::new(Keys::new(Timestamp::now())));
    let desk = Desk::new(Arc::clone(&centre.keys));
    (centre, desk)
}

fn standing(desk: &Desk) -> Vec<(String, String)> {
    let rows = desk.store.read(|v| v.sync_findings()).unwrap();
    rows.into_iter().filter(|row| row.over_ms == 0).map(|row| (row.kind, row.subject)).collect()
}

/// A table of religions with one code, in some version.
fn agama(version: u32, label: &str) -> serde_json::Value {
    serde_json::json!({
        "id": "agama", "title": "Agama", "version": version, "source": "Surat kepala dinas",
        "rows": [{"code": "1", "label": label}],
    })
}

/// The history is told again from its start, as after a restored backup.
fn tell_again(centre: &Centre) {
    let mut all = centre.records();
    all.history = format!("b{}", all.history);
}

fn setting(key: &str, value: serde_json::Value, version: u64, by: &Identity, at: Timestamp) -> Change {
    signed_setting(key, key, value, version, by, at)
}

fn signed_setting(
    outside: &str,
    inside: &str,
    value: serde_json::Value,
    version: u64,
    by: &Identity,
    at: Timestamp,
) -> Change {
    let content = serde_json::json!({"key": inside, "value": value, "version": version}).to_string();
    let der = Document::sign(content.as_bytes(), "rekam-setting/1", by, at).unwrap();
    let signed = base64::engine::general_purpose::STANDARD.encode(der);
    Change::Setting(SettingChange { key: outside.into(), signed })
}

fn kept(desk: &Desk, key: &str) -> Option<serde_json::Value> {
    desk.store.read(|v| sync::kept_setting(v, key)).unwrap()
}

#[test]
fn blangko_that_the_centre_allots_are_noted_once_however_often_it_says_so() {
    let (centre, desk) = pair();
    let allotment = Uuid::now_v7();
    let change =
        BlangkoChange { allotment, first: "0718224001".into(), count: 500, wna: false, t: Timestamp::now() };
    centre.records().changes.push(Change::Blangko(change));
    let engine = desk.engine(centre.address);
    assert_eq!(desk.exchange(&engine).cause, None, "taken");
    tell_again(&centre);
    assert_eq!(desk.exchange(&engine).cause, None, "and once more");
    let noted = desk.store.read(|v| v.allotments(10)).unwrap();
    assert_eq!(noted.len(), 1, "one allotment");
    assert_eq!(
        (noted[0].quantity, noted[0].document.as_str()),
        (500, allotment.to_string().as_str()),
        "whole"
    );
    assert!(noted[0].note.contains("0718-224-001"), "with its first number: {}", noted[0].note);
    let stock = desk.store.read(|v| v.stock_balances()).unwrap();
    assert!(stock.values().all(|count| *count == 0), "nothing is in stock before it arrived");
}

#[test]
fn an_allotment_says_whose_blangko_they_are_and_one_of_an_older_centre_means_citizens() {
    let (centre, desk) = pair();
    let line = |wna| {
        let allotment = Uuid::now_v7();
        Change::Blangko(BlangkoChange {
            allotment,
            first: "0718224001".into(),
            count: 5,
            wna,
            t: Timestamp::now(),
        })
    };
    let older = serde_json::to_value(line(false)).unwrap();
    assert!(older.as_object().is_some_and(|line| !line.contains_key("wna")), "the bytes of before: {older}");
    centre.records().changes.extend([line(false), line(true)]);
    assert_eq!(desk.exchange(&desk.engine(centre.address)).cause, None, "taken");
    let noted = desk.store.read(|v| v.allotments(10)).unwrap();
    let items: Vec<Item> = noted.iter().map(|one| one.item).collect();
    assert_eq!(items, [Item::BlangkoWna, Item::Blangko], "newest first");
}

#[test]
fn an_allotment_that_makes_no_sense_is_shown_and_holds_nothing_up() {
    let (centre, desk) = pair();
    let odd = |first: &str, count| {
        Change::Blangko(BlangkoChange {
            allotment: Uuid::now_v7(),
            first: first.into(),
            count,
            wna: false,
            t: Timestamp::now(),
        })
    };
    centre.records().changes.extend([odd("../../etc", 5), odd("0718224001", 0), odd("0718224001", u32::MAX)]);
    centre.becomes_ready(NIK);
    assert_eq!(desk.exchange(&desk.engine(centre.address)).changes, 4, "all lines are taken");
    assert_eq!(desk.store.read(|v| v.allotments(10)).unwrap(), [], "none is noted");
    assert_eq!(
        standing(&desk).iter().filter(|(kind, _)| kind == "allotment_odd").count(),
        3,
        "each is found"
    );
    assert!(
        !desk.store.read(|v| v.central_statuses(NIK)).unwrap().is_empty(),
        "and the next line is applied"
    );
}

#[test]
fn a_card_that_may_be_printed_stands_in_the_mirror_of_its_nik_once_and_goes_out_of_it_again() {
    let (centre, desk) = pair();
    let job = Uuid::now_v7();
    let print = |s: &str, seconds: i64| {
        let t = Timestamp::from_second(1_795_000_000 + seconds).unwrap();
        Change::Print(PrintChange { job, nik: NIK.into(), enrolment: None, s: s.into(), t })
    };
    let id = visit(&desk, JenisPermohonan::Hilang, NIK);
    crate::cards::tell(&desk, id, domain::ids::JobId::new(Uuid::now_v7()), CardNews::Requested);
    centre.records().changes.push(print("PRINT_READY_RECORD", 0));
    let engine = desk.engine(centre.address);
    desk.exchange(&engine);
    centre.records().changes.push(print("CARD_ISSUED", 60));
    tell_again(&centre);
    desk.exchange(&engine);
    let rows = desk.store.read(|v| v.central_statuses(NIK)).unwrap();
    let said: Vec<&str> = rows.iter().map(|row| row.status.as_str()).collect();
    assert_eq!(said, ["CARD_ISSUED", "PRINT_READY_RECORD"], "newest first, each once");
    let odd =
        PrintChange { job, nik: "x' OR 1=1".into(), enrolment: None, s: "PRINT".into(), t: Timestamp::now() };
    centre.records().changes.push(Change::Print(odd));
    assert_eq!(desk.exchange(&engine).cause, None, "no NIK, no row, and no hold-up");
}

#[test]
fn a_setting_counts_only_with_the_centres_own_signature() {
    let (centre, desk) = pair();
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    let stranger = Keys::new(now);
    let red = |by: &Identity, version| setting("sync.red_after_days", 3.into(), version, by, now);
    let long = Validity::days(now - SignedDuration::from_hours(24), 30);
    let station = centre.keys.authority.issue_identity(Role::Station, "UJI-2", long).unwrap();
    let unsigned =
        Change::Setting(SettingChange { key: "sync.red_after_days".into(), signed: "e30=".into() });
    let garbage = Change::Setting(SettingChange { key: "sync.red_after_days".into(), signed: "%".into() });
    let own = &centre.keys.signer;
    let swapped = signed_setting("sync.red_after_days", "sync.stuck_days", 9.into(), 1, own, now);
    let flipped = match red(own, 1) {
        Change::Setting(mut change) => {
            let mut der = base64::engine::general_purpose::STANDARD.decode(&change.signed).unwrap();
            let last = der.len() - 1;
            der[last] ^= 1;
            change.signed = base64::engine::general_purpose::STANDARD.encode(der);
            Change::Setting(change)
        }
        other => other,
    };
    let other_document = {
        let der = Document::sign(
            br#"{"key":"sync.red_after_days","value":3,"version":1}"#,
            "rekam-feed/1",
            own,
            now,
        );
        let signed = base64::engine::general_purpose::STANDARD.encode(der.unwrap());
        Change::Setting(SettingChange { key: "sync.red_after_days".into(), signed })
    };
    let engine = desk.engine(centre.address);
    for (change, why) in [
        (red(&stranger.signer, 1), "another authority"),
        (red(&station, 1), "a station's certificate"),
        (red(&centre.keys.server, 1), "the server's certificate"),
        (unsigned, "no signature"),
        (garbage, "no base64"),
        (swapped, "the signature of another key"),
        (flipped, "one bit flipped"),
        (other_document, "a document of another kind"),
    ] {
        centre.records().changes.push(change);
        let report = desk.exchange(&engine);
        assert_eq!((report.cause, report.changes), (None, 1), "{why}: the feed goes on");
        assert_eq!(kept(&desk, "sync.red_after_days"), None, "{why}: never applied");
        let found = ("setting_unproven".to_owned(), "sync.red_after_days".to_owned());
        assert_eq!(standing(&desk), std::slice::from_ref(&found), "{why}: found");
        desk.store.bookkeep(desk.now(), |ledger| ledger.is_over(&found.0, &found.1)).unwrap();
    }
    centre.records().changes.push(red(own, 1));
    desk.exchange(&engine);
    assert_eq!(kept(&desk, "sync.red_after_days"), Some(3.into()), "the centre's own is applied");
    assert_eq!(standing(&desk), [], "and nothing is found");
}

#[test]
fn an_older_setting_that_comes_later_changes_nothing() {
    let (centre, desk) = pair();
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    let earlier = now - SignedDuration::from_hours(2);
    let own = &centre.keys.signer;
    let engine = desk.engine(centre.address);
    centre.records().changes.push(setting("sync.stuck_days", 30.into(), 2, own, now));
    desk.exchange(&engine);
    centre.records().changes.push(setting("sync.stuck_days", 1.into(), 1, own, earlier));
    desk.exchange(&engine);
    assert_eq!(kept(&desk, "sync.stuck_days"), Some(30.into()), "replayed, it does not come back");
    tell_again(&centre);
    desk.exchange(&engine);
    assert_eq!(kept(&desk, "sync.stuck_days"), Some(30.into()), "nor when all is told again");
}

#[test]
fn a_signed_table_is_taken_whole_and_newer_and_any_other_is_found_while_the_one_before_stays() {
    let (centre, desk) = pair();
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    let later = now + SignedDuration::from_secs(60);
    let own = &centre.keys.signer;
    let engine = desk.engine(centre.address);
    centre.records().changes.push(setting("codes.agama", agama(3, "ISLAM"), 1, own, now));
    desk.exchange(&engine);
    assert_eq!(kept(&desk, "codes.agama"), Some(agama(3, "ISLAM")), "newer than shipped");
    assert_eq!(standing(&desk), [], "nothing to tell");
    let twice = serde_json::json!([{"code": "1", "label": "A"}, {"code": "1", "label": "B"}]);
    let damaged =
        serde_json::json!({"id": "agama", "title": "A", "version": 9, "source": "S", "rows": twice});
    let long = "X".repeat(20_000);
    for (key, value, kind) in [
        ("codes.agama", agama(3, "LAIN"), "table_unusable"),
        ("codes.agama", agama(2, "ISLAM"), "table_unusable"),
        ("codes.agama", agama(9, "IS\u{202e}LAM"), "table_unusable"),
        ("codes.agama", damaged, "table_unusable"),
        ("codes.agama", serde_json::json!(7), "table_unusable"),
        ("codes.agama", agama(9, &long), "setting_unproven"),
        ("codes.pekerjaan", agama(9, "ISLAM"), "table_unusable"),
        ("codes.entah", agama(9, "ISLAM"), "table_unusable"),
        ("wilayah.retired", serde_json::json!({"version": 1, "source": "S", "rows": []}), "table_unusable"),
    ] {
        let shown = value.to_string().chars().take(60).collect::<String>();
        centre.records().changes.push(setting(key, value, 2, own, later));
        let report = desk.exchange(&engine);
        assert_eq!((report.cause, report.changes), (None, 1), "{key} {shown}: the feed goes on");
        let found = (kind.to_owned(), key.to_owned());
        assert_eq!(standing(&desk), std::slice::from_ref(&found), "{key} {shown}: a person knows");
        assert_eq!(kept(&desk, "codes.agama"), Some(agama(3, "ISLAM")), "{key} {shown}: the one before");
        desk.store.bookkeep(desk.now(), |ledger| ledger.is_over(&found.0, &found.1)).unwrap();
    }
    assert_eq!(kept(&desk, "codes.pekerjaan"), None, "nothing of what was refused is kept");
    let rows = serde_json::json!([{"code": "18.13.12", "note": "lama"}]);
    let regions = serde_json::json!({"version": 1, "source": "S", "rows": rows});
    // A newer table counts, even when its signature is older: versions only rise.
    centre.records().changes.push(setting("codes.agama", agama(4, "ISLAM"), 3, own, now));
    centre.records().changes.push(setting("wilayah.retired", regions.clone(), 4, own, later));
    desk.exchange(&engine);
    assert_eq!(kept(&desk, "codes.agama"), Some(agama(4, "ISLAM")));
    assert_eq!(kept(&desk, "wilayah.retired"), Some(regions));
    tell_again(&centre);
    desk.exchange(&engine);
    assert_eq!(kept(&desk, "codes.agama"), Some(agama(4, "ISLAM")), "nor does a history told again go back");
    assert_eq!(standing(&desk), [], "and what a person has seen to is not found again");
}

#[test]
fn a_signed_setting_with_a_value_that_nobody_can_follow_is_found_and_the_one_before_stays() {
    let (centre, desk) = pair();
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
    let own = &centre.keys.signer;
    let engine = desk.engine(centre.address);
    centre.records().changes.push(setting("sync.keep_days", 60.into(), 1, own, now));
    desk.exchange(&engine);
    for (version, odd) in (2..).zip([0.into(), 3_651.into(), "sixty".into(), serde_json::Value::Null]) {
        centre.records().changes.push(setting("sync.keep_days", odd, version, own, now));
        let report = desk.exchange(&engine);
        assert_eq!((report.cause, report.changes), (None, 1), "the feed goes on");
        assert_eq!(kept(&desk, "sync.keep_days"), Some(60.into()), "the one before");
        let found = ("setting_unreadable".to_owned(), "sync.keep_days".to_owned());
        assert_eq!(standing(&desk), std::slice::from_ref(&found), "and a person knows");
        desk.store.bookkeep(desk.now(), |ledger| ledger.is_over(&found.0, &found.1)).unwrap();
    }
    centre.records().changes.push(setting("sync.another", "any".into(), 1, own, now));
    desk.exchange(&engine);
    assert_eq!(kept(&desk, "sync.another"), Some("any".into()), "what this program does not know is kept");
    assert_eq!(standing(&desk), [], "and nothing is found");
}

#[test]
fn a_recording_to_be_made_again_is_found_with_its_reason_until_a_later_one_is_sealed() {
    let (centre, desk) = pair();
    let packet = desk.seal([500, 900, 500]);
    let first = desk.store.read(|v| v.packet(packet)).unwrap().unwrap();
    desk.store
        .transact(
            store::Act::FieldSave { permohonan: first.permohonan, unsur: "nik".into() },
            &desk.ctx(),
            |tx| tx.set_applicant(first.permohonan, NIK, "ORANG CONTOH"),
        )
        .unwrap();
    let order = RecoveryChange {
        order: Uuid::now_v7(),
        action: "re_record".into(),
        q: vec![(1, u64::MAX / 2)],
        r: "quality_below_threshold".into(),
        t: Timestamp::now(),
    };
    centre.records().changes.push(Change::Recovery(order));
    let engine = desk.engine(centre.address);
    desk.exchange(&engine);
    let ticket = desk.store.read(|v| v.permohonan(first.permohonan)).unwrap().unwrap().ticket;
    let found = ("re_record".to_owned(), format!("1, {ticket} (quality_below_threshold)"));
    assert_eq!(standing(&desk), std::slice::from_ref(&found), "which, and why");
    assert!(desk.store.read(|v| v.receipt(packet)).unwrap().is_some(), "the old one is kept as it is");
    let again = desk.seal([500, 900, 500]);
    let second = desk.store.read(|v| v.packet(again)).unwrap().unwrap();
    desk.exchange(&engine);
    assert_eq!(standing(&desk), [found], "another applicant's recording ends nothing");
    desk.store
        .transact(
            store::Act::FieldSave { permohonan: second.permohonan, unsur: "nik".into() },
            &desk.ctx(),
            |tx| tx.set_applicant(second.permohonan, NIK, "ORANG CONTOH"),
        )
        .unwrap();
    desk.exchange(&engine);
    assert_eq!(standing(&desk), [], "recorded anew");
    tell_again(&centre);
    desk.exchange(&engine);
    assert_eq!(standing(&desk), [], "and told again it does not come back");
}

#[test]
fn what_a_newer_centre_says_is_kept_and_in_nobodys_way() {
    let (centre, desk) = pair();
    let odd = br#"{"k":"lunar","phase":3}
{"k":"print","job":"0190f5a2-7b1c-7000-8000-000000000001","nik":"1801010101909001","s":"PRINT_READY_RECORD","t":"2026-11-24T03:05:00Z","colour":"blue"}
{"k":"end","cursor":"aaaa-2"}
"#;
    let engine = desk.engine(centre.address);
    desk.exchange(&engine);
    centre.records().feed = Some(odd.to_vec());
    let report = desk.exchange(&engine);
    assert_eq!((report.cause, report.changes), (None, 2), "both lines are taken");
    let notices = desk.store.read(|v| v.newest_central_notices(5)).unwrap();
    assert!(notices.iter().any(|(body, _)| body == "{\"k\":\"lunar\",\"phase\":3}"), "kept as it came");
    assert_eq!(
        desk.store.read(|v| v.central_statuses(NIK)).unwrap().len(),
        1,
        "and the next line is applied"
    );
    assert_eq!(
        desk.store.read(|v| v.change_cursor()).unwrap().as_deref(),
        Some("aaaa-2"),
        "the cursor moved"
    );
}
