//! What the program has to do by itself and could not: shown at every page until it is done, and tried again meanwhile.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use store::Store;

use crate::view::Unsettled;
use crate::{News, Result, Station, held};

/// Time between two attempts. Ours: room on the disk is made in minutes.
const AGAIN: Duration = Duration::from_secs(30);
/// A desk left alone for this long begins nothing that an attempt could take for something left behind.
const ALONE: Duration = Duration::from_secs(30);

/// What is open, and when it was tried last.
#[derive(Default)]
pub(crate) struct Open(Mutex<(BTreeSet<Unsettled>, Option<Instant>)>);

impl Station {
    /// What an earlier run left open becomes a question for a person; called with each sign-in.
    pub(crate) fn settle_earlier(&self, store: &Arc<Store>) {
        let (cards, papers) = (self.settle_cut_off(store), self.settle_prints(store));
        self.note_settled(Unsettled::CutOff, cards.and(papers));
    }

    /// Officers whom the centre revoked lose their way in; called after each exchange.
    pub(crate) fn settle_officers(&self) {
        let done = self.follow_revocations();
        self.note_settled(Unsettled::Revocations, done);
    }

    /// What is open now; nothing at a locked desk, whose next sign-in does it all.
    pub(crate) fn unsettled(&self) -> Vec<Unsettled> {
        held(&self.unsettled.0).0.iter().copied().collect()
    }

    /// Nobody is there to be told.
    pub(crate) fn forget_unsettled(&self) {
        *held(&self.unsettled.0) = Default::default();
    }

    /// Called several times a second: tries again what could not be done.
    pub(crate) fn settle_tick(&self) {
        let due = {
            let open = held(&self.unsettled.0);
            !open.0.is_empty() && open.1.is_none_or(|last| last.elapsed() >= AGAIN)
        };
        let alone = || held(&self.door).open.as_ref().is_some_and(|open| open.alone_for(ALONE));
        if due && !self.equipment.is_busy() && alone() {
            self.settle_again();
        }
    }

    fn settle_again(&self) {
        let Some(store) = held(&self.door).open.as_ref().map(|open| Arc::clone(&open.store)) else { return };
        for what in self.unsettled() {
            match what {
                Unsettled::CutOff => self.settle_earlier(&store),
                Unsettled::Revocations => self.settle_officers(),
                Unsettled::Looks => self.settle_looks(&store),
                Unsettled::UnknownPackets | Unsettled::UnreadPackets => self.settle_packets(&store),
                // Every exchange with the centre tries it.
                Unsettled::Renewal => {}
            }
        }
    }

