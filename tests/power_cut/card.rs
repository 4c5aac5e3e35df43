//! Steps 6 to 9: the program itself is killed between an order and its piece, while a card is in the printer, between two
//! lines of the ledger, between two pieces of a chip, before and after each act of the hand-over. Stock book, orders, chip
//! journal, visit and register say the same after every one, and nothing that was acknowledged is lost.

use std::collections::{BTreeMap, BTreeSet};

use domain::paper::DocumentKind;
use domain::permohonan::{CardNews, Phase, State};
use domain::plan::Step;
use domain::register::RegisterKind;
use domain::steps::handover::OldCard;
use domain::steps::print::SpoilReason;
use domain::stock::{Account, NomorBlangko};
use serde_json::Value;
use store::{
    Act, CardJobState, CentralStatusRow, ChipEnd, ChipState, Ctx, LocalStatus, PermohonanRow, QueueFilter,
    Store,
};

use crate::life::{self, Desk, Ended};
use crate::{points, whole};

/// Lives of one card, with room: forty are enough.
const LIVES: usize = 60;

/// Where the visit stands, as far as it matters what is cut next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Request,
    Slip,
    /// Void after a dispute; the applicant has the slip of the return.
    HandedBack,
    Order,
    InPrinter,
    Chip,
    Accept,
    Handover,
    Done,
}

/// What is cut at a stage, in turn; afterwards each act once it is committed.
const CUTS: [(Stage, &[&str]); 7] = [
    (
        Stage::Request,
        &[
            "station::paper::out@1",
            "store::act::begun@2",
            "store::act::before_commit@2",
            "store::act::committed@2",
            "store::effects::performed@1",
        ],
    ),
    (Stage::Slip, &["store::act::before_commit@2", "station::slip::out@1"]),
    (
        Stage::Order,
        &[
            "store::stock::line_written@1",
            "store::stock::balances_kept@1",
            "store::act::committed@2",
            "store::effects::performed@1",
            "store::stock::line_written@1",
            "station::card::sent@1",
        ],
    ),
    (
        Stage::InPrinter,
        &["store::stock::line_written@1", "store::act::committed@2", "store::effects::performed@1"],
    ),
    // A begun chip is torn from the sign-in on: that is the second act, going on with it the third, and its end the fourth.
    (
        Stage::Chip,
        &[
            "store::act::committed@2",
            "store::ledger::before_commit@1",
            "store::ledger::committed@3",
            "store::ledger::before_commit@20",
            "store::act::before_commit@4",
            "store::act::committed@4",
        ],
    ),
    (Stage::Accept, &["store::effects::performed@1"]),
    (Stage::Handover, &["store::act::begun@2", "store::act::before_commit@2"]),
];

/// `point`s of this suite.
pub fn cut_here(point: &str) -> bool {
    CUTS.iter().any(|(_, cuts)| cuts.iter().any(|cut| cut.split('@').next() == Some(point)))
}

/// What the officer notes of a card that comes back from the counter.
const CAME_BACK: &str = "nama di kartu salah";

/// The same of one that came out good and is gone before its quality is judged.
pub const NOT_JUDGED: &str = "tidak ada di meja cetak";

/// The same of a good card that is not on its shelf.
pub const NOT_THERE: &str = "tidak ada di rak";

/// The centre's word, as the line or a courier would leave it in the mirror.
pub fn print_ready(desk: &Desk) {
    centre_says(desk, "PRINT_READY_RECORD");
}

/// The same of another word.
pub fn centre_says(desk: &Desk, status: &str) {
    let store = whole::open(desk);
    let now = jiff::Timestamp::now();
    let visit = only_visit(&store);
    let packet = store.read(|look| look.packet_of(only_row(look)?.id)).unwrap();
    let row = CentralStatusRow {
        nik: visit.0,
        status: status.into(),
        as_of_ms: now.as_millisecond(),
        received_ms: 0,
        source: "courier".into(),
        packet: packet.map(|packet| packet.id.to_string()).unwrap_or_default(),
        detail: String::new(),
    };
    let ctx = Ctx { operator: None, now };
    store.transact(Act::CentralStatuses { count: 1 }, &ctx, |tx| tx.add_central_status(&row)).unwrap();
}

/// The one application, also when it is closed.
pub fn only_row(look: &store::View<'_>) -> store::Result<PermohonanRow> {
    let all = QueueFilter { statuses: LocalStatus::ALL.to_vec(), ..QueueFilter::default() };
    Ok(look.queue(&all)?.into_iter().next().expect("one application"))
}

