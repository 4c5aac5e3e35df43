//! Which reader is meant. A name ends in ` NN SS`: a number of today and a slot that stays.

use crate::error::Fault;

/// Code of the refusal where two readers could be meant.
pub const WHICH_READER: &str = "kartu.pilih_pembaca";

/// A name without today's number: (stem, slot).
pub fn stem(name: &str) -> (&str, Option<&str>) {
    let mut parts = name.rsplitn(3, ' ');
    let hex = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    match (parts.next(), parts.next(), parts.next()) {
        (Some(slot), Some(number), Some(stem)) if hex(slot) && hex(number) => (stem, Some(slot)),
        _ => (name, None),
    }
}

/// Whether a name of another day is that of the same reader: stem and slot, or the stem alone where no slot was said.
fn is_same(wanted: &str, name: &str) -> bool {
    let ((want_stem, want_slot), (stem, slot)) = (stem(wanted), stem(name));
    stem == want_stem && (want_slot.is_none() || slot == want_slot)
}

/// The readers that a setting can mean: the one of that whole name, else those of its stem and slot, else those whose name
/// holds it. An empty one can mean each of them.
pub fn meant<'a>(setting: &str, names: &'a [String]) -> Vec<&'a str> {
    let ways: [&dyn Fn(&str) -> bool; 3] =
        [&|name| name == setting, &|name| is_same(setting, name), &|name| name.contains(setting)];
    let of = |fits: &dyn Fn(&str) -> bool| -> Vec<&'a str> {
        names.iter().map(String::as_str).filter(|&name| fits(name)).collect()
    };
    ways.into_iter().map(of).find(|found| !found.is_empty()).unwrap_or_default()
}

/// As [`meant`], where the wrong reader must never be meant: a setting with a number is not that of another number, as a twin
/// of the reader has the same stem and slot.
pub fn meant_as_numbered<'a>(setting: &str, names: &'a [String]) -> Vec<&'a str> {
    let mut found = meant(setting, names);
    if stem(setting).1.is_some() {
        found.retain(|name| name.contains(setting));
    }
    found
}

/// Whether a person has to say which of several readers is meant.
pub fn is_unclear(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused { code, .. } if code == WHICH_READER)
}

/// Finds the wanted reader among `names`: by its whole name, else by stem and slot if only one fits.
///
/// Without a wish the only reader is taken. Where two could be meant none is: the operator chooses.
///
/// # Errors
/// [`Fault::Absent`] when none fits; [`Fault::Refused`] when more than one does: a person chooses.
pub fn choose<'a>(wanted: Option<&str>, names: &'a [String]) -> Result<&'a str, Fault> {
    let fitting: Vec<&String> = match wanted {
        None => names.iter().collect(),
        Some(wanted) => match names.iter().find(|name| *name == wanted) {
            Some(name) => return Ok(name),
            None => names.iter().filter(|name| is_same(wanted, name)).collect(),
        },
    };
    match fitting.as_slice() {
        [] => Err(Fault::Absent),
        [only] => Ok(only),
        several => Err(Fault::Refused {
            code: WHICH_READER.to_owned(),
            info: several.iter().map(|s| s.as_str()).collect::<Vec<_>>().join(", "),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn of_two_readers_none_is_taken_silently() {
        let two = names(&["Virtual PCD 00 00", "Virtual PCD 00 01"]);
        assert!(matches!(choose(None, &two), Err(Fault::Refused { .. })), "the operator must choose");
        assert!(
            matches!(choose(Some("Virtual PCD"), &two), Err(Fault::Refused { .. })),
            "the stem fits both"
        );
        assert_eq!(
            choose(Some("Virtual PCD 00 01"), &two),
            Ok("Virtual PCD 00 01"),
            "the whole name decides"
        );
    }

    #[test]
    fn a_setting_means_one_reader_by_its_whole_name_and_each_that_it_could_mean_otherwise() {
        let both = names(&["Virtual PCD 00 00", "Virtual PCD 00 01"]);
        assert_eq!(meant("Virtual PCD 00 01", &both), ["Virtual PCD 00 01"]);
        for part in ["", "PCD", "Virtual PCD"] {
            assert_eq!(meant(part, &both), ["Virtual PCD 00 00", "Virtual PCD 00 01"], "{part:?}");
        }
        let today = names(&["Other Reader 00 00", "ACS ACR122U 01 00"]);
        assert_eq!(meant("ACS ACR122U 00 00", &today), ["ACS ACR122U 01 00"], "under today's number");
        assert_eq!(meant("ACR122", &today), ["ACS ACR122U 01 00"], "by a part of its name");
        assert!(meant("HID Omnikey", &today).is_empty(), "another reader is no stand-in");
    }

    #[test]
    fn a_setting_with_a_number_never_means_the_twin_of_a_reader_that_must_not_be_mistaken() {
        let both = names(&["ACS ACR122U 00 00", "ACS ACR122U 01 00"]);
        assert_eq!(meant_as_numbered("ACS ACR122U 01 00", &both), ["ACS ACR122U 01 00"]);
        assert!(
            meant_as_numbered("ACS ACR122U 01 00", &both[..1]).is_empty(),
            "it dropped off, its twin is another"
        );
        assert_eq!(
            meant_as_numbered("ACR122U 01 00", &both),
            ["ACS ACR122U 01 00"],
            "a part with the number"
        );
        assert!(meant_as_numbered("ACR122U 01 00", &both[..1]).is_empty());
        assert_eq!(meant_as_numbered("ACR122U", &both), both, "a part of both");
    }

    #[test]
    fn a_reader_is_found_again_when_todays_number_changed() {
        let today = names(&["Other Reader 00 00", "ACS ACR122U 01 00"]);
        assert_eq!(
            choose(Some("ACS ACR122U 00 00"), &today),
            Ok("ACS ACR122U 01 00"),
            "same stem, same slot"
        );
        assert_eq!(
            choose(Some("HID Omnikey 00 00"), &today),
            Err(Fault::Absent),
            "another reader is no stand-in"
        );
    }
}
