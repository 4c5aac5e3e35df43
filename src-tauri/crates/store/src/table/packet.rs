//! Sealed packets and where their three parts stand.

use super::{many, one, packet_id, permohonan_id, run};
use crate::{Error, Result, Tx, View};
use domain::ids::{PacketId, PermohonanId};
use rusqlite::params;

/// One sealed part on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PacketPart {
    /// `id`, `bio` or `dok`.
    pub part: String,
    /// File of the sealed bytes, relative to the station's packet folder.
    pub path: String,
    /// SHA-256 of the sealed bytes, 32 bytes.
    pub sha256: Vec<u8>,
    /// Length of the sealed file, bytes.
    pub bytes: i64,
    /// Upload address at the centre; empty before the upload began.
    pub location: String,
    /// Bytes that the centre has acknowledged.
    pub sent: i64,
}

/// One sealed packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Id, UUIDv7; the enrolment id at the centre.
    pub id: PacketId,
    /// The visit.
    pub permohonan: PermohonanId,
    /// The station's sequence number, from 1, without gaps.
    pub sequence: i64,
    /// Last register line that the packet speaks of.
    pub register_seq: i64,
    /// When it was sealed, UTC milliseconds; set by the store.
    pub sealed_ms: i64,
    /// `id`, `bio`, `dok` in this order of sending.
    pub parts: Vec<PacketPart>,
}

impl View<'_> {
    /// Returns one packet with its parts.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn packet(&self, id: PacketId) -> Result<Option<Packet>> {
        self.packet_where("id = ?1", &id.to_string())
    }

    /// Returns every packet's sequence number, id, and whether its receipt is here, by number.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn packet_sequences(&self) -> Result<Vec<(i64, PacketId, bool)>> {
        let sql = "SELECT sequence, id, EXISTS (SELECT 1 FROM receipt WHERE packet = id) FROM packet ORDER BY sequence";
        many(self.conn, "read the packets", sql, [], |row| Ok((row.get(0)?, packet_id(row, 1)?, row.get(2)?)))
    }

    /// Returns the last register line that the newest packet speaks of; 0 when there is none.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn register_told(&self) -> Result<u64> {
        let sql = "SELECT register_seq FROM packet ORDER BY sequence DESC LIMIT 1";
        let told = one(self.conn, "read the newest packet", sql, [], |row| row.get::<_, i64>(0))?;
        Ok(told.unwrap_or(0).cast_unsigned())
    }

    /// Returns id and NIK of the packets with these sequence numbers, both ends included; a NIK may be empty.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn packets_between(&self, first: i64, last: i64) -> Result<Vec<(PacketId, String)>> {
        let sql = "SELECT p.id, v.nik FROM packet p JOIN permohonan v ON v.id = p.permohonan
                   WHERE p.sequence BETWEEN ?1 AND ?2 ORDER BY p.sequence";
        many(self.conn, "read packets", sql, [first, last], |row| Ok((packet_id(row, 0)?, row.get(1)?)))
    }

    /// Returns the NIK of a packet's visit; `None` when the packet is not of this station.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn nik_of_packet(&self, id: PacketId) -> Result<Option<String>> {
        let sql = "SELECT v.nik FROM packet p JOIN permohonan v ON v.id = p.permohonan WHERE p.id = ?1";
        one(self.conn, "read a packet's NIK", sql, [id.to_string()], |row| row.get(0))
    }

    /// Returns the newest packet of a visit.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn packet_of(&self, permohonan: PermohonanId) -> Result<Option<Packet>> {
        self.packet_where("permohonan = ?1", &permohonan.to_string())
    }

    fn packet_where(&self, condition: &str, value: &str) -> Result<Option<Packet>> {
        let sql = format!(
            "SELECT id, permohonan, sequence, register_seq, sealed_at FROM packet
             WHERE {condition} ORDER BY sequence DESC LIMIT 1"
        );
        let found = one(self.conn, "read a packet", &sql, [value], |row| {
            Ok(Packet {
                id: packet_id(row, 0)?,
                permohonan: permohonan_id(row, 1)?,
                sequence: row.get(2)?,
                register_seq: row.get(3)?,
                sealed_ms: row.get(4)?,
                parts: Vec::new(),
            })
        })?;
        let Some(mut packet) = found else { return Ok(None) };
        packet.parts = many(
            self.conn,
            "read a packet's parts",
            "SELECT part, path, sha256, bytes, location, sent FROM packet_part WHERE packet = ?1
             ORDER BY CASE part WHEN 'id' THEN 0 WHEN 'bio' THEN 1 ELSE 2 END",
            [packet.id.to_string()],
            |row| {
                Ok(PacketPart {
                    part: row.get(0)?,
                    path: row.get(1)?,
                    sha256: row.get(2)?,
                    bytes: row.get(3)?,
                    location: row.get(4)?,
                    sent: row.get(5)?,
                })
            },
        )?;
        Ok(Some(packet))
    }

    /// Returns the sequence number that the next packet will get: one more than the highest used here or, after an old
    /// backup was restored, known to be used ([`Tx::skip_sequences`]). The write door is the only place it is taken.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn peek_packet_sequence(&self) -> Result<i64> {
        one(
            self.conn,
            "read the packet sequence",
            "SELECT max(coalesce((SELECT max(sequence) FROM packet), 0),
                        coalesce((SELECT last FROM sequence WHERE name = 'packet'), 0)) + 1",
            [],
            |row| row.get(0),
        )
        .map(|next| next.unwrap_or(1))
    }
}

