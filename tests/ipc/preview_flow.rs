//! How many pictures of a live preview may be on their way to the page, and which preview a page stops.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use rekam::commands::preview::{Flow, Previews};
use station::view::DeviceRole::{Camera, FingerprintScanner};

#[test]
fn the_third_frame_waits_until_one_is_painted() {
    let flow = Arc::new(Flow::default());
    assert!(flow.reserve() && flow.reserve(), "two may be on their way");
    let waiting = Arc::clone(&flow);
    let third = std::thread::spawn(move || waiting.reserve());
    flow.painted();
    assert!(third.join().unwrap(), "the third goes once one was painted");
}

#[test]
fn a_waiting_frame_is_released_when_the_preview_ends() {
    let flow = Arc::new(Flow::default());
    assert!(flow.reserve() && flow.reserve(), "two may be on their way");
    flow.end();
    assert!(!flow.reserve(), "nothing is sent after the end");
}

/// A preview that is open: what the device sends, and whether it still sends.
struct Open {
    flow: Arc<Flow>,
    picture: Receiver<()>,
}

impl Open {
    /// Neither end was told.
    fn runs(&self) -> bool {
        let device = self.picture.recv_timeout(Duration::ZERO) == Err(RecvTimeoutError::Timeout);
        let page = self.flow.reserve();
        self.flow.painted();
        assert_eq!(device, page, "device and page end together");
        device
    }
}

/// The device has opened the picture of this number.
fn opened(previews: &Previews, number: u32) -> Open {
    let (held, picture): (Sender<()>, _) = channel();
    let flow = Arc::new(Flow::default());
    previews.keep(FingerprintScanner, number, Arc::clone(&flow), held);
    Open { flow, picture }
}

#[test]
fn a_page_that_was_left_stops_its_own_preview_and_not_the_next_page_s() {
    let previews = Previews::default();
    let (left, shown) = (previews.begin(FingerprintScanner), previews.begin(FingerprintScanner));
    assert_ne!(left, shown);
    let shown = (opened(&previews, shown), shown);
    assert!(!opened(&previews, left).runs(), "overtaken while it opened");
    assert!(shown.0.runs(), "nor did it take the other's place");
    previews.end(left);
    assert!(shown.0.runs(), "its own is over");
    assert!(shown.0.flow.reserve() && shown.0.flow.reserve(), "two on their way");
    previews.painted(left);
    let waiting = Arc::clone(&shown.0.flow);
    let (tells, went) = channel();
    let third = std::thread::spawn(move || tells.send(waiting.reserve()));
    let late = went.recv_timeout(Duration::from_millis(200));
    assert_eq!(late, Err(RecvTimeoutError::Timeout), "a late word of the other makes no room");
    previews.painted(shown.1);
    // A place that nobody makes is taken after five seconds all the same.
    assert_eq!(went.recv_timeout(Duration::from_secs(3)), Ok(true), "its own does");
    third.join().unwrap().unwrap();
    previews.end(shown.1);
    assert!(!shown.0.runs());
}

#[test]
fn a_new_preview_of_a_device_ends_the_older_one_and_no_other_device_s() {
    let previews = Previews::default();
    let older = opened(&previews, previews.begin(FingerprintScanner));
    previews.begin(Camera);
    assert!(older.runs(), "the camera is another device");
    previews.begin(FingerprintScanner);
    assert!(!older.runs());
}