/// Its NIK and state.
pub fn only_visit(store: &Store) -> (String, State) {
    let row = store.read(only_row).unwrap();
    (row.nik.clone(), serde_json::from_str(&row.state_json).expect("a whole state"))
}

fn stage(state: &State) -> Stage {
    let print = &state.print;
    match state.step {
        _ if state.phase == Phase::Closed => Stage::Done,
        _ if matches!(state.phase, Phase::Returned { .. }) => Stage::HandedBack,
        Step::PrintRequest => Stage::Request,
        Step::Status => Stage::Slip,
        Step::Print if print.job.is_some() => Stage::InPrinter,
        Step::Print if print.card.is_some() && print.chip.is_some() => Stage::Accept,
        Step::Print if print.card.is_some() => Stage::Chip,
        Step::Print => Stage::Order,
        Step::Handover => Stage::Handover,
        step => panic!("the application fell back to {step:?}"),
    }
}

/// Who goes on there.
pub fn desk_of(stage: Stage) -> &'static str {
    if stage >= Stage::Order && stage < Stage::Handover { "rizal" } else { "dewi" }
}

/// Opens the station after a cut and asserts everything that must hold; answers where it stands.
pub fn agrees(desk: &Desk, when: &str) -> Stage {
    let store = whole::open(desk);
    whole::register(desk, &store, when);
    let (_, state) = only_visit(&store);
    store
        .read(|look| {
            assert_eq!(look.verify_stock()?, None, "{when}: the stock book agrees with itself");
            books(look, &state, when)
        })
        .unwrap();
    for (act, facts) in told(desk) {
        assert!(holds(&state, &act, &facts), "{when}: {act} {facts} was acknowledged and is gone");
    }
    stage(&state)
}

/// Stock, orders, chips, shelf and reports say what the visit says.
fn books(look: &store::View<'_>, state: &State, when: &str) -> store::Result<()> {
    let print = &state.print;
    let open = look.open_card_jobs()?;
    let orders: Vec<_> = open.iter().map(|job| (job.id, job.blangko.clone())).collect();
    let wanted: Vec<_> = print.job.iter().map(|job| (job.job, job.blangko.clone())).collect();
    assert_eq!(orders, wanted, "{when}: the order of the visit is the open order");
    for job in &open {
        let held = job.state == CardJobState::Unknown && print.job.as_ref().is_some_and(|own| own.unknown);
        let account = if held { Account::Held } else { Account::Printer };
        assert_eq!(look.blangko(&job.blangko)?.unwrap().account, account, "{when}: its piece is there");
    }
    let at = |serial: &NomorBlangko| Ok::<_, store::Error>(look.blangko(serial)?.map(|row| row.account));
    if let Some(card) = &print.card {
        assert_eq!(at(card)?, Some(Account::Used), "{when}: the card is spent");
    }
    for bad in &print.spoiled {
        assert_eq!(at(&bad.blangko)?, Some(Account::Spoiled), "{when}: spoiled in both books");
        assert!(look.spoiled(&bad.blangko)?.is_some(), "{when}: with its record");
        if let Some(chip) = look.chip_write(&bad.blangko)? {
            let given_up = matches!(chip.state, ChipState::Void | ChipState::Verified);
            assert!(given_up, "{when}: nothing goes on with the chip of a bad card: {:?}", chip.state);
            assert_eq!(
                chip.end != ChipEnd::None,
                chip.touched(),
                "{when}: and ended where it carries anything"
            );
        }
    }
    for gone in &print.missing {
        assert_eq!(at(&gone.blangko)?, Some(Account::Missing), "{when}: missing in both books");
        if let Some(chip) = look.chip_write(&gone.blangko)? {
            let over = matches!(chip.state, ChipState::Void | ChipState::Verified);
            assert!(over, "{when}: nothing goes on with the chip of a missing card: {:?}", chip.state);
        }
    }
    let pieces = |account| Ok::<_, store::Error>(look.serials_in(account)?.len());
    assert_eq!(pieces(Account::Missing)?, print.missing.len(), "{when}: no piece is missing by itself");
    assert_eq!(pieces(Account::Used)?, usize::from(print.card.is_some()), "{when}: one card, one piece");
    assert_eq!(pieces(Account::Spoiled)?, print.spoiled.len(), "{when}: no piece is spoiled by itself");
    if let Some(card) = &print.card
        && let Some(chip) = look.chip_write(card)?
    {
        let verified = chip.state == ChipState::Verified;
        assert_eq!(verified, print.chip.is_some(), "{when}: chip {:?}, {} pieces", chip.state, chip.done);
        assert!(chip.done <= chip.begun.total, "{when}: no piece too many");
    }
    let visit = only_row(look)?.id;
    assert_eq!(
        look.shelf_place(visit)?,
        print.shelf.as_ref().filter(|_| state.phase != Phase::Closed).map(|shelf| shelf.place.clone()),
        "{when}: on the shelf in both books"
    );
    let boxed = matches!(state.handover.old_card, Some(OldCard::Withdrawn { .. }));
    assert_eq!(look.withdrawn_cards(None)?.len(), usize::from(boxed), "{when}: an old card is in both, once");
    for kind in [DocumentKind::SampulBerkas, DocumentKind::TandaPengambilan] {
        if let Some(paper) = look.newest_document(visit, kind)? {
            assert!(look.document_prints(paper.id)?.len() <= 1, "{when}: no paper is counted by hope");
        }
    }
    let reports: Vec<_> = look.card_reports_of(visit)?.into_iter().map(|report| report.news).collect();
    let mut due = Vec::new();
    due.extend(state.print_request.requested.then_some(CardNews::Requested));
    // One running request for each person: the old one ends before the next begins.
    let again = [CardNews::Issued, CardNews::Voided, CardNews::Withdrawn, CardNews::Requested];
    let bad = print.spoiled.iter().map(|bad| match bad.reason {
        // Asked for anew.
        SpoilReason::Disputed => (bad.at, &again[..]),
        // The centre took it back: the request stands.
        _ if bad.note == CAME_BACK => (bad.at, &again[..2]),
        _ => (bad.at, &again[..0]),
    });
    // What was in the printer never was a card to the centre; of one that nobody judged it hears that it is void.
    let gone = print.missing.iter().map(|gone| match gone.note.as_str() {
        NOT_THERE => (gone.at, &again[..]),
        NOT_JUDGED => (gone.at, &again[1..2]),
        _ => (gone.at, &again[..0]),
    });
    let mut void: Vec<_> = bad.chain(gone).collect();
    void.sort_by_key(|(at, _)| *at);
    due.extend(void.into_iter().flat_map(|(_, news)| news));
    due.extend(print.accepted.then_some(CardNews::Issued));
    due.extend(boxed.then_some(CardNews::OldWithdrawn));
    due.extend((state.phase == Phase::Closed).then_some(CardNews::Active));
    assert_eq!(reports, due, "{when}: the centre is told in order, and of nothing else");
    let handed = look.handover(visit)?.is_some_and(|kept| kept.handed_ms > 0);
    assert_eq!(handed, state.phase == Phase::Closed, "{when}: in the hand, or not");
    lines(look, state, when)
}

