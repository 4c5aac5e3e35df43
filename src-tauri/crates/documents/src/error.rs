/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a paper could not be made. Holds no personal data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A picture is neither PNG nor JPEG, cannot be read, or is larger than 50 megapixels.
    #[error("picture for {place} refused: {reason}")]
    Picture {
        /// Where it belongs on the paper.
        place: &'static str,
        /// What was found.
        reason: String,
    },
    /// The text is too long for a QR code of level M.
    #[error("QR code refused: {reason}")]
    Qr {
        /// What was found.
        reason: String,
    },
    /// A QR code would carry a NIK, which no paper may.
    #[error("a QR code must not carry a NIK")]
    NikInQr,
    /// A seal of training on a real paper, or a real one on a training paper.
    #[error("seal and paper disagree about training")]
    TrainingQr,
    /// The office's wording cannot be used.
    #[error("wording refused: {reason}")]
    Wording {
        /// What was found.
        reason: String,
    },
    /// A text does not fit its box on the card.
    #[error("card field {field}: {reason}")]
    CardField {
        /// Name in the template.
        field: String,
        /// What was found.
        reason: &'static str,
    },
    /// A card template, or a printer's placement, that cannot be used.
    #[error("card template: {reason}")]
    CardTemplate {
        /// What was found.
        reason: String,
    },
    /// This paper has no form for the 80 mm roll.
    #[error("this paper is not made for the roll")]
    NoRoll,
    /// The template did not compile; a fault of the program.
    #[error("template {template}: {reason}")]
    Template {
        /// File name under `assets/print`.
        template: &'static str,
        /// First message of the typesetter.
        reason: String,
    },
    /// A page number that the paper does not have.
    #[error("page {page} of {pages}")]
    NoPage {
        /// Page asked for, from 1.
        page: usize,
        /// Pages there are.
        pages: usize,
    },
    /// A page picture could not be encoded.
    #[error("page picture: {reason}")]
    PageImage {
        /// What was found.
        reason: String,
    },
}
