//! The waits against the formula of the contract, over any history of tries, hints and good connections.

use std::time::Duration;

use proptest::prelude::*;

use super::Backoff;

#[derive(Debug, Clone)]
enum Step {
    Try { chance: f64, hint_ms: Option<u32> },
    Stable,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0.0f64..=1.0, prop::option::weighted(0.2, any::<u32>()))
            .prop_map(|(chance, hint_ms)| Step::Try { chance, hint_ms }),
        1 => Just(Step::Stable),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_wait_is_chance_times_the_doubling_ceiling_unless_the_server_says_so(
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut backoff = Backoff::default();
        let mut tries = 0i32;
        for step in steps {
            let Step::Try { chance, hint_ms } = step else {
                backoff.reset();
                tries = 0;
                continue;
            };
            let ceiling = (0.5 * 2f64.powi(tries)).min(30.0);
            let hint = hint_ms.map(|ms| Duration::from_millis(ms.into()));
            let wait = backoff.next(chance, hint);
            tries += 1;
            match hint {
                Some(hint) => prop_assert_eq!(wait, hint, "a hint wins"),
                None => {
                    prop_assert!(wait <= Duration::from_secs(30));
                    let expected = chance * ceiling;
                    prop_assert!((wait.as_secs_f64() - expected).abs() < 1e-6, "{wait:?} for {expected}");
                }
            }
        }
    }
}
