//! Outsiders who know the route, as the relay does, and wait there without a word.

use tokio::time::Instant;
use vestibule_protocol::Side;
use vestibule_tests::lines::Reach;
use vestibule_wire::Close;

use super::{FIND_OUT_MAX, MEET_MAX, Talk, intrude, pose_as};

#[tokio::test]
async fn many_who_pose_as_the_client_keep_nobody_from_the_worker() {
    let mut talk = Talk::on_second_line().await;
    let mut outsiders = Vec::new();
    for _ in 0..6 {
        outsiders.push(pose_as(Side::Client, &talk.way, talk.route()).await);
        talk.goes_on().await;
    }
    let since = Instant::now();
    talk.client_network.cut();
    talk.say().await;
    talk.meets_within(MEET_MAX, since).await;
    talk.hear().await;
    talk.goes_on().await;
}

#[tokio::test]
async fn one_who_takes_the_workers_place_at_the_route_loses_it_again() {
    let mut talk = Talk::on_second_line().await;
    let (mut outsider, _) = intrude(&talk.way, Side::Worker, talk.route()).await;
    assert_eq!(outsider.closed().await, Close::RejoinedElsewhere, "the worker is back at once");
    talk.rejoin().await;
    talk.goes_on().await;
}

#[tokio::test]
async fn one_who_poses_as_the_worker_while_it_is_away_is_found_out() {
    let mut talk = Talk::on_second_line().await;
    talk.worker_network.unplug();
    let _outsider = pose_as(Side::Worker, &talk.way, talk.route()).await;
    talk.client.until(|status| status.reach == Reach::Joined).await;
    let since = Instant::now();
    talk.worker_network.plug();
    talk.say().await;
    talk.meets_within(FIND_OUT_MAX, since).await;
    talk.hear().await;
    talk.goes_on().await;
}
