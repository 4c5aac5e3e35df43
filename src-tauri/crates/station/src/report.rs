//! Reports: counts only, no names and no NIK.
