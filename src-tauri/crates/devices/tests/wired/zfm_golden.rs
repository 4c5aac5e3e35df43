//! The bytes of a ZFM module. If a test in this module fails, do not change the test.

use devices::protocol::zfm::frame::{Frame, Pid};
use devices::protocol::zfm::gen_img::GenImg;
use devices::protocol::zfm::img2tz::Img2Tz;
use devices::protocol::zfm::read_sys_para::{ReadSysPara, SysPara};
use devices::protocol::zfm::up_image::UpImage;
use devices::protocol::zfm::vfy_pwd::VfyPwd;
use devices::protocol::zfm::{Code, Command, ZfmError};

fn on_wire<C: Command>(command: &C) -> Vec<u8> {
    Frame::new(Pid::Command, command.encode()).encode()
}

#[test]
fn the_password_check_has_these_bytes() {
    let golden = [
        0xEF, 0x01, // header
        0xFF, 0xFF, 0xFF, 0xFF, // address
        0x01, // PID: command
        0x00, 0x07, // length: instruction + password + sum
        0x13, // VfyPwd
        0x00, 0x00, 0x00, 0x00, // password
        0x00, 0x1B, // sum: 01 + 00 + 07 + 13
    ];
    assert_eq!(on_wire(&VfyPwd::default()), golden, "published example of the module's manual");
}

#[test]
fn the_image_commands_have_these_bytes() {
    let head = [0xEF, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0x01, 0x00];
    let gen_img = [&head[..], &[0x03, 0x01, 0x00, 0x05]].concat(); // length 3 · GenImg · sum 01+03+01
    let img2tz = [&head[..], &[0x04, 0x02, 0x01, 0x00, 0x08]].concat(); // length 4 · Img2Tz · slot 1 · sum
    let up_image = [&head[..], &[0x03, 0x0A, 0x00, 0x0E]].concat(); // length 3 · UpImage · sum 01+03+0A
    let sys_para = [&head[..], &[0x03, 0x0F, 0x00, 0x13]].concat(); // length 3 · ReadSysPara · sum 01+03+0F
    assert_eq!(on_wire(&GenImg), gen_img, "GenImg");
    assert_eq!(on_wire(&Img2Tz { slot: 1 }), img2tz, "Img2Tz");
    assert_eq!(on_wire(&UpImage), up_image, "UpImage");
    assert_eq!(on_wire(&ReadSysPara), sys_para, "ReadSysPara");
}

#[test]
fn the_parameters_are_read_from_these_bytes() {
    let payload = [
        0x00, // done
        0x00, 0x04, // status
        0x00, 0x09, // system id
        0x03, 0xE8, // capacity 1000
        0x00, 0x03, // security
        0xFF, 0xFF, 0xFF, 0xFF, // address
        0x00, 0x02, // packet size 32 << 2
        0x00, 0x06, // 9600 × 6
    ];
    let para = SysPara {
        status: 4,
        system_id: 9,
        capacity: 1000,
        security: 3,
        address: 0xFFFF_FFFF,
        packet_size_code: 2,
        baud_factor: 6,
    };
    assert_eq!(ReadSysPara::decode_response(&payload), Ok(para), "field order of the public sources");
    assert_eq!(ReadSysPara::encode_response(&para), payload, "the simulator writes what the driver reads");
    assert_eq!((para.packet_size(), para.baud()), (Some(128), 57_600), "codes mean these sizes");
}

#[test]
fn a_refusal_is_not_read_as_parameters() {
    let refused = ZfmError::Refused { command: "ReadSysPara", code: Code::ReceiveError };
    assert_eq!(ReadSysPara::decode_response(&[0x01]), Err(refused), "code 01 carries no data");
    assert!(ReadSysPara::decode_response(&[0x00, 0x00]).is_err(), "done without its 16 bytes is damaged");
    assert!(VfyPwd::decode_response(&[]).is_err(), "an empty answer has no code");
}
