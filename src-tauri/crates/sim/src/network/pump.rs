//! Bytes in one direction of one connection, at the pace of the weather and with its trouble.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{Shared, Trouble, Weather};

/// One direction.
pub(super) struct Way {
    shared: Arc<Shared>,
    up: bool,
    /// Cut after so many bytes of this connection in this direction.
    ends_after: Option<u64>,
    /// Everything that was sent is sent once more, to here, when the connection ends.
    again: Option<SocketAddr>,
    /// One byte at a time, with this much time between.
    drip: Option<Duration>,
}

impl Way {
    pub(super) fn up(shared: &Arc<Shared>, trouble: &Option<Trouble>, centre: SocketAddr) -> Self {
        let mut way =
            Self { shared: Arc::clone(shared), up: true, ends_after: None, again: None, drip: None };
        match trouble {
            Some(Trouble::CutAfter(bytes)) => way.ends_after = Some(*bytes),
            Some(Trouble::Twice) => way.again = Some(centre),
            Some(Trouble::Drip(time)) => way.drip = Some(*time),
            _ => {}
        }
        way
    }

    pub(super) fn down(shared: &Arc<Shared>, trouble: &Option<Trouble>) -> Self {
        let ends_after = match trouble {
            Some(Trouble::LoseAnswer) => Some(0),
            Some(Trouble::TruncateAnswer(bytes)) => Some(*bytes),
            _ => None,
        };
        Self { shared: Arc::clone(shared), up: false, ends_after, again: None, drip: None }
    }
}

pub(super) fn pump(mut from: TcpStream, mut to: TcpStream, way: Way) {
    let mut buffer = [0u8; 2048];
    let mut sent = 0u64;
    let mut copy = Vec::new();
    while let Ok(read) = from.read(&mut buffer) {
        if read == 0 {
            let _ = to.shutdown(Shutdown::Write);
            break;
        }
        let mut piece = &buffer[..read];
        let mut over = false;
        if let Some(limit) = way.ends_after
            && sent + piece.len() as u64 >= limit
        {
            piece = &piece[..usize::try_from(limit - sent).unwrap_or(0)];
            over = true;
        }
        if way.up {
            let before = way.shared.up.load(Ordering::SeqCst);
            let mut sky = way.shared.sky();
            let due = sky.cuts.range(before..before + piece.len() as u64).next().copied();
            if let Some(at) = due {
                sky.cuts.remove(&at);
                way.shared.cut.fetch_add(1, Ordering::SeqCst);
                piece = &piece[..usize::try_from(at - before).unwrap_or(0)];
                over = true;
            }
        }
        if !wait(&way, piece.len()) {
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
            break;
        }
        let count = if way.up { &way.shared.up } else { &way.shared.down };
        count.fetch_add(piece.len() as u64, Ordering::SeqCst);
        sent += piece.len() as u64;
        if way.again.is_some() {
            copy.extend_from_slice(piece);
        }
        if write(&mut to, piece, way.drip).is_err() || over {
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
            break;
        }
    }
    if let Some(centre) = way.again
        && let Ok(mut second) = TcpStream::connect(centre)
        && second.write_all(&copy).is_ok()
    {
        let _ = second.shutdown(Shutdown::Write);
        super::trouble::drain(&mut second);
    }
}

fn write(to: &mut TcpStream, piece: &[u8], drip: Option<Duration>) -> std::io::Result<()> {
    let Some(time) = drip else { return to.write_all(piece) };
    for byte in piece {
        std::thread::sleep(time);
        to.write_all(std::slice::from_ref(byte))?;
    }
    Ok(())
}

/// The time of one piece, with those of its losses, which went over the wire as well. False when it was lost once too
/// often.
fn wait(way: &Way, bytes: usize) -> bool {
    let mut sky = way.shared.sky();
    let weather = sky.weather;
    let once = match weather.bytes_per_second.filter(|rate| *rate > 0) {
        Some(rate) => Duration::from_micros(bytes as u64 * 1_000_000 / rate),
        None => Duration::ZERO,
    };
    let mut time = weather.delay + once;
    if !weather.jitter.is_zero() {
        time += weather.jitter.mul_f64(sky.chance());
    }
    let mut again = weather.retransmission();
    let mut losses = 0;
    while losses < Weather::GIVES_UP && weather.loss > 0.0 && sky.chance() < weather.loss {
        losses += 1;
        time += again + once;
        again *= 2;
    }
    drop(sky);
    way.shared.lost.fetch_add(u64::from(losses), Ordering::SeqCst);
    let count = if way.up { &way.shared.up } else { &way.shared.down };
    count.fetch_add(bytes as u64 * u64::from(losses), Ordering::SeqCst);
    if !time.is_zero() {
        std::thread::sleep(time);
    }
    losses < Weather::GIVES_UP
}
