//! Stock: blangko, ribbon and film, their counts, and the Berita Acara.
