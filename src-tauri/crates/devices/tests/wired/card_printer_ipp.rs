//! Card faces over IPP against ippeveprinter with CR80 media; what it spooled is decoded by cups-filters and poppler.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use devices::driver::card_printer::ipp::IppCardPrinter;
use devices::driver::card_printer::{CardFate, CardRaster, CardReason, Doubt, JobId, JobState};
use devices::{Budget, CardPrinter, Device, Fact, FactKey, Fault};

use crate::card_printer::{face, job};
use crate::printer::{Eve, eve_with};

const LONG: Duration = Duration::from_secs(120);
/// What the printer is given to tell of itself.
const FIRMWARE: &str = "2.14.1";

/// A card printer of these formats that takes one page: x × y hundredths of a millimetre.
fn start(formats: &str, command: Option<&str>, dir: &Path, page: (u32, u32)) -> Eve {
    eve_with(formats, command, Some(&attributes(dir, formats, page)))
}

fn attributes(dir: &Path, formats: &str, (x, y): (u32, u32)) -> PathBuf {
    let size = format!("{{ MEMBER integer x-dimension {x} MEMBER integer y-dimension {y} }}");
    let name = "custom_cr80_53.98x85.6mm";
    let col = format!("{{ MEMBER collection media-size {size} MEMBER keyword media-size-name {name} }}");
    let text = format!(
        "ATTR keyword media-supported {name}\nATTR keyword media-default {name}\nATTR keyword media-ready {name}\n\
         ATTR collection media-size-supported {size}\nATTR collection media-col-database {col}\n\
         ATTR collection media-col-default {col}\nATTR collection media-col-ready {col}\n\
         ATTR mimeMediaType document-format-supported {formats}\n\
         ATTR resolution pwg-raster-document-resolution-supported 300dpi\n\
         ATTR keyword pwg-raster-document-type-supported srgb_8\n\
         ATTR text printer-firmware-string-version {FIRMWARE}\n"
    );
    let path = dir.join("cr80.conf");
    std::fs::write(&path, text).unwrap();
    path
}

fn printer(eve: &Eve) -> IppCardPrinter {
    IppCardPrinter::new(&format!("ipp://localhost:{}/ipp/print", eve.port)).unwrap()
}

fn spooled(eve: &Eve) -> Vec<PathBuf> {
    std::fs::read_dir(eve.spool.path()).unwrap().map(|f| f.unwrap().path()).collect()
}

const ALL: &str = "application/pdf,image/pwg-raster,image/png,image/jpeg";

#[test]
fn a_face_is_printed_upright_on_exact_media_and_decoded_by_others_pixel_for_pixel() {
    let conf = tempfile::tempdir().unwrap();
    let eve = start(ALL, None, conf.path(), (5398, 8560));
    let printer = printer(&eve);
    assert_eq!(printer.print(&job("ipp-1"), &Budget::of(LONG)), Ok(JobState::Printed), "state 9 was seen");
    assert_eq!(
        printer.print(&job("ipp-1"), &Budget::of(LONG)),
        Ok(JobState::Printed),
        "the first one's state"
    );
    let files = spooled(&eve);
    assert_eq!(files.len(), 1, "one job: {files:?}");
    let pdf = Command::new("/usr/lib/cups/filter/rastertopdf")
        .args(["1", "uji", "uji", "1", ""])
        .arg(&files[0])
        .env("CONTENT_TYPE", "image/pwg-raster")
        .env("FINAL_CONTENT_TYPE", "application/pdf")
        .env_remove("PPD")
        .output()
        .expect("rastertopdf is installed (Debian: cups-filters)");
    assert!(pdf.status.success(), "{}", String::from_utf8_lossy(&pdf.stderr));
    let path = conf.path().join("card.pdf");
    std::fs::write(&path, &pdf.stdout).unwrap();
    let made = Command::new("pdfimages")
        .arg("-png")
        .arg(&path)
        .arg(conf.path().join("page"))
        .status()
        .expect("pdfimages is installed (Debian: poppler-utils)");
    assert!(made.success(), "the PDF has its picture");
    let page = image::open(conf.path().join("page-000.png")).unwrap().to_rgb8();
    assert_eq!(
        (page.width(), page.height()),
        (CardRaster::HEIGHT, CardRaster::WIDTH),
        "638 x 1011, unscaled"
    );
    assert!(page.into_raw() == face().turned(), "every pixel");
    // A program that was started anew finds the job by its name.
    let again = self::printer(&eve);
    assert_eq!(
        again.print(&job("ipp-1"), &Budget::of(LONG)),
        Ok(JobState::Printed),
        "found, not printed again"
    );
    assert_eq!(spooled(&eve).len(), 1);
}

