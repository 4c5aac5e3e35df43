//! A stick that fails at every single thing that is done with it.

use super::*;
use crate::courier::stick::{Medium, Stick};
use domain::ids::{PacketId, PermohonanId};
use std::cell::Cell;
use std::io::{Error as IoError, ErrorKind, Result as IoResult};
use store::PacketPart;

/// How the stick fails, from one thing done with it on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// No room: of a file, half is written.
    Full,
    /// Pulled out: everything on it is away from then on.
    Pulled,
    /// Worn out: one bit of what is read is another.
    WornOut,
    /// The small switch at its side.
    Protected,
}

/// A stick that does as the real one until so many things were done with it.
struct Bad<'a> {
    root: &'a Path,
    fault: Fault,
    left: Cell<u32>,
}

impl Bad<'_> {
    /// Whether it fails now, and every time after.
    fn fails(&self) -> bool {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        left == 0
    }

    fn failed(&self) -> IoError {
        match self.fault {
            Fault::Full => ErrorKind::StorageFull.into(),
            Fault::Protected => ErrorKind::ReadOnlyFilesystem.into(),
            Fault::WornOut => ErrorKind::InvalidData.into(),
            Fault::Pulled => {
                let _ = std::fs::remove_dir_all(self.root);
                IoError::from_raw_os_error(5)
            }
        }
    }
}

impl Medium for Bad<'_> {
    fn make_folder(&self, folder: &Path) -> IoResult<()> {
        if self.fault != Fault::WornOut && self.fails() {
            Err(self.failed())
        } else {
            Stick.make_folder(folder)
        }
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> IoResult<()> {
        if self.fault == Fault::WornOut || !self.fails() {
            return Stick.write(file, bytes);
        }
        if self.fault == Fault::Full {
            Stick.write(file, &bytes[..bytes.len() / 2])?;
        }
        Err(self.failed())
    }

    fn read(&self, file: &Path) -> IoResult<Vec<u8>> {
        let mut bytes = Stick.read(file)?;
        if self.fails() {
            match self.fault {
                Fault::WornOut => bytes[0] ^= 1,
                Fault::Pulled => return Err(self.failed()),
                Fault::Full | Fault::Protected => {}
            }
        }
        Ok(bytes)
    }

    fn name(&self, from: &Path, to: &Path) -> IoResult<()> {
        if self.fault != Fault::WornOut && self.fails() { Err(self.failed()) } else { Stick.name(from, to) }
    }
}

/// Two sealed packets of noise with the bodies of their finalisations.
fn sealed(packets: &Path) -> Vec<(Packet, Finalise)> {
    [1, 2]
        .map(|sequence| {
            let id = PacketId::new(Uuid::now_v7());
            std::fs::create_dir_all(packets.join(id.to_string())).unwrap();
            let parts = Part::ALL.map(|part| {
                let bytes = format!("{id} {part}").into_bytes();
                let path = format!("{id}/{part}.cms");
                std::fs::write(packets.join(&path), &bytes).unwrap();
                PacketPart {
                    part: part.to_string(),
                    path,
                    sha256: hex::decode(packet::digest_hex(&bytes)).unwrap(),
                    bytes: i64::try_from(bytes.len()).unwrap(),
                    location: String::new(),
                    sent: 0,
                }
            });
            let permohonan = PermohonanId::new(Uuid::now_v7());
            let parts = parts.to_vec();
            let row =
                Packet { id, permohonan, sequence, register_seq: 1, sealed_ms: 1_795_000_000_000, parts };
            let body = finalise_of(&row, "UJI-1", true, false).unwrap();
            (row, body)
        })
        .to_vec()
}

/// Batches that a centre would look at: with their mark.
fn counts(station: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(station) else { return 0 };
    entries.filter(|entry| entry.as_ref().unwrap().path().join(MARK_FILE).exists()).count()
}

#[test]
fn whatever_a_stick_does_at_whichever_moment_the_batch_counts_whole_or_not_at_all_and_the_packets_stay() {
    for fault in [Fault::Full, Fault::Pulled, Fault::WornOut, Fault::Protected] {
        let mut refused = 0;
        for good in 0.. {
            let here = tempfile::tempdir().unwrap();
            let sound = sealed(here.path());
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().join("stick");
            let station = root.join(ROOT_FOLDER).join("UJI-1");
            std::fs::create_dir_all(&station).unwrap();
            let stick = Bad { root: &root, fault, left: Cell::new(good) };
            let done = put(&stick, here.path(), &station, Uuid::now_v7(), &sound, b"surat jalan");
            for (packet, _) in &sound {
                for part in &packet.parts {
                    let bytes = std::fs::read(here.path().join(&part.path)).unwrap();
                    assert_eq!(
                        hex::decode(packet::digest_hex(&bytes)).unwrap(),
                        part.sha256,
                        "{fault:?}: it stays here"
                    );
                }
            }
            match done {
                Ok(place) => {
                    assert!(
                        counts(&station) == 1 && place.join(MARK_FILE).exists(),
                        "{fault:?} {good}: whole"
                    );
                    break;
                }
                Err(why) => {
                    refused += 1;
                    let expected = match fault {
                        Fault::Full => why == Refusal::Full,
                        Fault::Pulled => matches!(why, Refusal::Gone { .. }),
                        Fault::WornOut => why == Refusal::ReadBack,
                        Fault::Protected => why == Refusal::Protected,
                    };
                    assert!(expected, "{fault:?} {good}: said as it is: {why:?}");
                    assert_eq!(counts(&station), 0, "{fault:?} {good}: nothing of it counts");
                }
            }
        }
        let least = if fault == Fault::WornOut { 6 } else { 10 };
        assert!(refused >= least, "{fault:?}: it failed at every place: {refused}");
    }
}

#[test]
fn a_batch_that_failed_can_be_written_again_beside_what_was_left() {
    let here = tempfile::tempdir().unwrap();
    let sound = sealed(here.path());
    let station = tempfile::tempdir().unwrap();
    let stick = Bad { root: station.path(), fault: Fault::Full, left: Cell::new(4) };
    let first = put(&stick, here.path(), station.path(), Uuid::now_v7(), &sound, b"surat jalan");
    assert_eq!(first, Err(Refusal::Full), "the stick is full");
    let left: Vec<_> = std::fs::read_dir(station.path()).unwrap().collect();
    assert!(left.is_empty(), "what was begun is taken away, so that there is room again: {left:?}");
    let again = put(&Stick, here.path(), station.path(), Uuid::now_v7(), &sound, b"surat jalan").unwrap();
    assert!(again.join(MARK_FILE).exists() && again.join(MANIFEST_FILE).exists(), "whole");
}

#[test]
fn every_refusal_of_a_medium_has_words_in_both_languages() {
    let doing = "";
    let all = [
        Refusal::NoFolder,
        Refusal::NoRoom { needed: 1, free: 0 },
        Refusal::Full,
        Refusal::Gone { doing },
        Refusal::Protected,
        Refusal::Medium { doing },
        Refusal::ReadBack,
        Refusal::Link,
        Refusal::TooMuch,
        Refusal::NoReplies,
        Refusal::NotProven,
    ];
    for language in ["id", "en"] {
        let path = format!("{}/../../../ui/src/strings/{language}/sync.ts", env!("CARGO_MANIFEST_DIR"));
        let words = std::fs::read_to_string(&path).unwrap();
        for refusal in &all {
            for said in ["happened", "safe", "next"] {
                let key = format!("'errors.courier_{}.{said}'", refusal.code());
                assert!(words.contains(&key), "{language} lacks {key}");
            }
        }
    }
}
