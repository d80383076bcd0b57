//! Links that a worker makes at the desk, and the service's own words.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;
use vestibule_console::clock::Clock;
use vestibule_console::desk_page::{DeskOptions, RunningDesk};
use vestibule_console::links;
use vestibule_protocol::{Channel, Link};

use crate::page::Page;
use crate::setting::{Setting, enrol, service, start_desk_with, viewer};

#[tokio::test]
async fn links_are_made_for_the_page_that_asks() {
    let mut setting = Setting::new().await;
    let mut other = Page::open(&setting.desk).await;
    other.next_of("snapshot").await;
    let make = json!({ "type": "make_links", "count": 3, "channel": "forum", "hours": 12 });
    setting.page.send(make).await;
    let made = setting.page.next_of("links").await;
    let now = u64::from(Clock::system().now().0);
    assert!(made["expires_at"].as_u64().unwrap() <= now + 12 * 3_600 + 60);
    let links = made["links"].as_array().unwrap();
    assert_eq!(links.len(), 3);
    for link in links {
        let address = link["address"].as_str().unwrap();
        let start = format!("{}/#", setting.relay.origin());
        let read = Link::parse(address.strip_prefix(&start).unwrap()).unwrap();
        assert!(read.channel() == Channel::Forum);
        assert!(link["qr"]["size"].as_u64().unwrap() > 40);
        assert!(link["qr"]["path"].as_str().unwrap().starts_with("M4 4h7v1h-7z"));
    }
    // What one page is given is not shown on another.
    other.send(json!({ "type": "set_capacity", "capacity": 5 })).await;
    assert_eq!(other.next().await["type"], "capacity");
    for wrong in [
        json!({ "type": "make_links", "count": 51, "channel": "forum", "hours": 12 }),
        json!({ "type": "make_links", "count": 1, "channel": "return", "hours": 12 }),
        json!({ "type": "make_links", "count": 1, "channel": "forum", "hours": 169 }),
        json!({ "type": "set_capacity", "capacity": 9 }),
        json!({ "type": "set_lock_minutes", "minutes": 7 }),
    ] {
        let mut page = Page::open(&setting.desk).await;
        page.next_of("snapshot").await;
        page.send(wrong).await;
        assert_eq!(page.closed_with().await, 4400);
    }
}

/// Opening the worker's file takes a second on purpose, and drawing codes is another matter.
#[test]
fn two_thousand_links_are_made_in_less_than_two_seconds() {
    let enrolment = enrol(&service("https://relay.example"), "Anna");
    let now = Clock::system().now();
    let began = Instant::now();
    let issued = links::issue(&enrolment, links::COUNT_MAX, 86_400, Channel::Card, now).unwrap();
    let address = |link| links::address(&enrolment.origins[0], link).to_string();
    let addresses: HashSet<String> = issued.links.iter().map(address).collect();
    let took = began.elapsed();
    assert_eq!(addresses.len(), 2_000);
    assert!(took < Duration::from_secs(2), "{took:?}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn desk_with_pack(folder: &Path) -> RunningDesk {
    let enrolment = enrol(&service("https://relay.example"), "Anna");
    let worker_file = folder.join("worker.age");
    fs::write(&worker_file, "sealed").unwrap();
    let pack_folder = Some(folder.join("pack"));
    let options = DeskOptions { worker_file, pack_folder, save_data: true, viewer: viewer() };
    start_desk_with(options, enrolment, Clock::system()).await
}

#[tokio::test]
async fn a_pack_is_read_again_and_one_with_a_fault_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let pack = folder.path().join("pack");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("pack"), &pack);
    let desk = desk_with_pack(folder.path()).await;
    let mut page = Page::open(&desk).await;
    let before = page.next().await["pack"].take();
    assert_eq!(before["starter"], false);

    let replies = pack.join("en/replies.toml");
    let sound = fs::read_to_string(&replies).unwrap();
    fs::write(&replies, format!("{sound}\n[[reply]]\nid = \n")).unwrap();
    page.send(json!({ "type": "reload_pack" })).await;
    let problem = page.next().await;
    assert_eq!(
        (&problem["type"], &problem["file"]),
        (&json!("pack_problem"), &json!("en/replies.toml"))
    );
    assert!(problem["line"].as_u64().unwrap() > 1 && problem["reason"].is_string());
    assert_eq!(Page::open(&desk).await.next().await["pack"], before);

    fs::write(&replies, sound).unwrap();
    page.send(json!({ "type": "reload_pack" })).await;
    let read = page.next().await;
    assert_eq!((&read["type"], &read["pack"]), (&json!("pack"), &before));
    assert_eq!(read["coding"][0]["group"], "need");
    assert_eq!(page.next().await["notice"], "pack_reloaded");
}
