use super::stock::{job, number, officer, receive};
use crate::desk::{Desk, START_MS, by, visit};
use domain::Date;
use domain::ids::PermohonanId;
use domain::permohonan::Effect;
use domain::register::RegisterKind;
use domain::steps::print::SpoilReason;
use domain::steps::print_request::Priority;
use domain::stock::Item;
use store::{Act, LocalStatus, PrintQueueState};

fn queue(desk: &Desk, id: PermohonanId, ms: i64, priority: Priority) {
    let act = Act::PermohonanMove { permohonan: id, kind: RegisterKind::PrintRequested };
    desk.store
        .transact(act, &by("op-1", ms), |tx| {
            tx.set_state(id, "{}", "print", LocalStatus::Sealed)?;
            tx.join_print_queue(id, priority, "")
        })
        .unwrap();
}

#[test]
fn cards_wait_urgent_first_then_the_oldest_and_those_for_a_birthday_last() {
    let desk = Desk::with_visit();
    for n in 2..=4 {
        desk.open_visit(n);
    }
    queue(&desk, visit(1), 100, Priority::Normal);
    queue(&desk, visit(2), 200, Priority::Urgent);
    queue(&desk, visit(3), 50, Priority::Normal);
    let until = Date::constant(2027, 2, 2);
    let act = Act::PermohonanMove { permohonan: visit(4), kind: RegisterKind::HeldForAge };
    desk.store.transact(act, &by("op-1", 60), |tx| tx.hold_for_age(visit(4), until)).unwrap();
    desk.store
        .read(|v| {
            let rows = v.print_queue()?;
            let order: Vec<_> = rows.iter().map(|row| row.permohonan).collect();
            assert_eq!(
                order,
                [visit(2), visit(3), visit(1), visit(4)],
                "urgent, oldest, younger, and last who waits for a day"
            );
            let held = rows.last().unwrap();
            assert_eq!(
                (held.state, held.not_before.as_str()),
                (PrintQueueState::Held, "2027-02-02"),
                "its day"
            );
            Ok(())
        })
        .unwrap();
    let ahead =
        |except: u8| desk.store.read(|v| v.ready_cards_waiting(visit(except), Item::Blangko)).unwrap();
    assert_eq!((ahead(1), ahead(4)), (2, 3), "not oneself, and not who waits for a birthday");
    let act = Act::FieldSave { permohonan: visit(2), unsur: "kewarganegaraan".into() };
    desk.store
        .transact(act, &by("op-1", 301), |tx| tx.save_isian(visit(2), "kewarganegaraan", "WNA"))
        .unwrap();
    let foreigners = desk.store.read(|v| v.ready_cards_waiting(visit(1), Item::BlangkoWna)).unwrap();
    assert_eq!((ahead(1), foreigners), (1, 1), "each before the blangko that it needs");
    let waiting = |item| desk.store.read(|v| v.print_queue_length(item)).unwrap();
    assert_eq!((waiting(Item::Blangko), waiting(Item::BlangkoWna)), (2, 1), "and so all that wait");
    let act = Act::FieldSave { permohonan: visit(2), unsur: "kewarganegaraan".into() };
    desk.store
        .transact(act, &by("op-1", 302), |tx| tx.save_isian(visit(2), "kewarganegaraan", "WNI"))
        .unwrap();
    let act = Act::PermohonanMove { permohonan: visit(2), kind: RegisterKind::PrintRequested };
    let at_centre = |tx: &store::Tx<'_>| tx.set_state(visit(2), "{}", "status", LocalStatus::Sealed);
    desk.store.transact(act, &by("op-1", 305), at_centre).unwrap();
    assert_eq!(ahead(1), 1, "and not who waits for the centre");
    let act = Act::PermohonanMove { permohonan: visit(3), kind: RegisterKind::VisitCancelled };
    desk.store.transact(act, &by("op-1", 310), |tx| tx.leave_print_queue(visit(3))).unwrap();
    queue(&desk, visit(3), 400, Priority::Normal);
    let rows = desk.store.read(|v| v.print_queue()).unwrap();
    let row = rows.iter().rfind(|row| row.state == PrintQueueState::Waiting).unwrap();
    assert_eq!((row.permohonan, row.joined_ms), (visit(3), START_MS + 400), "who left joins at the end");
}

#[test]
fn a_card_that_has_its_blangko_needs_none_of_the_store() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    receive(&desk, "0001", "0002");
    queue(&desk, visit(1), 50, Priority::Normal);
    let ahead = || desk.store.read(|v| v.ready_cards_waiting(visit(2), Item::Blangko)).unwrap();
    let length = || desk.store.read(|v| v.print_queue_length(Item::Blangko)).unwrap();
    assert_eq!((ahead(), length()), (1, 1), "it will need one");
    let order =
        |n: u128, serial: &str| super::stock::perform(&desk, &[super::stock::print(n, serial)]).unwrap();
    order(1, "0001");
    assert_eq!((ahead(), length()), (0, 0), "it lies in the printer");
    let bad = Effect::SpoilBlangko {
        blangko: number("0001"),
        reason: SpoilReason::Misprint,
        note: String::new(),
        witness: officer(),
    };
    super::stock::perform(&desk, &[bad]).unwrap();
    assert_eq!((ahead(), length()), (1, 1), "spoiled: it needs another");
    order(2, "0002");
    super::stock::perform(&desk, &[Effect::SpendBlangko { job: job(2), blangko: number("0002") }]).unwrap();
    assert_eq!((ahead(), length()), (0, 0), "printed, and looked at before it leaves the queue");
    let act = Act::PermohonanMove { permohonan: visit(1), kind: RegisterKind::VisitCancelled };
    desk.store.transact(act, &by("op-1", 900), |tx| tx.leave_print_queue(visit(1))).unwrap();
    queue(&desk, visit(1), 950, Priority::Normal);
    assert_eq!((ahead(), length()), (1, 1), "the card of an earlier turn is another one");
}

#[test]
fn a_person_has_one_running_request() {
    let desk = Desk::with_visit();
    desk.open_visit(2);
    let nik = "1813010101909001";
    for n in [1, 2] {
        let act = Act::FieldSave { permohonan: visit(n), unsur: "nik".into() };
        desk.store
            .transact(act, &by("op-1", 20), |tx| tx.set_applicant(visit(n), nik, "Budi Contoh"))
            .unwrap();
    }
    let running = || desk.store.read(|v| v.running_request(nik, visit(2))).unwrap();
    assert_eq!(running(), None, "a form is no request");
    queue(&desk, visit(1), 100, Priority::Normal);
    assert_eq!(running().unwrap().1, "2026-11-23/A-001", "named by its ticket");
    let close = |status| {
        let act = Act::PermohonanMove { permohonan: visit(1), kind: RegisterKind::VisitCancelled };
        desk.store
            .transact(act, &by("op-1", 110), |tx| tx.set_state(visit(1), "{}", "handover", status))
            .unwrap();
    };
    close(LocalStatus::Sealed);
    assert!(running().is_some(), "printed and not collected");
    close(LocalStatus::Closed);
    assert_eq!(running(), None, "in the hand");
}