#[test]
fn a_printer_that_lays_the_card_lengthwise_gets_it_so_in_the_form_it_names() {
    let conf = tempfile::tempdir().unwrap();
    let eve = start("application/pdf,image/png", None, conf.path(), (8560, 5398));
    assert_eq!(printer(&eve).print(&job("png-1"), &Budget::of(LONG)), Ok(JobState::Printed));
    let png = std::fs::read(&spooled(&eve)[0]).unwrap();
    assert_eq!(CardRaster::from_png(&png), Ok(face()), "lossless and not turned");
}

#[test]
fn a_printer_without_card_media_or_a_picture_form_is_refused_by_name() {
    let conf = tempfile::tempdir().unwrap();
    let eve = start("application/pdf,image/png", None, conf.path(), (21000, 29700));
    let fault = printer(&eve).print(&job("a4"), &Budget::of(LONG)).expect_err("no such page").fault();
    assert_eq!(fault, Fault::Unsupported { what: "media 53.98 x 85.60 mm".into() }, "never scaled to A4");
    let eve = start("application/pdf", None, conf.path(), (5398, 8560));
    let fault = printer(&eve).print(&job("pdf"), &Budget::of(LONG)).expect_err("no form").fault();
    assert!(matches!(fault, Fault::Unsupported { .. }), "{fault:?}");
    assert_eq!(spooled(&eve).len(), 0, "nothing was sent");
}

#[test]
fn a_card_printer_that_fails_has_not_printed_and_one_that_is_gone_is_absent() {
    let conf = tempfile::tempdir().unwrap();
    let eve = start(ALL, Some("/bin/false"), conf.path(), (5398, 8560));
    let printer = printer(&eve);
    let state = printer.print(&job("bad"), &Budget::of(LONG));
    assert!(matches!(state, Ok(JobState::Failed { card: CardFate::Unsure, .. })), "{state:?}");
    printer.test(&Budget::of(LONG)).expect("it still answers");
    let unknown = printer.poll(&JobId::parse("other").unwrap(), &Budget::of(LONG));
    assert_eq!(unknown, Ok(JobState::Unknown { doubt: Doubt::Forgotten }));
    drop(eve);
    let gone = printer.print(&job("gone"), &Budget::of(LONG)).expect_err("nobody there");
    assert_eq!(gone.fault(), Fault::Absent);
}

#[test]
fn what_the_printer_only_warns_of_is_told_and_prints_all_the_same() {
    let conf = tempfile::tempdir().unwrap();
    // The program that takes the job tells the printer's state, as a driver does.
    let command = conf.path().join("warns");
    std::fs::write(
        &command,
        "#!/bin/sh\necho 'STATE: +marker-supply-low,media-low,marker-waste-almost-full' >&2\n",
    )
    .unwrap();
    std::fs::set_permissions(&command, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let eve = start(ALL, command.to_str(), conf.path(), (5398, 8560));
    let printer = printer(&eve);
    assert_eq!(printer.print(&job("warned"), &Budget::of(LONG)), Ok(JobState::Printed));
    let mut status = printer.status(&Budget::of(LONG)).expect("it answers");
    assert_eq!(printer.info().firmware.as_deref(), Some(FIRMWARE), "as it tells it");
    status.warnings.sort_unstable();
    assert_eq!(status.hindrances, Vec::<CardReason>::new(), "{:?}", status.words);
    assert_eq!(
        status.warnings,
        [CardReason::RibbonLow, CardReason::FeederLow, CardReason::Other],
        "{:?}",
        status.words
    );
    assert!(
        printer.info().notes.contains(&Fact::new(FactKey::Reason, "feeder_low")),
        "what it says stands with the device: {:?}",
        printer.info().notes
    );
    assert_eq!(printer.print(&job("next"), &Budget::of(LONG)), Ok(JobState::Printed), "in nobody's way");
}

#[test]
fn a_printer_is_told_from_another_of_its_model_by_its_own_number_and_a_queue_has_none_of_a_printer() {
    let conf = tempfile::tempdir().unwrap();
    let unit = |file: &Path| {
        let eve = eve_with(ALL, None, Some(file));
        let printer = printer(&eve);
        assert_eq!(printer.unit(), None, "it has said nothing yet");
        printer.status(&Budget::of(LONG)).unwrap();
        printer.unit()
    };
    let plain = attributes(conf.path(), ALL, (5398, 8560));
    let (first, spare) = (unit(&plain), unit(&plain));
    assert!(first.as_ref().is_some_and(|uuid| uuid.starts_with("urn:uuid:")), "{first:?}");
    assert_ne!(first, spare, "two printers of one kind");
    let queue = std::fs::read_to_string(&plain).unwrap() + "ATTR text cups-version 2.4.2\n";
    std::fs::write(&plain, queue).unwrap();
    assert_eq!(unit(&plain), None, "the number of a queue says nothing of what stands behind it");
}
