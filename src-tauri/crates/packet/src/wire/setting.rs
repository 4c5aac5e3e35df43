use serde_json::Value;

/// A setting that every station follows once its centre has signed it: a whole number between two ends. Source:
/// docs/protocols/sync.md §6; what each means stands in `assets/settings/rekam.toml` under the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CentralSetting {
    /// `[a-z0-9_.]{1,64}`.
    pub key: &'static str,
    /// Smallest value that is taken, in the unit that the key ends with.
    pub least: u32,
    /// Largest value that is taken, in the same unit.
    pub most: u32,
}

impl CentralSetting {
    /// Days until a packet without a receipt stands in red.
    pub const RED_AFTER_DAYS: Self = Self { key: "sync.red_after_days", least: 1, most: 365 };
    /// Days until a status that does not move is explained.
    pub const STUCK_DAYS: Self = Self { key: "sync.stuck_days", least: 1, most: 365 };
    /// Days that sealed files and pictures stay at the station after the receipt.
    pub const KEEP_DAYS: Self = Self { key: "sync.keep_days", least: 1, most: 3650 };

    /// Longest value of any setting, bytes of JSON; also of a code table that is sent as one. Ours.
    pub const MOST_BYTES: usize = 16 * 1024;

    /// All of them.
    pub const ALL: [Self; 3] = [Self::RED_AFTER_DAYS, Self::STUCK_DAYS, Self::KEEP_DAYS];

    /// Returns the setting of a key; `None` for one that no station follows.
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|setting| setting.key == key)
    }

    /// The value, when it is one of this setting.
    pub fn read(self, value: &Value) -> Option<u32> {
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok())?;
        (self.least..=self.most).contains(&number).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::CentralSetting as S;
    use serde_json::json;

    #[test]
    fn a_value_outside_of_its_ends_is_none() {
        for (value, read) in
            [(json!(1), Some(1)), (json!(365), Some(365)), (json!(0), None), (json!(366), None)]
        {
            assert_eq!(S::RED_AFTER_DAYS.read(&value), read, "{value}");
        }
        for odd in [json!("7"), json!(7.5), json!(-1), json!(null), json!([7])] {
            assert_eq!(S::RED_AFTER_DAYS.read(&odd), None, "{odd}");
        }
        assert_eq!(S::ALL.map(|setting| S::of(setting.key)), S::ALL.map(Some), "each is found by its key");
        assert_eq!(S::of("sync.entah"), None, "and no other");
    }
}
