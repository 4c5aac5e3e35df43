//! The window's words for what is wrong with a picture, each part of the body with its own.

/// The window's word for what would help the portrait.
pub(super) fn advice_key(advice: biometrics::portrait::Advice) -> &'static str {
    use biometrics::portrait::Advice as A;
    match advice {
        A::NoFace => "no_face",
        A::SeveralFaces => "many_faces",
        A::Closer => "too_small",
        A::Farther => "too_large",
        A::MoveLeft | A::MoveRight | A::MoveUp | A::MoveDown => "off_centre",
        A::MoreLight => "too_dark",
        A::LessLight => "too_bright",
        // The picture's left is the applicant's right. The words name the applicant's side, where the lamp goes; the live
        // picture is shown mirrored, so that it is the side that the operator sees it on, too.
        A::LightFromLeft => "dark_right",
        A::LightFromRight => "dark_left",
        A::HoldStill => "blurred",
        A::ChangeBackdrop => "backdrop_wrong",
        A::EvenBackdrop => "backdrop_uneven",
    }
}

/// The window's word for what is wrong with a print.
pub(super) fn finger_reason_key(reason: &biometrics::quality::FingerReason) -> &'static str {
    use biometrics::quality::FingerReason as R;
    match reason {
        R::NoFinger => "missing_finger",
        R::Partial => "tip_only",
        R::Dry => "dry",
        R::Wet => "wet",
        R::LightPressure => "low_pressure",
        R::Smudged => "smeared",
        R::OffCentre => "finger_off_centre",
    }
}

/// The window's word for what is wrong with an iris.
pub(super) fn iris_reason_key(reason: &biometrics::iris::IrisReason) -> &'static str {
    use biometrics::iris::IrisReason as R;
    match reason {
        R::NoEye => "unclear",
        R::TooFar => "too_far",
        R::LidsCover => "lid_covers",
        R::Blurred => "blurred",
        R::Pupil => "pupil",
        R::OffCentre => "iris_off_centre",
    }
}

#[cfg(test)]
mod tests {
    use biometrics::portrait::{Backdrop, Expect, measure};
    use synth::{Person, PortraitLook};

    use super::*;

    #[test]
    fn a_shadow_is_named_by_the_applicants_own_side_and_not_by_that_of_the_picture() {
        for (lit, word) in [(0.8, "dark_right"), (-0.8, "dark_left")] {
            let look = PortraitLook {
                side_light: lit,
                hijab: Some(false),
                skin: Some(0.7),
                ..PortraitLook::default()
            };
            let measured = measure(&Person::new(8).portrait(&look), &Expect::backdrop(Backdrop::Red));
            assert_eq!(measured.balance > 0.0, lit > 0.0, "the picture's left is the darker: {measured:?}");
            assert_eq!(measured.advice.map(advice_key), Some(word), "where the lamp goes");
        }
    }

    /// The words of one part of the body say nothing of another: who is told to move the chair moves no finger.
    #[test]
    fn every_reason_is_worded_for_its_own_part() {
        use biometrics::iris::IrisReason as I;
        use biometrics::portrait::Advice as A;
        use biometrics::quality::FingerReason as F;
        let fingers = [F::NoFinger, F::Partial, F::Dry, F::Wet, F::LightPressure, F::Smudged, F::OffCentre];
        let eyes = [I::NoEye, I::TooFar, I::LidsCover, I::Blurred, I::Pupil, I::OffCentre];
        let fingers = fingers.map(|reason| finger_reason_key(&reason));
        let eyes = eyes.map(|reason| iris_reason_key(&reason));
        let face =
            [A::NoFace, A::SeveralFaces, A::Closer, A::Farther, A::MoveLeft, A::MoreLight, A::LessLight];
        let face = face.map(advice_key);
        for key in fingers.iter().chain(&eyes) {
            assert!(!face.contains(key), "{key} is told in words of the face");
            for list in ["capture.reason", "capture.advice"] {
                crate::words::assert_worded(&format!("{list}.{key}"));
            }
            crate::words::assert_worded(&format!("capture.advice.{key}.do"));
        }
        // No longer said, but kept with the eyes that earlier versions judged.
        for old in ["capture.reason.gaze", "capture.advice.gaze", "capture.advice.gaze.do"] {
            crate::words::assert_worded(old);
        }
        assert!(fingers.iter().all(|key| !eyes.contains(key)), "nor in each other's");
    }
}
