use crate::error::{Error, Result};
use crate::office::{Office, Paper, Sheet};
use crate::picture::Picture;
use crate::qr;
use crate::sheet::lembar_data_pribadi::LembarDataPribadi;
use crate::tidy::tidy;
use crate::world::{Shop, Table, file_id};
use serde_json::{Value, json};
use std::collections::HashMap;
use typst::foundations::{Bytes, Smart};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use typst_render::RenderOptions;

/// Memoised results of the typesetter are kept for this many papers.
const MEMORY: usize = 10;
/// Sheets from which on a paper's results are let go at once: those of ten parts of a book would fill the memory, and no part is
/// set twice.
const LONG: usize = 20;

/// Makes papers. Loading the fonts takes a few milliseconds, so keep one.
pub struct Press {
    shop: Shop,
}

/// A finished paper.
pub struct Rendered {
    /// The PDF; the same values give the same bytes.
    pub pdf: Vec<u8>,
    /// Number of pages, from 1.
    pub pages: usize,
    document: PagedDocument,
}

impl std::fmt::Debug for Rendered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Rendered({} bytes, {} pages)", self.pdf.len(), self.pages)
    }
}

/// What a sheet hands to the press.
pub(crate) struct Made {
    pub(crate) template: &'static str,
    pub(crate) values: Value,
    pub(crate) pictures: Pictures,
    /// Texts of QR codes, each with the JSON pointer of the object that shows it.
    pub(crate) qrs: Vec<(String, String)>,
    /// Full NIKs of the sheet, which its QR code must not carry.
    pub(crate) niks: Vec<String>,
}

/// Pictures of a sheet under the file names that its values mention.
#[derive(Default)]
pub(crate) struct Pictures {
    files: Vec<(String, Vec<u8>)>,
    /// Places whose bytes nobody has decoded yet, with their files.
    unread: Vec<(&'static str, usize)>,
}

impl Pictures {
    /// Adds a picture; the value is its file name, or null without one.
    pub(crate) fn add(&mut self, place: &'static str, picture: Option<&Picture>) -> Result<Value> {
        let Some(picture) = picture else { return Ok(Value::Null) };
        let (extension, bytes) = picture.file(place)?;
        let name = format!("{place}.{extension}");
        if matches!(picture, Picture::Encoded(_)) {
            self.unread.push((place, self.files.len()));
        }
        self.files.push((name.clone(), bytes));
        Ok(Value::String(name))
    }

    /// The picture that the typesetter could not show, which it does not name. Asked only when it has failed: decoding
    /// every picture beforehand would be done twice.
    fn blamed(&self) -> Option<Error> {
        self.unread.iter().find_map(|(place, at)| {
            let (_, bytes) = self.files.get(*at)?;
            let reason = image::load_from_memory(bytes).err()?.to_string();
            Some(Error::Picture { place, reason })
        })
    }
}

impl Default for Press {
    fn default() -> Self {
        Self::new()
    }
}

impl Press {
    /// Loads templates and fonts, which are built in.
    pub fn new() -> Self {
        Self { shop: Shop::new() }
    }

    /// Sets one paper.
    ///
    /// # Errors
    /// `Picture`, `Qr`, `NikInQr`, `TrainingQr` for values that no paper may carry; `Template`, `PageImage` for a fault of the
    /// program. Permanent: the same paper fails again.
    pub fn render(&self, paper: &Paper) -> Result<Rendered> {
        let mut made = match &paper.sheet {
            Sheet::FormulirPerekaman(sheet) => sheet.make(paper.training)?,
            Sheet::SlipPengembalian(sheet) => sheet.make(&paper.office, paper.training)?,
            Sheet::SlipStatus(sheet) => sheet.make(&paper.office, paper.training)?,
            Sheet::FormulirF102(sheet) => sheet.make()?,
            Sheet::HalamanRegister(sheet) => sheet.make(&paper.office)?,
            Sheet::BukuRegister(sheet) => sheet.make(&paper.office)?,
            Sheet::AmplopPemulihan(sheet) => sheet.make(paper.training)?,
            Sheet::BerkasPermohonan(sheet) => sheet.make(paper.training)?,
            Sheet::TandaPengambilan(sheet) => sheet.make(&paper.office, paper.training)?,
            Sheet::SuratKeterangan(sheet) => sheet.make(&paper.office, paper.training)?,
            Sheet::BeritaAcara(sheet) => sheet.make(&paper.office, paper.training)?,
            Sheet::FotoPemusnahan(sheet) => sheet.make(paper.training)?,
            Sheet::LaporanHarian(sheet) => sheet.make(paper.training)?,
            Sheet::Laporan(sheet) => sheet.make(paper.training)?,
            Sheet::LaporanStok(sheet) => sheet.make(paper.training)?,
            Sheet::LembarDataPribadi(_) => LembarDataPribadi::make(&paper.office)?,
            Sheet::NomorAntrean(sheet) => sheet.make()?,
        };
        // What stands in for an emblem is for previews and practice: no real paper shows it.
        let sketch = paper.draft || paper.training;
        let office = office(&paper.office, sketch, &mut made.pictures)?;
        let niks: Vec<&str> = made.niks.iter().map(String::as_str).collect();
        for (at, (pointer, text)) in made.qrs.iter().enumerate() {
            if qr::carries_nik(text, &niks) {
                return Err(Error::NikInQr);
            }
            let drawn = qr::draw(&marked(text, paper.training)?)?;
            let name = format!("qr-{at}.svg");
            made.pictures.files.push((name.clone(), drawn.svg.into_bytes()));
            if let Some(place) = made.values.pointer_mut(pointer) {
                place["qr_modules"] = Value::from(drawn.modules);
                place["qr"] = Value::from(name);
            }
        }
        let mut data = json!({ "office": office, "training": paper.training, "draft": paper.draft, "printed": paper.printed, "reprint": paper.reprint, "sheet": made.values });
        tidy(&mut data);
        let mut files = made.pictures.files.clone();
        files.push(("data.json".to_owned(), data.to_string().into_bytes()));
        self.set(made.template, files).map_err(|error| made.pictures.blamed().unwrap_or(error))
    }

