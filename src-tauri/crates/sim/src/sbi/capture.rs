//! RCAPTURE as a device does it: look, draw, chain, sign.

use std::time::Duration;

use devices::protocol::sbi::part::Part;
use devices::protocol::sbi::{BioType, chain};
use serde_json::{Value, json};

use super::authority::encode64;
use super::draw::{self, Drawn, Quality};
use super::server::{Device, ENVIRONMENT};
use crate::{Look, SimFault};

/// Lowest byte of a record's own length. Source: ISO/IEC 19794-4, -5 and -6:2011, general header.
const LENGTH_AT: usize = 11;

/// An error in SBI's form.
pub(super) fn refused(code: &str, info: &str) -> Value {
    json!({"biometrics": [{
        "specVersion": "0.9.5", "data": "", "hash": "",
        "error": {"errorCode": code, "errorInfo": info},
    }]})
}

fn word(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::String(s)) => s.clone(),
        Some(Value::Number(n)) => n.to_string(),
        _ => String::new(),
    }
}

/// Answers a capture request; `wait` sleeps and says whether to go on.
pub(super) fn answer(
    device: &Device,
    body: &[u8],
    fault: Option<SimFault>,
    wait: &dyn Fn(Duration) -> bool,
) -> Value {
    let Ok(request) = serde_json::from_slice::<Value>(body) else {
        return refused("999", "Request is not JSON");
    };
    let transaction = word(&request, "transactionId");
    if !(4..=50).contains(&transaction.len()) {
        return refused("112", "Invalid Transaction ID");
    }
    if word(&request, "env") != ENVIRONMENT {
        return refused("115", "Invalid env");
    }
    let Some(bio) = request.get("bio").and_then(|b| b.get(0)) else { return refused("114", "No bio") };
    if word(bio, "type") != device.kind.word() {
        return refused("114", "Invalid type");
    }
    if fault == Some(SimFault::NotReady) {
        return refused("110", "Device not ready");
    }
    let Some(_capture) = device.start_capture(fault) else { return refused("111", "Device Busy") };
    let timeout = word(&request, "timeout").parse().map_or(Duration::from_secs(10), Duration::from_millis);
    if fault == Some(SimFault::NoFinger) || (device.kind == BioType::Face && nobody(device)) {
        wait(timeout);
        return refused("101", "No biometric object detected");
    }
    if !wait(device.capture_time.min(timeout)) {
        return refused("110", "Device not ready");
    }
    if fault == Some(SimFault::Unclear) {
        return refused("102", "Extraction failed");
    }
    let parts = shown(device, bio, fault);
    let samples = take(device, &word(bio, "deviceSubId"), &parts, fault);
    sign(device, &transaction, &word(bio, "requestedScore"), &word(bio, "previousHash"), samples, fault)
        .unwrap_or_else(|| refused("999", "Cannot sign"))
}

fn nobody(device: &Device) -> bool {
    device.person.get().look == Look::Nobody
}

/// The parts that the person puts on the scanner: those asked for that the person has.
fn shown(device: &Device, bio: &Value, fault: Option<SimFault>) -> Vec<Part> {
    let excepted: Vec<Part> = bio
        .get("exception")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|v| Part::parse(device.kind, v.as_str()?))
        .collect();
    let mut parts = draw::has(&device.person.get(), device.kind, &word(bio, "deviceSubId"));
    parts.retain(|p| !excepted.contains(p));
    if fault == Some(SimFault::OneMissing) {
        parts.pop();
    }
    parts
}

fn take(device: &Device, sub_id: &str, parts: &[Part], fault: Option<SimFault>) -> Vec<Drawn> {
    let quality = if fault == Some(SimFault::PoorQuality) { Quality::Poor } else { Quality::Good };
    // A stuck device shows the picture of an earlier capture once more.
    let touch = device.touch(sub_id, fault == Some(SimFault::StaleImage));
    let person = match fault {
        Some(SimFault::StaleImage) => device.previous_person(),
        _ => device.person.get(),
    };
    device.remember_person(&person);
    let at = device.record_time(sub_id);
    let other = fault == Some(SimFault::OtherHand);
    let coding = &device.coding;
    parts.iter().filter_map(|p| draw::sample(&person, *p, other, touch, quality, coding, at)).collect()
}

fn sign(
    device: &Device,
    transaction: &str,
    requested: &str,
    previous: &str,
    samples: Vec<Drawn>,
    fault: Option<SimFault>,
) -> Option<Value> {
    let mut link = chain::parse(previous)?;
    if fault == Some(SimFault::WrongChain) {
        link = chain::fingerprint(b"another chain");
    }
    let now = jiff::Timestamp::now();
    let stamp = match fault {
        Some(SimFault::OldTimestamp) => now - jiff::SignedDuration::from_hours(1),
        _ => now,
    };
    let signer = match fault {
        Some(SimFault::WrongAuthority) => super::Authority::new("Stranger").ok()?,
        _ => device.authority.clone(),
    };
    let digital_id = device.authority.sign(&device.digital_id()).ok()?;
    let mut biometrics = Vec::new();
    let count = samples.len();
    for (index, mut sample) in samples.into_iter().enumerate() {
        // Lies about one sample are told of the last: what came before it is honest, and must not be kept either.
        let lie = fault.filter(|_| index + 1 == count);
        if lie == Some(SimFault::WrongRecord)
            && let Some(byte) = sample.record.get_mut(LENGTH_AT)
        {
            *byte = byte.wrapping_add(1);
        }
        let digital_id = match lie {
            Some(SimFault::WrongSerial) => {
                let mut id = device.digital_id();
                *id.get_mut("serialNo")? = json!(format!("{}-B", device.serial));
                device.authority.sign(&id).ok()?
            }
            _ => digital_id.clone(),
        };
        let score = match lie {
            Some(SimFault::WrongScore) => "101".to_owned(),
            _ => sample.score.to_string(),
        };
        let word = match (lie, device.kind) {
            (Some(SimFault::WrongPart), BioType::Finger | BioType::Iris) => "UNKNOWN",
            _ => sample.part.word(),
        };
        let version = if lie == Some(SimFault::WrongVersion) { "0.9.2" } else { "0.9.5" };
        link = chain::next(&link, &sample.record);
        let payload = json!({
            "digitalId": digital_id,
            "deviceCode": device.serial,
            "deviceServiceVersion": "0.9.5",
            "bioType": device.kind.word(),
            "bioSubType": word,
            "purpose": "Registration",
            "env": ENVIRONMENT,
            "bioValue": encode64(&sample.record),
            "transactionId": if fault == Some(SimFault::WrongTransaction) { "another-transaction" } else { transaction },
            "timestamp": stamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "requestedScore": requested,
            "qualityScore": score,
        });
        let mut data = signer.sign(&payload).ok()?;
        if fault == Some(SimFault::BadSignature) {
            // One character of the signature changes; the last may carry unused bits.
            let at = data.len().checked_sub(8)?;
            let other = if data.as_bytes().get(at) == Some(&b'A') { "B" } else { "A" };
            data.replace_range(at..=at, other);
        }
        biometrics.push(json!({
            "specVersion": version, "data": data, "hash": chain::word(&link),
            "error": {"errorCode": "0", "errorInfo": "Success"},
        }));
    }
    Some(json!({"biometrics": biometrics}))
}
