//! One IPP printer over HTTP: what document and card printing share.

use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

use ipp::prelude::*;

use crate::address::without_secrets;
use crate::budget::{Budget, millis};
use crate::error::Fault;
use crate::protocol::ipp::JobState;

/// Longest single request.
const REQUEST: Duration = Duration::from_secs(30);

/// The printer's address.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) uri: Uri,
}

/// Reads what a caller may know of an error; the printer's own words stay out.
pub(crate) fn unreadable(error: impl std::fmt::Display) -> Fault {
    let error = without_secrets(&error.to_string());
    tracing::debug!(error, "ipp");
    Fault::garbage("IPP")
}

pub(crate) fn keywords(attributes: &IppAttributes, tag: DelimiterTag, name: &str) -> Vec<String> {
    let Some(value) = attributes.first_of(tag).and_then(|group| group.get(name)) else { return Vec::new() };
    value.value().into_iter().map(|v| v.to_string()).collect()
}

/// How the printer names itself (`printer-make-and-model`, RFC 8011 §5.4.9); `None` where it does not.
pub(crate) fn model_of(printer: &IppAttributes) -> Option<String> {
    let model = keywords(printer, DelimiterTag::PrinterAttributes, "printer-make-and-model").join(" ");
    Some(model).filter(|model| !model.is_empty())
}

/// Its firmware in its own words (`printer-firmware-string-version`), one for each part of it that has a version of its own;
/// `None` where it tells none.
pub(crate) fn firmware_of(printer: &IppAttributes) -> Option<String> {
    let told = printer.first_of(DelimiterTag::PrinterAttributes)?.get("printer-firmware-string-version")?;
    let versions = told.value().into_iter().filter_map(|value| match value {
        IppValue::TextWithoutLanguage(text) | IppValue::TextWithLanguage { text, .. } => {
            Some(text.to_string())
        }
        // That it has none, or does not know it, is no version.
        _ => None,
    });
    let versions: Vec<String> = versions.filter(|version| !version.trim().is_empty()).collect();
    Some(versions.join(", ")).filter(|versions| !versions.is_empty())
}

pub(crate) fn integer(attributes: &IppAttributes, tag: DelimiterTag, name: &str) -> Option<i32> {
    match attributes.first_of(tag)?.get(name)?.value() {
        IppValue::Integer(n) | IppValue::Enum(n) => Some(*n),
        _ => None,
    }
}

/// Who every request about a job comes from: a queue lets only its owner see a job's name and call it off (CUPS,
/// `JobPrivateValues` and `<Limit Cancel-Job>` of its own `cupsd.conf`).
pub(crate) const OWNER: &str = "rekam";

pub(crate) fn attribute(name: &str, value: IppValue) -> Result<IppAttribute, Fault> {
    IppAttribute::with_name(name, value).map_err(unreadable)
}

pub(crate) fn keyword(word: &str) -> Result<IppValue, Fault> {
    Ok(IppValue::Keyword(word.try_into().map_err(unreadable)?))
}

/// What a printer says of a job.
pub(crate) struct Job {
    pub(crate) state: JobState,
    pub(crate) reasons: Vec<String>,
    /// Where whoever asks may see it.
    pub(crate) name: Option<String>,
    /// Whether it was at work on this job at some time, whatever it does now (`time-at-processing`, RFC 8011 §5.3.14.2); `None`
    /// where it does not say.
    pub(crate) begun: Option<bool>,
    /// What the printer counted of it, impressions and sheets together; 0 where it counts neither.
    pub(crate) counted: i32,
}

impl Wire {
    /// `ipp://host[:port]/path` (or `http://`); `Unsupported` for anything else.
    pub(crate) fn parse(url: &str) -> Result<Self, Fault> {
        let wrong = || Fault::Unsupported { what: "alamat pencetak".to_owned() };
        let uri: Uri = url.parse().map_err(|_| wrong())?;
        if !matches!(uri.scheme_str(), Some("ipp" | "http")) || uri.host().is_none() {
            return Err(wrong());
        }
        Ok(Self { uri })
    }

