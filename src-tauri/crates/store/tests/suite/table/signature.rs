use crate::desk::{Desk, START_MS, by, visit};
use store::{Act, SignatureRow};

#[test]
fn the_newest_signature_counts_and_the_older_ones_stay() {
    let desk = Desk::with_visit();
    let first = SignatureRow {
        kind: "line".into(),
        strokes_json: "[[0,0,1]]".into(),
        device_json: "{}".into(),
        digest: vec![4; 32],
        media_type: "image/png".into(),
        image: vec![5; 10],
        signed_ms: 0,
        operator: None,
    };
    let second = SignatureRow { kind: "signature".into(), digest: vec![6; 32], ..first.clone() };
    for (ms, signature) in [(50, &first), (70, &second)] {
        let act = Act::SignatureAccept { permohonan: visit(1), kind: signature.kind.clone() };
        desk.store.transact(act, &by("op-1", ms), |tx| tx.add_signature(visit(1), signature)).unwrap();
    }
    let desk = desk.restart();
    let signed = desk.store.read(|v| v.signature(visit(1))).unwrap().unwrap();
    assert_eq!((signed.digest, signed.signed_ms), (vec![6; 32], START_MS + 70), "what was signed, and when");
    let all = desk.store.read(|v| v.signatures(visit(1))).unwrap();
    assert_eq!(
        all.iter().map(|one| one.kind.as_str()).collect::<Vec<_>>(),
        ["line", "signature"],
        "oldest first"
    );
}
