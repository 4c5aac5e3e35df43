//! One connection of one station: mTLS and HTTP/1.1, kept open as a station keeps it.

use crate::{Error, Result};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::{Body, Frame, SizeHint};
use hyper::client::conn::http1::SendRequest;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use packet::pki::{Certificate, Identity};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// The one authority that stations believe; shared by all of them.
///
/// # Errors
/// `Line`.
pub fn shared_roots(authority: &Certificate) -> Result<Arc<RootCertStore>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.to_der()?)).map_err(|error| Error::Line(error.to_string()))?;
    Ok(Arc::new(roots))
}

/// What a station shows of itself: key, certificate and TLS sessions of its own.
#[derive(Clone)]
pub struct Badge {
    /// Station code.
    pub code: String,
    /// Where the centre listens.
    pub address: SocketAddr,
    tls: TlsConnector,
}

impl std::fmt::Debug for Badge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Badge").field("code", &self.code).finish_non_exhaustive()
    }
}

impl Badge {
    /// Prepares a station's side of TLS; nothing is sent.
    ///
    /// # Errors
    /// `Line`, `Packet`.
    pub fn new(code: &str, address: SocketAddr, roots: &Arc<RootCertStore>, own: &Identity) -> Result<Self> {
        let bad = |error: &dyn std::fmt::Display| Error::Line(error.to_string());
        let chain = vec![CertificateDer::from(own.certificate_ref().to_der()?)];
        let key = PrivateKeyDer::from_pem_slice(&own.key_pem()?).map_err(|error| bad(&error))?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| bad(&error))?
            .with_root_certificates(Arc::clone(roots))
            .with_client_auth_cert(chain, key)
            .map_err(|error| bad(&error))?;
        // A station knows one server.
        config.resumption = rustls::client::Resumption::in_memory_sessions(2);
        Ok(Self { code: code.to_owned(), address, tls: TlsConnector::from(Arc::new(config)) })
    }

    /// Connects.
    ///
    /// # Errors
    /// `Line`.
    pub async fn connect(&self) -> Result<Line> {
        let failed = |error: std::io::Error| Error::Line(error.to_string());
        let stream = TcpStream::connect(self.address).await.map_err(failed)?;
        let _ = stream.set_nodelay(true);
        let name = ServerName::try_from("localhost").map_err(|error| Error::Line(error.to_string()))?;
        let stream = self.tls.connect(name, stream).await.map_err(failed)?;
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Error::Line(error.to_string()))?;
        let task = tokio::spawn(async move {
            // How it ended is seen by the request that was on it.
            let _ = connection.await;
        });
        Ok(Line { sender, task })
    }
}

/// An answer with its body.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// An open connection. Dropping it closes it.
#[derive(Debug)]
pub struct Line {
    sender: SendRequest<Either<Full<Bytes>, Half>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Line {
    fn drop(&mut self) {
        // Also in the middle of a body: that is how a line drops.
        self.task.abort();
    }
}

impl Line {
    /// One request and its whole answer.
    ///
    /// # Errors
    /// `Line`.
    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        let bad = |error: &dyn std::fmt::Display| Error::Line(error.to_string());
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Either::Left(Full::new(body))).map_err(|error| bad(&error))?;
        self.sender.ready().await.map_err(|error| bad(&error))?;
        let response = self.sender.send_request(request).await.map_err(|error| bad(&error))?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| bad(&error))?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// A request whose line drops in the middle of its body.
    ///
    /// # Errors
    /// `Line`, always: that is what it is for.
    pub async fn drop_in(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Half,
    ) -> Result<()> {
        let bad = |error: &dyn std::fmt::Display| Error::Line(error.to_string());
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Either::Right(body)).map_err(|error| bad(&error))?;
        let answered = self.sender.send_request(request).await;
        self.task.abort();
        Err(Error::Line(answered.map_or_else(|error| error.to_string(), |_| "dropped".into())))
    }

    /// Whether the other side has closed it.
    pub fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }
}

/// A body that ends in the middle.
#[derive(Debug)]
pub struct Half {
    first: Option<Bytes>,
    announced: u64,
    then: Pin<Box<tokio::time::Sleep>>,
}

impl Half {
    /// The first half of these bytes, announced as all of them.
    pub fn of(bytes: &Bytes) -> Self {
        // Time for what is written to leave before the line drops.
        let then = Box::pin(tokio::time::sleep(Duration::from_millis(20)));
        Self { first: Some(bytes.slice(..bytes.len() / 2)), announced: bytes.len() as u64, then }
    }
}

impl Body for Half {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        self.then.as_mut().poll(cx).map(|()| Some(Err(std::io::ErrorKind::ConnectionReset.into())))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}