    /// Whether anything listens there. Only before this a failed job is surely not printed.
    pub(crate) fn knock(&self, budget: &Budget) -> Result<(), Fault> {
        budget.check()?;
        let host = self.uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let default = if self.uri.scheme_str() == Some("http") { 80 } else { 631 };
        let port = self.uri.port_u16().unwrap_or(default);
        let address =
            (host, port).to_socket_addrs().map_err(|_| Fault::Absent)?.next().ok_or(Fault::Absent)?;
        TcpStream::connect_timeout(&address, budget.slice(Duration::from_secs(5)))
            .map_err(|_| Fault::Absent)?;
        Ok(())
    }

    pub(crate) fn send(
        &self,
        request: impl Into<IppRequestResponse>,
        budget: &Budget,
    ) -> Result<IppRequestResponse, Fault> {
        budget.check()?;
        let (limit, began) = (budget.slice(REQUEST), Instant::now());
        let client = IppClient::builder(self.uri.clone()).request_timeout(limit).build();
        let answer = client.send(request).map_err(|error| {
            let unread = unreadable(error);
            // The client words its own time-out as it words anything else; a printer that is silent sent nothing false.
            if began.elapsed() < limit { unread } else { Fault::TimedOut { after_ms: millis(limit) } }
        })?;
        let status = answer.header().status_code();
        if status.is_success() {
            Ok(answer)
        } else {
            let code = format!("{:04X}", answer.header().operation_or_status);
            Err(Fault::Refused { code, info: status.to_string() })
        }
    }

    /// The attributes of the printer that are asked for.
    pub(crate) fn attributes(&self, names: &[&str], budget: &Budget) -> Result<IppAttributes, Fault> {
        self.knock(budget)?;
        let ask = IppOperationBuilder::get_printer_attributes(self.uri.clone())
            .attributes(names.iter().copied())
            .build()
            .map_err(unreadable)?;
        Ok(self.send(ask, budget)?.attributes().clone())
    }

    /// How a job stands.
    pub(crate) fn job(&self, job: i32, budget: &Budget) -> Result<Job, Fault> {
        let ask = IppOperationBuilder::get_job_attributes(self.uri.clone(), job)
            .user_name(OWNER)
            .build()
            .map_err(unreadable)?;
        let answer = self.send(ask, budget)?;
        let tag = DelimiterTag::JobAttributes;
        let state = integer(answer.attributes(), tag, "job-state").and_then(JobState::from_value);
        let reasons = keywords(answer.attributes(), tag, "job-state-reasons");
        let group = answer.attributes().first_of(tag);
        let name = group.and_then(|group| group.get("job-name")).map(|name| name.value().to_string());
        let state = state.ok_or_else(|| Fault::garbage("job-state"))?;
        let begun = match group.and_then(|group| group.get("time-at-processing")).map(|at| at.value()) {
            _ if matches!(state, JobState::Processing | JobState::Stopped | JobState::Completed) => {
                Some(true)
            }
            Some(IppValue::Integer(_)) => Some(true),
            Some(IppValue::NoValue) => Some(false),
            _ => None,
        };
        let counted = ["job-impressions-completed", "job-media-sheets-completed"]
            .iter()
            .filter_map(|name| integer(answer.attributes(), tag, name))
            .fold(0, i32::saturating_add);
        Ok(Job { state, reasons, name, begun, counted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_printer_says_in_words_is_its_firmware() {
        let told = |value: IppValue| {
            let mut printer = IppAttributes::new();
            let said = attribute("printer-firmware-string-version", value).unwrap();
            printer.add(DelimiterTag::PrinterAttributes, said);
            firmware_of(&printer)
        };
        let text = |words: &str| IppValue::TextWithoutLanguage(words.try_into().unwrap());
        assert_eq!(told(text("2.14.1")).as_deref(), Some("2.14.1"));
        let both = IppValue::Array(vec![text("2.14.1"), text("A7"), text(" ")]);
        assert_eq!(told(both).as_deref(), Some("2.14.1, A7"), "of its controller and of its engine");
        for none in [text(""), IppValue::NoValue, IppValue::Integer(0)] {
            assert_eq!(told(none), None);
        }
        assert_eq!(firmware_of(&IppAttributes::new()), None, "it does not answer that");
    }
}