/// The register has a line for each deed that is told by no other book.
fn lines(look: &store::View<'_>, state: &State, when: &str) -> store::Result<()> {
    let (handover, print) = (&state.handover, &state.print);
    // A card that is void or gone takes what was said of it along; its lines stay.
    let gone = print.spoiled.iter().map(|bad| bad.at).chain(print.missing.iter().map(|gone| gone.at)).max();
    let deeds = [
        (RegisterKind::BlangkoMissing, None, print.missing.len()),
        (RegisterKind::CardHeld, gone, usize::from(handover.held.is_some())),
        (RegisterKind::CorrectionNoted, gone, usize::from(handover.correction.is_some())),
    ];
    for (kind, since, wanted) in deeds {
        assert_eq!(whole::lines(look, kind, since)?, wanted, "{when}: {} in the register too", kind.key());
    }
    let waits = look.correction(only_row(look)?.id)?.map(|kept| kept.note);
    let noted = handover.correction.as_ref().map(|noted| noted.note.clone());
    if noted.is_some() || gone.is_none() || whole::lines(look, RegisterKind::CorrectionNoted, None)? == 0 {
        assert_eq!(waits, noted, "{when}: what is to be corrected waits for an application");
    }
    Ok(())
}

/// What the program said it had done at steps 6 to 9.
fn told(desk: &Desk) -> Vec<(String, Value)> {
    let text = std::fs::read_to_string(desk.journal()).unwrap_or_default();
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("whole lines only"))
        .filter_map(|line| Some((line["told"].as_str()?.to_owned(), line["facts"].clone())))
        .collect()
}