    /// A kept paper once more, marked on each page as reprint number `n` (from 1) of `printed`
    /// (`23-11-2026 pukul 11.02`). What the paper says is taken over as it is, with its seal.
    ///
    /// # Errors
    /// `PageImage` when the bytes are no PDF; `Template` for a fault of the program.
    pub fn reprint(&self, pdf: &[u8], n: u32, printed: &str) -> Result<Rendered> {
        let pages = crate::page::sizes(pdf.to_vec())?;
        let data = json!({ "pages": pages, "reprint": n, "printed": printed });
        let files = vec![
            ("asli.pdf".to_owned(), pdf.to_vec()),
            ("data.json".to_owned(), data.to_string().into_bytes()),
        ];
        self.set("cetak-ulang.typ", files)
    }

    /// The typefaces, for measuring.
    pub(crate) fn fonts(&self) -> &[typst::text::Font] {
        &self.shop.fonts
    }

    pub(crate) fn set(&self, template: &'static str, files: Vec<(String, Vec<u8>)>) -> Result<Rendered> {
        let fault = |reason: String| Error::Template { template, reason };
        let main = file_id(template).ok_or_else(|| fault("no such template".to_owned()))?;
        let files: HashMap<_, _> = files
            .into_iter()
            .filter_map(|(name, bytes)| Some((file_id(&name)?, Bytes::new(bytes))))
            .collect();
        let table = Table { shop: &self.shop, main, files };
        let first = |errors: &[typst::diag::SourceDiagnostic]| {
            fault(errors.first().map_or_else(String::new, |error| error.message.to_string()))
        };
        let document: PagedDocument = typst::compile(&table).output.map_err(|errors| first(&errors))?;
        let options = PdfOptions {
            creator: Smart::Custom(Some("Rekam".to_owned())),
            ident: Smart::Custom(template.to_owned()),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &options).map_err(|errors| first(&errors))?;
        comemo::evict(if document.pages().len() < LONG { MEMORY } else { 0 });
        Ok(Rendered { pdf, pages: document.pages().len(), document })
    }

    /// The first page as samples on white.
    pub(crate) fn page_rgb(&self, rendered: &Rendered, dpi: f64) -> Result<image::RgbImage> {
        let page = rendered.document.pages().first().ok_or(Error::NoPage { page: 1, pages: 0 })?;
        let options = RenderOptions { pixel_per_pt: (dpi / 72.0).into(), render_bleed: false };
        let drawn = typst_render::render(page, &options);
        let (width, height) = (drawn.width(), drawn.height());
        // The page is filled, so premultiplied samples are the samples.
        let whole = image::RgbaImage::from_raw(width, height, drawn.take());
        whole
            .map(|whole| image::DynamicImage::ImageRgba8(whole).into_rgb8())
            .ok_or_else(|| Error::PageImage { reason: "samples do not fill the page".to_owned() })
    }

    /// One page as PNG for the preview. `page` counts from 1; 96 dpi is true size on a common screen.
    ///
    /// # Errors
    /// `NoPage`; `PageImage` when it cannot be encoded.
    pub fn page_png(&self, rendered: &Rendered, page: usize, dpi: f64) -> Result<Vec<u8>> {
        let pages = rendered.pages;
        let found = page.checked_sub(1).and_then(|index| rendered.document.pages().get(index));
        let found = found.ok_or(Error::NoPage { page, pages })?;
        let options =
            RenderOptions { pixel_per_pt: (dpi.clamp(24.0, 600.0) / 72.0).into(), render_bleed: false };
        typst_render::render(found, &options)
            .encode_png()
            .map_err(|e| Error::PageImage { reason: e.to_string() })
    }
}

fn office(office: &Office, sketch: bool, pictures: &mut Pictures) -> Result<Value> {
    Ok(json!({
        "government": office.government,
        "short": if office.short.is_empty() { &office.office } else { &office.short },
        "place": office.place,
        "office": office.office,
        "address": office.address,
        "emblem": pictures.add("lambang", office.emblem.as_ref())?,
        "sketch": sketch,
        "station_name": office.station_name,
        "station_code": office.station_code,
        "program": office.program,
    }))
}

/// The code of the sheet itself; none for an empty text.
pub(crate) fn codes(text: &str) -> Vec<(String, String)> {
    if text.is_empty() { vec![] } else { vec![(String::new(), text.to_owned())] }
}

/// The text as it stands in the code. A seal knows by itself whether it is training's, and must agree with the paper.
pub(crate) fn marked(text: &str, training: bool) -> Result<String> {
    if let Ok(sealed) = domain::seal::decode(text) {
        return if sealed.seal.training == training { Ok(text.to_owned()) } else { Err(Error::TrainingQr) };
    }
    Ok(if training { format!("LATIHAN:{text}") } else { text.to_owned() })
}

/// Numbers of training papers begin with `L-`.
pub(crate) fn number(number: &str, training: bool) -> String {
    if training && !number.starts_with("L-") { format!("L-{number}") } else { number.to_owned() }
}
