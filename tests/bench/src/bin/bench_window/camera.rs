//! A network camera of the bench: the frames of the training camera, 30 a second by an absolute clock, each carrying the
//! time at which it was sent.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::process::now_ms;

const FPS: u32 = 30;

/// Reads `count` JPEG frames from the MJPEG stream at `url`.
pub fn frames_of(url: &str, count: usize) -> Vec<Vec<u8>> {
    let address = url.trim_start_matches("http://").split('/').next().unwrap();
    let mut socket = TcpStream::connect(address).unwrap();
    socket.write_all(b"GET /video HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let (mut bytes, mut frames, mut chunk) = (Vec::new(), Vec::new(), vec![0; 65536]);
    while frames.len() < count {
        let n = socket.read(&mut chunk).unwrap();
        assert!(n > 0, "the camera ended");
        bytes.extend_from_slice(&chunk[..n]);
        while let Some(start) = find(&bytes, &[0xFF, 0xD8, 0xFF])
            && let Some(end) = find(&bytes[start..], &[0xFF, 0xD9])
        {
            frames.push(bytes[start..start + end + 2].to_vec());
            bytes.drain(..start + end + 2);
        }
    }
    frames
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|w| w == what)
}

/// Serves `frames` for as long as the process lives; answers the URL.
pub fn serve(frames: Vec<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/video", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let frames = frames.clone();
            std::thread::spawn(move || stream(socket, &frames));
        }
    });
    url
}

fn stream(mut socket: TcpStream, frames: &[Vec<u8>]) -> Option<()> {
    let _ = socket.set_nodelay(true);
    // The request ends with an empty line; what it asks for does not matter.
    let request = BufReader::new(socket.try_clone().ok()?).lines();
    request.map_while(Result::ok).find(String::is_empty)?;
    socket
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\nConnection: close\r\n\r\n")
        .ok()?;
    let began = Instant::now();
    for n in 0u32.. {
        let due = began + Duration::from_secs(1) * n / FPS;
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let jpeg = stamped(&frames[n as usize % frames.len()], now_ms());
        let head = format!("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n", jpeg.len());
        socket.write_all(&[head.as_bytes(), &jpeg, b"\r\n"].concat()).ok()?;
    }
    Some(())
}

/// The frame with the time, microseconds since 1970, in a comment behind its first marker: seven bits a byte, lowest first.
fn stamped(jpeg: &[u8], ms: f64) -> Vec<u8> {
    let micros = (ms * 1e3) as u64;
    let mut out = jpeg[..2].to_vec();
    out.extend([0xFF, 0xFE, 0, 10]);
    out.extend((0..8).map(|n| (micros >> (7 * n)) as u8 & 0x7F));
    out.extend_from_slice(&jpeg[2..]);
    out
}
