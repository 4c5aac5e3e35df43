//! The page by which others check the codes of papers, saved from the window.

use packet::seal::SealKey;
use station::Error;

use crate::bench::Bench;
use crate::printing::sits;

#[test]
fn the_page_that_checks_codes_is_saved_by_a_supervisor_with_the_stations_own_certificate_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().to_string_lossy().into_owned();
    let bench = Bench::before_step_4(|_, config| config.station.save_folders = vec![named.clone()]);
    let station = &bench.station;
    let foreign = station.save_qr_page(&named);
    assert!(matches!(foreign, Err(Error::NotAllowed { .. })), "not an operator's to give out: {foreign:?}");
    sits(&bench, "hendra");
    let elsewhere = station.save_qr_page("/tmp");
    assert!(matches!(elsewhere, Err(Error::Invalid { .. })), "nowhere else: {elsewhere:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "and nothing was written");

    let first = station.save_qr_page(&named).unwrap().path;
    assert!(first.ends_with("latihan-periksa-qr.html"), "named, and marked as training: {first}");
    let html = std::fs::read_to_string(&first).unwrap();
    let planted = html.split_once("id=\"kunci-tanam\">").unwrap().1.split_once("</script>").unwrap().0;
    let keys: Vec<String> = serde_json::from_str(planted).unwrap();
    assert_eq!(keys, station.certificates().unwrap(), "this station's certificates and no other");
    SealKey::from_pem(keys[0].as_bytes()).expect("which the page can read");
    let second = station.save_qr_page(&named).unwrap().path;
    assert_ne!(second, first, "what stands there is left as it is");
    assert_eq!(std::fs::read_to_string(&first).unwrap(), html);
}
