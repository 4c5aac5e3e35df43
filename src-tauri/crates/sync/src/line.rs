//! One line to one centre: requests over HTTP/1.1 and TLS, each answered or told apart by its [`Cause`].

mod answer;
mod fault;
mod tls;

pub(crate) use answer::{Answer, LONGEST, Refused, judge};
pub use tls::ClientIdentity;

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_ENCODING, DATE};
use reqwest::{Client, Method, RequestBuilder, Url};

use crate::{Cause, Clock, Error, Result};
use fault::Fault;

/// A clock may be off by this much before it is said, seconds. Source: packet.md §6.8 (24 hours).
const CLOCK_SLACK_S: i64 = 86_400;

/// Where the centre is and how to get there.
#[derive(Clone)]
pub struct LineSettings {
    /// Address of the centre, for example `https://pusat.example`; plain `http` only to this computer itself.
    pub centre: String,
    /// Certificate of the authority, PEM.
    pub authority: Vec<u8>,
    /// The station's key and certificate; `None` before activation.
    pub identity: Option<ClientIdentity>,
    /// Proxy, for example `http://user:word@proxy:3128`; empty for the system's own (`HTTPS_PROXY`, `NO_PROXY`).
    pub proxy: String,
    /// Silence longer than this is a time-out.
    pub patience: Duration,
}

impl std::fmt::Debug for LineSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LineSettings").field("patience", &self.patience).finish_non_exhaustive()
    }
}

/// A way to the centre.
pub struct Line {
    client: Client,
    base: Url,
    settings: LineSettings,
    clock: Clock,
    /// How many seconds this clock was ahead of the centre's by its last answer; 0 before one.
    ahead_s: AtomicI64,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Line {
    /// A way on which nobody is believed by TLS: only for fetching the authority, which the activation code then proves.
    pub(crate) fn blind(settings: LineSettings, clock: Clock) -> Result<Self> {
        let base = Url::parse(&settings.centre).map_err(|_| Error::Setting { what: "centre" })?;
        let client = build(&settings, tls::blind()?)?;
        Ok(Self { client, base, settings, clock, ahead_s: AtomicI64::default() })
    }

    /// Prepares a way; nothing is sent.
    ///
    /// # Errors
    /// `Setting` names what cannot be used.
    pub fn new(settings: LineSettings, clock: Clock) -> Result<Self> {
        let base = base_of(&settings.centre)?;
        let client = client(&settings, settings.identity.as_ref(), &clock)?;
        Ok(Self { client, base, settings, clock, ahead_s: AtomicI64::default() })
    }

    /// Absolute address of a path of the protocol.
    pub(crate) fn url(&self, path: &str) -> Result<Url, Cause> {
        self.base.join(path).map_err(|_| Cause::NotUnderstood { what: "address" })
    }

    /// A `Location` of the centre; another host's is not followed.
    pub(crate) fn location(&self, text: &str) -> Result<Url, Cause> {
        let url = self.url(text)?;
        if url.origin() != self.base.origin() {
            return Err(Cause::NotUnderstood { what: "location" });
        }
        Ok(url)
    }

    /// A request with nothing in it yet.
    pub(crate) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// How long silence is borne.
    pub(crate) fn patience(&self) -> Duration {
        self.settings.patience
    }

    /// Sends a request and reads its whole answer.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Answer, Cause> {
        let through_proxy = !self.settings.proxy.is_empty();
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                tracing::debug!(error = %error.without_url_text(), "request failed");
                return Err(match fault::of(&error, through_proxy) {
                    Fault::Plain(cause) => cause,
                    Fault::Time(why) => self.whose_clock(&why).await,
                });
            }
        };
        let (status, headers) = (response.status(), response.headers().clone());
        if let Some(ahead_s) = self.off_by(&headers) {
            self.ahead_s.store(ahead_s, Ordering::SeqCst);
        }
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(piece)) if body.len() + piece.len() <= LONGEST => body.extend_from_slice(&piece),
                Ok(Some(_)) => return Err(Cause::NotUnderstood { what: "length" }),
                Ok(None) => break,
                Err(error) => {
                    return Err(match fault::of(&error, false) {
                        Fault::Plain(cause) => cause,
                        Fault::Time(_) => Cause::Tls,
                    });
                }
            }
        }
        Ok(Answer { status, body: unpacked(&headers, body)?, headers })
    }

    /// Certificates that do not hold in time: is it this clock, or the centre's certificate? The centre is asked once more,
    /// its certificate judged at a time when it held, for nothing but its own time; no word of ours goes along.
    async fn whose_clock(&self, why: &rustls::CertificateError) -> Cause {
        let Some(at) = tls::time_of_validity(why) else { return Cause::Tls };
        let held: Clock = Arc::new(move || at);
        let Ok(asking) = client(&self.settings, None, &held) else { return Cause::Tls };
        let Ok(url) = self.url("/health/live") else { return Cause::Tls };
        let Ok(answer) = asking.head(url).send().await else { return Cause::CentreCertificateExpired };
        match self.off_by(answer.headers()) {
            Some(off) => clock_cause(off).unwrap_or(Cause::CentreCertificateExpired),
            None => Cause::CentreCertificateExpired,
        }
    }

    /// How many seconds this clock is ahead of the one in an answer.
    pub(crate) fn off_by(&self, headers: &reqwest::header::HeaderMap) -> Option<i64> {
        let text = headers.get(DATE)?.to_str().ok()?;
        let theirs = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
        Some((self.clock)().as_second() - theirs.as_second())
    }

    /// Whether this clock was off by more than a day at the centre's last answer.
    pub(crate) fn is_clock_off(&self) -> bool {
        clock_cause(self.ahead_s.load(Ordering::SeqCst)).is_some()
    }

    /// What this clock says.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// The body as it was meant. Unpacked here and not by the client, which would ask for it in every request.
