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
