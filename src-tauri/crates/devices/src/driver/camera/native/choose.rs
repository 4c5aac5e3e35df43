//! Which of the offered formats to ask for first.

use nokhwa::utils::{CameraFormat, FrameFormat};

/// Rows that a portrait needs at least.
const ENOUGH: u32 = 720;
/// Rows above which a frame costs more than it gives: asked for only where the camera has nothing smaller that is enough.
const PLENTY: u32 = 1440;

/// Best first: MJPEG of 720 rows or more, then YUYV/NV12, then what has more rows than are worth it, the smallest first, then what
/// has too few; more pixels, then more frames.
pub(super) fn ranked(offered: &[CameraFormat]) -> Vec<CameraFormat> {
    let mut formats: Vec<CameraFormat> =
        offered.iter().copied().filter(|f| f.format() != FrameFormat::RAWBGR).collect();
    formats.sort_by_key(|f| {
        let large = f.height() > PLENTY;
        let class = match (f.format(), f.height() >= ENOUGH) {
            (FrameFormat::MJPEG | FrameFormat::YUYV | FrameFormat::NV12, true) if large => 2,
            (FrameFormat::MJPEG, true) => 0,
            (FrameFormat::YUYV | FrameFormat::NV12, true) => 1,
            (FrameFormat::MJPEG, false) => 3,
            (FrameFormat::YUYV | FrameFormat::NV12, false) => 4,
            _ => 5,
        };
        // A live picture needs 10 frames a second more than it needs pixels.
        let slow = f.frame_rate() < 10;
        let pixels = u64::from(f.width()) * u64::from(f.height());
        let by_size = if large { pixels } else { u64::MAX - pixels };
        (slow, class, by_size, std::cmp::Reverse(f.frame_rate()))
    });
    formats.dedup();
    formats.truncate(8);
    formats
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(coding: FrameFormat, width: u32, height: u32, fps: u32) -> CameraFormat {
        CameraFormat::new_from(width, height, coding, fps)
    }

    #[test]
    fn compressed_720_rows_come_before_raw_and_before_smaller() {
        let best = format(FrameFormat::MJPEG, 1280, 720, 30);
        let raw = format(FrameFormat::YUYV, 1280, 720, 10);
        let small = format(FrameFormat::MJPEG, 640, 480, 30);
        assert_eq!(ranked(&[small, raw, best]), [best, raw, small]);
    }

    #[test]
    fn a_camera_without_mjpeg_is_asked_for_raw() {
        let raw = format(FrameFormat::YUYV, 640, 480, 30);
        assert_eq!(ranked(&[raw]), [raw], "no fallback exists in the binding, so it must be here");
    }

    #[test]
    fn a_picture_that_moves_comes_before_a_larger_one_that_does_not() {
        let large = format(FrameFormat::YUYV, 1920, 1080, 5);
        let live = format(FrameFormat::YUYV, 640, 480, 30);
        assert_eq!(ranked(&[large, live]), [live, large]);
    }

    #[test]
    fn a_camera_that_has_only_large_pictures_is_used_with_the_smallest_of_them() {
        let (large, larger) =
            (format(FrameFormat::MJPEG, 2592, 1944, 30), format(FrameFormat::MJPEG, 3840, 2160, 30));
        let small = format(FrameFormat::YUYV, 640, 480, 30);
        assert_eq!(ranked(&[larger, large]), [large, larger], "no camera is refused for what it can do");
        assert_eq!(ranked(&[larger, small, large]), [large, larger, small], "too few rows make no portrait");
        let enough = format(FrameFormat::YUYV, 1280, 720, 10);
        assert_eq!(ranked(&[larger, enough, large]), [enough, large, larger], "enough is enough");
    }
}
