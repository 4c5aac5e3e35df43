//! The picture of a signature: dark ink on white, edges smoothed.

use domain::image::GrayImage;

use super::PenSample;
use super::strokes::Strokes;

/// Largest side of a picture, pixels; stray coordinates must not ask for gigabytes.
const SIDE_MAX: f32 = 4096.0;
/// White edge around the ink, mm.
const MARGIN_MM: f32 = 3.0;
/// Pen width without pressure, mm.
const PEN_MM: f32 = 0.5;
const PRESSURE_MAX: f32 = 1023.0;

impl Strokes {
    /// Draws the ink at `ppi`, cut to the ink and a small margin; `None` without ink.
    pub fn draw(&self, ppi: u32) -> Option<GrayImage> {
        let (left, top, right, bottom) = self.bounds()?;
        let margin = MARGIN_MM * ppi as f32 / 25.4;
        let asked = ppi as f32 / self.dpi.max(1) as f32;
        let span = (right as f32 - left as f32).max(bottom as f32 - top as f32);
        let scale = asked.min((SIDE_MAX - 2.0 * margin).max(1.0) / span.max(1.0));
        let side =
            |from: i32, to: i32| ((to as f32 - from as f32) * scale + 2.0 * margin).ceil().max(1.0) as u32;
        let (width, height) = (side(left, right), side(top, bottom));
        let mut image = GrayImage::new(width, height, vec![255; width as usize * height as usize])?;
        let place = |s: &PenSample| {
            let half = match s.pressure {
                Some(p) => PEN_MM * (0.3 + 0.7 * f32::from(p) / PRESSURE_MAX),
                None => PEN_MM * 0.5,
            };
            let at = |v: i32, edge: i32| (v as f32 - edge as f32) * scale + margin;
            (at(s.x, left), at(s.y, top), (half * ppi as f32 / 25.4).max(0.6))
        };
        for line in self.lines() {
            let points: Vec<_> = line.iter().map(place).collect();
            segment(&mut image, points[0], points[0]);
            for pair in points.windows(2) {
                segment(&mut image, pair[0], pair[1]);
            }
        }
        Some(image)
    }
}

/// Darkens what lies within the pen's half width of the segment from `a` to `b` (x, y, half width).
fn segment(image: &mut GrayImage, a: (f32, f32, f32), b: (f32, f32, f32)) {
    let reach = a.2.max(b.2) + 1.0;
    let range = |p: f32, q: f32, end: u32| {
        let from = (p.min(q) - reach).floor().clamp(0.0, end as f32) as u32;
        let to = (p.max(q) + reach).ceil().clamp(0.0, end as f32) as u32;
        from..to
    };
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = dx * dx + dy * dy;
    for y in range(a.1, b.1, image.height) {
        for x in range(a.0, b.0, image.width) {
            let (px, py) = (x as f32 + 0.5 - a.0, y as f32 + 0.5 - a.1);
            let s = if length > 0.0 { ((px * dx + py * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
            let distance = (px - s * dx).hypot(py - s * dy);
            let ink = (a.2 + s * (b.2 - a.2) + 0.5 - distance).clamp(0.0, 1.0);
            let pixel = &mut image.pixels[(y * image.width + x) as usize];
            *pixel = (*pixel).min((255.0 * (1.0 - ink)) as u8);
        }
    }
}
