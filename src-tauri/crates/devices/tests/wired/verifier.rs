//! The one-finger module: one contract, on the simulator always, on hardware with `REKAM_HW=1` and
//! `REKAM_HW_ZFM=/dev/ttyUSB0` (a person must lay a finger twice).

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use devices::driver::fingerprint_verifier::VerifierImage;
use devices::driver::fingerprint_verifier::zfm::{DEFAULT_BAUD, ZfmVerifier};
use devices::protocol::zfm::gen_img::GenImg;
use devices::protocol::zfm::img2tz::Img2Tz;
use devices::protocol::zfm::read_sys_para::ReadSysPara;
use devices::protocol::zfm::up_image::UpImage;
use devices::protocol::zfm::vfy_pwd::VfyPwd;
use devices::protocol::zfm::{Command, Pid};
use devices::transport::memory::MemoryLink;
use devices::transport::replay::ReplayLink;
use devices::transport::serial::ByteLink;
use devices::{
    Budget, CancelToken, Device, DeviceError, DeviceState, FactKey, Fault, FingerVerifier, Identity,
};
use domain::Finger;
use domain::image::GrayImage;
use sim::zfm::{FingerSource, ZfmSim, finger_of};
use sim::{DeskPerson, FaultPlan, Person, SimFault};

/// Generous: the machine that runs this may be very busy.
const LONG: Duration = Duration::from_secs(45);

/// Cheap pictures: a stripe pattern that moves with every touch.
fn stripes() -> FingerSource {
    Box::new(|touch| GrayImage {
        width: 256,
        height: 288,
        pixels: (0..256 * 288).map(|i| ((i as u64 * 7 + touch * 31) % 256) as u8).collect(),
    })
}

/// Pictures of one grey each, by the number of the touch.
fn numbered() -> FingerSource {
    Box::new(|touch| GrayImage { width: 256, height: 288, pixels: vec![touch as u8 * 17; 256 * 288] })
}

/// Of which touch this picture is.
fn touch_of(seen: &VerifierImage) -> u8 {
    let first = seen.image.pixels[0];
    assert!(seen.image.pixels.iter().all(|pixel| *pixel == first), "of one touch");
    first / 17
}

/// A driver on the near end of a line.
fn over_memory(near: impl ByteLink + 'static) -> ZfmVerifier {
    let link = Mutex::new(Some(near));
    ZfmVerifier::over(Identity::SerialPath { path: "memory".into() }, move || {
        link.lock().unwrap().take().map(|l| Box::new(l) as Box<dyn ByteLink>).ok_or(Fault::Absent)
    })
}

/// The module's end of a line that keeps its first frame of one kind in answer to one command until it is let go.
struct HeldBack {
    link: MemoryLink,
    asked: Option<u8>,
    held: Option<(u8, Pid)>,
    reached: Sender<()>,
    go_on: Receiver<()>,
}

impl ByteLink for HeldBack {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        if self.held.is_some_and(|(id, pid)| self.asked == Some(id) && bytes[6] == pid.byte()) {
            self.held = None;
            let _ = self.reached.send(());
            let _ = self.go_on.recv_timeout(LONG);
        }
        self.link.write(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> Result<usize, Fault> {
        let n = self.link.read(buffer, wait)?;
        if n > 9 {
            self.asked = Some(buffer[9]);
        }
        Ok(n)
    }
}

/// The driver's end of a line that damages the first answer to one command, and tells how often nothing came then until the
/// driver wrote again.
struct Damaging {
    link: MemoryLink,
    asked: Option<u8>,
    damage: Option<u8>,
    silent: Option<usize>,
    told: Sender<usize>,
}

impl ByteLink for Damaging {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.asked = bytes.get(9).copied();
        if let Some(silent) = self.silent.take() {
            let _ = self.told.send(silent);
        }
        self.link.write(bytes)
    }

    fn read(&mut self, buffer: &mut [u8], wait: Duration) -> Result<usize, Fault> {
        let n = self.link.read(buffer, wait)?;
        if n > 0 && self.damage.is_some() && self.damage == self.asked {
            (self.damage, self.silent) = (None, Some(0));
            buffer[n - 1] ^= 0x55;
        } else if n == 0 {
            self.silent = self.silent.map(|silent| silent + 1);
        }
        Ok(n)
    }
}

struct Bench {
    _dir: tempfile::TempDir,
    port: PathBuf,
    plan: FaultPlan,
    sim: Option<ZfmSim>,
}

fn bench() -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let (port, plan) = (dir.path().join("ttyZFM"), FaultPlan::new());
    let sim = Some(ZfmSim::plug(&port, None, stripes(), plan.clone()).unwrap());
    Bench { _dir: dir, port, plan, sim }
}

