//! The cut to the rule.

use std::borrow::Cow;

use domain::capture::QuarterTurn;
use domain::image::RgbImage;
use serde::{Deserialize, Serialize};

use super::face::FaceBox;

/// How a portrait is cut: `[crop]` of the settings. Ratio and face share are not fixed by any rule that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CropRule {
    /// Width of the result in pixels.
    pub width: u32,
    /// Height of the result in pixels.
    pub height: u32,
    /// Head height (chin to crown) as a share of the result's height.
    pub head_share: f32,
    /// Middle of the head, share of the result's height from the top.
    pub head_middle: f32,
}

impl Default for CropRule {
    /// 3:4 at 480×640, head 58 % of the height.
    fn default() -> Self {
        Self { width: 480, height: 640, head_share: 0.58, head_middle: 0.46 }
    }
}

/// Cuts and scales around a face; `None` when the rule or the picture is empty.
///
/// Where the frame is too small for the rule, the cut is moved and then made smaller, but keeps its ratio and holds the
/// face; no pixel is invented.
pub fn crop(image: &RgbImage, face: &FaceBox, rule: &CropRule) -> Option<RgbImage> {
    let (w, h) = (image.width as f32, image.height as f32);
    let sane = rule.width > 0 && rule.height > 0 && rule.width <= 4096 && rule.height <= 4096;
    if !sane
        || !(0.05..=4.0).contains(&rule.head_share)
        || image.pixels.len() as u64 != u64::from(image.width) * u64::from(image.height) * 3
    {
        return None;
    }
    let ratio = rule.width as f32 / rule.height as f32;
    let mut cut_h = face.height * 1.25 / rule.head_share;
    cut_h = cut_h.min(h).min(w / ratio);
    let cut_w = cut_h * ratio;
    if cut_h < 8.0 || cut_w < 8.0 {
        return None;
    }
    let x0 = (face.x + face.width / 2.0 - cut_w / 2.0).clamp(0.0, w - cut_w);
    let y0 = (face.y + face.height * 0.44 - cut_h * rule.head_middle).clamp(0.0, h - cut_h);
    Some(resample(image, x0, y0, cut_w / rule.width as f32, rule.width, rule.height))
}

/// Where a person places the cut, when no face is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// How far the picture is turned before anything is cut: a head that lies stands upright in the photo.
    pub turn: QuarterTurn,
    /// Middle of the cut from the left, share of the turned picture's width.
    pub x: f32,
    /// Middle of the cut from the top, share of the turned picture's height.
    pub y: f32,
    /// Size of the cut as a share of the largest that the picture holds.
    pub size: f32,
}

/// Smallest cut that a person may place, share of the largest. Ours.
pub const SMALLEST_PLACE: f32 = 0.2;

/// Turns, cuts and scales where a person placed it, moved where it would leave the picture; `None` when the rule or the picture is empty
/// or the place is none.
pub fn crop_at(image: &RgbImage, place: &Place, rule: &CropRule) -> Option<RgbImage> {
    let sane = rule.width > 0 && rule.height > 0 && rule.width <= 4096 && rule.height <= 4096;
    if !sane
        || image.pixels.len() as u64 != u64::from(image.width) * u64::from(image.height) * 3
        || !(0.0..=1.0).contains(&place.x)
        || !(0.0..=1.0).contains(&place.y)
        || !(SMALLEST_PLACE..=1.0).contains(&place.size)
    {
        return None;
    }
    let image = &turned(image, place.turn);
    let (w, h) = (image.width as f32, image.height as f32);
    let ratio = rule.width as f32 / rule.height as f32;
    let cut_h = h.min(w / ratio) * place.size;
    let cut_w = cut_h * ratio;
    if cut_h < 8.0 || cut_w < 8.0 {
        return None;
    }
    let x0 = (w * place.x - cut_w / 2.0).clamp(0.0, w - cut_w);
    let y0 = (h * place.y - cut_h / 2.0).clamp(0.0, h - cut_h);
    Some(resample(image, x0, y0, cut_w / rule.width as f32, rule.width, rule.height))
}

