//! Sealing speed against what no sealing of this format can do without: three SHA-256 (each file for the manifest, the
//! archive for the signatures, the sealed part for the outbox) and one AES-256-GCM of the same bytes, on one processor.
//! First one part of 2 MiB, then the three parts of a whole recording. Prints JSON lines.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program")]

use jiff::Timestamp;
use openssl::symm::{Cipher, encrypt_aead};
use packet::pki::{Authority, Role, Validity};
use packet::{Entry, Header, Packet, Recipients, Suite};
use std::hint::black_box;
use std::time::Instant;

fn main() {
    let now: Timestamp = "2026-11-23T03:43:00Z".parse().unwrap();
    let authority = Authority::new("bench", true, Validity::days(now, 10)).unwrap();
    let issue = |role| authority.issue_identity(role, "bench", Validity::days(now, 10)).unwrap();
    let (station, operator) = (issue(Role::Station), issue(Role::Operator));
    let recipients = Recipients {
        centre: issue(Role::Centre).certificate_ref().clone(),
        escrow: issue(Role::Escrow).certificate_ref().clone(),
    };
    let header = Header {
        packet: "01939a2e-7c00-7000-8000-0123456789ab".parse().unwrap(),
        station: "18.13-02".to_owned(),
        sequence: 1,
        created: now,
        training: true,
        suite: Suite::P256,
    };
    let entry = |kib: u32| {
        let byte = |i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8;
        let bytes: Vec<u8> = (0..kib << 10).map(byte).collect();
        vec![Entry::new("recording.an2", "application/octet-stream", bytes)]
    };
    for (name, [id, bio, dok]) in
        [("packet_seal", [0, 2048, 0]), ("packet_seal_recording", [160, 2048, 1536])]
    {
        let bytes = entry(id + bio + dok).remove(0).bytes.clone();
        let part = |kib: u32| if kib == 0 { Vec::new() } else { entry(kib) };
        let packet = Packet::new(header.clone(), part(id), part(bio), part(dok)).unwrap();
        let (mut seal, mut least) = (Vec::new(), Vec::new());
        // Interleaved, so that a busy machine slows both alike.
        for _ in 0..60 {
            let start = Instant::now();
            black_box(packet.seal(&station, &operator, &recipients, now).unwrap());
            seal.push(start.elapsed().as_secs_f64());
            let start = Instant::now();
            let mut tag = [0; 16];
            for _ in 0..3 {
                black_box(openssl::sha::sha256(black_box(&bytes)));
            }
            black_box(
                encrypt_aead(Cipher::aes_256_gcm(), &[1; 32], Some(&[2; 12]), &[], &bytes, &mut tag).unwrap(),
            );
            least.push(start.elapsed().as_secs_f64());
        }
        let rate = |times: &mut Vec<f64>| {
            times.sort_by(f64::total_cmp);
            bytes.len() as f64 / 1e6 / times[times.len() / 2]
        };
        let (value, reference) = (rate(&mut seal), rate(&mut least));
        let ratio = value / reference;
        println!(
            r#"{{"name":"{name}","value":{value:.1},"unit":"MB/s","reference":{reference:.1},"reference_name":"three SHA-256 and one AES-256-GCM","ratio":{ratio:.4},"aim":500}}"#
        );
    }
}
