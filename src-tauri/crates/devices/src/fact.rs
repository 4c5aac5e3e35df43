//! What a device page tells about a device: keys of the window's words, with the values that stand in them.

use std::fmt::Display;

use serde::{Deserialize, Serialize};

/// What a fact is about. The window has words for each (`fact.<key>`), or for each value of it (`fact.<key>.<value>`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKey {
    /// Picture or document form as it is really delivered or taken.
    Format,
    /// Width and height, pixels.
    Size,
    /// Length, bytes.
    Bytes,
    /// Serial number.
    Serial,
    /// Port on this computer.
    Port,
    /// Version of the SBI dialect, with the kind of scanner.
    Sbi,
    /// What an SBI service says of the device: a value of [`service_status`].
    Service,
    /// The certificate was checked and is trusted; no value.
    Certificate,
    /// System id of a one-finger module, hexadecimal.
    SystemId,
    /// Line speed, bit/s.
    Baud,
    /// Packet length on the line, bytes.
    PacketBytes,
    /// Resolution, pixels per inch.
    Ppi,
    /// Levels of grey.
    GreyLevels,
    /// Not of enrolment quality; no value.
    OneToOne,
    /// Resolution of a pad, points per inch.
    Dpi,
    /// Points of the pen that were heard.
    PenPoints,
    /// Name of a card reader.
    Reader,
    /// `true` or `false`: a card lies there.
    CardPresent,
    /// Nothing of the chip beyond what is free can be read; no value.
    NoSam,
    /// A folder.
    Folder,
    /// Name of a printer's model.
    Model,
    /// `true` or `false`: a job sent now would begin.
    Ready,
    /// It is printing, moving a card or warming up; no value.
    Working,
    /// Key of what is in the way, or should be seen to.
    Reason,
    /// The printer's own words, where there are no others.
    Word,
    /// Size of the paper that lies ready.
    Media,
    /// A card's page is taken (`true`) or not (`false`).
    CardPage,
    /// The printer takes none of the forms in which a card is sent; no value.
    NoFormat,
    /// Cards that the ribbon is good for.
    Ribbon,
    /// Share left of the ribbon, percent.
    RibbonPercent,
    /// Cards that the film is good for.
    Film,
    /// Share left of the film, percent.
    FilmPercent,
    /// Cards that the printer ever took.
    CardsTaken,
    /// `true` or `false`: it answers questions about itself.
    Answers,
}

impl FactKey {
    /// All of them, in the order above.
    pub const ALL: [FactKey; 34] = [
        Self::Format,
        Self::Size,
        Self::Bytes,
        Self::Serial,
        Self::Port,
        Self::Sbi,
        Self::Service,
        Self::Certificate,
        Self::SystemId,
        Self::Baud,
        Self::PacketBytes,
        Self::Ppi,
        Self::GreyLevels,
        Self::OneToOne,
        Self::Dpi,
        Self::PenPoints,
        Self::Reader,
        Self::CardPresent,
        Self::NoSam,
        Self::Folder,
        Self::Model,
        Self::Ready,
        Self::Working,
        Self::Reason,
        Self::Word,
        Self::Media,
        Self::CardPage,
        Self::NoFormat,
        Self::Ribbon,
        Self::RibbonPercent,
        Self::Film,
        Self::FilmPercent,
        Self::CardsTaken,
        Self::Answers,
    ];

    /// Its key, as it is serialised.
    pub fn key(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Size => "size",
            Self::Bytes => "bytes",
            Self::Serial => "serial",
            Self::Port => "port",
            Self::Sbi => "sbi",
            Self::Service => "service",
            Self::Certificate => "certificate",
            Self::SystemId => "system_id",
            Self::Baud => "baud",
            Self::PacketBytes => "packet_bytes",
            Self::Ppi => "ppi",
            Self::GreyLevels => "grey_levels",
            Self::OneToOne => "one_to_one",
            Self::Dpi => "dpi",
            Self::PenPoints => "pen_points",
            Self::Reader => "reader",
            Self::CardPresent => "card_present",
            Self::NoSam => "no_sam",
            Self::Folder => "folder",
            Self::Model => "model",
            Self::Ready => "ready",
            Self::Working => "working",
            Self::Reason => "reason",
            Self::Word => "word",
            Self::Media => "media",
            Self::CardPage => "card_page",
            Self::NoFormat => "no_format",
            Self::Ribbon => "ribbon",
            Self::RibbonPercent => "ribbon_percent",
            Self::Film => "film",
            Self::FilmPercent => "film_percent",
            Self::CardsTaken => "cards_taken",
            Self::Answers => "answers",
        }
    }
}

/// One fact about a device, for its page. Nothing personal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is about.
    pub key: FactKey,
    /// Its value; empty where the key says it all.
    pub value: String,
}

impl Fact {
    /// A fact with a value.
    pub fn new(key: FactKey, value: impl Display) -> Self {
        Self { key, value: value.to_string() }
    }

    /// A fact that its key tells whole.
    pub fn only(key: FactKey) -> Self {
        Self { key, value: String::new() }
    }
}

/// What an SBI service says of its device (`deviceStatus`), as the window knows it; other words stay as they are.
pub fn service_status(said: &str) -> String {
    match said {
        "Ready" => "ready".to_owned(),
        "Busy" => "busy".to_owned(),
        "Not Ready" => "not_ready".to_owned(),
        "Not Registered" => "not_registered".to_owned(),
        other => other.to_owned(),
    }
}

/// How people call a size of paper: the size's name in the keyword `class_size_dimensions` (PWG 5101.1), "A4" for
/// `iso_a4_210x297mm`; a keyword of another make stays as it is.
pub fn paper_name(keyword: &str) -> String {
    let mut parts = keyword.split('_');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(name), Some(_)) => name.to_uppercase(),
        _ => keyword.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_it_is_serialised() {
        for key in FactKey::ALL {
            assert_eq!(serde_json::to_value(key).unwrap(), key.key());
        }
    }

    #[test]
    fn paper_is_called_as_people_call_it() {
        for (keyword, name) in [
            ("iso_a4_210x297mm", "A4"),
            ("na_letter_8.5x11in", "LETTER"),
            ("om_folio_210x330mm", "FOLIO"),
            ("A4", "A4"),
        ] {
            assert_eq!(paper_name(keyword), name);
        }
    }
}
