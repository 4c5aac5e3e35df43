//! Calls to one SBI service on 127.0.0.1.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::Settings;
use crate::budget::Budget;
use crate::driver::camera::FrameMailbox;
use crate::error::Fault;
use crate::protocol::mjpeg::{Event, Splitter};
use crate::protocol::sbi::request::Call;
use crate::transport::http::{self, Request};

/// Largest preview frame.
pub(super) const MAX_FRAME: usize = 4 * 1024 * 1024;
/// A preview that sends nothing for this long has ended.
const QUIET: Duration = Duration::from_secs(5);

/// The address of a port on this machine.
pub fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

fn request<'a>(method: &'a str, host: &'a str, call: &'a Call) -> Request<'a> {
    Request {
        method,
        host,
        path: call.path,
        headers: &[("Content-Type", "application/json"), ("EXT", "Rekam")],
        body: &call.body,
    }
}

/// Makes one call and gives the body; a service that refuses the method (405) is asked by POST.
///
/// # Errors
/// [`Fault::Absent`]; [`Fault::Refused`] with the status of an answer that is no success; [`Fault::TooLarge`],
/// [`Fault::Garbage`]; [`Fault::TimedOut`], [`Fault::Cancelled`].
pub fn call(port: u16, call: &Call, settings: &Settings, budget: &Budget) -> Result<Vec<u8>, Fault> {
    let host = format!("127.0.0.1:{port}");
    let mut answer =
        http::exchange(local(port), &request(call.method, &host, call), settings.body_cap, budget)?;
    if answer.head.status == 405 {
        answer = http::exchange(local(port), &request("POST", &host, call), settings.body_cap, budget)?;
    }
    // Services send their JSON errors with any status; only a body-less refusal is judged by it.
    if answer.head.status >= 400 && !answer.body.starts_with(b"{") && !answer.body.starts_with(b"[") {
        return Err(Fault::Refused { code: format!("HTTP {}", answer.head.status), info: String::new() });
    }
    Ok(answer.body)
}

/// Opens the live picture and pumps it into the mailbox on a thread of its own until it ends, the
/// device falls silent or the budget is over; the mailbox is told why.
///
/// # Errors
/// Those of [`open_stream`]. What happens later is said by the mailbox.
pub fn stream(port: u16, call: Call, mailbox: Arc<FrameMailbox>, budget: Budget) -> Result<(), Fault> {
    let end = mailbox.clone();
    std::thread::Builder::new()
        .name(format!("sbi-preview-{port}"))
        .spawn(move || {
            let reason = pump(port, &call, &mailbox, &budget).err().unwrap_or(Fault::Unplugged);
            mailbox.end(reason);
        })
        .map(|_| ())
        .inspect_err(|_| end.end(Fault::Absent))
        .map_err(Fault::from)
}

/// Opens the live picture; a service that refuses the method (405) is asked by POST.
///
/// # Errors
/// As [`call`].
pub fn open_stream(port: u16, call: &Call, budget: &Budget) -> Result<http::Stream, Fault> {
    let host = format!("127.0.0.1:{port}");
    let open = budget.step(QUIET);
    let stream = http::open(local(port), &request(call.method, &host, call), &open)?;
    if stream.head.status == 405 {
        return http::open(local(port), &request("POST", &host, call), &open);
    }
    Ok(stream)
}

fn pump(port: u16, call: &Call, mailbox: &FrameMailbox, budget: &Budget) -> Result<(), Fault> {
    let mut stream = open_stream(port, call, budget)?;
    let mut splitter = Splitter::new(MAX_FRAME);
    while let Some(bytes) = stream.read(&budget.step(QUIET))? {
        for event in splitter.push(&bytes) {
            match event {
                Event::Frame(jpeg) => {
                    mailbox.put(jpeg);
                }
                Event::Oversize => {}
                Event::Refused { code, info } => {
                    let fault = crate::protocol::sbi::code::fault(&code, &info);
                    return Err(fault.unwrap_or_else(|| Fault::garbage("live picture")));
                }
            }
        }
    }
    Ok(())
}
