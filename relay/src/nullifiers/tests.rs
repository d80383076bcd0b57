use vestibule_wire::{Epoch, Expiry, LinkName, Timestamp};

use super::{Nullifiers, Spent};
use crate::testing::{NOW, link_name};

fn key() -> [u8; 32] {
    [5; 32]
}

#[test]
fn a_spent_link_knows_its_opening() {
    let mut nullifiers = Nullifiers::new(10);
    let link = link_name(1);
    assert_eq!(nullifiers.check(&link, &[1; 32]), Spent::No);
    nullifiers.spend(&link, [1; 32], key);
    assert_eq!(nullifiers.check(&link, &[1; 32]), Spent::ByThisOpening);
    assert_eq!(nullifiers.check(&link, &[2; 32]), Spent::ByAnother);
    assert_eq!(nullifiers.check(&link_name(2), &[1; 32]), Spent::No);
    nullifiers.unspend(&link);
    assert_eq!(nullifiers.check(&link, &[2; 32]), Spent::No);
}

#[test]
fn expired_links_and_epochs_are_forgotten() {
    let mut nullifiers = Nullifiers::new(10);
    let short = LinkName { expiry: Expiry::from_minutes(1).unwrap(), ..link_name(1) };
    nullifiers.spend(&short, [1; 32], key);
    nullifiers.spend(&link_name(2), [1; 32], key);
    nullifiers.forget_expired(short.expires_at());
    assert_eq!(nullifiers.check(&short, &[2; 32]), Spent::ByAnother);
    nullifiers.forget_expired(NOW);
    assert_eq!(nullifiers.check(&short, &[2; 32]), Spent::No);
    assert_eq!(nullifiers.check(&link_name(2), &[2; 32]), Spent::ByAnother);
    nullifiers.forget_expired(Timestamp(Epoch::current(NOW).ends_at().0 + 601));
    assert!(nullifiers.epochs.is_empty());
}

#[test]
fn a_full_memory_says_so() {
    let mut nullifiers = Nullifiers::new(2);
    nullifiers.spend(&link_name(1), [1; 32], key);
    assert!(!nullifiers.is_full());
    nullifiers.spend(&link_name(2), [1; 32], key);
    assert!(nullifiers.is_full());
}
