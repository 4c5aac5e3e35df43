//! The page of a card over IPP, and the form in which its face is sent.

use std::collections::BTreeMap;

use ipp::prelude::*;
use ipp::value::IppName;

use super::PRINTER;
use crate::driver::card_printer::CardRaster;
use crate::driver::card_printer::raster::{jpeg, png};
use crate::driver::printer::ipp_wire::{keywords, unreadable};
use crate::error::Fault;
use crate::protocol::pwg::{self, Page};

/// ID-1 in hundredths of a millimetre: short and long edge.
const CARD: (i32, i32) = (5398, 8560);
/// PWG 5101.1 name of that page.
const MEDIA: &str = "custom_cr80_53.98x85.6mm";

/// In which form the face is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Pwg,
    Png,
    Jpeg,
}

impl Format {
    pub(super) fn mime(self) -> &'static str {
        match self {
            Self::Pwg => "image/pwg-raster",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

fn member<'a>(collection: &'a BTreeMap<IppName, IppValue>, name: &str) -> Option<&'a IppValue> {
    collection.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
}

/// The collections of a value that is one, or several.
fn collections(value: &IppValue) -> Vec<&BTreeMap<IppName, IppValue>> {
    fn one(value: &IppValue) -> Option<&BTreeMap<IppName, IppValue>> {
        if let IppValue::Collection(members) = value { Some(members) } else { None }
    }
    // Iterating over a single collection would give its members.
    match value {
        IppValue::Array(values) => values.iter().filter_map(one).collect(),
        single => one(single).into_iter().collect(),
    }
}

/// Whether one supported size takes this page.
fn takes(size: &BTreeMap<IppName, IppValue>, page: (i32, i32)) -> bool {
    let fits = |name: &str, wanted: i32| match member(size, name) {
        Some(IppValue::Integer(n)) => *n == wanted,
        Some(IppValue::RangeOfInteger { min, max }) => (*min..=*max).contains(&wanted),
        _ => false,
    };
    fits("x-dimension", page.0) && fits("y-dimension", page.1)
}

/// The page as the printer takes it: short edge first, or long edge first.
pub(super) fn page_of(printer: &IppAttributes) -> Result<(i32, i32), Fault> {
    let group = printer.first_of(PRINTER);
    let of = |name: &str| group.and_then(|g| g.get(name)).map(|a| collections(a.value())).unwrap_or_default();
    let mut sizes = of("media-size-supported");
    for col in of("media-col-database") {
        sizes.extend(member(col, "media-size").map(collections).unwrap_or_default());
    }
    [CARD, (CARD.1, CARD.0)]
        .into_iter()
        .find(|page| sizes.iter().any(|size| takes(size, *page)))
        .ok_or_else(|| Fault::Unsupported { what: "media 53.98 x 85.60 mm".to_owned() })
}

/// The best form that the printer names; nothing is sent in a form it does not name.
pub(super) fn format_of(printer: &IppAttributes) -> Result<Format, Fault> {
    let named = keywords(printer, PRINTER, "document-format-supported");
    let resolutions: Vec<IppValue> = printer
        .first_of(PRINTER)
        .and_then(|group| group.get("pwg-raster-document-resolution-supported"))
        .map(|a| a.value().into_iter().cloned().collect())
        .unwrap_or_default();
    // Units 3: dots per inch. A printer that names no resolution at all is taken by its word for the format.
    let at_300 = resolutions.is_empty()
        || resolutions
            .iter()
            .any(|r| matches!(r, IppValue::Resolution { cross_feed: 300, feed: 300, units: 3 }));
    [Format::Pwg, Format::Png, Format::Jpeg]
        .into_iter()
        .filter(|format| *format != Format::Pwg || at_300)
        .find(|format| named.iter().any(|n| n == format.mime()))
        .ok_or_else(|| Fault::Unsupported { what: "image/pwg-raster, image/png, image/jpeg".to_owned() })
}

pub(super) fn document(face: &CardRaster, page: (i32, i32), format: Format) -> Result<Vec<u8>, Fault> {
    let upright = page == CARD;
    let turned = upright.then(|| face.turned());
    let rgb: &[u8] = turned.as_deref().unwrap_or(face.rgb());
    let (width, height) = if upright {
        (CardRaster::HEIGHT, CardRaster::WIDTH)
    } else {
        (CardRaster::WIDTH, CardRaster::HEIGHT)
    };
    match format {
        Format::Pwg => {
            // 53.98 mm are 153 points, 85.60 mm are 243.
            let points = if upright { (153, 243) } else { (243, 153) };
            pwg::encode(&Page { width, height, dpi: CardRaster::DPI, points, media: MEDIA, rgb })
                .ok_or_else(|| Fault::Unsupported { what: "PWG raster".to_owned() })
        }
        Format::Png => png(width, height, rgb),
        Format::Jpeg => jpeg(width, height, rgb),
    }
}

fn name(text: &str) -> Result<IppName, Fault> {
    text.try_into().map_err(unreadable)
}

pub(super) fn media_col(page: (i32, i32)) -> Result<IppValue, Fault> {
    let size = BTreeMap::from([
        (name("x-dimension")?, IppValue::Integer(page.0)),
        (name("y-dimension")?, IppValue::Integer(page.1)),
    ]);
    let mut col = BTreeMap::from([(name("media-size")?, IppValue::Collection(size))]);
    // Full bleed: the picture is the whole card.
    for margin in ["media-bottom-margin", "media-left-margin", "media-right-margin", "media-top-margin"] {
        col.insert(name(margin)?, IppValue::Integer(0));
    }
    Ok(IppValue::Collection(col))
}