impl Bench {
    fn verifier(&self) -> ZfmVerifier {
        ZfmVerifier::on_port(self.port.to_str().unwrap(), DEFAULT_BAUD)
    }
}

fn contract(verifier: &dyn FingerVerifier) {
    let report = verifier.test(&Budget::of(LONG)).expect("the test button must work without a finger");
    assert!(report.findings.iter().any(|fact| fact.key == FactKey::Baud), "the page shows the line speed");
    let first = verifier.capture(&Budget::of(LONG)).expect("a finger lies there");
    let second = verifier.capture(&Budget::of(LONG)).expect("it can be captured again");
    assert_eq!((first.image.width, first.image.height), (256, 288), "the module's window");
    assert_eq!((first.ppi, first.levels), (500, 16), "below enrolment quality, and it says so");
    assert!(first.image.pixels.iter().all(|p| p % 17 == 0), "4 bits are spread over 8");
    assert!(first.image != second.image, "two touches are never the same bytes");
    assert_eq!(verifier.state(), DeviceState::Ready, "ready for the next applicant");
    let cancel = CancelToken::new();
    cancel.cancel();
    let error = verifier.capture(&Budget::new(LONG, &cancel)).expect_err("cancelled before it began");
    assert_eq!(error.fault(), Fault::Cancelled, "a cancel is heard");
    assert!(verifier.capture(&Budget::of(LONG)).is_ok(), "and does no harm to the next capture");
}

#[test]
fn a_module_keeps_the_contract() {
    let bench = bench();
    contract(&bench.verifier());
    if std::env::var("REKAM_HW").as_deref() == Ok("1") {
        let port = std::env::var("REKAM_HW_ZFM").expect("REKAM_HW=1 needs REKAM_HW_ZFM=<port>");
        contract(&ZfmVerifier::on_port(&port, DEFAULT_BAUD));
    }
}

#[test]
fn an_image_at_the_real_line_speed_arrives_whole_within_the_packet_deadlines() {
    let dir = tempfile::tempdir().unwrap();
    let port = dir.path().join("ttyZFM");
    let desk = DeskPerson::new(Person::new(7));
    let source = finger_of(desk, Finger::RightIndex);
    let _sim = ZfmSim::plug(&port, Some(57_600), source, FaultPlan::new()).unwrap();
    let verifier = ZfmVerifier::on_port(port.to_str().unwrap(), DEFAULT_BAUD);
    let seen = verifier.capture(&Budget::of(Duration::from_secs(120))).expect("36 864 bytes at 57 600 bit/s");
    let expected = synth::Person::new(7).finger(Finger::RightIndex, &synth::Impression::usual(1));
    let middle = sim::zfm::window(&expected);
    let off = |(a, b): (&u8, &u8)| u64::from(a.abs_diff(*b));
    let mean =
        seen.image.pixels.iter().zip(&middle.pixels).map(off).sum::<u64>() / seen.image.pixels.len() as u64;
    assert!(mean <= 8, "only the loss of 4 bits lies between the finger and the picture, got {mean}");
}

#[test]
fn an_empty_sensor_is_no_fault_of_the_device() {
    let bench = bench();
    bench.plan.set(SimFault::NoFinger);
    let verifier = bench.verifier();
    let error = verifier.capture(&Budget::of(Duration::from_secs(2))).expect_err("nobody lays a finger");
    assert_eq!(error.fault(), Fault::NothingPresented, "the operator is told to ask for the finger");
    assert_eq!(verifier.state(), DeviceState::Ready, "the module itself is well");
    bench.plan.set_times(SimFault::NoFinger, 3);
    assert!(verifier.capture(&Budget::of(LONG)).is_ok(), "the finger comes at the fourth look");
}

#[test]
fn garbage_and_damaged_packets_in_an_upload_are_recovered_by_asking_again() {
    for fault in [SimFault::Garbage, SimFault::WrongChecksum] {
        let bench = bench();
        let verifier = bench.verifier();
        bench.plan.set_times(fault, 1);
        let seen = verifier.capture(&Budget::of(LONG));
        assert!(seen.is_ok(), "{fault:?} once: the image is still in the module's buffer, got {seen:?}");
        bench.plan.set(fault);
        let error = verifier.capture(&Budget::of(LONG)).expect_err("it is always damaged");
        let named =
            matches!(error.fault(), Fault::Checksum { .. } | Fault::Garbage { .. } | Fault::TimedOut { .. });
        assert!(named, "{fault:?} for ever ends with its cause, got {error:?}");
        bench.plan.clear();
        assert!(verifier.capture(&Budget::of(LONG)).is_ok(), "and the module is usable afterwards");
    }
}

