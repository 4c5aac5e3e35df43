//! The face of a card: variable data only, in register to what the blank card already carries.

mod fit;
mod placement;
mod template;

pub use placement::{Placement, Reading};
pub use template::{Box as CardBox, CardTemplate, Field, Preprinted, TrainingMark};

use crate::error::{Error, Result};
use crate::picture::Picture;
use crate::press::{Press, Rendered};
use crate::sheet::masked_debug;
use image::{DynamicImage, GrayImage, Luma, imageops};
use serde_json::{Value, json};
use std::io::Cursor;

/// Width of a card, mm (ISO/IEC 7810 ID-1).
pub const WIDTH_MM: f64 = 85.60;
/// Height of a card, mm.
pub const HEIGHT_MM: f64 = 53.98;
/// Resolution of card printers, dots per inch.
pub const DPI: f64 = 300.0;
/// Where the crosses of a calibration print stand, mm from the card's left and top edge.
pub const CROSSES: [(f64, f64); 5] =
    [(10.0, 10.0), (75.6, 10.0), (10.0, 43.98), (75.6, 43.98), (42.8, 26.99)];

/// What stands on the card. Texts are printed as given, in capitals where the office writes capitals.
#[derive(Clone, Default)]
pub struct CardFace {
    /// For example `PROVINSI LAMPUNG`.
    pub province: String,
    /// For example `KABUPATEN PESISIR BARAT`.
    pub regency: String,
    /// 16 digits.
    pub nik: String,
    /// Full name.
    pub name: String,
    /// Place and date, for example `KRUI, 14-03-2008`.
    pub birth: String,
    /// `LAKI-LAKI` or `PEREMPUAN`.
    pub sex: String,
    /// Blood group, `-` when unknown.
    pub blood: String,
    /// Street.
    pub address: String,
    /// For example `003/001`.
    pub rt_rw: String,
    /// Kelurahan or desa.
    pub village: String,
    /// Kecamatan.
    pub district: String,
    /// Religion.
    pub religion: String,
    /// One of the four card texts.
    pub marital: String,
    /// Occupation.
    pub occupation: String,
    /// `WNI` or `WNA`.
    pub nationality: String,
    /// `SEUMUR HIDUP` or a date.
    pub valid: String,
    /// Place of issue, below the photo.
    pub place: String,
    /// Date of issue.
    pub issued: String,
    /// Portrait; cropped to the box's proportion around its middle.
    pub photo: Option<Picture>,
    /// Signature, dark on light; set into its box with its own proportion.
    pub signature: Option<Picture>,
    /// Printed with the mark LATIHAN.
    pub training: bool,
}

masked_debug!(CardFace);

impl CardFace {
    fn text(&self, field: &str) -> Option<&str> {
        Some(match field {
            "province" => &self.province,
            "regency" => &self.regency,
            "nik" => &self.nik,
            "name" => &self.name,
            "birth" => &self.birth,
            "sex" => &self.sex,
            "blood" => &self.blood,
            "address" => &self.address,
            "rt_rw" => &self.rt_rw,
            "village" => &self.village,
            "district" => &self.district,
            "religion" => &self.religion,
            "marital" => &self.marital,
            "occupation" => &self.occupation,
            "nationality" => &self.nationality,
            "valid" => &self.valid,
            "place" => &self.place,
            "issued" => &self.issued,
            _ => return None,
        })
    }
}

/// Names of the fields that a template may place.
pub(crate) const FIELDS: [&str; 18] = [
    "province",
    "regency",
    "nik",
    "name",
    "birth",
    "sex",
    "blood",
    "address",
    "rt_rw",
    "village",
    "district",
    "religion",
    "marital",
    "occupation",
    "nationality",
    "valid",
    "place",
    "issued",
];

/// Page and pixels that a printer wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardPage {
    /// 85.60 × 53.98 mm, 1011 × 638 pixels.
    #[default]
    Exact,
    /// 1016 × 648 pixels, the card in the middle: full bleed of Evolis printers.
    Bleed,
}

impl CardPage {
    /// Pixels at 300 dpi.
    pub const fn pixels(self) -> (u32, u32) {
        match self {
            CardPage::Exact => (1011, 638),
            CardPage::Bleed => (1016, 648),
        }
    }

    /// Page in mm, and the card's corner on it.
    fn millimetres(self) -> ((f64, f64), (f64, f64)) {
        match self {
            CardPage::Exact => ((WIDTH_MM, HEIGHT_MM), (0.0, 0.0)),
            CardPage::Bleed => {
                let (width, height) = (1016.0 / DPI * 25.4, 648.0 / DPI * 25.4);
                ((width, height), ((width - WIDTH_MM) / 2.0, (height - HEIGHT_MM) / 2.0))
            }
        }
    }
}

/// What the printer's ribbon can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// YMC and K.
    #[default]
    Colour,
    /// Shades of grey.
    Grey,
    /// Black or nothing: texts at half, photo and signature by error diffusion.
    Black,
}

