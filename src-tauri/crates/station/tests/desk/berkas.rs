//! Pages of a paper: photographed one by one, and bounded.

use crate::sealed::sealed;

#[test]
fn a_paper_takes_twenty_pages_and_then_says_so() {
    let bench = sealed();
    bench.until_present(devices::Role::Camera);
    let (station, id) = (&bench.station, bench.id.as_str());
    let item = station.print_request(id).unwrap().papers[0].item.clone();
    let pages = |seen: station::view::PrintRequest| {
        seen.papers.into_iter().find(|paper| paper.item == item).map_or(0, |paper| paper.pages.len())
    };
    let had = pages(station.print_request(id).unwrap());
    for _ in had..20 {
        station.photograph_berkas(id, &item).unwrap();
    }
    let refused = station.photograph_berkas(id, &item).unwrap_err().to_view();
    assert_eq!(refused.key, "too_many_pages", "in words");
    assert_eq!(refused.args.get("limit").map(String::as_str), Some("20"), "with the limit");
    assert_eq!(pages(station.print_request(id).unwrap()), 20, "what was taken stays");
}
