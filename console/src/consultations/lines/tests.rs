use super::*;

const HERE: Route = Route([1; 32]);
const NEXT: Route = Route([2; 32]);

/// A consultation whose client has been heard on its seat, with its standby.
fn seated(now: Instant) -> (Lines, LineId, LineId) {
    let mut lines = Lines::new();
    let seat = lines.seated();
    let standby = begin(&mut lines, &[HERE]);
    lines.proved(seat, now);
    (lines, seat, standby)
}

/// The one standby that is begun.
fn begin(lines: &mut Lines, routes: &[Route]) -> LineId {
    let (_, begun) = lines.wait_at(routes, &[Spot::First]);
    assert_eq!(begun.len(), 1);
    begun[0].id
}

#[test]
fn one_standby_waits_at_each_route() {
    let (mut lines, seat, standby) = seated(Instant::now());
    let (ended, begun) = lines.wait_at(&[HERE], &[Spot::First]);
    assert!(ended.is_empty() && begun.is_empty());
    let (ended, begun) = lines.wait_at(&[NEXT, HERE], &[Spot::First]);
    assert!(ended.is_empty());
    assert!(begun.len() == 1 && begun[0].route == NEXT);
    let (ended, begun) = lines.wait_at(&[NEXT], &[Spot::First]);
    assert_eq!(ended, [standby]);
    assert!(begun.is_empty());
    assert_eq!(lines.serving(), Some(seat));
}

#[test]
fn a_client_that_is_missed_is_awaited_at_a_second_node_until_it_is_there() {
    let now = Instant::now();
    let (mut lines, seat, first) = seated(now);
    lines.remove(seat);
    let both = [Spot::First, Spot::Second];
    let (ended, begun) = lines.wait_at(&[HERE], &both);
    assert!(ended.is_empty() && begun.len() == 1 && begun[0].spot == Spot::Second);
    let second = begun[0].id;
    assert_eq!(lines.joined(second, now), None);
    lines.proved(second, now);
    let (ended, begun) = lines.wait_at(&[HERE], &[Spot::First]);
    assert!(ended.is_empty() && begun.is_empty() && lines.knows(first));
    lines.remove(second);
    let (_, begun) = lines.wait_at(&[HERE], &both);
    let (ended, _) = lines.wait_at(&[HERE], &[Spot::First]);
    assert_eq!(ended, [begun[0].id]);
}

#[test]
fn whoever_joins_takes_nothing_away_before_a_new_cell_opens() {
    let now = Instant::now();
    let (mut lines, seat, standby) = seated(now);
    assert_eq!(lines.joined(standby, now), None);
    assert_eq!(lines.serving(), Some(seat));
    assert_eq!(lines.sends_on(), Some(seat));
    assert_eq!(lines.proved(standby, now), Some(seat), "the line before is to end");
    assert_eq!(lines.serving(), Some(standby));
    assert!(!lines.knows(seat));
}

#[test]
fn nobody_blocks_a_route() {
    let now = Instant::now();
    let (mut lines, seat, mut standby) = seated(now);
    let mut before = None;
    for number in 0..10 {
        assert_eq!(lines.joined(standby, now), before, "the newest candidate stays");
        before = Some(standby);
        let (_, begun) = lines.wait_at(&[HERE], &[Spot::First]);
        standby = begun[0].id;
        assert_eq!(begun[0].in_vain_for, IN_VAIN_STEP * number, "at once, then slower");
    }
    assert_eq!(lines.candidates.len(), 1);
    lines.joined(standby, now);
    assert_eq!(lines.proved(standby, now), Some(seat));
    let (_, begun) = lines.wait_at(&[HERE], &[Spot::First]);
    assert_eq!(begun[0].in_vain_for, Duration::ZERO);
}

#[test]
fn a_line_without_new_cells_is_dropped() {
    let now = Instant::now();
    let (mut lines, seat, standby) = seated(now);
    let later = now + Duration::from_secs(5);
    lines.joined(standby, later);
    assert_eq!(lines.silent_at(), Some(now + SILENT_AFTER));
    let just_before = now + SILENT_AFTER - Duration::from_millis(1);
    assert!(lines.remove_silent(just_before).is_empty());
    assert_eq!(lines.remove_silent(now + SILENT_AFTER), [seat]);
    assert_eq!(lines.sends_on(), Some(standby), "there may be the client");
    assert_eq!(lines.remove_silent(later + SILENT_AFTER), [standby]);
    assert_eq!(lines.silent_at(), None);
}

#[test]
fn the_first_cell_on_the_seat_has_its_own_time() {
    let mut lines = Lines::new();
    let seat = lines.seated();
    let now = Instant::now();
    assert_eq!(lines.silent_at(), None);
    assert!(lines.remove_silent(now + SILENT_AFTER).is_empty());
    assert_eq!(lines.serving(), Some(seat));
}

#[test]
fn the_worker_is_told_where_the_client_is() {
    let now = Instant::now();
    let (mut lines, seat, standby) = seated(now);
    assert_eq!(lines.view(), LineView::Joined);
    lines.remove(seat);
    assert_eq!(lines.view(), LineView::Reconnecting);
    lines.note_at_relay(standby, true);
    assert_eq!(lines.view(), LineView::ClientAway);
    lines.note_at_relay(standby, false);
    assert_eq!(lines.view(), LineView::Reconnecting);
    lines.joined(standby, now);
    assert_eq!(lines.view(), LineView::ClientAway, "somebody, but is it the client?");
    lines.proved(standby, now);
    assert_eq!(lines.view(), LineView::Joined);
}
