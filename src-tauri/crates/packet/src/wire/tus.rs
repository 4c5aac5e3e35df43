use crate::part::Part;
use std::collections::BTreeMap;

/// The protocol version in `Tus-Resumable`.
pub const TUS_VERSION: &str = "1.0.0";

/// `Upload-Metadata` of one part (tus 1.0, creation extension): keys with base64 values, separated by commas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadMetadata {
    /// Which part the bytes are.
    pub part: Part,
    /// SHA-256 of the whole sealed file, lower-case hexadecimal.
    pub sha256: String,
}

/// Why an `Upload-Metadata` header is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Upload-Metadata refused: {what}")]
pub struct MetadataError {
    /// Which key or rule.
    pub what: &'static str,
}

impl UploadMetadata {
    /// Returns the header's value: `part <base64>,sha256 <base64>`.
    pub fn to_header(&self) -> String {
        let value = |text: &str| openssl::base64::encode_block(text.as_bytes());
        format!("part {},sha256 {}", value(self.part.name()), value(&self.sha256))
    }

    /// Reads the header; keys that this version does not know are passed over.
    ///
    /// # Errors
    /// [`MetadataError`] names the key that is absent, doubled or malformed.
    pub fn from_header(text: &str) -> Result<Self, MetadataError> {
        let refuse = |what| MetadataError { what };
        let mut found = BTreeMap::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
            let bytes = openssl::base64::decode_block(value.trim()).map_err(|_| refuse("base64"))?;
            let value = String::from_utf8(bytes).map_err(|_| refuse("utf-8"))?;
            if found.insert(key, value).is_some() {
                return Err(refuse("doubled key"));
            }
        }
        let part = found.get("part").and_then(|name| name.parse().ok()).ok_or(refuse("part"))?;
        let sha256 = found.remove("sha256").filter(|text| is_sha256(text)).ok_or(refuse("sha256"))?;
        Ok(Self { part, sha256 })
    }
}

/// 64 lower-case hexadecimal digits.
pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_has_the_bytes_of_the_specification() {
        let metadata = UploadMetadata { part: Part::Bio, sha256: "ab".repeat(32) };
        let header = metadata.to_header();
        assert_eq!(
            header,
            "part Ymlv,sha256 YWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYg==",
            "third parties write these bytes"
        );
        assert_eq!(UploadMetadata::from_header(&header), Ok(metadata), "read back");
    }

    #[test]
    fn metadata_of_another_client_is_read_or_named() {
        let sha = openssl::base64::encode_block("0".repeat(64).as_bytes());
        let extra = format!("filename eA==, sha256 {sha} ,part aWQ=");
        assert_eq!(
            UploadMetadata::from_header(&extra).map(|m| m.part),
            Ok(Part::Id),
            "order, blanks and unknown keys do not matter"
        );
        for (text, what) in [
            ("", "part"),
            ("part eHg=", "part"),
            ("part aWQ=", "sha256"),
            ("part aWQ=,sha256 QUI=", "sha256"),
            ("part aWQ=,part aWQ=", "doubled key"),
            ("part !", "base64"),
        ] {
            assert_eq!(UploadMetadata::from_header(text), Err(MetadataError { what }), "{text:?}");
        }
    }
}
