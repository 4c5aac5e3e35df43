//! One chunk of one part: tus 1.0 (creation, HEAD, PATCH), resumed by the byte.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::time::Instant;

use domain::ids::PacketId;
use packet::Part;
use packet::wire::{TUS_VERSION, UploadMetadata};
use reqwest::Method;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};

use super::outbox::Outbox;
use super::{Engine, Live, Report, Stop};
use crate::line::{Refused, judge};
use crate::plan::chunk;
use crate::{Cause, pace, routes};

const RESUMABLE: &str = "tus-resumable";

impl Engine {
    /// Sends the next chunk of a part, after whatever must come before it.
    pub(super) async fn upload(
        &self,
        outbox: &mut Outbox,
        packet: PacketId,
        part: Part,
        report: &mut Report,
    ) -> Result<(), Stop> {
        self.look_at_file(outbox, packet, part)?;
        let parcel = outbox.parcel(packet)?;
        let Some(row) = parcel.part(part) else { return Err(Cause::FileMissing.into()) };
        let location = row.location.clone();
        if location.is_empty() {
            return self.create(outbox, packet, part).await;
        }
        if !parcel.asked[part as usize] {
            return self.ask_offset(outbox, packet, part, &location).await;
        }
        self.patch(outbox, packet, part, &location, report).await
    }

    /// The sealed file must still be what was sealed; asked once in an exchange.
    fn look_at_file(&self, outbox: &mut Outbox, packet: PacketId, part: Part) -> Result<(), Stop> {
        let parcel = outbox.parcel(packet)?;
        if parcel.intact[part as usize] {
            return Ok(());
        }
        let Some(row) = parcel.part(part) else { return Err(Cause::FileMissing.into()) };
        judge_file(&self.setup.packets, &row.path, &row.sha256, row.bytes)?;
        parcel.intact[part as usize] = true;
        Ok(())
    }

    async fn create(&self, outbox: &mut Outbox, packet: PacketId, part: Part) -> Result<(), Stop> {
        let Some(row) = outbox.parcel(packet)?.part(part) else { return Err(Cause::FileMissing.into()) };
        let metadata = UploadMetadata { part, sha256: hex::encode(&row.sha256) };
        let request = self
            .line
            .request(Method::POST, self.line.url(&routes::buffer(packet.uuid()))?)
            .header(RESUMABLE, TUS_VERSION)
            .header("upload-length", row.bytes)
            .header("upload-metadata", metadata.to_header())
            .header(CONTENT_LENGTH, 0)
            .timeout(self.line.patience() * 2);
        let answer = judge(self.line.send(request).await?, &[201]).map_err(simple)?;
        require_tus(answer.header(RESUMABLE))?;
        let location = answer.header("location").ok_or(Cause::NotUnderstood { what: "location" })?;
        // Without the host: the centre may be reached by another name tomorrow.
        let location = self.line.location(location)?;
        let location = match location.query() {
            Some(query) => format!("{}?{query}", location.path()),
            None => location.path().to_owned(),
        };
        outbox.progress(&self.setup.store, self.line.now(), packet, part, &location, 0)?;
        // A part that was created before and begun by another way may not start at zero: ask, unless it is fresh.
        outbox.parcel(packet)?.asked[part as usize] = answer.offset().unwrap_or(0) == 0;
        Ok(())
    }

    async fn ask_offset(
        &self,
        outbox: &mut Outbox,
        packet: PacketId,
        part: Part,
        location: &str,
    ) -> Result<(), Stop> {
        let request = self
            .line
            .request(Method::HEAD, self.line.location(location)?)
            .header(RESUMABLE, TUS_VERSION)
            .timeout(self.line.patience() * 2);
        let now = self.line.now();
        match judge(self.line.send(request).await?, &[200, 204]) {
            Ok(answer) => {
                require_tus(answer.header(RESUMABLE))?;
                let offset = answer.offset().ok_or(Cause::NotUnderstood { what: "offset" })?;
                self.accept_offset(outbox, packet, part, location, offset)?;
                outbox.parcel(packet)?.asked[part as usize] = true;
                Ok(())
            }
            // The centre threw the upload away: it begins again, and nothing is lost but bytes.
            Err(Refused::Gone) => {
                outbox.progress(&self.setup.store, now, packet, part, "", 0)?;
                outbox.parcel(packet)?.once_more()
            }
            Err(other) => Err(simple(other)),
        }
    }

    fn accept_offset(
        &self,
        outbox: &mut Outbox,
        packet: PacketId,
        part: Part,
        location: &str,
        offset: u64,
    ) -> Result<(), Stop> {
        let length = outbox.parcel(packet)?.part(part).map_or(0, |row| row.bytes.cast_unsigned());
        if offset > length {
            return Err(Cause::NotUnderstood { what: "offset" }.into());
        }
        outbox.progress(&self.setup.store, self.line.now(), packet, part, location, offset)?;
        Ok(())
    }

