//! Whose devices are believed.

use jiff::Timestamp;
use openssl::error::ErrorStack;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509, X509StoreContext};

use crate::{Doubt, Signed};

/// Makers of devices whose signatures are believed.
#[derive(Clone)]
pub struct Makers {
    roots: Vec<X509>,
}

impl std::fmt::Debug for Makers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Makers({} roots)", self.roots.len())
    }
}

impl Makers {
    /// Reads one or more certificates of authorities, PEM; `None` when there is none, or one cannot be read.
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        let roots = X509::stack_from_pem(pem).ok()?;
        (!roots.is_empty()).then_some(Self { roots })
    }

    /// Believes what was signed when its chain leads to one of the makers at that instant.
    ///
    /// # Errors
    /// [`Doubt::Untrusted`] with OpenSSL's reason.
    pub fn believe(&self, signed: &Signed, at: Timestamp) -> Result<(), Doubt> {
        let doubt = self.why_not(signed.chain(), at).unwrap_or_else(|_| Some("chain cannot be built".into()));
        doubt.map_or(Ok(()), |why| Err(Doubt::Untrusted(why)))
    }

    fn why_not(&self, chain: &[X509], at: Timestamp) -> Result<Option<String>, ErrorStack> {
        let Some((leaf, others)) = chain.split_first() else { return Ok(Some("no certificate".into())) };
        let mut builder = X509StoreBuilder::new()?;
        for root in &self.roots {
            builder.add_cert(root.clone())?;
        }
        let mut param = X509VerifyParam::new()?;
        param.set_time(at.as_second());
        builder.set_param(&param)?;
        let mut between = Stack::new()?;
        for other in others {
            between.push(other.clone())?;
        }
        X509StoreContext::new()?.init(&builder.build(), leaf, &between, |context| {
            Ok(if context.verify_cert()? { None } else { Some(context.error().error_string().to_owned()) })
        })
    }
}