impl Tx<'_> {
    /// Keeps a sealed packet and puts it into the outbox. `sequence` must be the next one, because it stands inside the
    /// signed part already; another packet that took it meanwhile makes this fail and be sealed again.
    ///
    /// # Errors
    /// [`Error::Stored`] when `sequence` is not the next; [`Error::Sql`].
    pub fn add_packet(&self, packet: &Packet, priority: i64) -> Result<()> {
        let id = packet.id.to_string();
        if packet.sequence != self.peek_packet_sequence()? {
            return Err(Error::Stored { table: "packet", column: "sequence" });
        }
        self.seal_content(
            "packet",
            &[id.as_bytes(), &packet.sequence.to_be_bytes(), &packet.register_seq.to_be_bytes()],
        );
        run(
            self.conn,
            "keep a packet",
            "INSERT INTO packet (id, permohonan, sequence, register_seq, sealed_at, operator)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                id,
                packet.permohonan.to_string(),
                packet.sequence,
                packet.register_seq,
                self.now_ms(),
                self.operator()
            ],
        )?;
        for part in &packet.parts {
            self.seal_content("packet_part", &[part.part.as_bytes(), &part.sha256]);
            run(
                self.conn,
                "keep a packet's part",
                "INSERT INTO packet_part (packet, part, path, sha256, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, part.part, part.path, part.sha256, part.bytes],
            )?;
            fail::fail_point!("store::packet::after_part");
        }
        run(
            self.conn,
            "put a packet into the outbox",
            "INSERT INTO outbox (packet, priority, next_at) VALUES (?1, ?2, ?3)",
            params![id, priority, self.now_ms()],
        )
        .map(drop)
    }

    /// Never gives a sequence number up to `last` again: the centre has seen them used.
    ///
    /// # Errors
    /// [`Error::Sql`].
    pub fn skip_sequences(&self, last: i64) -> Result<()> {
        self.seal_content("sequence", &[b"packet", &last.to_be_bytes()]);
        run(
            self.conn,
            "skip sequence numbers",
            "INSERT INTO sequence (name, last) VALUES ('packet', ?1)
             ON CONFLICT (name) DO UPDATE SET last = max(last, ?1)",
            [last],
        )
        .map(drop)
    }
}
