//! What the printer only warns of: said at the printing desk, and in nobody's way.

use super::*;

#[test]
fn a_printer_that_asks_to_be_cleaned_is_named_before_the_card_and_prints_it_all_the_same() {
    let bench = printable();
    let (station, id) = (&bench.station, bench.id.as_str());
    assert_eq!(at_rest(&bench).printer_warnings, Vec::<String>::new(), "nothing to say");
    let plan = bench.training.desk.plan(devices::Role::CardPrinter);
    plan.set(SimFault::CleaningDue);
    assert_eq!(at_rest(&bench).printer_warnings, ["cleaning_due"], "at the print queue");
    let seen = station.card_print(id).unwrap();
    assert_eq!(seen.stock.printer_warnings, ["cleaning_due"], "and at step 8, before the blangko is taken");
    assert!(seen.can_start, "which it does not hinder: {:?}", seen.start_why.map(|why| why.key));
    print_on(&bench, FIRST);
    plan.clear();
    assert_eq!(at_rest(&bench).printer_warnings, Vec::<String>::new(), "cleaned");
}

/// Says something to the control port of the simulated desk, as a trainer does; the answer is JSON.
fn control(bench: &Bench, line: &str) -> serde_json::Value {
    use std::io::{BufRead, BufReader, Write};
    let mut socket = std::net::TcpStream::connect(bench.training.desk.endpoints().control).unwrap();
    socket.write_all(format!("{line}\n").as_bytes()).unwrap();
    let mut answer = String::new();
    BufReader::new(socket).read_line(&mut answer).unwrap();
    serde_json::from_str(&answer).unwrap()
}

#[test]
fn whatever_the_printer_says_of_itself_is_said_at_the_desk_and_only_a_hindrance_stands_in_the_way() {
    let bench = printable();
    let says = |word: &str| {
        let answer = control(&bench, &format!(r#"{{"card_printer":{{"says":"{word}"}}}}"#));
        assert_eq!(answer["ok"], true, "{word}: {answer}");
    };
    for (word, warned) in [
        ("INF_FEEDER_NEAR_EMPTY", Some("feeder_low")),
        ("INF_CLEAN_2ND_PASS", Some("cleaning_due")),
        ("INF_WRONG_ZONE_ALERT", Some("ribbon_wrong")),
        ("INF_SLEEP_MODE", None),
    ] {
        says(word);
        let stock = at_rest(&bench);
        assert_eq!(stock.printer_warnings, Vec::from_iter(warned), "{word}");
        assert_eq!((stock.ribbon_note, stock.film_note), (None, None), "{word}");
    }
    for (word, ribbon, film) in
        [("INF_RIBBON_LOW", Some(SupplyNote::Low), None), ("INF_CLEAR_LOW", None, Some(SupplyNote::Low))]
    {
        says(word);
        let stock = at_rest(&bench);
        assert_eq!((stock.ribbon_note, stock.film_note), (ribbon, film), "{word}");
        assert_eq!(stock.printer_warnings, Vec::<String>::new(), "{word}: once");
    }
    for (word, why) in [
        ("DEF_FEEDER_EMPTY", "printer_card_empty"),
        ("DEF_RIBBON_ENDED", "printer_ribbon_empty"),
        ("DEF_NO_RIBBON", "printer_ribbon_missing"),
        ("ERR_RIBBON_ERROR", "printer_ribbon_torn"),
        ("DEF_CLEAR_ENDED", "printer_film_empty"),
        ("DEF_CLEAR_UNSUPPORTED", "printer_film_wrong"),
        ("DEF_COVER_OPEN", "printer_lid_open"),
        ("DEF_REJECT_BOX_FULL", "printer_reject_full"),
        ("DEF_HOPPER_FULL", "printer_output_full"),
        ("INF_CLEANING_REQUIRED", "printer_cleaning"),
        ("DEF_COOLING", "printer_hot"),
        ("ERR_MECHANICAL", "printer_jam"),
        ("PRINTER_OFFLINE", "printer_offline"),
    ] {
        says(word);
        let began = std::time::Instant::now();
        loop {
            // While the printer is asked by the device page it is asked again.
            let told = bench.station.print_queue().unwrap().printer_why.map(|why| why.key);
            if told.as_deref() == Some(why) {
                break;
            }
            assert!(began.elapsed() < LONG, "{word} is {why}: {told:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        let refused = bench.station.start_print(&bench.id, FIRST, &job()).unwrap_err().to_view();
        assert_eq!(refused.key, "printer_not_ready", "{word}: no blangko is taken");
    }
    assert_eq!(control(&bench, r#"{"card_printer":{"says":"INF_SOMETHING"}}"#)["ok"], false, "no such word");
    says("");
    let set = control(&bench, r#"{"card_printer":{"feeder":4}}"#);
    assert_eq!(set["panel"]["feeder"], 4, "{set}");
    assert_eq!(at_rest(&bench).printer_warnings, ["feeder_low"], "the feeder says it by itself");
    print_on(&bench, FIRST);
}