    pub(crate) fn note_settled(&self, what: Unsettled, done: Result<()>) {
        let changed = {
            let mut open = held(&self.unsettled.0);
            open.1 = Some(Instant::now());
            if done.is_ok() { open.0.remove(&what) } else { open.0.insert(what) }
        };
        if let Err(error) = done {
            tracing::warn!(%error, ?what, "could not be done; it is tried again");
        }
        if changed {
            self.news.tell(News::Strip);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use domain::ids::{OperatorId, PermohonanId};
    use domain::role::Role;
    use domain::stock::NomorBlangko;
    use jiff::Timestamp;
    use store::{Act, ChipState, Ctx, NewChipWrite, OperatorStatus};

    use super::*;
    use crate::plain::{self, PASSWORD};
    use crate::view::StockItem;

    struct Desk {
        dir: tempfile::TempDir,
        station: Arc<Station>,
    }

    impl Desk {
        /// A station with two officers, of whom the first is signed in.
        fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let officers = ["satu", "dua"].map(|id| plain::officer(id, &Role::ALL));
            let station = plain::start(plain::config(dir.path()), plain::provision(true, officers.into()));
            station.sign_in("satu", PASSWORD).unwrap();
            Self { dir, station }
        }

        fn store(&self) -> Arc<Store> {
            Arc::clone(&held(&self.station.door).open.as_ref().unwrap().store)
        }

        /// A chip that an earlier run was writing.
        fn chip_of_an_earlier_run(&self) {
            let station = &self.station;
            let visit = station.open(&station.kinds().unwrap()[0].kind).unwrap().id;
            let serial = NomorBlangko::parse("0718224901").unwrap();
            let chip = NewChipWrite {
                permohonan: PermohonanId::parse(&visit).unwrap(),
                blangko: serial.clone(),
                uid: String::new(),
                profile: "uji 1".into(),
                digest: vec![0; 32],
                total: 3,
            };
            let ctx = Ctx { operator: None, now: Timestamp::now() };
            station.receive_stock(StockItem::Blangko, 1, serial.as_str(), "BAST 1").unwrap();
            let state = ChipState::Writing.code().to_owned();
            let act = Act::ChipWrite { permohonan: chip.permohonan, blangko: serial, state };
            self.store().transact(act, &ctx, |tx| tx.begin_chip_write(&chip)).unwrap();
        }

        /// Not one more page, and nothing left in those that are there.
        fn fill_the_disk(&self) {
            let store = self.store();
            store.limit_pages_for_tests(0).unwrap();
            let ctx = Ctx { operator: None, now: Timestamp::now() };
            for size in [200_000, 12_000, 3_000] {
                let value = format!("\"{}\"", "x".repeat(size));
                let fits = |n: usize| {
                    let name = format!("isi-{size}-{n}");
                    let act = Act::SettingChange { name: name.clone() };
                    store.transact(act, &ctx, |tx| tx.set_setting(&name, &value)).is_ok()
                };
                assert!((0..1_000).any(|n| !fits(n)), "the disk has an end");
            }
            // What is left of the register's own page, by its shortest lines.
            let line = || store.transact(Act::SettingChange { name: "x".into() }, &ctx, |_| Ok(()));
            assert!((0..1_000).any(|_| line().is_err()), "so has the page");
        }
    }

    #[test]
    fn what_a_full_disk_leaves_open_is_shown_at_the_desk_until_it_is_done() {
        let desk = Desk::new();
        let station = &desk.station;
        assert_eq!(station.strip().unwrap().unsettled, [], "a desk as it should be");
        desk.chip_of_an_earlier_run();
        desk.fill_the_disk();
        station.settle_earlier(&desk.store());
        assert_eq!(station.strip().unwrap().unsettled, [Unsettled::CutOff], "the desk is told");
        station.settle_again();
        assert_eq!(station.strip().unwrap().unsettled, [Unsettled::CutOff], "as long as it is so");
        desk.store().limit_pages_for_tests(1000).unwrap();
        station.settle_again();
        assert_eq!(station.strip().unwrap().unsettled, [], "and no longer once there is room");
        let chips = desk.store().read(|view| view.open_chip_writes()).unwrap();
        assert_eq!(
            chips.iter().map(|chip| chip.state).collect::<Vec<_>>(),
            [ChipState::Torn],
            "it is asked about"
        );
    }

    #[test]
    fn on_a_full_disk_a_visit_can_be_looked_at_and_who_looked_is_written_once_there_is_room() {
        let desk = Desk::new();
        let station = &desk.station;
        let kind = station.kinds().unwrap()[0].kind.clone();
        let visit = station.open(&kind).unwrap().id;
        let other = station.open(&kind).unwrap().id;
        station.save_field(&visit, "nama", "Siti Contoh").unwrap();
        station.lock().unwrap();
        station.sign_in("dua", PASSWORD).unwrap();
        desk.fill_the_disk();
        assert_eq!(station.take(&visit).expect("she stands there").name, "Siti Contoh");
        let form = station.form(&visit).expect("and what was kept can be read");
        assert!(form.fields.iter().any(|field| field.value == "Siti Contoh"));
        assert_eq!(station.strip().unwrap().unsettled, [Unsettled::Looks], "which every page says");
        let refused = station.save_field(&visit, "nama", "Siti").expect_err("nothing is kept").to_view();
        assert_eq!(refused.key, "disk_full");
        let said = |id: &str| {
            let id = PermohonanId::parse(id).unwrap();
            let lines = desk.store().read(|view| view.register_of(id)).unwrap();
            let looks = lines.into_iter().map(|row| row.line.entry);
            let looks = looks.filter(|entry| entry.kind == domain::register::RegisterKind::ResidentRead);
            looks
                .map(|entry| (entry.operator.to_string(), entry.detail.contains_key("dilihat")))
                .collect::<Vec<_>>()
        };
        assert_eq!(said(&visit), [], "no room for the line");
        station.settle_again();
        assert_eq!(station.strip().unwrap().unsettled, [Unsettled::Looks], "as long as it is so");

        desk.store().limit_pages_for_tests(1000).unwrap();
        station.settle_again();
        assert_eq!(station.strip().unwrap().unsettled, [], "and no longer once there is room");
        assert_eq!(said(&visit), [("dua".to_owned(), true)], "who looked, and when");

        desk.fill_the_disk();
        station.permohonan(&other).unwrap();
        station.lock().unwrap();
        station.sign_in("satu", PASSWORD).expect("the limit ends with the open file");
        assert_eq!(said(&other), [("dua".to_owned(), true)], "a look is not forgotten at the lock");
        assert_eq!(station.strip().unwrap().unsettled, []);
    }

    #[test]
    fn a_revoked_officer_whose_way_in_still_stands_is_shown_at_the_desk_until_it_is_gone() {
        let desk = Desk::new();
        let station = &desk.station;
        let (ctx, dua) = (Ctx { operator: None, now: Timestamp::now() }, OperatorId::parse("dua").unwrap());
        desk.store()
            .transact(Act::OperatorChange { operator: dua.clone() }, &ctx, |tx| {
                tx.put_operator(&dua, "Petugas Uji", "[\"operator\"]", OperatorStatus::Revoked)
            })
            .unwrap();
        // The file beside the key slots cannot be written, as on a disk that is full or broken.
        let obstacle = desk.dir.path().join("rekam.db.keys.part");
        std::fs::create_dir(&obstacle).unwrap();
        station.settle_officers();
        assert_eq!(station.strip().unwrap().unsettled, [Unsettled::Revocations], "the desk is told");
        std::fs::remove_dir(&obstacle).unwrap();
        station.settle_again();
        assert_eq!(station.strip().unwrap().unsettled, [], "and no longer once it is done");
        station.lock().unwrap();
        assert!(station.sign_in("dua", PASSWORD).is_err(), "the way in is gone");
    }

    const WHOLE: &str = "01932f6e-0000-7000-8000-00000000aaaa";
    const TORN: &str = "01932f6e-0000-7000-8000-00000000bbbb";

    fn sealed_files(packets: &Path, id: &str) {
        std::fs::create_dir_all(packets.join(id)).unwrap();
        for part in ["id.cms", "bio.cms", "dok.cms"] {
            std::fs::write(packets.join(id).join(part), part).unwrap();
        }
    }

    /// What is there of a packet, by name; its bytes are what was sealed.
    fn parts(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut names: Vec<String> =
            entries.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
        names.sort();
        for name in &names {
            assert_eq!(&std::fs::read_to_string(folder.join(name)).unwrap(), name, "untouched");
        }
        names
    }

    #[test]
    fn while_the_folder_of_sealed_files_cannot_be_read_what_was_told_stays_told_and_nothing_goes() {
        let desk = Desk::new();
        let station = &desk.station;
        let (packets, away) = (desk.dir.path().join("packets"), desk.dir.path().join("lain"));
        sealed_files(&packets, WHOLE);
        station.settle_packets(&desk.store());
        assert_eq!(station.strip().unwrap().unsettled, [Unsettled::UnknownPackets], "set aside");

        // A folder that the disk does not give as one.
        std::fs::rename(&packets, &away).unwrap();
        std::fs::write(&packets, "rusak").unwrap();
        station.settle_again();
        let both = [Unsettled::UnknownPackets, Unsettled::UnreadPackets];
        assert_eq!(station.strip().unwrap().unsettled, both, "nobody has seen that it is over");
        station.lock().unwrap();
        station.sign_in("satu", PASSWORD).unwrap();
        let unread = [Unsettled::UnreadPackets];
        assert_eq!(
            station.strip().unwrap().unsettled,
            unread,
            "whoever comes next is told that nobody could look"
        );
        assert_eq!(std::fs::read_to_string(&packets).unwrap(), "rusak", "what stands there is left alone");
        assert_eq!(parts(&away.join("unknown").join(WHOLE)), ["bio.cms", "dok.cms", "id.cms"]);

        std::fs::remove_file(&packets).unwrap();
        std::fs::rename(&away, &packets).unwrap();
        station.settle_again();
        assert_eq!(
            station.strip().unwrap().unsettled,
            [Unsettled::UnknownPackets],
            "it is looked through again"
        );
        assert_eq!(parts(&packets.join("unknown").join(WHOLE)).len(), 3, "and whole");
        std::fs::remove_dir_all(packets.join("unknown").join(WHOLE)).unwrap();
        station.settle_again();
        assert_eq!(station.strip().unwrap().unsettled, [], "told no longer once it is with the office");
    }

    #[cfg(unix)]
    #[test]
    fn a_packet_of_which_one_file_cannot_be_read_is_not_taken_for_half_of_one() {
        let desk = Desk::new();
        let station = &desk.station;
        let packets = desk.dir.path().join("packets");
        sealed_files(&packets, WHOLE);
        sealed_files(&packets, TORN);
        let (kept, file) = (desk.dir.path().join("bio.cms"), packets.join(TORN).join("bio.cms"));
        std::fs::rename(&file, &kept).unwrap();
        // The disk answers with an error and not that it is gone: a name that leads to itself.
        std::os::unix::fs::symlink(&file, &file).unwrap();
        station.settle_packets(&desk.store());
        let both = [Unsettled::UnknownPackets, Unsettled::UnreadPackets];
        assert_eq!(station.strip().unwrap().unsettled, both, "the other one is looked at all the same");
        assert_eq!(parts(&packets.join("unknown").join(WHOLE)).len(), 3);
        assert!(packets.join(TORN).join("id.cms").is_file(), "nobody knows what it is, so it stays");
        assert!(packets.join(TORN).join("dok.cms").is_file());

        std::fs::remove_file(&file).unwrap();
        std::fs::rename(&kept, &file).unwrap();
        station.settle_again();
        assert_eq!(station.strip().unwrap().unsettled, [Unsettled::UnknownPackets], "it can be read again");
        assert_eq!(parts(&packets.join("unknown").join(TORN)).len(), 3, "and is set aside whole");
    }
}
