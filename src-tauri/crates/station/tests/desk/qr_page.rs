//! The page by which others check the codes of papers, saved from the window.

use std::path::Path;
use std::process::Command;

use packet::seal::SealKey;
use station::Error;

use crate::bench::Bench;
use crate::printing::sits;
use crate::reports::{asked, codes};
use crate::slips::another_key;

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

/// What the saved page says of a code, by its own lines under node and the keys that are planted in it.
fn verdict(page: &Path, code: &str) -> String {
    const DRIVER: &str = r#"
const html = require('fs').readFileSync(process.argv[1], 'utf8');
const part = (id) => new RegExp(`<script[^>]*id="${id}"[^>]*>([\\s\\S]*?)</script>`).exec(html)[1];
require('vm').runInThisContext(part('inti'));
const R = globalThis.RekamSegel;
(async () => {
  const keys = await Promise.all(JSON.parse(part('kunci-tanam')).map((pem) => R.bacaKunci(pem)));
  process.stdout.write((await R.periksa(process.argv[2], keys, new Date().toISOString().slice(0, 10))).putusan);
})();
"#;
    let said = Command::new("node").args(["-e", DRIVER]).arg(page).arg(code).output().expect("node runs");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}

#[test]
fn a_page_that_is_saved_after_a_renewal_believes_what_was_sealed_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().to_string_lossy().into_owned();
    let bench = Bench::before_step_4(|_, config| config.station.save_folders = vec![named.clone()]);
    let day = bench.station.register(&asked("")).unwrap().period.to;
    let code = || {
        let paper = bench.station.register_print_day(&day).unwrap().parts.remove(0).document;
        codes(&bench, &paper.document_id).remove(0)
    };
    let before = code();
    another_key(&bench);
    sits(&bench, "hendra");
    let after = code();
    let page = bench.station.save_qr_page(&named).unwrap().path;
    let said = [&before, &after].map(|code| verdict(Path::new(&page), code));
    assert_eq!(said, ["latihan", "latihan"], "training papers both, each under its own key");
    let stranger =
        crate::slips::foreign_seal(domain::seal::Kind::TandaPengambilan, "TP-26-00001", &["X", "1"]);
    assert_eq!(verdict(Path::new(&page), &stranger), "kunci_lain", "and no other key is believed");
}
