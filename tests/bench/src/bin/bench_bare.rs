//! The least window there is: one static page in `wry`, of the versions that the program stands on. The reference for
//! start and memory.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "a measuring program")]

use tao::event::{Event, WindowEvent};
use tao::event_loop::{ControlFlow, EventLoop};
use tao::window::WindowBuilder;
use wry::{WebContext, WebViewBuilder};

fn main() {
    let events = EventLoop::new();
    let window = WindowBuilder::new()
        .with_title("bare")
        .with_inner_size(tao::dpi::LogicalSize::new(1366.0, 768.0))
        .build(&events)
        .unwrap();
    let mut context = WebContext::new(std::env::var_os("BARE_DATA").map(Into::into));
    context.set_allows_automation(true);
    let page = WebViewBuilder::new_with_web_context(&mut context)
        .with_html("<!doctype html><html lang=id><title>bare</title><body><h1>Rekam</h1></body></html>");
    #[cfg(target_os = "linux")]
    let _page = {
        use tao::platform::unix::WindowExtUnix;
        use wry::WebViewBuilderExtUnix;
        page.build_gtk(window.default_vbox().unwrap()).unwrap()
    };
    #[cfg(not(target_os = "linux"))]
    let _page = page.build(&window).unwrap();
    events.run(move |event, _, flow| {
        *flow = ControlFlow::Wait;
        if let Event::WindowEvent { event: WindowEvent::CloseRequested, .. } = event {
            *flow = ControlFlow::Exit;
        }
    });
}