#[test]
fn after_a_damaged_answer_nothing_but_silence_is_waited_for_before_the_module_is_asked_again() {
    for asked in [VfyPwd::ID, ReadSysPara::ID, GenImg::ID, Img2Tz::ID, UpImage::ID] {
        let (near, far) = MemoryLink::pair();
        let (told, waited) = channel();
        let _sim = ZfmSim::over(Box::new(far), Path::new("memory"), numbered(), FaultPlan::new());
        let line = Damaging { link: near, asked: None, damage: Some(asked), silent: None, told };
        let seen = over_memory(line).capture(&Budget::of(LONG)).expect("asked again, it answers well");
        let touch = if asked == GenImg::ID { 2 } else { 1 };
        assert_eq!(touch_of(&seen), touch, "{asked:02X}: only another image is another touch");
        let silent = waited.recv_timeout(LONG).expect("asked again");
        // Behind the answer to an upload the image comes, and on a busy machine with pauses.
        let once = silent == 1 || asked == UpImage::ID;
        assert!(once, "{asked:02X}: the answer was there, and was waited for {silent} times");
    }
}

#[test]
fn a_module_pulled_in_mid_capture_is_used_again_when_it_is_back() {
    let mut bench = bench();
    let verifier = bench.verifier();
    bench.plan.set_times(SimFault::UnplugMidCapture, 1);
    let error = verifier.capture(&Budget::of(LONG)).expect_err("pulled in the middle of the upload");
    assert_eq!(error.fault(), Fault::Unplugged, "the operator is told about the cable");
    assert_eq!(verifier.state(), DeviceState::Absent, "and the table of devices shows it");
    bench.sim = None;
    let error = verifier.capture(&Budget::of(LONG)).expect_err("still not there");
    assert_eq!(error.fault(), Fault::Absent, "no port");
    bench.sim = Some(ZfmSim::plug(&bench.port, None, stripes(), bench.plan.clone()).unwrap());
    assert!(verifier.capture(&Budget::of(LONG)).is_ok(), "no restart of the program is needed");
}

#[test]
fn a_module_whose_port_another_program_holds_is_busy_until_it_is_plugged_in_again() {
    let mut bench = bench();
    bench.sim = None;
    bench.plan.set(SimFault::Busy);
    bench.sim = Some(ZfmSim::plug(&bench.port, None, stripes(), bench.plan.clone()).unwrap());
    let verifier = bench.verifier();
    for _ in 0..2 {
        let error = verifier.capture(&Budget::of(LONG)).expect_err("the port is another program's");
        assert_eq!(error.fault(), Fault::Busy, "and not absent");
    }
    bench.sim = None;
    bench.plan.clear();
    bench.sim = Some(ZfmSim::plug(&bench.port, None, stripes(), bench.plan.clone()).unwrap());
    assert!(verifier.capture(&Budget::of(LONG)).is_ok(), "no restart of the program is needed");
}

#[test]
fn the_previous_persons_image_is_refused() {
    let bench = bench();
    let verifier = bench.verifier();
    verifier.capture(&Budget::of(LONG)).expect("the first person");
    bench.plan.set(SimFault::StaleImage);
    let error = verifier.capture(&Budget::of(LONG)).expect_err("the buffer was not renewed");
    assert_eq!(error.fault(), Fault::Frozen { same: 2 }, "the same bytes twice are never a new finger");
    bench.plan.clear();
    assert!(verifier.capture(&Budget::of(LONG)).is_ok(), "a new touch passes");
}

#[test]
fn a_poor_image_is_refused_with_the_modules_own_reason() {
    let bench = bench();
    bench.plan.set(SimFault::PoorQuality);
    let verifier = bench.verifier();
    let error = verifier.capture(&Budget::of(LONG)).expect_err("smeared");
    let DeviceError::Failed { fault: Fault::Unclear { code, .. }, .. } = error else { panic!("{error:?}") };
    assert_eq!(code, "06", "disorderly image");
    assert_eq!(verifier.state(), DeviceState::Ready, "the module itself is well");
}

#[test]
fn a_silent_module_ends_with_a_time_out_and_a_slow_one_does_not() {
    let bench = bench();
    let verifier = bench.verifier();
    bench.plan.set(SimFault::Slow(200));
    assert!(verifier.test(&Budget::of(LONG)).is_ok(), "200 ms are within every command's deadline");
    bench.plan.set(SimFault::Absent);
    let error = verifier.capture(&Budget::of(Duration::from_secs(2))).expect_err("nothing answers");
    assert!(matches!(error.fault(), Fault::TimedOut { .. }), "a deadline ends the wait, got {error:?}");
}