/// How one printer wants its cards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CardPrinter {
    /// Page.
    pub page: CardPage,
    /// Ribbon.
    pub ink: Ink,
    /// Offsets and scale, from a calibration print.
    pub placement: Placement,
}

/// How a field was set: what the preview tells the person who looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// Name of the field in the template.
    pub field: String,
    /// Size of the letters that was used, pt.
    pub size: f64,
    /// Size of the template, pt.
    pub wanted: f64,
    /// Lines that were used, from 1.
    pub lines: usize,
}

/// A card face ready for a printer.
#[derive(Clone)]
pub struct CardPrint {
    /// PNG at 300 dpi with its resolution in it.
    pub png: Vec<u8>,
    /// PDF, one page of the exact size.
    pub pdf: Vec<u8>,
    /// Pixels across and down.
    pub pixels: (u32, u32),
    /// Each field as set.
    pub fitted: Vec<Fitted>,
}

masked_debug!(CardPrint);

/// What goes under and over the face.
#[derive(Clone, Copy, PartialEq)]
enum Purpose {
    Card,
    Preview,
    Calibration,
}

impl Press {
    /// Sets a card face for a printer: only variable data, on white.
    ///
    /// # Errors
    /// `CardField` when a text does not fit at its smallest size or holds a letter that no typeface here has;
    /// `CardTemplate` when something would leave the card; `Picture`; `Template`, `PageImage` for a fault of
    /// the program.
    pub fn card(&self, face: &CardFace, template: &CardTemplate, printer: &CardPrinter) -> Result<CardPrint> {
        self.face(Some(face), template, printer, Purpose::Card)
    }

    /// Names the fields whose text cannot be set, by the template's names: too long at the smallest size, or with a letter
    /// that the typeface does not have. Nothing is typeset.
    pub fn card_misfits(&self, face: &CardFace, template: &CardTemplate) -> Vec<String> {
        let fields = template.fields.iter();
        let misfits = fields.filter(|(name, field)| {
            fit::fit(self.fonts(), name, field, face.text(name).unwrap_or_default()).is_err()
        });
        misfits.map(|(name, _)| name.clone()).collect()
    }

    /// The face with the blank card's own words in grey under it, exact page, colour, no offsets: for the screen.
    ///
    /// # Errors
    /// As [`Press::card`].
    pub fn card_preview(&self, face: &CardFace, template: &CardTemplate) -> Result<CardPrint> {
        self.face(Some(face), template, &CardPrinter::default(), Purpose::Preview)
    }

    /// Rulers, crosses at [`CROSSES`] and the words of the blank card, moved as the printer is set now.
    ///
    /// # Errors
    /// `CardTemplate` when a mark would leave the card; `Template`, `PageImage` for a fault of the program.
    pub fn card_calibration(&self, template: &CardTemplate, printer: &CardPrinter) -> Result<CardPrint> {
        self.face(None, template, printer, Purpose::Calibration)
    }

    fn face(
        &self,
        face: Option<&CardFace>,
        template: &CardTemplate,
        printer: &CardPrinter,
        purpose: Purpose,
    ) -> Result<CardPrint> {
        let placement = printer.placement.checked()?;
        let ((width, height), (left, top)) = printer.page.millimetres();
        template.stays_on_the_card(&placement, face.is_some())?;
        let mut files = Vec::new();
        let (mut texts, mut fitted) = (Vec::new(), Vec::new());
        let mut boxes = (Value::Null, Value::Null);
        if let Some(face) = face {
            for (name, field) in &template.fields {
                let text = face.text(name).unwrap_or_default();
                let set = fit::fit(self.fonts(), name, field, text)?;
                for (at, line) in set.lines.iter().enumerate() {
                    let shift = match field.align {
                        template::Align::Left => 0.0,
                        template::Align::Center => line.width / 2.0,
                        template::Align::Right => line.width,
                    };
                    texts.push(json!({
                        "x": field.x - shift, "y": field.y + at as f64 * field.leading, "text": line.text,
                        "size": set.size, "weight": field.weight, "mono": field.is_mono(), "grey": 0,
                    }));
                }
                fitted.push(Fitted {
                    field: name.clone(),
                    size: set.size,
                    wanted: field.size,
                    lines: set.lines.len(),
                });
            }
            if let Some(photo) = &face.photo {
                boxes.0 = cropped(photo, &template.photo, &mut files)?;
            }
            if let Some(signature) = &face.signature {
                boxes.1 = contained(signature, &template.signature, &mut files)?;
            }
        }
        let under: Vec<Value> = match purpose {
            Purpose::Card => vec![],
            Purpose::Preview | Purpose::Calibration => template
                .preprinted
                .iter()
                .map(|p| json!({ "x": p.x, "y": p.y, "text": p.text, "size": p.size, "weight": 400, "mono": false, "grey": 110 }))
                .collect(),
        };
        if purpose == Purpose::Calibration {
            texts.push(json!({
                "x": 26.0, "y": 19.0, "size": 5.4, "weight": 600, "mono": false, "grey": 0,
                "text": format!("CETAK UJI, geser {:.2} / {:.2} mm, skala {:.4} / {:.4}", placement.dx_mm, placement.dy_mm, placement.scale_x, placement.scale_y),
            }));
            texts.push(json!({
                "x": 26.0, "y": 31.0, "size": 5.0, "weight": 400, "mono": false, "grey": 0,
                "text": "Ukur dari tepi kartu ke silang kiri atas: 10,00 mm",
            }));
        }
        let mark = match face {
            Some(face) if face.training => json!(template.training),
            _ => Value::Null,
        };
        let data = json!({
            "page": { "w": width, "h": height }, "origin": { "x": left, "y": top }, "fill": true,
            "place": { "dx": placement.dx_mm, "dy": placement.dy_mm, "scale_x": placement.scale_x, "scale_y": placement.scale_y },
            "under": under, "texts": texts, "photo": boxes.0, "signature": boxes.1, "mark": mark,
            "rulers": purpose == Purpose::Calibration, "crosses": CROSSES,
        });
        files.push(("data.json".to_owned(), data.to_string().into_bytes()));
        let rendered = self.set("kartu.typ", files)?;
        Ok(CardPrint {
            png: self.raster(&rendered, printer)?,
            pdf: rendered.pdf,
            pixels: printer.page.pixels(),
            fitted,
        })
    }

