//! IPP messages as bytes (RFC 8010 §3). Written for the simulator alone, so that the driver's own reader meets another hand.

/// Delimiter tags (RFC 8010 §3.5.1).
pub const OPERATION: u8 = 0x01;
/// Attributes of a job.
pub const JOB: u8 = 0x02;
/// End of the attributes.
const END: u8 = 0x03;
/// Attributes of the printer.
pub const PRINTER: u8 = 0x04;
/// Attributes of a request that are not honoured.
pub const UNSUPPORTED: u8 = 0x05;

/// Value tags (RFC 8010 §3.5.2).
pub const INTEGER: u8 = 0x21;
const BOOLEAN: u8 = 0x22;
const ENUM: u8 = 0x23;
const RANGE: u8 = 0x33;
const NO_VALUE: u8 = 0x13;
const BEGIN: u8 = 0x34;
const CLOSE: u8 = 0x37;
const MEMBER: u8 = 0x4A;
const TEXT: u8 = 0x41;
const NAME: u8 = 0x42;
const KEYWORD: u8 = 0x44;
const URI: u8 = 0x45;
const CHARSET: u8 = 0x47;
const LANGUAGE: u8 = 0x48;
const MIME: u8 = 0x49;

/// One attribute: its name and its values, each with its tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Name.
    pub name: String,
    /// Values in their order.
    pub values: Vec<(u8, Vec<u8>)>,
}

impl Attribute {
    fn of(name: &str, tag: u8, values: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self { name: name.to_owned(), values: values.into_iter().map(|value| (tag, value)).collect() }
    }

    /// Keywords.
    pub fn keywords(name: &str, words: &[&str]) -> Self {
        Self::of(name, KEYWORD, words.iter().map(|word| word.as_bytes().to_vec()))
    }

    /// One whole number.
    pub fn integer(name: &str, value: i32) -> Self {
        Self::of(name, INTEGER, [value.to_be_bytes().to_vec()])
    }

    /// From, to.
    pub fn range(name: &str, from: i32, to: i32) -> Self {
        Self::of(name, RANGE, [[from.to_be_bytes(), to.to_be_bytes()].concat()])
    }

    /// Values of an enum.
    pub fn enums(name: &str, values: &[i32]) -> Self {
        Self::of(name, ENUM, values.iter().map(|value| value.to_be_bytes().to_vec()))
    }

    /// True or false.
    pub fn boolean(name: &str, value: bool) -> Self {
        Self::of(name, BOOLEAN, [vec![u8::from(value)]])
    }

    /// Words for people.
    pub fn text(name: &str, text: &str) -> Self {
        Self::of(name, TEXT, [text.as_bytes().to_vec()])
    }

    /// A name.
    pub fn name(name: &str, text: &str) -> Self {
        Self::of(name, NAME, [text.as_bytes().to_vec()])
    }

    /// An address.
    pub fn uri(name: &str, text: &str) -> Self {
        Self::of(name, URI, [text.as_bytes().to_vec()])
    }

    /// Media types.
    pub fn mimes(name: &str, kinds: &[&str]) -> Self {
        Self::of(name, MIME, kinds.iter().map(|kind| kind.as_bytes().to_vec()))
    }

    /// A character set.
    pub fn charset(name: &str, text: &str) -> Self {
        Self::of(name, CHARSET, [text.as_bytes().to_vec()])
    }

    /// A natural language.
    pub fn language(name: &str, text: &str) -> Self {
        Self::of(name, LANGUAGE, [text.as_bytes().to_vec()])
    }

    /// One size of a page, hundredths of a millimetre: a collection (RFC 8010 §3.1.6).
    pub fn size(name: &str, x: i32, y: i32) -> Self {
        let member = |name: &str, value: i32| {
            [(MEMBER, name.as_bytes().to_vec()), (INTEGER, value.to_be_bytes().to_vec())]
        };
        let mut values = vec![(BEGIN, Vec::new())];
        values.extend(member("x-dimension", x));
        values.extend(member("y-dimension", y));
        values.push((CLOSE, Vec::new()));
        Self { name: name.to_owned(), values }
    }

    /// There is none yet.
    pub fn none(name: &str) -> Self {
        Self::of(name, NO_VALUE, [Vec::new()])
    }
}

/// A request or an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Version, major and minor.
    pub version: (u8, u8),
    /// Operation of a request, status of an answer.
    pub code: u16,
    /// Number of the request.
    pub id: i32,
    /// Groups in their order.
    pub groups: Vec<(u8, Vec<Attribute>)>,
    /// What follows the attributes.
    pub data: Vec<u8>,
}

impl Message {
    /// The first value of an attribute of a group, as text.
    pub fn text(&self, group: u8, name: &str) -> Option<String> {
        self.texts(group, name).into_iter().next()
    }

