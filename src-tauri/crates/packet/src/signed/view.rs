//! CMS SignedData (RFC 5652 §5.1) whose content is borrowed: megabytes of content are neither copied to be read nor
//! to be written, and no forgotten copy of them stays in memory.

use crate::archive::Archive;
use cms::content_info::CmsVersion;
use cms::revocation::RevocationInfoChoices;
use cms::signed_data::{CertificateSet, DigestAlgorithmIdentifiers, SignerInfos};
use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{DecodeValue, Encode, EncodeValue, FixedTag, Header, Length, Reader, Sequence, Tag, Writer};

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
    pub econtent: Option<Octets<'a>>,
}

/// An OCTET STRING whose octets stand elsewhere, as they are or still to be written.
#[derive(Clone, Copy)]
pub(crate) enum Octets<'a> {
    /// As they are; what is read is always this.
    Whole(&'a [u8]),
    /// The plain bytes of a part.
    Archive(&'a Archive<'a>),
    /// The DER of what was signed.
    Signed(&'a InfoView<'a>),
}

impl<'a> Octets<'a> {
    /// The octets where they stand in one; `None` for what is still to be written.
    pub(crate) fn whole(self) -> Option<&'a [u8]> {
        match self {
            Octets::Whole(bytes) => Some(bytes),
            Octets::Archive(_) | Octets::Signed(_) => None,
        }
    }
}

impl FixedTag for Octets<'_> {
    const TAG: Tag = Tag::OctetString;
}

impl<'a> DecodeValue<'a> for Octets<'a> {
    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        OctetStringRef::decode_value(reader, header).map(|octets| Octets::Whole(octets.as_bytes()))
    }
}

impl EncodeValue for Octets<'_> {
    fn value_len(&self) -> der::Result<Length> {
        match self {
            Octets::Whole(bytes) => bytes.len().try_into(),
            Octets::Archive(archive) => archive.len().try_into(),
            Octets::Signed(info) => info.encoded_len(),
        }
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        match self {
            Octets::Whole(bytes) => writer.write(bytes),
            Octets::Archive(archive) => archive.pieces().try_for_each(|piece| writer.write(piece)),
            Octets::Signed(info) => info.encode(writer),
        }
    }
}