    fn raster(&self, rendered: &Rendered, printer: &CardPrinter) -> Result<Vec<u8>> {
        let (width, height) = printer.page.pixels();
        let drawn = self.page_rgb(rendered, DPI)?;
        if (drawn.width(), drawn.height()) != (width, height) {
            return Err(Error::PageImage {
                reason: format!("{} × {} pixels", drawn.width(), drawn.height()),
            });
        }
        let picture = match printer.ink {
            Ink::Colour => DynamicImage::ImageRgb8(drawn),
            Ink::Grey => DynamicImage::ImageLuma8(DynamicImage::ImageRgb8(drawn).into_luma8()),
            Ink::Black => {
                let mut grey = DynamicImage::ImageRgb8(drawn).into_luma8();
                imageops::dither(&mut grey, &imageops::BiLevel);
                DynamicImage::ImageLuma8(grey)
            }
        };
        let mut png = Cursor::new(Vec::new());
        picture
            .write_to(&mut png, image::ImageFormat::Png)
            .map_err(|e| Error::PageImage { reason: e.to_string() })?;
        Ok(png.into_inner())
    }
}

/// Pixels of a box at 300 dpi.
fn dots(mm: f64) -> u32 {
    (mm / 25.4 * DPI).round().max(1.0) as u32
}

/// Hands samples to the typesetter as they are: encoding them here would only have it decode them again.
fn keep(
    (encoding, samples): (&str, Vec<u8>),
    (width, height): (u32, u32),
    name: &str,
    place: &CardBox,
    files: &mut Vec<(String, Vec<u8>)>,
) -> Value {
    files.push((name.to_owned(), samples));
    json!({
        "x": place.x, "y": place.y, "w": place.w, "h": place.h, "file": name,
        "format": { "encoding": encoding, "width": width, "height": height },
    })
}

/// The middle of the picture in the box's proportion, in the printer's own dots.
fn cropped(picture: &Picture, place: &CardBox, files: &mut Vec<(String, Vec<u8>)>) -> Result<Value> {
    let whole = picture.decoded("foto")?;
    let (width, height) = (dots(place.w), dots(place.h));
    let filled = whole.resize_to_fill(width, height, imageops::FilterType::CatmullRom);
    Ok(keep(("rgb8", filled.into_rgb8().into_raw()), (width, height), "foto", place, files))
}

/// The whole signature in its box, its paper cut away to nothing.
fn contained(picture: &Picture, place: &CardBox, files: &mut Vec<(String, Vec<u8>)>) -> Result<Value> {
    let grey = picture.decoded("tanda-tangan")?.to_luma8();
    let (width, height) = (dots(place.w), dots(place.h));
    let small =
        DynamicImage::ImageLuma8(grey).resize(width, height, imageops::FilterType::CatmullRom).to_luma8();
    let mut canvas = GrayImage::from_pixel(width, height, Luma([255]));
    let (x, y) = ((width - small.width()) / 2, (height - small.height()) / 2);
    imageops::replace(&mut canvas, &small, i64::from(x), i64::from(y));
    // Paper is white where the card is; only ink is laid over what is there.
    let inked = image::RgbaImage::from_fn(width, height, |x, y| {
        image::Rgba([0, 0, 0, 255 - canvas.get_pixel(x, y).0[0]])
    });
    Ok(keep(("rgba8", inked.into_raw()), (width, height), "tanda-tangan", place, files))
}
