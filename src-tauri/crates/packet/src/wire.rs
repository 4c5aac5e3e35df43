//! What travels between station and centre, as both ends write and read it: `docs/protocols/sync.md`.
//!
//! Types and their checks only; no connection, no clock, no file.

mod activation;
mod card;
mod changes;
mod compare;
mod courier;
mod finalise;
mod person;
mod problem;
mod receipt;
mod setting;
mod tus;

pub use activation::{Activation, ActivationCode, Certificates, CodeError, RegisterClaim};
pub use card::{CardContent, CardProgress, CardRequest, CardState, ChipFinger, Reprint};
pub use changes::{
    BlangkoChange, OperatorChange, PrintChange, RecoveryChange, ResidentsChange, SettingChange,
};
pub use changes::{Change, ChangeError, Cursor, Feed, StatusChange, read_feed, write_feed, write_feed_for};
pub use compare::{Comparison, Inventory, InventoryRow, SequenceRange, ranges};
pub use courier::{
    CourierManifest, CourierPacket, MANIFEST_FILE, MARK_FILE, REPLY_FOLDER, REVOCATIONS_FILE, ROOT_FOLDER,
    STATUS_FILE, receipt_file,
};
pub use finalise::{Digests, Finalise, FinaliseError, PartDigest};
pub use person::{Attributes, PersonAnswer};
pub use problem::{Code, Problem};
pub use receipt::{Receipt, Via};
pub use setting::CentralSetting;
pub use tus::{MetadataError, TUS_VERSION, UploadMetadata};
