//! A small HTTPS client of the tests' own, on the libraries that the centre has anyway.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::HeaderMap;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use packet::pki::{Certificate, Identity};
use packet::wire::Problem;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {} {}", self.status, String::from_utf8_lossy(&self.body)))
    }

    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.status);
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status.as_u16(), "status and body agree");
        problem.code
    }
}

/// One end of the wire: with a station's identity, or nobody's.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    tls: TlsConnector,
}

impl Client {
    pub fn new(address: SocketAddr, authority: &Certificate, identity: Option<&Identity>) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(authority.to_der().unwrap())).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = match identity {
            None => builder.with_no_client_auth(),
            Some(identity) => {
                let chain = vec![CertificateDer::from(identity.certificate_ref().to_der().unwrap())];
                let key = PrivateKeyDer::from_pem_slice(&identity.key_pem().unwrap()).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        };
        Self { address, tls: TlsConnector::from(Arc::new(config)) }
    }

    pub async fn connect(&self) -> std::io::Result<TlsStream<TcpStream>> {
        let stream = TcpStream::connect(self.address).await?;
        self.tls.connect(ServerName::try_from("localhost").unwrap(), stream).await
    }

    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let stream = self.connect().await.expect("the centre takes the connection");
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("handshake");
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::copy_from_slice(body))).unwrap();
        let response = sender.send_request(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole answer").to_bytes();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], b"").await
    }

    pub async fn post(&self, path: &str, body: &impl serde::Serialize) -> Answer {
        let json = [("content-type", "application/json")];
        self.ask(Method::POST, path, &json, &serde_json::to_vec(body).unwrap()).await
    }
}
