//! The serial ports that the system lists now, with the device behind each.

use crate::device::Identity;
use crate::error::Fault;

/// A serial port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Today's name: `/dev/ttyUSB0`, `COM3`. Another device may bear it tomorrow.
    pub name: String,
    /// Who is behind it: the USB device, or the name itself where the system knows no more (on-board UART).
    pub identity: Identity,
    /// Interface of a USB device that has several ports.
    pub interface: Option<u8>,
}

/// Lists serial ports.
pub trait Ports: Send + Sync {
    /// What is there now, in no order.
    ///
    /// # Errors
    /// [`Fault::Io`] when the system does not say.
    fn list(&self) -> Result<Vec<Port>, Fault>;
}

/// The ports of this computer.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemPorts;

impl Ports for SystemPorts {
    fn list(&self) -> Result<Vec<Port>, Fault> {
        // The lister panics where this folder is missing (a container without /sys).
        if cfg!(target_os = "linux") && !std::path::Path::new("/sys/class/tty").is_dir() {
            return Ok(Vec::new());
        }
        let listed = serialport::available_ports()
            .map_err(|error| Fault::Io { kind: format!("list serial ports: {:?}", error.kind()) })?;
        Ok(listed.into_iter().map(port).collect())
    }
}

fn port(listed: serialport::SerialPortInfo) -> Port {
    let name = listed.port_name;
    match listed.port_type {
        serialport::SerialPortType::UsbPort(usb) => Port {
            name,
            interface: usb.interface,
            identity: Identity::Usb {
                vid: usb.vid,
                pid: usb.pid,
                serial: usb.serial_number.filter(|serial| !serial.is_empty()),
                path: usb.location.map(|at| at.to_string()).unwrap_or_default(),
            },
        },
        serialport::SerialPortType::PciPort
        | serialport::SerialPortType::BluetoothPort
        | serialport::SerialPortType::Unknown => {
            Port { identity: Identity::SerialPath { path: name.clone() }, name, interface: None }
        }
    }
}
