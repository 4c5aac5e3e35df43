//! Somebody of 16: the visit waits for the 17th birthday, is called by the queue itself on the day, and goes on at step 6.

use std::path::Path;

use domain::Timestamp;
use domain::ids::OperatorId;
use jiff::Span;
use jiff::civil::Date;
use serde_json::json;
use store::{Act, Argon2Cost, Ctx, KeySlots, QueueFilter, Store, StoreOptions};

use crate::walk::Walk;
use crate::webdriver::key;

/// Hours that the station's own time (WIB) is ahead.
const WIB: i8 = 7;

/// The birthday of the one visit in the book, which was to be `on`, is today.
///
/// The program reads the computer's clock and has no other, and a test does not move the clock of a computer. So the days pass
/// the other way round: while the program is closed, the day of birth goes back in the book, and with it every day that was
/// planned by it.
pub fn has_come(data: &Path, on: Date) -> Date {
    let now = Timestamp::now();
    let today = jiff::tz::Offset::constant(WIB).to_datetime(now).date();
    let database = data.join("rekam.db");
    let mut slots = KeySlots::open(&KeySlots::path_beside(&database), Argon2Cost::CHEAP_FOR_TESTS).unwrap();
    let operator = OperatorId::parse("dewi").unwrap();
    let key = slots.unlock(&operator, training::PASSWORD, now).unwrap();
    let options = StoreOptions { ballast_bytes: 0, ..StoreOptions::default() };
    let store = Store::open(&database, &key, options, now).unwrap();
    let waiting = store.read(|look| look.queue(&QueueFilter::default())).unwrap();
    let [visit] = waiting.as_slice() else { panic!("one visit waits, not {}", waiting.len()) };
    let born = |birthday: Date| birthday.checked_sub(Span::new().years(17)).unwrap();
    let state = [(on, today), (born(on), born(today))].iter().fold(
        visit.state_json.clone(),
        |state, (planned, now)| {
            assert!(state.contains(&format!("\"{planned}\"")), "the visit knows {planned}");
            state.replace(&format!("\"{planned}\""), &format!("\"{now}\""))
        },
    );
    let act = Act::FieldSave { permohonan: visit.id, unsur: "tanggal_lahir".into() };
    store
        .transact(act, &Ctx { operator: Some(operator), now }, |tx| {
            tx.save_isian(visit.id, "tanggal_lahir", &born(today).to_string())?;
            tx.hold_for_age(visit.id, today)?;
            tx.set_state(visit.id, &state, &visit.step, visit.status)
        })
        .unwrap();
    today
}

impl Walk {
    /// Step 6 of somebody who is 16: the visit waits for the birthday `on`, and both the queue and the printing desk say so.
    pub fn held_until(&self, on: Date) {
        self.press("sealed-next", key::ENTER);
        self.window.see("page-queue");
        self.window.wait("the visit in the queue", "document.querySelector('tr[data-testid^=\"queue-\"]')");
        self.screen("antrean-ditahan");
        self.press("primary", key::ENTER);
        self.window.see("page-print_request");
        self.window.see("print-from");
        self.screen("ditahan-sampai-17");
        self.says_day("[data-testid=\"print-from\"]", on);
        let off = "document.querySelector('[data-testid=\"primary\"]').ariaDisabled === 'true'";
        self.window.wait("no card before the birthday", off);
        self.window.keys(key::ESC);
        self.window.see("page-queue");
        self.change_of_officers("person-rizal");
        self.in_the_print_queue("held_for_age");
        self.screen("antrean-cetak-ditahan");
        self.says_day("tr[data-testid^=\"print-\"]", on);
    }

    /// Since the birthday `on` the queue calls the visit by itself, and the printing desk sees whose turn it is.
    pub fn called_since(&self, on: Date) {
        self.in_the_print_queue("of_age");
        self.screen("antrean-cetak-sudah-17");
        self.change_of_officers("person-dewi");
        self.window.wait(
            "the queue to call the visit",
            "document.querySelector('tr[data-testid^=\"queue-\"]')?.dataset.state === 'due'",
        );
        self.screen("antrean-sudah-17");
        self.says_day("[data-testid=\"due\"]", on);
        self.open_from_the_queue();
        self.window.see("page-print_request");
    }

    /// The queue of the printing desk shows the one visit as `state`.
    fn in_the_print_queue(&self, state: &str) {
        self.window.alt('c');
        self.window.see("page-print_queue");
        self.window.wait(
            &format!("the visit to be {state} in the print queue"),
            &format!("document.querySelector('tr[data-testid^=\"print-\"]')?.dataset.state === '{state}'"),
        );
    }

    fn says_day(&self, place: &str, on: Date) {
        let text =
            self.window.script("return document.querySelector(arguments[0]).innerText", json!([place]));
        let text = text.as_str().unwrap();
        let (day, year) = (format!("{} ", on.day()), on.year().to_string());
        assert!(text.contains(&day) && text.contains(&year), "{place} says {on}: {text}");
    }
}
