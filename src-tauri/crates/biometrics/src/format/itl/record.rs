//! One tagged record under construction.

use super::super::bytes::FormatError;
use super::{FS, GS, RS, US};

/// Fields of a record; its length is put in front at the end.
pub(super) struct Fields {
    kind: u8,
    body: Vec<u8>,
    limit: Option<FormatError>,
}

impl Fields {
    pub(super) fn new(kind: u8) -> Self {
        Self { kind, body: Vec::new(), limit: None }
    }

    fn tag(&mut self, number: u16) {
        self.body.push(GS);
        self.body.extend(format!("{}.{number:03}:", self.kind).into_bytes());
    }

    /// A field of one value. Separators and control characters would forge structure and are refused.
    pub(super) fn text(&mut self, number: u16, name: &'static str, value: &str) -> &mut Self {
        self.groups(number, name, &[&[value]])
    }

    /// A field of several groups (RS) of several items (US).
    pub(super) fn groups(&mut self, number: u16, name: &'static str, groups: &[&[&str]]) -> &mut Self {
        let items = groups.iter().flat_map(|g| g.iter());
        if items.clone().any(|v| v.chars().any(char::is_control)) || items.clone().all(|v| v.is_empty()) {
            self.limit.get_or_insert(FormatError::Text { field: name });
            return self;
        }
        self.tag(number);
        for (n, group) in groups.iter().enumerate() {
            if n > 0 {
                self.body.push(RS);
            }
            for (m, item) in group.iter().enumerate() {
                if m > 0 {
                    self.body.push(US);
                }
                self.body.extend(item.as_bytes());
            }
        }
        self
    }

    pub(super) fn number(&mut self, number: u16, name: &'static str, value: impl Into<u32>) -> &mut Self {
        let value: u32 = value.into();
        self.text(number, name, &value.to_string())
    }

    /// The image; always the last field.
    pub(super) fn data(&mut self, bytes: &[u8]) -> &mut Self {
        self.tag(999);
        self.body.extend(bytes);
        self
    }

    /// Puts `T.001:LEN` in front; the length counts itself and the final FS.
    pub(super) fn finish(self) -> Result<Vec<u8>, FormatError> {
        if let Some(error) = self.limit {
            return Err(error);
        }
        let head = format!("{}.001:", self.kind);
        let rest = head.len() + self.body.len() + 1;
        let mut length = rest + 1;
        while rest + length.to_string().len() != length {
            length = rest + length.to_string().len();
        }
        let mut out = Vec::with_capacity(length);
        out.extend(head.into_bytes());
        out.extend(length.to_string().into_bytes());
        out.extend(self.body);
        out.push(FS);
        Ok(out)
    }
}
