//! File control parameters: what a card says about a selected file (ISO 7816-4 §5.3.3, template `62`).

use super::tlv::{TlvError, find, parse};

/// Where a file stands in its life (ISO 7816-4 table 13, tag `8A`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifeCycle {
    /// 01: being created; on our profile: blank.
    Creation,
    /// 03: being initialised; on our profile: being written.
    Initialisation,
    /// 05, 07: activated; on our profile: finalised.
    Activated,
    /// 04, 06: deactivated.
    Deactivated,
    /// 0C–0F: terminated, for ever.
    Terminated,
    /// Any other value, kept as it came.
    Other(u8),
}

impl From<u8> for LifeCycle {
    fn from(byte: u8) -> Self {
        match byte {
            0x01 => Self::Creation,
            0x03 => Self::Initialisation,
            0x05 | 0x07 => Self::Activated,
            0x04 | 0x06 => Self::Deactivated,
            0x0C..=0x0F => Self::Terminated,
            other => Self::Other(other),
        }
    }
}

/// The parameters that we use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fcp {
    /// `80`: bytes of data in the file.
    pub size: Option<usize>,
    /// `82`: file descriptor byte; `38` = directory, `01` = transparent file.
    pub descriptor: Option<u8>,
    /// `83`: file identifier.
    pub fid: Option<u16>,
    /// `84`: name of the directory (AID).
    pub name: Option<Vec<u8>>,
    /// `8A`: life cycle.
    pub life_cycle: Option<LifeCycle>,
    /// `8C`: security attributes in compact form, as they came.
    pub security: Option<Vec<u8>>,
}

impl Fcp {
    /// Reads the answer to a SELECT: template `62`, also inside `6F`, or the objects of `6F` themselves. Unknown objects are
    /// passed over; without either template nothing is known of the file.
    ///
    /// # Errors
    /// [`TlvError`] at the first object that does not end.
    pub fn parse(answer: &[u8]) -> Result<Self, TlvError> {
        let outer = parse(answer)?;
        let template = match find(&outer, 0x62) {
            Some(template) => parse(template)?,
            None => match find(&outer, 0x6F) {
                Some(inside) => {
                    let inner = parse(inside)?;
                    find(&inner, 0x62).map_or(Ok(inner), parse)?
                }
                None => Vec::new(),
            },
        };
        let number = |tag| find(&template, tag).filter(|v| (1..=4).contains(&v.len()));
        let whole = |value: &[u8]| value.iter().fold(0usize, |n, b| n << 8 | usize::from(*b));
        Ok(Self {
            size: number(0x80).map(whole),
            descriptor: find(&template, 0x82).and_then(|v| v.first().copied()),
            fid: find(&template, 0x83).and_then(|v| Some(u16::from_be_bytes(v.try_into().ok()?))),
            name: find(&template, 0x84).map(<[u8]>::to_vec),
            life_cycle: find(&template, 0x8A).and_then(|v| v.first().copied()).map(LifeCycle::from),
            security: find(&template, 0x8C).map(<[u8]>::to_vec),
        })
    }
}
