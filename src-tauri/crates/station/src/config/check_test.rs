use super::*;
use crate::config::{Config, ConfigError, DOCUMENTED};

fn wrong_in(text: &str) -> Vec<WrongSetting> {
    match Config::parse(text) {
        Err(ConfigError::Wrong(wrong)) => wrong,
        Ok(_) => Vec::new(),
        Err(other) => panic!("{text}: {other}"),
    }
}

/// Keys of what cannot be used.
fn keys_in(text: &str) -> Vec<String> {
    wrong_in(text).into_iter().map(|wrong| wrong.key).collect()
}

#[test]
fn every_setting_of_the_shipped_file_has_its_rule_and_no_other_has_one() {
    let shipped: Table = DOCUMENTED.parse().unwrap();
    let sections = shipped.iter().flat_map(|(section, keys)| {
        keys.as_table().unwrap().keys().map(move |key| format!("{section}.{key}"))
    });
    let mut shipped: Vec<String> = sections.collect();
    let mut ruled: Vec<String> =
        SETTINGS.iter().map(|(section, key, _)| format!("{section}.{key}")).collect();
    shipped.sort();
    ruled.sort();
    assert_eq!(ruled, shipped);
}

#[test]
fn what_is_shipped_can_be_used_and_says_the_cores_own_numbers() {
    let config = Config::default();
    config.check().unwrap();
    assert_eq!(config.queue.expire_days, domain::permohonan::Rules::default().expiry_days);
    assert_eq!(config.cards.finger_tries, domain::permohonan::Rules::default().handover_tries);
    assert_eq!(config.portrait, biometrics::portrait::Thresholds::default());
    assert_eq!(config.crop, biometrics::portrait::CropRule::default());
    assert_eq!(config.iris, biometrics::iris::IrisLimits::default());
    assert_eq!(config.chip_rule(), domain::capture::ChipRule::default());
    let limits = domain::capture::Thresholds::default();
    assert_eq!(config.capture.portrait_score, limits.portrait);
    assert_eq!(config.capture.finger_score, limits.finger);
    assert_eq!(config.capture.attempts, limits.tries);
    assert_eq!(config.capture.rematch_score, limits.rematch_score);
}

#[test]
fn a_value_of_a_wrong_kind_is_refused_for_every_setting() {
    for (section, key, _) in SETTINGS {
        for odd in ["2026-11-29", "[[1]]"] {
            let keys = keys_in(&format!("[{section}]\n{key} = {odd}\n"));
            let own = format!("{section}.{key}");
            assert!(keys.contains(&own), "{own} = {odd}: {keys:?}");
        }
    }
}

