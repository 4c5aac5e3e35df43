//! A poor line of the kernel's own: two network namespaces, 64 kbit/s each way, 5 % of the packets of each way dropped.
//! What is counted is what left the device, retransmissions and headers included. It needs root, `ip`, `tc` and `nft`.

use crate::figure;
use load::{Desk, Error, House, Result, drive};
use std::process::Command;

const CENTRE: &str = "rekam-centre";
const STATION: &str = "rekam-station";

/// The two namespaces; dropping removes them.
struct Line;

impl Drop for Line {
    fn drop(&mut self) {
        for name in [CENTRE, STATION] {
            let _ = Command::new("ip").args(["netns", "del", name]).output();
        }
    }
}

fn run(line: &str) -> Result<()> {
    let mut words = line.split(' ');
    let Some(program) = words.next() else { return Ok(()) };
    let output =
        Command::new(program).args(words).output().map_err(Error::file("start a program of the network"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Program {
        program: "ip",
        words: format!("{line}: {}", String::from_utf8_lossy(&output.stderr).trim()),
    })
}

fn build() -> Result<Line> {
    for name in [CENTRE, STATION] {
        let _ = Command::new("ip").args(["netns", "del", name]).output();
    }
    run(&format!("ip netns add {CENTRE}"))?;
    let line = Line;
    run(&format!("ip netns add {STATION}"))?;
    run(&format!("ip link add rk0 netns {STATION} type veth peer name rk1 netns {CENTRE}"))?;
    for (name, device, address) in [(STATION, "rk0", "10.77.0.1/24"), (CENTRE, "rk1", "10.77.0.2/24")] {
        let within = format!("ip netns exec {name}");
        run(&format!("{within} ip addr add {address} dev {device}"))?;
        // One packet a segment, as on a real line.
        run(&format!("{within} ip link set {device} gso_max_segs 1"))?;
        run(&format!("{within} ip link set {device} up"))?;
        run(&format!("{within} ip link set lo up"))?;
        run(&format!("{within} tc qdisc add dev {device} root tbf rate 64kbit burst 1600 limit 16384"))?;
        run(&format!("{within} nft add table ip rekam"))?;
        run(&format!("{within} nft add chain ip rekam in {{ type filter hook input priority 0 ; }}"))?;
        run(&format!("{within} nft add rule ip rekam in iifname {device} numgen random mod 100 < 5 drop"))?;
    }
    Ok(line)
}

/// Bytes that the station's device has sent and received, without Ethernet's own header.
fn counted() -> Result<(u64, u64)> {
    let one = |name: &str| -> Result<u64> {
        let path = format!("/sys/class/net/rk0/statistics/{name}");
        let output = Command::new("ip")
            .args(["netns", "exec", STATION, "cat", &path])
            .output()
            .map_err(Error::file("read the device"))?;
        String::from_utf8_lossy(&output.stdout).trim().parse().map_err(|_| Error::Broken(path))
    };
    Ok((one("tx_bytes")? - 14 * one("tx_packets")?, one("rx_bytes")? - 14 * one("rx_packets")?))
}

pub async fn measure() -> Result<()> {
    let kib: usize =
        std::env::var("REKAM_BENCH_WIRE_KIB").ok().and_then(|text| text.parse().ok()).unwrap_or(1024);
    let line = match build() {
        Ok(line) => line,
        Err(error) => return skipped(&error),
    };
    let address = std::net::SocketAddr::from(([10, 77, 0, 2], 8443));
    let house = House::build(address)?;
    house.serve(Some(CENTRE))?;
    let desk = Desk::new(&house, "W0003").await?;
    // Only this thread: the engine's connections are made on it.
    let name =
        std::fs::File::open(format!("/run/netns/{STATION}")).map_err(Error::file("open the namespace"))?;
    nix::sched::setns(&name, nix::sched::CloneFlags::CLONE_NEWNET)
        .map_err(|errno| Error::File { doing: "enter the namespace", source: errno.into() })?;
    let engine = desk.engine(address)?;
    drive(&desk, &engine).await?;
    desk.seal([kib * 32, kib * 896, kib * 96])?;
    let congestion = std::fs::read_to_string("/proc/sys/net/ipv4/tcp_congestion_control").unwrap_or_default();
    let (began, before) = (std::time::Instant::now(), counted()?);
    drive(&desk, &engine).await?;
    let after = counted()?;
    let seconds = began.elapsed().as_secs_f64();
    drop(line);
    #[allow(clippy::cast_precision_loss)] // megabytes
    let [up, down, payload] = [after.0 - before.0, after.1 - before.1, kib as u64 * 1024].map(|n| n as f64);
    let more = serde_json::json!({
        "both_ways": (1000.0 * (up + down) / payload).round() / 1000.0, "seconds": seconds.round(),
        "share_of_the_line": (1000.0 * payload / seconds / 8000.0).round() / 1000.0, "kib": kib,
        "line": "64 kbit/s, 5 % dropped each way, queue of 16 KiB, no delay of its own",
        "congestion_control": congestion.trim(),
    });
    figure("wire bytes up on a line of 64 kbit/s and 5 % loss, IP packets", up / payload, "ratio", 1.18, more)
}

fn skipped(why: &Error) -> Result<()> {
    let more = serde_json::json!({"skipped": why.to_string(), "needs": "root, ip, tc, nft"});
    figure("wire bytes up on a line of 64 kbit/s and 5 % loss, IP packets", f64::NAN, "ratio", 1.18, more)
}