/// The picture turned clockwise; its pixels stay as they are.
fn turned(image: &RgbImage, turn: QuarterTurn) -> Cow<'_, RgbImage> {
    let (w, h) = (image.width, image.height);
    let (width, height) = match turn {
        QuarterTurn::None => return Cow::Borrowed(image),
        QuarterTurn::Half => (w, h),
        QuarterTurn::Right | QuarterTurn::Left => (h, w),
    };
    let mut pixels = Vec::with_capacity(image.pixels.len());
    for y in 0..height {
        for x in 0..width {
            // Which pixel of the picture stands there.
            let (x, y) = match turn {
                QuarterTurn::None => (x, y),
                QuarterTurn::Right => (y, h - 1 - x),
                QuarterTurn::Half => (w - 1 - x, h - 1 - y),
                QuarterTurn::Left => (w - 1 - y, x),
            };
            let at = (y as usize * w as usize + x as usize) * 3;
            pixels.extend_from_slice(&image.pixels[at..at + 3]);
        }
    }
    Cow::Owned(RgbImage { width, height, pixels })
}

/// Area mean when shrinking, bilinear when growing.
pub(crate) fn resample(image: &RgbImage, x0: f32, y0: f32, scale: f32, width: u32, height: u32) -> RgbImage {
    let taps = (scale.ceil() as usize).clamp(1, 8);
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let mut sum = [0f32; 3];
            for j in 0..taps {
                for i in 0..taps {
                    let fx = x0 + (x as f32 + (i as f32 + 0.5) / taps as f32) * scale - 0.5;
                    let fy = y0 + (y as f32 + (j as f32 + 0.5) / taps as f32) * scale - 0.5;
                    let colour = bilinear(image, fx, fy);
                    for k in 0..3 {
                        sum[k] += colour[k];
                    }
                }
            }
            pixels.extend(sum.map(|s| (s / (taps * taps) as f32).round().clamp(0.0, 255.0) as u8));
        }
    }
    RgbImage { width, height, pixels }
}

fn bilinear(image: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let (w, h) = (image.width as usize, image.height as usize);
    let (x, y) = (x.clamp(0.0, (w - 1) as f32), y.clamp(0.0, (h - 1) as f32));
    let (ix, iy) = (x as usize, y as usize);
    let (jx, jy) = ((ix + 1).min(w - 1), (iy + 1).min(h - 1));
    let (tx, ty) = (x - ix as f32, y - iy as f32);
    let at = |x: usize, y: usize, k: usize| f32::from(image.pixels[(y * w + x) * 3 + k]);
    std::array::from_fn(|k| {
        let top = at(ix, iy, k) * (1.0 - tx) + at(jx, iy, k) * tx;
        let low = at(ix, jy, k) * (1.0 - tx) + at(jx, jy, k) * tx;
        top * (1.0 - ty) + low * ty
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_is_clockwise_and_four_of_them_are_none() {
        // 1 2 3 over 4 5 6, as grey pixels.
        let image = RgbImage { width: 3, height: 2, pixels: (1..=6).flat_map(|grey| [grey; 3]).collect() };
        let shown = |turn| {
            let turned = turned(&image, turn);
            let greys: Vec<u8> = turned.pixels.chunks(3).map(|pixel| pixel[0]).collect();
            (turned.width, turned.height, greys)
        };
        assert_eq!(shown(QuarterTurn::None), (3, 2, vec![1, 2, 3, 4, 5, 6]));
        assert_eq!(shown(QuarterTurn::Right), (2, 3, vec![4, 1, 5, 2, 6, 3]));
        assert_eq!(shown(QuarterTurn::Half), (3, 2, vec![6, 5, 4, 3, 2, 1]));
        assert_eq!(shown(QuarterTurn::Left), (2, 3, vec![3, 6, 2, 5, 1, 4]));
    }
}
