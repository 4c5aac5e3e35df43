//! The typesetter's view of the world: our templates, our fonts, one paper's values. Nothing else exists.

use std::collections::HashMap;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

const FONTS: [&[u8]; 6] = [
    include_bytes!("../../../../assets/fonts/PlusJakartaSans_400Regular.ttf"),
    include_bytes!("../../../../assets/fonts/PlusJakartaSans_600SemiBold.ttf"),
    include_bytes!("../../../../assets/fonts/PlusJakartaSans_700Bold.ttf"),
    include_bytes!("../../../../assets/fonts/PlusJakartaSans_800ExtraBold.ttf"),
    include_bytes!("../../../../assets/fonts/IBMPlexMono_500Medium.ttf"),
    include_bytes!("../../../../assets/fonts/IBMPlexMono_600SemiBold.ttf"),
];

const TEMPLATES: [(&str, &str); 19] = [
    ("kertas.typ", include_str!("../../../../assets/print/kertas.typ")),
    ("formulir-perekaman.typ", include_str!("../../../../assets/print/formulir-perekaman.typ")),
    ("slip-pengembalian.typ", include_str!("../../../../assets/print/slip-pengembalian.typ")),
    ("slip-status.typ", include_str!("../../../../assets/print/slip-status.typ")),
    ("f-1-02.typ", include_str!("../../../../assets/print/f-1-02.typ")),
    ("halaman-register.typ", include_str!("../../../../assets/print/halaman-register.typ")),
    ("amplop-pemulihan.typ", include_str!("../../../../assets/print/amplop-pemulihan.typ")),
    ("berkas-permohonan.typ", include_str!("../../../../assets/print/berkas-permohonan.typ")),
    ("tanda-pengambilan.typ", include_str!("../../../../assets/print/tanda-pengambilan.typ")),
    ("surat-keterangan.typ", include_str!("../../../../assets/print/surat-keterangan.typ")),
    ("laporan.typ", include_str!("../../../../assets/print/laporan.typ")),
    ("cetak-ulang.typ", include_str!("../../../../assets/print/cetak-ulang.typ")),
    ("berita-acara.typ", include_str!("../../../../assets/print/berita-acara.typ")),
    ("foto-pemusnahan.typ", include_str!("../../../../assets/print/foto-pemusnahan.typ")),
    ("laporan-harian.typ", include_str!("../../../../assets/print/laporan-harian.typ")),
    ("laporan-stok.typ", include_str!("../../../../assets/print/laporan-stok.typ")),
    ("lembar-data-pribadi.typ", include_str!("../../../../assets/print/lembar-data-pribadi.typ")),
    ("kartu.typ", include_str!("../../../../assets/print/kartu.typ")),
    ("nomor-antrean.typ", include_str!("../../../../assets/print/nomor-antrean.typ")),
];

/// What all papers share; made once.
pub(crate) struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
    sources: HashMap<FileId, Source>,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let fonts: Vec<Font> = FONTS.iter().flat_map(|data| Font::iter(Bytes::new(*data))).collect();
        let sources = TEMPLATES
            .iter()
            .filter_map(|(name, text)| {
                let id = file_id(name)?;
                Some((id, Source::new(id, (*text).to_owned())))
            })
            .collect();
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources,
        }
    }
}

/// One paper on the table.
pub(crate) struct Table<'a> {
    pub(crate) shop: &'a Shop,
    pub(crate) main: FileId,
    pub(crate) files: HashMap<FileId, Bytes>,
}

pub(crate) fn file_id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(name).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Table<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.shop.sources.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(&id).cloned().ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.get(index).cloned()
    }

    /// No clock: dates are values of the paper.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}
