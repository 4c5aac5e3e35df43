//! CMS SignedData (RFC 5652 §5.1) whose content is borrowed: megabytes of content are neither copied to be read nor
//! copied twice to be written, and no forgotten copy of them stays in memory.

use cms::content_info::CmsVersion;
use cms::revocation::RevocationInfoChoices;
use cms::signed_data::{CertificateSet, DigestAlgorithmIdentifiers, SignerInfos};
use der::Sequence;
use der::asn1::{ObjectIdentifier, OctetStringRef};

/// `ContentInfo` around [`SignedView`].
#[derive(Sequence)]
pub(crate) struct InfoView<'a> {
    pub content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub content: SignedView<'a>,
}

/// `SignedData`.
#[derive(Sequence)]
pub(crate) struct SignedView<'a> {
    pub version: CmsVersion,
    pub digest_algorithms: DigestAlgorithmIdentifiers,
    pub encap_content_info: ContentView<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub certificates: Option<CertificateSet>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    pub crls: Option<RevocationInfoChoices>,
    pub signer_infos: SignerInfos,
}

/// `EncapsulatedContentInfo` of octets.
#[derive(Sequence)]
pub(crate) struct ContentView<'a> {
    pub econtent_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub econtent: Option<OctetStringRef<'a>>,
}
