//! Whole-number angles: a turn has 256 units, so that every machine computes the same score.

/// Units in a turn.
pub(super) const TURN: i32 = 256;

/// `sin` of 0..64 units (a quarter turn) in 1/16384, ends included.
const QUARTER: [i32; 65] = quarter();

/// Taylor series over a quarter turn; only the four IEEE operations, so it is the same everywhere.
const fn quarter() -> [i32; 65] {
    let mut table = [0; 65];
    let mut at = 0;
    while at <= 64 {
        let x = at as f64 * std::f64::consts::PI / 128.0;
        let (mut term, mut sum, mut k) = (x, x, 1);
        while k < 12 {
            term = -term * x * x / ((2 * k) * (2 * k + 1)) as f64;
            sum += term;
            k += 1;
        }
        table[at] = (sum * 16384.0 + 0.5) as i32;
        at += 1;
    }
    table
}

/// `atan(k / 64)` for k 0..=64, in units of 1/256 turn times 16.
const ATAN: [i32; 65] = atan_table();

/// Found by walking the sine table's own angle upwards; exact to 1/16 unit.
const fn atan_table() -> [i32; 65] {
    let mut table = [0; 65];
    let mut k = 1;
    while k <= 64 {
        // atan(t) = 2·atan(t / (1 + sqrt(1 + t²))): halving once makes the series converge quickly.
        let t = k as f64 / 64.0;
        let (square, mut root, mut n) = (1.0 + t * t, 1.2, 0);
        while n < 30 {
            root = (root + square / root) / 2.0;
            n += 1;
        }
        let h = t / (1.0 + root);
        let (mut power, mut sum, mut m) = (h, h, 1);
        while m < 30 {
            power = -power * h * h;
            sum += power / (2 * m + 1) as f64;
            m += 1;
        }
        table[k] = (sum * 2.0 * 128.0 / std::f64::consts::PI * 16.0 + 0.5) as i32;
        k += 1;
    }
    table
}

/// Sine in 1/16384 of an angle in units.
pub(super) fn sin(angle: i32) -> i32 {
    let at = angle.rem_euclid(TURN) as usize;
    match at {
        0..=64 => QUARTER[at],
        65..=128 => QUARTER[128 - at],
        129..=192 => -QUARTER[at - 128],
        _ => -QUARTER[256 - at],
    }
}

/// Cosine in 1/16384 of an angle in units.
pub(super) fn cos(angle: i32) -> i32 {
    sin(angle + 64)
}

/// Direction of (dx, dy) in units, 0..256; 0 for no direction.
pub(super) fn direction(dx: i32, dy: i32) -> u8 {
    let (ax, ay) = (i64::from(dx.abs()), i64::from(dy.abs()));
    if ax == 0 && ay == 0 {
        return 0;
    }
    let (low, high, steep) = if ax >= ay { (ay, ax, false) } else { (ax, ay, true) };
    // Between two entries of the table by straight line.
    let scaled = low * 64 * 256 / high;
    let (k, rest) = ((scaled / 256) as usize, (scaled % 256) as i32);
    let next = ATAN[(k + 1).min(64)];
    let fine = ATAN[k] * 256 + (next - ATAN[k]) * rest;
    let mut angle = (fine + 2048) / 4096;
    if steep {
        angle = 64 - angle;
    }
    if dx < 0 {
        angle = 128 - angle;
    }
    if dy < 0 {
        angle = -angle;
    }
    angle.rem_euclid(TURN) as u8
}

/// Smallest turn between two directions, 0..=128.
pub(super) fn apart(a: u8, b: u8) -> i32 {
    i32::from(a.wrapping_sub(b) as i8).abs()
}

/// Base-2 logarithm in 1/65536; 0 for 0 and 1.
pub(super) fn log2(value: u32) -> i64 {
    if value < 2 {
        return 0;
    }
    let whole = value.ilog2();
    let mut mantissa = (u64::from(value) << 31) >> whole;
    let mut fraction = 0i64;
    for _ in 0..16 {
        mantissa = (mantissa * mantissa) >> 31;
        fraction <<= 1;
        if mantissa >= 1 << 32 {
            mantissa >>= 1;
            fraction |= 1;
        }
    }
    (i64::from(whole) << 16) | fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_number_angles_agree_with_the_ordinary_functions() {
        for unit in 0..256 {
            let radians = f64::from(unit) * std::f64::consts::PI / 128.0;
            assert!((f64::from(sin(unit)) / 16384.0 - radians.sin()).abs() < 1e-4, "sine of {unit} units");
            assert!((f64::from(cos(unit)) / 16384.0 - radians.cos()).abs() < 1e-4, "cosine of {unit} units");
        }
        for dx in -60..60 {
            for dy in -60..60 {
                let exact = f64::from(dy).atan2(f64::from(dx)) * 128.0 / std::f64::consts::PI;
                let off = (f64::from(direction(dx, dy)) - exact).rem_euclid(256.0);
                assert!(!(0.6..=255.4).contains(&off), "direction of ({dx}, {dy}) is off by {off} units");
            }
        }
        for value in [2u32, 3, 10, 1000, 65_535, 4_000_000_000] {
            let exact = f64::from(value).log2() * 65_536.0;
            assert!((log2(value) as f64 - exact).abs() < 4.0, "logarithm of {value}");
        }
    }
}
