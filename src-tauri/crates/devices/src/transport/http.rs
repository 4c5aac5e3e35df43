//! HTTP/1.1 with any method, deadlines and a body cap.
