//! Something to send: a visit, and a packet of noise under it, straight into a station's store. The tests of `rekamctl` read
//! this file by its path.

use std::path::Path;

use domain::ids::{PacketId, PermohonanId};
use domain::permohonan::State;
use domain::plan::{JenisPermohonan, PlanFacts};
use store::{Act, Ctx, NewPermohonan, PacketPart, Store, Tx};

/// A visit of somebody who was recorded before; `also` is done in the same transaction.
pub fn visit(
    store: &Store,
    ctx: &Ctx,
    id: PermohonanId,
    kind: JenisPermohonan,
    also: impl Fn(&Tx<'_>) -> store::Result<()>,
) {
    let facts = PlanFacts {
        today: jiff::civil::date(2026, 11, 27),
        born: None,
        married_ever: false,
        already_recorded: Some(true),
        new_portrait: false,
        new_signature: false,
    };
    let state = State::start(kind, facts, ctx.now).unwrap();
    let new = NewPermohonan {
        id,
        day: "2026-11-27".into(),
        series: 'K',
        kind: "hilang".into(),
        plan_json: serde_json::to_string(&state.plan).unwrap(),
        state_json: serde_json::to_string(&state).unwrap(),
        priority: 0,
    };
    let open = |tx: &Tx<'_>| tx.open_permohonan(&new).and_then(|_| also(tx));
    store.transact(Act::PermohonanOpen { permohonan: id }, ctx, open).unwrap();
}

/// Three parts that say who they are `times` over, under `folder/packets`, and their row in the outbox with the next number;
/// `also` is done in the same transaction.
pub fn packet(
    times: usize,
    store: &Store,
    ctx: &Ctx,
    folder: &Path,
    id: PacketId,
    visit: PermohonanId,
    also: impl Fn(&Tx<'_>) -> store::Result<()>,
) {
    let parts = folder.join("packets").join(id.to_string());
    std::fs::create_dir_all(&parts).unwrap();
    let parts = packet::Part::ALL.map(|part| {
        let bytes = format!("{id} {part} ").into_bytes().repeat(times);
        std::fs::write(parts.join(format!("{part}.cms")), &bytes).unwrap();
        let digest = packet::digest_hex(&bytes);
        let byte = |at: usize| u8::from_str_radix(&digest[at..at + 2], 16).unwrap();
        PacketPart {
            part: part.to_string(),
            path: format!("{id}/{part}.cms"),
            sha256: (0..64).step_by(2).map(byte).collect(),
            bytes: i64::try_from(bytes.len()).unwrap(),
            location: String::new(),
            sent: 0,
        }
    });
    let sequence = store.read(|view| view.peek_packet_sequence()).unwrap();
    let parts = parts.to_vec();
    let row = store::Packet { id, permohonan: visit, sequence, register_seq: 1, sealed_ms: 0, parts };
    let seal = |tx: &Tx<'_>| tx.add_packet(&row, 0).and_then(|_| also(tx));
    store.transact(Act::PacketSeal { permohonan: visit, packet: id }, ctx, seal).unwrap();
}