fn unpacked(headers: &reqwest::header::HeaderMap, body: Vec<u8>) -> Result<Vec<u8>, Cause> {
    if headers.get(CONTENT_ENCODING).is_none_or(|value| value.as_bytes() != b"zstd") || body.is_empty() {
        return Ok(body);
    }
    let strange = || Cause::NotUnderstood { what: "encoding" };
    let decoder = zstd::Decoder::new(&body[..]).map_err(|_| strange())?;
    let mut plain = Vec::new();
    let read = decoder.take(LONGEST as u64 + 1).read_to_end(&mut plain).map_err(|_| strange())?;
    if read > LONGEST {
        return Err(Cause::NotUnderstood { what: "length" });
    }
    Ok(plain)
}

/// The cause of a clock that is off by so many seconds; none within a day.
pub(crate) fn clock_cause(off_s: i64) -> Option<Cause> {
    let days = u32::try_from(off_s.abs() / 86_400).unwrap_or(u32::MAX);
    match off_s {
        off if off > CLOCK_SLACK_S => Some(Cause::ClockAhead { days }),
        off if off < -CLOCK_SLACK_S => Some(Cause::ClockBehind { days }),
        _ => None,
    }
}

/// The centre's address: `https`, and plain `http` only to this computer itself.
fn base_of(centre: &str) -> Result<Url> {
    let bad = || Error::Setting { what: "centre" };
    let base = Url::parse(centre).map_err(|_| bad())?;
    let here = base.host_str().is_some_and(|host| {
        host == "localhost"
            || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    });
    if base.scheme() != "https" && !(base.scheme() == "http" && here) {
        return Err(bad());
    }
    Ok(base)
}

fn proxy_of(proxy: &str) -> Result<reqwest::Proxy> {
    reqwest::Proxy::all(proxy).map_err(|_| Error::Setting { what: "proxy" })
}

/// Whether a line can go to this address of a centre.
pub fn is_centre(address: &str) -> bool {
    base_of(address).is_ok()
}

/// Whether a line can go through this proxy: `http://[name:word@]host[:port]`, or another scheme that the line speaks.
pub fn is_proxy(address: &str) -> bool {
    // A host without a scheme is taken for one of `http`; the scheme is asked for, as it is for the centre.
    address.contains("://") && proxy_of(address).is_ok()
}

fn client(settings: &LineSettings, own: Option<&ClientIdentity>, clock: &Clock) -> Result<Client> {
    build(settings, tls::config(&settings.authority, own, Arc::clone(clock))?)
}

fn build(settings: &LineSettings, tls: rustls::ClientConfig) -> Result<Client> {
    let bad = |what| Error::Setting { what };
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .zstd(false)
        // As long as a centre keeps a known station's connection; a new one costs some kilobytes.
        .pool_idle_timeout(Duration::from_secs(140))
        .connect_timeout(settings.patience)
        .read_timeout(settings.patience)
        .pool_max_idle_per_host(1);
    if !settings.proxy.is_empty() {
        builder = builder.proxy(proxy_of(&settings.proxy)?);
    }
    builder.build().map_err(|_| bad("tls"))
}

/// Nothing of an address in a log line: it holds ids.
trait WithoutUrl {
    fn without_url_text(&self) -> String;
}

impl WithoutUrl for reqwest::Error {
    fn without_url_text(&self) -> String {
        let mut text = String::new();
        let mut below = std::error::Error::source(self);
        while let Some(this) = below {
            text = this.to_string();
            below = this.source();
        }
        text
    }
}