#[test]
fn a_value_that_would_have_been_replaced_is_refused_by_its_name() {
    for (section, setting) in [
        ("devices", r#"signature_model = "siglit""#),
        ("devices", r#"signature_model = """#),
        ("devices", "sbi_port_from = -1"),
        ("devices", "sbi_port_from = 70000"),
        ("devices", "sbi_extra_ports = [0]"),
        ("devices", "sbi_extra_ports = [4700, 4700]"),
        ("devices", "sbi_extra_ports = [70000]"),
        ("devices", r#"sbi_trust = "/tidak/ada.pem""#),
        ("devices", r#"sbi_environment = "production""#),
        ("devices", r#"camera_url = "https://10.0.0.5/video""#),
        ("devices", r#"camera_url = "http://budi:rahasia@10.0.0.5/video""#),
        ("devices", r#"finger_verifier_port = "ttyUSB0""#),
        ("devices", "finger_verifier_baud = 57601"),
        ("devices", r#"signature_port = "usb:0403""#),
        ("devices", r#"printer_url = "loket""#),
        ("devices", r#"card_printer = "mesin ketik""#),
        ("devices", r#"card_printer_encoder = "contact""#),
        ("devices", r#"card_printer_ribbon = "YMCKO""#),
        ("devices", r#"slip_printer = "192.168.1.50:0""#),
        ("devices", "slip_printer_baud = 0"),
        ("office", r#"time_zone = "Asia/Singapore""#),
        ("office", r#"regency_code = "18.13""#),
        ("office", r#"name = " ""#),
        ("lock", "idle_seconds = 121"),
        ("lock", "idle_seconds = 9"),
        ("lock", "offline_lease_days = 0"),
        ("disk", "ballast_mb = 0"),
        ("capture", "finger_score = 0"),
        ("capture", "finger_score = 300"),
        ("capture", "rematch_score = 0"),
        ("capture", "attempts = 0"),
        ("capture", "timeout_seconds = 0"),
        ("capture", "chip_fingers = []"),
        ("capture", r#"chip_fingers = ["index", "index"]"#),
        ("capture", r#"chip_fingers = ["telunjuk"]"#),
        ("crop", "head_share = 4.0"),
        ("sync", r#"centre = "http://pusat.example""#),
        ("sync", r#"proxy = "proksi:3128""#),
        ("sync", "keep_days = 0"),
        ("cards", r#"chip_profile = "ktpel""#),
        ("cards", "finger_tries = 5"),
        ("queue", "expire_days = 6"),
        ("logs", r#"level = "keras""#),
        ("logs", "keep_days = 1"),
        ("station", r#"save_folders = ["kantor"]"#),
    ] {
        let own = format!("{section}.{}", setting.split(' ').next().unwrap());
        let keys = keys_in(&format!("[{section}]\n{setting}\n"));
        assert!(keys.contains(&own), "{setting}: {keys:?}");
    }
}

#[test]
fn a_setting_that_needs_another_one_is_held_beside_it() {
    let refused = |text: &str| keys_in(&format!("[devices]\n{text}\n"));
    assert_eq!(refused("sbi_port_from = 4601"), ["devices.sbi_port_to"], "the range ends before it begins");
    assert_eq!(refused("sbi_port_to = 9000"), ["devices.sbi_port_to"], "each port is asked, every time");
    assert!(refused("sbi_port_from = 0\nsbi_port_to = 0").is_empty(), "no range at all is said so");
    assert!(refused("card_printer = \"evolis\"").is_empty());
    let address = ["devices.card_printer_address"];
    assert_eq!(refused("card_printer = \"ipp\""), address, "the address that is shipped is no printer's");
    assert_eq!(refused("card_printer = \"folder\"\ncard_printer_address = \"kartu\""), address);
    assert_eq!(refused("card_printer = \"evolis\"\ncard_printer_name = \"\""), ["devices.card_printer_name"]);
    let encoder = "card_printer_encoder = \"contactless\"";
    assert_eq!(
        refused(&format!("card_printer = \"evolis\"\n{encoder}")),
        ["devices.card_printer_reader"],
        "a wrong reader could be written on"
    );
    let limits = |text: &str| keys_in(&format!("[portrait]\n{text}\n"));
    assert_eq!(limits("head_min = 0.9"), ["portrait.head_max"], "no head would ever be good");
}

#[test]
fn a_file_of_device_makers_without_a_certificate_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("penyedia.pem");
    std::fs::write(&path, "tidak ada sertifikat di sini").unwrap();
    let keys = keys_in(&format!("[devices]\nsbi_trust = \"{}\"\n", path.display()));
    assert_eq!(keys, ["devices.sbi_trust"], "every scan would be refused without a word");
}

#[test]
fn a_refusal_names_the_setting_what_stands_there_and_what_may_without_a_password() {
    let wrong =
        wrong_in("[devices]\nsignature_model = \"siglit\"\n[sync]\nproxy = \"budi:rahasia@proksi\"\n");
    let told: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    assert!(told[0].starts_with("devices.signature_model = \"siglit\" (allowed: one_of) words \"siglite\","));
    assert_eq!(told[1], "sync.proxy = \"…@proksi\" (allowed: proxy)");
    let unknown = wrong_in("[capture]\nfinger_scor = 5\n[kapture]\nattempts = 5\n");
    let keys: Vec<&str> = unknown.iter().map(|wrong| wrong.key.as_str()).collect();
    assert_eq!(keys, ["capture.finger_scor", "kapture"], "a typo must not pass silently");
    assert!(unknown.iter().all(|wrong| wrong.allowed == Allowed::Unknown));
}

#[test]
fn a_file_that_is_no_toml_says_the_line_and_not_what_stands_on_it() {
    let error = Config::parse("[sync]\nproxy = \"http://budi:rahasia@proksi:3128\n").unwrap_err().to_string();
    assert!(error.contains("line 2"), "{error}");
    assert!(!error.contains("rahasia"), "{error}");
}

#[test]
fn settings_that_name_another_data_folder_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rekam.toml");
    let write = |folder: &Path| {
        std::fs::write(&path, format!("[station]\ndata_dir = \"{}\"\n", folder.display())).unwrap();
        Config::load(&path)
    };
    write(dir.path()).unwrap();
    let other = tempfile::tempdir().unwrap();
    let Err(ConfigError::Wrong(wrong)) = write(other.path()) else { panic!("it would be passed over") };
    assert_eq!((wrong[0].key.as_str(), wrong[0].allowed), ("station.data_dir", Allowed::OwnFolder));
}

#[test]
fn the_chip_takes_the_fingers_in_the_order_of_the_settings() {
    let config = Config::parse("[capture]\nchip_fingers = [\"thumb\", \"little\"]\n").unwrap();
    let rule = config.chip_rule();
    assert_eq!(rule.right, [Finger::RightThumb, Finger::RightLittle]);
    assert_eq!(rule.left, [Finger::LeftThumb, Finger::LeftLittle]);
}

#[test]
fn every_rule_has_its_sentence_in_both_languages() {
    let rules = SETTINGS.iter().map(|(_, _, allowed)| *allowed).chain([Allowed::Unknown]);
    for allowed in rules {
        crate::words::assert_worded(&format!("allowed.{}", allowed.key()));
    }
}