    /// Every value of an attribute of a group, as text.
    pub fn texts(&self, group: u8, name: &str) -> Vec<String> {
        let all = self.find(group, name).map(|attribute| attribute.values.clone()).unwrap_or_default();
        all.into_iter().map(|(_, value)| String::from_utf8_lossy(&value).into_owned()).collect()
    }

    /// The first value of an attribute of a group, as a whole number.
    pub fn integer(&self, group: u8, name: &str) -> Option<i32> {
        let (_, value) = self.find(group, name)?.values.first()?;
        Some(i32::from_be_bytes(value.as_slice().try_into().ok()?))
    }

    /// The first value of an attribute of a group, as true or false.
    pub fn boolean(&self, group: u8, name: &str) -> Option<bool> {
        self.find(group, name)?.values.first().map(|(_, value)| value.as_slice() == [1])
    }

    fn find(&self, group: u8, name: &str) -> Option<&Attribute> {
        let groups = self.groups.iter().filter(|(tag, _)| *tag == group);
        groups.flat_map(|(_, attributes)| attributes).find(|attribute| attribute.name == name)
    }

    /// Reads a message; `None` when the bytes are none.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut at = Reader(bytes);
        let mut message = Message {
            version: (at.byte()?, at.byte()?),
            code: at.short()?,
            id: i32::from_be_bytes(at.take(4)?.try_into().ok()?),
            ..Message::default()
        };
        loop {
            let tag = at.byte()?;
            match tag {
                END => break,
                0x00..=0x0F => message.groups.push((tag, Vec::new())),
                _ => {
                    let length = usize::from(at.short()?);
                    let name = String::from_utf8(at.take(length)?.to_vec()).ok()?;
                    let length = usize::from(at.short()?);
                    let value = (tag, at.take(length)?.to_vec());
                    let (_, attributes) = message.groups.last_mut()?;
                    if name.is_empty() {
                        attributes.last_mut()?.values.push(value);
                    } else {
                        attributes.push(Attribute { name, values: vec![value] });
                    }
                }
            }
        }
        message.data = at.0.to_vec();
        Some(message)
    }

    /// Writes the message.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.version.0, self.version.1];
        bytes.extend_from_slice(&self.code.to_be_bytes());
        bytes.extend_from_slice(&self.id.to_be_bytes());
        for (tag, attributes) in &self.groups {
            bytes.push(*tag);
            for attribute in attributes {
                for (i, (tag, value)) in attribute.values.iter().enumerate() {
                    bytes.push(*tag);
                    put(&mut bytes, if i == 0 { attribute.name.as_bytes() } else { &[] });
                    put(&mut bytes, value);
                }
            }
        }
        bytes.push(END);
        bytes.extend_from_slice(&self.data);
        bytes
    }
}

/// Two bytes of length and the bytes; what is longer than a value may be (32 KiB) is cut.
fn put(bytes: &mut Vec<u8>, value: &[u8]) {
    let length = i16::try_from(value.len()).unwrap_or(i16::MAX);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend(value.iter().take(usize::try_from(length).unwrap_or(0)));
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn short(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(self.take(2)?.try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8010 appendix A.4: the request of a Print-Job with its attributes, as far as the first two.
    const OF_THE_STANDARD: &[u8] = &[
        0x01, 0x01, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x01, 0x47, 0x00, 0x12, b'a', b't', b't', b'r', b'i',
        b'b', b'u', b't', b'e', b's', b'-', b'c', b'h', b'a', b'r', b's', b'e', b't', 0x00, 0x05, b'u', b't',
        b'f', b'-', b'8', 0x02, 0x21, 0x00, 0x06, b'c', b'o', b'p', b'i', b'e', b's', 0x00, 0x04, 0x00, 0x00,
        0x00, 0x14, 0x03, b'%', b'!',
    ];

    #[test]
    fn bytes_of_the_standard_are_read_and_written_as_they_were() {
        let message = Message::read(OF_THE_STANDARD).expect("they are a request");
        assert_eq!((message.version, message.code, message.id), ((1, 1), 2, 1), "Print-Job, number 1");
        assert_eq!(message.text(OPERATION, "attributes-charset").as_deref(), Some("utf-8"));
        assert_eq!(message.integer(JOB, "copies"), Some(20), "20 copies");
        assert_eq!(message.data, b"%!", "the document follows");
        assert_eq!(message.to_bytes(), OF_THE_STANDARD, "and back");
    }

    #[test]
    fn bytes_that_end_too_early_are_no_message() {
        for length in 0..OF_THE_STANDARD.len() - 2 {
            assert_eq!(Message::read(&OF_THE_STANDARD[..length]), None, "{length} bytes");
        }
    }
}
