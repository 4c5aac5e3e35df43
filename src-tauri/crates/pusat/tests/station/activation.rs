//! Activation over the station's own line: guessed codes are held back, and the right one works after the pause.

use crate::district::District;
use packet::pki::KeyPair;
use packet::wire::{Activation, ActivationCode, RegisterClaim};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use sync::Cause;
use sync::activation::{Ask, activate};

/// Attempts after which nothing new is to be expected.
const MANY: usize = 2_000;

#[tokio::test(flavor = "multi_thread")]
async fn guessed_codes_are_held_back_and_the_right_one_works_after_the_pause() {
    let district = District::start().await;
    let code = district.activation("UJI-01").await;
    let wrong = ActivationCode::new([0; 10], district.centre.keys.authority.certificate()).unwrap();
    let ask = Ask {
        centre: format!("https://localhost:{}", district.address().port()),
        station: "UJI-01".into(),
        proxy: String::new(),
        patience: Duration::from_secs(30),
        register: RegisterClaim::none_yet(),
    };
    let with = async |code: &ActivationCode| {
        activate(&ask, code, KeyPair::generate().unwrap(), Arc::new(jiff::Timestamp::now)).await
    };
    let cause = |outcome: &sync::Result<sync::activation::Activated>| match outcome {
        Err(sync::Error::Cause(cause)) => cause.clone(),
        other => panic!("a cause: {other:?}"),
    };
    let first = cause(&with(&wrong).await);
    assert_eq!(first, Cause::Refused { code: "activation_refused".into() }, "one guess is answered");

    // Somebody guesses without end, from several computers.
    let over = Arc::new(AtomicBool::new(false));
    let guessing: Vec<_> = (0..8)
        .map(|_| {
            let (over, stranger) = (Arc::clone(&over), district.stranger());
            let csr = KeyPair::generate().unwrap().request("UJI-01").unwrap().to_pem().unwrap();
            let csr = String::from_utf8(csr).unwrap();
            tokio::spawn(async move {
                let body = Activation { secret: "00".repeat(10), csr, register: None };
                let mut held = None;
                while !over.load(Ordering::SeqCst) {
                    let answer = stranger.post("/v1/stations/UJI-01/activation", &body).await;
                    match answer.status.as_u16() {
                        429 => {
                            assert_eq!(answer.problem(), "too_many", "in the protocol's words");
                            held = Some(answer.header("retry-after").to_owned());
                        }
                        _ => assert_eq!(answer.problem(), "activation_refused", "never let in"),
                    }
                }
                held
            })
        })
        .collect();
    let mut tries = 0;
    while cause(&with(&wrong).await) != (Cause::Busy { retry_after_s: Some(2) }) {
        tries += 1;
        assert!(tries < MANY, "whoever guesses is held back");
    }
    over.store(true, Ordering::SeqCst);
    let mut held = Vec::new();
    for one in guessing {
        held.extend(one.await.unwrap());
    }
    assert!(!held.is_empty() && held.iter().all(|wait| wait == "2"), "with when to come again: {held:?}");

    let mut tries = 0;
    let station = loop {
        match with(&code).await {
            Ok(activated) => break activated,
            outcome => {
                let Cause::Busy { retry_after_s: Some(wait) } = cause(&outcome) else {
                    panic!("nothing but the pause stands in the way: {outcome:?}")
                };
                tries += 1;
                assert!(tries < 100, "the pause comes to its end");
                tokio::time::sleep(Duration::from_secs(wait.into())).await;
            }
        }
    };
    assert!(!station.certificates.certificate.is_empty(), "the right code was not used up by the guesses");
}
