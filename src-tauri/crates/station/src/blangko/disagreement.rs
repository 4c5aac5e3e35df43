//! What a book of blangko that contradicts itself says to the officer.

use domain::stock::{Account, Item, NomorBlangko};
use store::StockDisagreement;

use super::words_of_item;

/// Where the book contradicts itself, for the officer.
pub(super) fn disagreement_words(found: &StockDisagreement) -> String {
    let grouped =
        |serial: &str| NomorBlangko::parse(serial).map_or_else(|_| serial.to_owned(), |n| n.to_string());
    match found {
        StockDisagreement::Movement { id, .. } => {
            format!("Gerakan nomor {id} tidak mungkin menurut gerakan sebelumnya.")
        }
        StockDisagreement::Unreadable { id } => format!("Gerakan nomor {id} tidak dapat dibaca."),
        StockDisagreement::Balance { item, account, stored, computed } => format!(
            "{} {}: saldo tersimpan {stored}, menurut gerakan {computed}.",
            words_of_item(*item),
            words_of_account(account.key())
        ),
        StockDisagreement::Piece { serial, stored, computed } => format!(
            "Blangko {}: tercatat {}, menurut gerakan {}.",
            grouped(serial),
            words_of_place(stored),
            words_of_place(computed)
        ),
        StockDisagreement::Record { serial, table: "card_job" } => {
            format!("Blangko {}: perintah cetak dan buku blangko bertentangan.", grouped(serial))
        }
        StockDisagreement::Record { serial, .. } => {
            format!("Blangko {}: catatan rusak dan buku blangko bertentangan.", grouped(serial))
        }
    }
}

/// The place of a piece; of a foreigner's blangko its kind stands before it.
fn words_of_place(place: &str) -> String {
    match place.split_once(' ') {
        Some((item, account)) => {
            let kind = Item::from_key(item).map(words_of_item).unwrap_or_default();
            format!("{kind} {}", words_of_account(account))
        }
        None => words_of_account(place).to_owned(),
    }
}

fn words_of_account(key: &str) -> &'static str {
    match Account::from_key(key) {
        Some(Account::Supplier) => "di luar stasiun",
        Some(Account::Store) => "di stok",
        Some(Account::Printer) => "di printer",
        Some(Account::Held) => "ditahan",
        Some(Account::Used) => "terpakai",
        Some(Account::Spoiled) => "rusak",
        Some(Account::Destroyed) => "dimusnahkan",
        Some(Account::Returned) => "dikembalikan",
        Some(Account::Missing) => "hilang",
        Some(Account::Aside) => "disisihkan",
        None => "tidak ada",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contradiction_of_the_book_is_told_in_words() {
        let told = disagreement_words(&StockDisagreement::Balance {
            item: Item::Ribbon,
            account: Account::Store,
            stored: 312,
            computed: 311,
        });
        assert_eq!(told, "Pita di stok: saldo tersimpan 312, menurut gerakan 311.", "numbers and place");
        let told = disagreement_words(&StockDisagreement::Piece {
            serial: "0718224913".into(),
            stored: "store".into(),
            computed: String::new(),
        });
        assert_eq!(told, "Blangko 0718-224-913: tercatat di stok, menurut gerakan tidak ada.", "which piece");
        let told = disagreement_words(&StockDisagreement::Piece {
            serial: "0718224913".into(),
            stored: "blangko_wna store".into(),
            computed: "store".into(),
        });
        let other = "Blangko 0718-224-913: tercatat Blangko WNA di stok, menurut gerakan di stok.";
        assert_eq!(told, other, "of which kind");
    }
}
