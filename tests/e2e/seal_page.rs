//! The page that checks a paper's code without network, as another office or a bank opens it: a file, in a browser.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use domain::seal::{Checksum, Kind, Seal};
use packet::pki::{Authority, Identity, Role, Validity};
use serde_json::json;

use crate::webdriver::{Window, key};

/// WebKit's own plain browser; the driver drives only one that is told so.
fn browser(folder: &Path) -> PathBuf {
    let libraries = std::fs::read_dir("/usr/lib").unwrap().flatten().map(|entry| entry.path());
    let mut found =
        libraries.map(|path| path.join("webkit2gtk-4.1/MiniBrowser")).filter(|path| path.is_file());
    let browser = found.next().expect("it comes with WebKit, which scripts/setup installs");
    let script = folder.join("browser");
    std::fs::write(&script, format!("#!/bin/sh\nexec '{}' --automation \"$@\"\n", browser.display()))
        .unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    script
}

fn slip(station: &Identity, issued: jiff::civil::Date) -> String {
    let kind = Kind::TandaPengambilan;
    let checksum = Checksum::of(kind, &["SITI RAHMAWATI", "1804015403089002"]).unwrap();
    let number = "TP/18.13/2026/00042".into();
    let seal = Seal { kind, number, issued, until: None, training: false, checksum };
    packet::seal::sign(&seal, station).unwrap()
}

/// Types `text` into a field, as pasting does, and presses Enter.
fn check(window: &Window, text: &str) {
    window.script(
        "const k = document.getElementById('kode'); k.focus(); k.value = arguments[0];",
        json!([text]),
    );
    window.keys(key::ENTER);
}

/// Waits for a verdict of this look and answers its words.
fn verdict(window: &Window, look: &str) -> String {
    window.wait(look, &format!("document.querySelector('#hasil .putusan.{look}')"));
    let words = window.script("return document.getElementById('hasil').innerText", json!([]));
    words.as_str().unwrap().to_owned()
}

#[test]
fn the_page_for_others_tells_a_good_code_from_an_altered_one_by_the_key_of_a_file_and_without_network() {
    let now = jiff::Timestamp::now();
    let since = now - jiff::SignedDuration::from_hours(72);
    let authority = Authority::new("Otoritas uji", false, Validity::days(since, 3650)).unwrap();
    let issue = |role, name| authority.issue_identity(role, name, Validity::days(since, 365)).unwrap();
    let (station, operator) = (issue(Role::Station, "18.13-02"), issue(Role::Operator, "dewi"));
    let pem = |of: &Identity| String::from_utf8(of.certificate_ref().to_pem().unwrap()).unwrap();
    let code = slip(&station, now.to_zoned(jiff::tz::TimeZone::UTC).date());

    let folder = tempfile::tempdir().unwrap();
    let window = Window::open(&browser(folder.path()), &[]);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/print/periksa-qr.html");
    window.go(&format!("file://{}", page.display()));
    window.wait("the page", "document.querySelector('#daftar p')");

    check(&window, &code);
    let unknown = verdict(&window, "ragu");
    assert!(unknown.contains("Belum bisa diperiksa"), "without a key nothing is claimed: {unknown}");

    let open = |pem: &str| {
        let script = "const b = document.getElementById('berkas'), d = new DataTransfer();
            d.items.add(new File([arguments[0]], 'stasiun.pem')); b.files = d.files;
            b.dispatchEvent(new Event('change', { bubbles: true }));";
        window.script(script, json!([pem]));
    };
    open(&pem(&operator));
    window
        .wait("the refusal", "document.getElementById('salah').textContent.includes('bukan milik stasiun')");
    open(&pem(&station));
    window.wait("the key of the file", "document.querySelector('#daftar li b')?.textContent === '18.13-02'");

    check(&window, &code);
    let good = verdict(&window, "asli");
    for word in ["Segel asli", "Tanda Pengambilan KTP-el", "TP/18.13/2026/00042", "18.13-02"] {
        assert!(good.contains(word), "{word}: {good}");
    }
    window.picture(&Path::new("target/e2e").join("periksa-qr-asli.png"));
    window.script(
        "document.getElementById('isi-nama').value = 'Siti Rahmawati';
         document.getElementById('isi-nik').value = '180401 9002';
         document.getElementById('isi-nik').focus();",
        json!([]),
    );
    window.keys(key::ENTER);
    window.wait("the content compared", "document.querySelector('#hasil .cocok.asli')");

    let at = code.len() - 40;
    let other = if code.as_bytes()[at] == b'A' { "B" } else { "A" };
    let altered = [&code[..at], other, &code[at + 1..]].concat();
    check(&window, &altered);
    let bad = verdict(&window, "buruk");
    assert!(bad.contains("Tidak asli") && bad.contains("Jangan diterima"), "{bad}");
    assert!(!bad.contains("TP/18.13/2026/00042"), "nothing of what it claims is shown: {bad}");
    window.picture(&Path::new("target/e2e").join("periksa-qr-diubah.png"));

    let asked = window.script("return performance.getEntriesByType('resource').length", json!([]));
    assert_eq!(asked, 0, "the page has asked nobody");
}