/// Presses and calls it off as soon as `reached` is heard.
fn called_off(verifier: &ZfmVerifier, reached: &Receiver<()>) {
    let cancel = CancelToken::new();
    let pressed = std::thread::scope(|scope| {
        let press = scope.spawn(|| verifier.capture(&Budget::new(LONG, &cancel)));
        reached.recv_timeout(LONG).expect("the module was asked");
        cancel.cancel();
        press.join().unwrap()
    });
    assert_eq!(pressed.expect_err("called off").fault(), Fault::Cancelled, "and it says so");
    assert_eq!(verifier.state(), DeviceState::Ready, "calling off is no fault of the module");
}

#[test]
fn a_press_that_is_called_off_leaves_neither_its_picture_nor_its_answer_to_the_next_one() {
    // When the module is met, when it takes the image, before and in the middle of the upload; and the first touch that may come.
    for (asked, frame, first) in [
        (VfyPwd::ID, Pid::Acknowledge, 1),
        (GenImg::ID, Pid::Acknowledge, 2),
        (UpImage::ID, Pid::Acknowledge, 2),
        (UpImage::ID, Pid::Data, 2),
    ] {
        let (near, far) = MemoryLink::pair();
        let ((reached, is_reached), (go, go_on)) = (channel(), channel());
        let line = HeldBack { link: far, asked: None, held: Some((asked, frame)), reached, go_on };
        let plan = FaultPlan::new();
        let _sim = ZfmSim::over(Box::new(line), Path::new("memory"), numbered(), plan.clone());
        let verifier = over_memory(near);
        called_off(&verifier, &is_reached);
        // The sensor is empty at first, and then the next person lays a finger.
        plan.set_times(SimFault::NoFinger, 1);
        go.send(()).unwrap();
        let seen = verifier.capture(&Budget::of(LONG)).expect("the next finger");
        assert!(touch_of(&seen) >= first, "{asked:02X} {frame:?}: the finger that was called off");
    }
}

#[test]
fn nobody_on_the_sensor_after_a_press_that_was_called_off_is_nobody_however_late_the_module_answers() {
    let dir = tempfile::tempdir().unwrap();
    let (port, plan) = (dir.path().join("ttyZFM"), FaultPlan::new());
    let (laid, is_laid) = channel();
    let mut lays = numbered();
    let source: FingerSource = Box::new(move |touch| {
        let _ = laid.send(());
        lays(touch)
    });
    let _sim = ZfmSim::plug(&port, None, source, plan.clone()).unwrap();
    let verifier = ZfmVerifier::on_port(port.to_str().unwrap(), DEFAULT_BAUD);
    // The image is in the module's buffer, and the answer that says so on its way.
    plan.set(SimFault::Slow(500));
    called_off(&verifier, &is_laid);
    plan.set(SimFault::NoFinger);
    let error = verifier.capture(&Budget::of(Duration::from_secs(5))).expect_err("nobody lays a finger");
    assert_eq!(error.fault(), Fault::NothingPresented, "least of all the one before");
    plan.clear();
    let seen = verifier.capture(&Budget::of(LONG)).expect("a finger");
    assert!(touch_of(&seen) > 1, "a new one");
}

#[test]
fn the_same_driver_runs_over_memory_and_over_a_field_log() {
    let (near, far) = MemoryLink::pair();
    let _sim = ZfmSim::over(Box::new(far), Path::new("memory"), stripes(), FaultPlan::new());
    let verifier = over_memory(near);
    assert!(verifier.capture(&Budget::of(LONG)).is_ok(), "no pty is needed");

    let log = "# identify, then parameters\n\
        > EF 01 FF FF FF FF 01 00 07 13 00 00 00 00 00 1B\n\
        < EF 01 FF FF FF FF 07 00 03 00 00 0A\n\
        > EF 01 FF FF FF FF 01 00 03 0F 00 13\n\
        < EF 01 FF FF FF FF 07 00 13 00 00 00 00 09 03 E8 00 03 FF FF FF FF 00 02 00 06 05 15\n\
        > EF 01 FF FF FF FF 01 00 03 0F 00 13\n\
        < EF 01 FF FF FF FF 07 00 13 00 00 00 00 09 03 E8 00 03 FF FF FF FF 00 02 00 06 05 15\n";
    let replay = Mutex::new(Some(ReplayLink::parse(log).unwrap()));
    let verifier = ZfmVerifier::over(Identity::SerialPath { path: "log".into() }, move || {
        replay.lock().unwrap().take().map(|l| Box::new(l) as Box<dyn ByteLink>).ok_or(Fault::Absent)
    });
    let para = verifier.parameters(&Budget::of(LONG)).expect("the log answers");
    assert_eq!((para.capacity, para.baud()), (1000, 57_600), "as the log says");
    assert!(ReplayLink::parse("> EF 0").is_err(), "half a byte is no log");
}
