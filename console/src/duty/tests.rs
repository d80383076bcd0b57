use super::*;

#[test]
fn retries_come_slower_and_never_together() {
    for (failures, longest) in [(0, 1), (1, 2), (4, 16), (5, 30), (63, 30), (u32::MAX, 30)] {
        for _ in 0..50 {
            let delay = retry_delay(failures);
            assert!(delay <= Duration::from_secs(longest), "{failures}");
            assert!(delay >= Duration::from_secs(longest) / 2, "{failures}");
        }
    }
}

#[test]
fn a_sign_in_is_renewed_when_the_next_epoch_begins_or_the_certificate_ends() {
    let epoch = Epoch(5_937);
    let early = epoch.starts_at().plus_seconds(1_000);
    let hour = 3_600;
    // The certificate ends first.
    let seconds = renewal_seconds(early, early.plus_seconds(6 * hour));
    assert!((6 * hour - 600..6 * hour).contains(&seconds), "{seconds}");
    // The epoch ends first.
    let late = Timestamp(epoch.ends_at().0 - 302_400 - hour);
    let seconds = renewal_seconds(late, late.plus_seconds(20 * hour));
    assert!((hour + 1..=hour + 300).contains(&seconds), "{seconds}");
    // Never over and over.
    assert!(renewal_seconds(late, late) > 600);
}
