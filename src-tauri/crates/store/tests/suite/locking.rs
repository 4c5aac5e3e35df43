//! The lock while others are at work: a read is stopped, a write is finished.

use crate::desk::{Desk, at, by, key, new_visit, options, visit};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;
use store::{Act, Error, Store};

/// Longest that a broken program is waited for.
const LONG: Duration = Duration::from_secs(60);

#[test]
fn a_read_without_end_is_stopped_by_the_lock_and_says_that_it_is_locked() {
    let desk = Desk::with_visit();
    let (folder, store) = (desk.folder, Arc::new(desk.store));
    let (begun, begins) = channel();
    let reader = Arc::clone(&store);
    let reading = thread::spawn(move || {
        reader.read(|view| {
            begun.send(()).unwrap();
            view.read_without_end_for_tests()
        })
    });
    begins.recv().unwrap();
    store.lock();
    assert!(store.is_let_go(LONG), "it does not outlast the lock");
    let answer = reading.join().unwrap();
    assert!(matches!(answer, Err(Error::Locked)), "said as every answer of a locked store: {answer:?}");
    let again = Store::open(&folder.path().join("rekam.db"), &key(), options(), at(30)).unwrap();
    let row = again.read(|view| view.setting("theme").and_then(|_| view.permohonan(visit(1))));
    assert!(row.unwrap().is_some(), "opened again, nothing of the stop is left over");
}

#[test]
fn a_read_that_stands_between_two_questions_at_the_lock_gets_no_second_answer() {
    let desk = Desk::with_visit();
    let (folder, store) = (desk.folder, Arc::new(desk.store));
    let (first, answered) = channel();
    let (locked, goes_on) = channel();
    let reader = Arc::clone(&store);
    let reading = thread::spawn(move || {
        let mut second = None;
        let whole = reader.read(|view| {
            first.send(view.permohonan(visit(1))?.is_some()).unwrap();
            goes_on.recv().unwrap();
            // Swallowed, as by a page that shows what it has.
            second = Some(view.permohonan(visit(1)).map(|row| row.is_some()));
            view.permohonan(visit(1)).map(drop)
        });
        (second, whole)
    });
    assert!(answered.recv().unwrap(), "what is asked before the lock is answered");
    store.lock();
    locked.send(()).unwrap();
    let (second, whole) = reading.join().unwrap();
    assert!(matches!(second, Some(Err(_))), "after it nothing is: {second:?}");
    assert!(matches!(whole, Err(Error::Locked)), "nor once more: {whole:?}");
    assert!(store.is_let_go(LONG), "and the connection is closed");
    drop(folder);
}

#[test]
fn a_write_that_is_under_way_at_the_lock_is_finished_and_on_the_disk() {
    let desk = Desk::with_visit();
    let (folder, store) = (desk.folder, Arc::new(desk.store));
    let (begun, begins) = channel();
    let writer = Arc::clone(&store);
    let writing = thread::spawn(move || {
        let act = Act::PermohonanOpen { permohonan: visit(2) };
        writer.transact(act, &by("op-1", 20), |tx| {
            begun.send(()).unwrap();
            while !writer.is_locked() {
                thread::yield_now();
            }
            tx.open_permohonan(&new_visit(2))
        })
    });
    begins.recv().unwrap();
    store.lock();
    let written = writing.join().unwrap();
    assert!(written.is_ok(), "nobody stops a write: {:?}", written.err());
    assert!(store.is_let_go(LONG), "and the key is gone with it");
    drop(store);
    let path = folder.path().join("rekam.db");
    let store = Store::open(&path, &key(), options(), at(30)).unwrap();
    let kept = store.read(|view| view.permohonan(visit(2))).unwrap();
    assert!(kept.is_some(), "what was acknowledged is there");
    assert!(store.verify_register(&[]).unwrap().is_ok(), "with its line");
}
