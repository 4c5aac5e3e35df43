//! Our uploads as an independent server takes them: npm `@tus/server`, installed by `scripts/setup`.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use jiff::Timestamp;
use sim::network::Network;

use crate::centre::Keys;
use crate::desk::Desk;

struct Node(Child);

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn an_independent_tus_server_holds_the_same_bytes_after_two_cuts() {
    let judges = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges");
    assert!(judges.join("node_modules/@tus/server").exists(), "scripts/setup installs the judge");
    let folder = tempfile::tempdir().unwrap();
    let mut node = Command::new("node")
        .arg("tus.mjs")
        .arg(folder.path())
        .current_dir(&judges)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node runs");
    let mut port = String::new();
    BufReader::new(node.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let _node = Node(node);
    let address = format!("127.0.0.1:{}", port.trim()).parse().unwrap();
    let network = Network::start(address).unwrap();
    network.cut_at([90_000, 230_000]);
    let desk = Desk::new(Arc::new(Keys::new(Timestamp::now())));
    let id = desk.seal([4_000, 400_000, 30_000]);
    let engine = desk.engine(network.address());
    let packet = || desk.store.read(|v| v.packet(id)).unwrap().unwrap();
    for _ in 0..20 {
        desk.exchange(&engine);
        if packet().parts.iter().all(|part| part.sent == part.bytes) {
            break;
        }
        desk.set_clock(desk.now() + jiff::SignedDuration::from_mins(16));
    }
    assert_eq!(network.cuts(), 2, "the line was cut twice");
    let digest = |path: &Path| packet::digest_hex(&std::fs::read(path).unwrap());
    let there: BTreeSet<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().extension().is_none())
        .map(|entry| digest(&entry.path()))
        .collect();
    for part in packet().parts {
        assert_eq!(part.sent, part.bytes, "{} is whole as far as we know", part.part);
        assert!(there.contains(&hex::encode(&part.sha256)), "and as far as the server knows: {}", part.part);
    }
    assert_eq!(desk.waiting()[0].cause, "busy", "the finalisation waits, as it was asked to");
}