fn holds(state: &State, act: &str, facts: &Value) -> bool {
    let print = &state.print;
    let serial = || NomorBlangko::parse(facts.as_str().unwrap_or_default()).ok();
    let spoiled = |serial: &NomorBlangko| print.spoiled.iter().any(|bad| bad.blangko == *serial);
    let missing = |serial: &NomorBlangko| print.missing.iter().any(|gone| gone.blangko == *serial);
    let gone = |serial: &NomorBlangko| spoiled(serial) || missing(serial);
    let came_back = print.spoiled.iter().any(|bad| bad.note == CAME_BACK);
    let lost = print.missing.iter().any(|gone| gone.note == NOT_THERE);
    match act {
        "request" => state.print_request.requested,
        "slip" => state.status.slip_given || came_back,
        "ordered" => serial().is_some_and(|serial| {
            let under_way = print.job.as_ref().is_some_and(|job| job.blangko == serial);
            under_way || print.card.as_ref() == Some(&serial) || gone(&serial)
        }),
        "spoiled" => serial().is_some_and(|serial| spoiled(&serial)),
        "not_found" | "lost" => serial().is_some_and(|serial| missing(&serial)),
        "printed" => serial().is_some_and(|serial| print.card.as_ref() == Some(&serial) || gone(&serial)),
        "chip" => print.chip.is_some() || serial().is_some_and(|serial| gone(&serial)),
        "accepted" => print.accepted || came_back || lost,
        // What was said of a card goes with it.
        "held" => state.handover.held.is_some() || lost,
        "noted" => state.handover.correction.is_some() || lost,
        "closed" => state.phase == Phase::Closed,
        "shelf" => print.shelf.as_ref().is_some_and(|shelf| shelf.place == "C1-01") || lost,
        "resumed" => !matches!(state.phase, Phase::Returned { .. }),
        // Steps 1 to 5, the cover and the photograph have their own tests.
        _ => true,
    }
}

#[test]
fn a_cut_at_every_named_point_of_steps_6_to_9_leaves_ledger_journal_and_register_agreeing() {
    let _service = sim::vcard::Pcscd::for_test().unwrap();
    let desk = Desk::set_up();
    assert_eq!(desk.live(), Ended::Finished, "recorded and sealed");
    print_ready(&desk);
    // The plastic: it keeps what was written on it when the program dies.
    let profile = std::sync::Arc::new(devices::protocol::personalisation::Profile::training().unwrap());
    let chip = sim::vcard::TrainingChip::blank(profile, 60);
    let _card = sim::vcard::VCard::insert(
        sim::vcard::vpcd_port().expect("a virtual reader"),
        chip.laid(),
        life::PATIENCE,
    )
    .expect("the virtual reader listens");
    let mut turns: BTreeMap<Stage, std::slice::Iter<'_, &str>> =
        CUTS.iter().map(|(stage, cuts)| (*stage, cuts.iter())).collect();
    let (mut reached, mut stages) = (BTreeSet::new(), BTreeMap::new());
    let mut stands = agrees(&desk, "before the request");
    let mut lives = 0;
    while stands != Stage::Done {
        lives += 1;
        assert!(lives < LIVES, "the card does not come to its end: {stands:?}");
        let here: &mut usize = stages.entry(stands).or_default();
        *here += 1;
        // At the counter each life comes one act further: finger, chip and face are asked again after a sign-in.
        let next = if stands == Stage::Handover { *here } else { 2 };
        let cut = turns
            .get_mut(&stands)
            .and_then(Iterator::next)
            .map_or_else(|| format!("store::act::committed@{next}"), |cut| (*cut).to_owned());
        let officer = desk_of(stands);
        let when = format!("life {lives}, {stands:?}, {cut}");
        if desk.goes_on(officer, &cut) == Ended::Cut {
            reached.extend(cut.split('@').next().map(str::to_owned));
        }
        stands = agrees(&desk, &when);
    }
    assert!(stages.len() > 6, "every stage was cut: {stages:?}");
    let named = points::named();
    let mine: BTreeSet<String> = named.into_iter().filter(|point| cut_here(point)).collect();
    assert_eq!(reached, mine, "every point was reached and survived");
    let store = whole::open(&desk);
    let (_, state) = only_visit(&store);
    assert_eq!((state.print.spoiled.len(), state.print.jobs.len()), (1, 2), "two cards, one of them spoiled");
    assert!(chip.is_finalised(), "the chip is written to its end, over every cut");
    let prints = store.read(|look| {
        let visit = only_row(look)?.id;
        let slip = look.newest_document(visit, DocumentKind::TandaPengambilan)?.expect("it is kept");
        look.document_prints(slip.id)
    });
    assert_eq!(
        prints.unwrap().len(),
        0,
        "nobody heard that the slip came out, so it counts as never printed"
    );
    let doubts = store.read(|look| whole::lines(look, RegisterKind::DocumentUnknown, None)).unwrap();
    assert_eq!(doubts, 2, "but the register says of cover and slip that nobody knows");
    assert!(store.read(|look| look.untold_prints()).unwrap().is_empty(), "of every print that was cut off");
}