    async fn patch(
        &self,
        outbox: &mut Outbox,
        packet: PacketId,
        part: Part,
        location: &str,
        report: &mut Report,
    ) -> Result<(), Stop> {
        let Some(row) = outbox.parcel(packet)?.part(part) else { return Err(Cause::FileMissing.into()) };
        let (offset, length) = (row.sent.cast_unsigned(), row.bytes.cast_unsigned());
        let path = self.setup.packets.join(&row.path);
        let size = outbox.chunk.min(length - offset);
        let bytes = read_at(&path, offset, size).map_err(|_| Cause::Disk)?;
        let cap = self.setup.pace.cap();
        // As long as the slowest line worth having takes: 1 KiB a second, or half of the share that was set.
        let slowest = if cap == 0 { 1024 } else { (cap / 2).clamp(1, 1024) };
        let allowed = self.line.patience() + std::time::Duration::from_secs(size / slowest);
        let request = self
            .line
            .request(Method::PATCH, self.line.location(location)?)
            .header(RESUMABLE, TUS_VERSION)
            .header("upload-offset", offset)
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .header(CONTENT_LENGTH, size)
            .timeout(allowed)
            .body(pace::body(bytes, &self.setup.pace));
        self.live.send_replace(Live {
            packet: Some(packet),
            part: Some(part),
            sent: offset,
            bytes: length,
            rate: outbox.rate,
        });
        let began = Instant::now();
        let answer = tokio::select! {
            answer = self.line.send(request) => answer,
            why = self.setup.pace.interrupted(packet) => {
                outbox.parcel(packet)?.asked[part as usize] = false;
                return Err(Stop::Yield(why));
            }
        };
        let answer = match answer {
            Ok(answer) => answer,
            Err(cause) => {
                // How much of it arrived is for the centre to say.
                outbox.parcel(packet)?.asked[part as usize] = false;
                outbox.chunk = chunk(outbox.chunk, None, true);
                return Err(cause.into());
            }
        };
        match judge(answer, &[204]) {
            Ok(answer) => {
                require_tus(answer.header(RESUMABLE))?;
                let now_at = answer.offset().ok_or(Cause::NotUnderstood { what: "offset" })?;
                if now_at != offset + size {
                    outbox.parcel(packet)?.asked[part as usize] = false;
                    return Err(Cause::NotUnderstood { what: "offset" }.into());
                }
                self.accept_offset(outbox, packet, part, location, now_at)?;
                outbox.parcel(packet)?.goes_on();
                if !self.setup.pace.is_set_aside(packet) {
                    outbox.clear(&self.setup.store, self.line.now(), packet)?;
                }
                report.bytes += size;
                let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
                outbox.rate = Some(size.saturating_mul(1000) / ms);
                outbox.chunk = chunk(outbox.chunk, outbox.rate, false);
                self.live.send_modify(|live| (live.sent, live.rate) = (now_at, outbox.rate));
                Ok(())
            }
            Err(Refused::Offset) => {
                let parcel = outbox.parcel(packet)?;
                parcel.asked[part as usize] = false;
                parcel.once_more()
            }
            Err(Refused::Gone) => {
                outbox.progress(&self.setup.store, self.line.now(), packet, part, "", 0)?;
                outbox.parcel(packet)?.once_more()
            }
            Err(Refused::TooLong) => {
                // A gateway before the centre: smaller pieces may pass.
                outbox.parcel(packet)?.asked[part as usize] = false;
                outbox.chunk = chunk(outbox.chunk, None, true);
                outbox.parcel(packet)?.once_more()
            }
            Err(Refused::For(Cause::Damaged)) => {
                outbox.progress(&self.setup.store, self.line.now(), packet, part, "", 0)?;
                Err(Cause::Damaged.into())
            }
            Err(other) => {
                outbox.parcel(packet)?.asked[part as usize] = false;
                Err(simple(other))
            }
        }
    }
}

fn require_tus(version: Option<&str>) -> Result<(), Cause> {
    match version {
        Some(TUS_VERSION) => Ok(()),
        Some(_) => Err(Cause::ProtocolVersion),
        None => Err(Cause::NotUnderstood { what: "tus" }),
    }
}

/// Where the special answers mean nothing.
pub(super) fn simple(refused: Refused) -> Stop {
    let what = match refused {
        Refused::For(cause) => return cause.into(),
        Refused::NotNow(_) => return Cause::Refused { code: "not_now".into() }.into(),
        Refused::Gone => "not found",
        Refused::Offset => "conflict",
        Refused::CursorAhead => "cursor",
        Refused::Incomplete => "incomplete",
        Refused::TooLong => "length",
    };
    Cause::NotUnderstood { what }.into()
}

/// The sealed file is there and is what was sealed.
pub(crate) fn judge_file(folder: &Path, path: &str, sha256: &[u8], bytes: i64) -> Result<(), Cause> {
    use sha2::Digest as _;
    if path.is_empty() {
        return Err(Cause::FileMissing);
    }
    let mut file = match std::fs::File::open(folder.join(path)) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Cause::FileMissing),
        Err(_) => return Err(Cause::Disk),
    };
    let mut hash = sha2::Sha256::new();
    let read = std::io::copy(&mut file, &mut hash).map_err(|_| Cause::Disk)?;
    if read != bytes.cast_unsigned() || hash.finalize().as_slice() != sha256 {
        return Err(Cause::FileChanged);
    }
    Ok(())
}

fn read_at(path: &Path, offset: u64, size: u64) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = vec![0; usize::try_from(size).unwrap_or(0)];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
