//! The station's own journal of a chip: the row `chip_write` of the encrypted store, on the disk (WAL, `synchronous=FULL`)
//! before the card hears of a step; the same calls, in the same order, as `station/src/print/chip.rs`.

use std::path::Path;
use std::sync::{Arc, Mutex};

use devices::driver::card::personaliser::ChipError;
use devices::protocol::personalisation::{
    CardData, Draft, Journal, JournalEntry, JournalError, JournalStep, Phase, Profile,
};
use domain::Timestamp;
use domain::ids::{PermohonanId, StationCode};
use domain::stock::{Item, Movement, MovementKind, NomorBlangko, SerialRange};
use store::{
    Act, ChipState, Ctx, DataKey, MovementNote, NewChipWrite, NewPermohonan, StationIdentity, Store,
    StoreOptions,
};

/// Bytes of the SAM's signature; only their number counts when a plan is drafted.
const SIGNATURE: usize = 64;

/// A store with one visit and blangko for it.
pub struct Books {
    store: Arc<Store>,
    ctx: Ctx,
    visit: PermohonanId,
}

fn serial(card: u32) -> NomorBlangko {
    NomorBlangko::parse(&format!("07{card:08}")).unwrap()
}

impl Books {
    /// Makes the store in this folder, with `cards` blangko in stock.
    pub fn open(folder: &Path, cards: u32) -> Self {
        let now = Timestamp::from_second(1_795_460_000).unwrap();
        let identity =
            StationIdentity { station: StationCode::parse("BENCH-1").unwrap(), training: true, now };
        let key = DataKey::generate().unwrap();
        let options = StoreOptions { ballast_bytes: 0, threshold_bytes: 0, ..StoreOptions::default() };
        let store = Store::create(&folder.join("rekam.db"), &key, &identity, options).unwrap();
        let ctx = Ctx { operator: None, now };
        let visit = PermohonanId::parse("01932f6e-0000-7000-8000-000000000001").unwrap();
        let new = NewPermohonan {
            id: visit,
            day: "2026-11-28".into(),
            series: 'A',
            kind: "baru_wni".into(),
            plan_json: "[]".into(),
            state_json: "{}".into(),
            priority: 0,
        };
        let range = SerialRange::new(serial(0), serial(cards)).unwrap();
        let delivery = Movement::Pieces { kind: MovementKind::Received, item: Item::Blangko, range };
        let paper = MovementNote { document: "SJ 1".into(), ..MovementNote::default() };
        store
            .transact(Act::PermohonanOpen { permohonan: visit }, &ctx, |tx| {
                tx.open_permohonan(&new)?;
                tx.move_stock(&delivery, &paper)
            })
            .unwrap();
        Self { store: Arc::new(store), ctx, visit }
    }

    /// The journal of one card, before its first word.
    pub fn of(&self, card: u32, profile: &Profile, data: &CardData) -> Ledger {
        let plan = Draft::new(profile, data).and_then(|draft| draft.signed(vec![0; SIGNATURE]));
        let pieces = plan.map_err(ChipError::from).unwrap().writes.len();
        Ledger {
            store: Arc::clone(&self.store),
            ctx: self.ctx.clone(),
            new: NewChipWrite {
                permohonan: self.visit,
                blangko: serial(card),
                uid: String::new(),
                profile: profile.id.clone(),
                digest: Vec::new(),
                total: u32::try_from(pieces + 1).unwrap(),
            },
            row: Mutex::new(None),
        }
    }
}

/// The journal of one card.
pub struct Ledger {
    store: Arc<Store>,
    ctx: Ctx,
    new: NewChipWrite,
    /// Row, and how many pieces stand confirmed.
    row: Mutex<Option<(i64, u32)>>,
}

impl Ledger {
    fn act(&self, state: ChipState) -> Act {
        let state = state.code().to_owned();
        Act::ChipWrite { permohonan: self.new.permohonan, blangko: self.new.blangko.clone(), state }
    }

    fn keep(&self, entries: &[JournalEntry]) -> store::Result<()> {
        let Some(first) = entries.first() else { return Ok(()) };
        let mut row = self.row.lock().unwrap();
        let (id, mut done) = match *row {
            Some(row) => row,
            None => {
                let digest = first.plan.as_bytes().to_vec();
                let new = NewChipWrite { uid: first.card.0.clone(), digest, ..self.new.clone() };
                let act = self.act(ChipState::Writing);
                (self.store.transact(act, &self.ctx, |tx| tx.begin_chip_write(&new))?.value, 0)
            }
        };
        let mut doing = 0;
        for entry in entries {
            let piece = match entry.step {
                JournalStep::Write { index, .. } => index + 1,
                JournalStep::Lock => self.new.total,
                JournalStep::Void => continue,
            };
            match entry.phase {
                Phase::Intent => doing = piece,
                Phase::Confirmed => (done, doing) = (done.max(piece), 0),
            }
        }
        self.store.bookkeep(self.ctx.now, |ledger| ledger.chip_progress(id, done, doing))?;
        *row = Some((id, done));
        Ok(())
    }

    /// Every piece stands: the log is kept with the verified journal.
    pub fn finish(&self, log: &[u8]) {
        let (id, done) = self.row.lock().unwrap().unwrap();
        assert_eq!(done, self.new.total, "the journal heard of every piece");
        let act = self.act(ChipState::Verified);
        self.store
            .transact(act, &self.ctx, |tx| tx.set_chip_write(id, ChipState::Verified, "", log))
            .unwrap();
    }
}

impl Journal for Ledger {
    fn record(&self, entry: &JournalEntry) -> Result<(), JournalError> {
        self.record_all(std::slice::from_ref(entry))
    }

    fn record_all(&self, entries: &[JournalEntry]) -> Result<(), JournalError> {
        self.keep(entries).map_err(|error| JournalError(error.to_string()))
    }
}
