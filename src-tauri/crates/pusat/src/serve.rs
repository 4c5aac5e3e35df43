//! Connections: TLS with the station's certificate, HTTP/1.1, an orderly end.

mod head;

use crate::centre::Centre;
use crate::error::{Error, Result};
use crate::http::{self, Peer};
use crate::{intake, pipeline};
use axum::Router;
use head::{Answering, Watched};
use hyper::service::Service as _;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use packet::pki::Certificate;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

/// Open requests may end for so long after the order to stop.
const GRACE: Duration = Duration::from_secs(20);
/// TLS sessions that are kept: twice the kecamatan of the country.
const SESSIONS: usize = 16_384;
const SWEEP: Duration = Duration::from_secs(3600);

/// A centre that listens and works on its pipeline.
#[derive(Debug)]
pub struct Serving {
    /// Where stations connect.
    pub address: SocketAddr,
    /// Health and metrics.
    pub operations: SocketAddr,
    stop: CancellationToken,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Serving {
    /// Starts everything; returns when both addresses listen.
    ///
    /// # Errors
    /// `Tls`, `File` when an address is taken.
    pub async fn start(centre: Arc<Centre>) -> Result<Self> {
        let acceptor = TlsAcceptor::from(Arc::new(tls(&centre)?));
        let bind = |address: SocketAddr| async move {
            TcpListener::bind(address).await.map_err(Error::file("listen"))
        };
        let stations = bind(centre.config.listen).await?;
        let operators = bind(centre.config.operations).await?;
        let address = stations.local_addr().map_err(Error::file("listen"))?;
        let operations = operators.local_addr().map_err(Error::file("listen"))?;
        let stop = CancellationToken::new();
        let router = http::router(centre.clone());
        let plain = http::operations(centre.clone());
        let limits = centre.config.limits.clone();
        let tasks = vec![
            tokio::spawn(listen(stations, Some(acceptor), router, limits.clone(), stop.clone())),
            tokio::spawn(listen(operators, None, plain, limits, stop.clone())),
            tokio::spawn(pipeline::run(centre.clone(), stop.clone())),
            tokio::spawn(sweep(centre, stop.clone())),
        ];
        tracing::info!(target: "pusat", %address, %operations, "listening");
        Ok(Self { address, operations, stop, tasks })
    }

    /// Stops taking connections, lets open requests end, and waits for it.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            // A task that failed has said so already.
            let _ = task.await;
        }
    }
}

fn tls(centre: &Centre) -> Result<ServerConfig> {
    let failed = |error: String| Error::Tls(error);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    let authority = CertificateDer::from(centre.keys.authority.certificate().to_der()?);
    roots.add(authority).map_err(|error| failed(error.to_string()))?;
    // Without a certificate activation must work; each handler asks for the station.
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .allow_unauthenticated()
        .build()
        .map_err(|error| failed(error.to_string()))?;
    let certificate = CertificateDer::from(centre.keys.server.certificate_ref().to_der()?);
    let key = PrivateKeyDer::from_pem_slice(&centre.keys.server.key_pem()?)
        .map_err(|error| failed(error.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(error.to_string()))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate], key)
        .map_err(|error| failed(error.to_string()))?;
    // Each known station comes back with two tickets' worth of memory: resuming spares its line the certificates.
    config.session_storage = rustls::server::ServerSessionMemoryCache::new(SESSIONS);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

async fn listen(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: crate::config::Limits,
    stop: CancellationToken,
) {
    let open = tokio_util::task::TaskTracker::new();
    let room = Arc::new(Semaphore::new(limits.connections));
    let header = Duration::from_secs(limits.header_seconds);
    let between = Duration::from_secs(limits.between_seconds.max(limits.header_seconds));
    loop {
        // A full house waits in the kernel's queue instead of costing memory here.
        let Ok(permit) = room.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file handles, or a connection that ended in the queue: neither ends the service.
                tracing::warn!(target: "pusat", %error, "accept");
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let (tls, router, stop) = (tls.clone(), router.clone(), stop.clone());
        open.spawn(async move {
            let _permit = permit;
            connection(stream, tls, router, stop, (header, between)).await;
        });
    }
    drop(listener);
    open.close();
    let _ = tokio::time::timeout(GRACE, open.wait()).await;
}

async fn connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    router: Router,
    stop: CancellationToken,
    (header, between): (Duration, Duration),
) {
    // Small answers must not wait for more.
    let _ = stream.set_nodelay(true);
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(header).max_buf_size(64 * 1024);
    match tls {
        None => {
            let service = TowerToHyperService::new(router);
            finish(builder.serve_connection(TokioIo::new(stream), service), stop).await;
        }
        Some(tls) => {
            let Ok(Ok(stream)) = tokio::time::timeout(header, tls.accept(stream)).await else { return };
            let presented = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
            let certificate = presented.and_then(|der| Certificate::from_der(der).ok()).map(Arc::new);
            if certificate.is_some() {
                builder.header_read_timeout(between);
            }
            let answering = Answering::default();
            let stream = Watched::new(stream, answering.clone(), header);
            let inner = TowerToHyperService::new(router.layer(axum::Extension(Peer(certificate))));
            let service = hyper::service::service_fn(move |request| {
                answering.turn();
                let (answer, answering) = (inner.call(request), answering.clone());
                async move {
                    let answer = answer.await;
                    answering.turn();
                    answer
                }
            });
            finish(builder.serve_connection(TokioIo::new(stream), service), stop).await;
        }
    }
}

/// Serves until the other side ends, or, after the order to stop, until the open request is answered.
async fn finish<I, S>(connection: hyper::server::conn::http1::Connection<I, S>, stop: CancellationToken)
where
    I: hyper::rt::Read + hyper::rt::Write + Unpin,
    S: hyper::service::HttpService<hyper::body::Incoming>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    S::ResBody: 'static,
    <S::ResBody as hyper::body::Body>::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // How a connection ended is the client's business; requests are counted and logged by themselves.
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn sweep(centre: Arc<Centre>, stop: CancellationToken) {
    loop {
        if let Err(error) = intake::sweep(&centre).await {
            tracing::warn!(target: "pusat", %error, "sweep");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(SWEEP) => {}
        }
    }
}
