//! Addresses as they may be told: on the device page, in a log, in the bundle for somebody far away.

use crate::driver::printer::ipp_wire::Wire;

/// An address without who signs in at it (`…@host`) and without what follows its question mark (`?…`): either can be a secret.
///
/// What is no address of another machine stays as it is: a path, a port, the identity of a USB device (its `@` is a plug).
pub fn without_secrets(address: &str) -> String {
    let (scheme, rest) = match address.split_once("://") {
        Some(("file", _)) => return address.to_owned(),
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None if address.starts_with("usb:") || address.starts_with(['/', '\\']) => return address.to_owned(),
        None => (String::new(), address),
    };
    // A password may hold a slash or a question mark that nobody wrote as one should: all before the last @ goes.
    let (who, rest) = rest.rsplit_once('@').map_or(("", rest), |(_, rest)| ("…@", rest));
    let rest = rest.split_once(['?', '#']).map_or(rest.to_owned(), |(path, _)| format!("{path}?…"));
    format!("{scheme}{who}{rest}")
}

/// Whether a printer can be reached at this address: `ipp://host[:port]/path`, or `http://`.
pub fn is_printer(address: &str) -> bool {
    Wire::parse(address).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_name_password_and_key() {
        for (address, told) in [
            ("http://budi:rahasia@proxy.lan:3128", "http://…@proxy.lan:3128"),
            ("ipp://budi:ra/ha?sia@printer.lan/ipp", "ipp://…@printer.lan/ipp"),
            ("budi:rahasia@proxy.lan:3128", "…@proxy.lan:3128"),
            ("http://10.0.0.5/video?token=rahasia", "http://10.0.0.5/video?…"),
            ("http://10.0.0.5/video#rahasia", "http://10.0.0.5/video?…"),
            ("http://10.0.0.5/video", "http://10.0.0.5/video"),
            ("192.168.1.50:9100", "192.168.1.50:9100"),
            ("usb:0403:6001@1-2.3", "usb:0403:6001@1-2.3"),
            ("/media/kantor@krui", "/media/kantor@krui"),
            ("file:///media/kantor@krui", "file:///media/kantor@krui"),
            ("", ""),
        ] {
            assert_eq!(without_secrets(address), told, "{address}");
        }
    }
}
