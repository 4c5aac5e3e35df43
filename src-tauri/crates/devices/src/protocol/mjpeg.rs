//! MJPEG in `multipart/x-mixed-replace`.
