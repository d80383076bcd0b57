//! `vestibule door new`, `vestibule door list` and `vestibule door revoke`

use std::path::PathBuf;

use super::coordinator::ServiceInHand;
use super::link_new::{chosen_channel, chosen_origin};
use crate::clock::Clock;
use crate::dates;
use crate::doors::DOOR_DAYS_MAX;
use crate::key_file::{self, Prepared, Readers};
use crate::links;
use crate::output;
use crate::problem::Problem;
use crate::service_file::Service;
use crate::sheet::{self, Printed};
use crate::words::words;

/// How often a door stands on its sheet: a page to cut.
const COPIES: usize = 12;

#[derive(clap::Args)]
pub(super) struct NewArgs {
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// Where you publish it: messenger, forum, social, site, bot or card. Only workers see it.
    #[arg(long, default_value = "not_said")]
    channel: String,
    /// For how many days, at most 723.
    #[arg(long)]
    days: u32,
    /// Which address it carries: the page's, or one of the relay's. When not given, the page's if the
    /// service has one of its own, else the relay's first.
    #[arg(long, value_name = "ADDRESS")]
    relay: Option<String>,
    /// Draw a QR code below it.
    #[arg(long)]
    qr: bool,
    /// Write a page to print, with twelve copies of its QR code.
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
    /// Take the service's passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(super) struct ListArgs {
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// Take the service's passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(super) struct RevokeArgs {
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// Which: its number in `vestibule door list`.
    #[arg(long)]
    number: u16,
    /// Do not tell the relays over the network; the operator then needs revocations.bin.
    #[arg(long)]
    no_publish: bool,
    /// Take the service's passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub(super) fn new(args: &NewArgs, clock: Clock) -> Result<(), Problem> {
    let channel = chosen_channel(&args.channel)?;
    if !(1..=DOOR_DAYS_MAX).contains(&args.days) {
        return Err(Problem::new("door-days-wrong", &[("maximum", DOOR_DAYS_MAX.into())]));
    }
    if let Some(sheet) = &args.sheet {
        key_file::refuse_existing(sheet)?;
    }
    let mut hand = ServiceInHand::open(&args.service, args.passphrase_file.as_deref())?;
    let Service { page, origins, .. } = &hand.service;
    let origin = chosen_origin(args.relay.as_deref(), page.as_ref(), origins)?.clone();
    let door = hand.service.open_door(args.days, channel, &origin, clock.now())?;
    let (number, address, until) = (door.number, door.address(), door.expires_at());
    // A door that the service's file does not know could never be shut.
    let sheet = args.sheet.as_ref().map(|file| {
        let page = sheet::page(&origin, &vec![address.clone(); COPIES], Printed::Door, until)?;
        Prepared::write(file, page.as_bytes(), Readers::Owner)
    });
    let sheet = sheet.transpose()?;
    hand.save()?;
    if let Some(sheet) = sheet {
        sheet.place_new()?;
    }
    output::result(&address);
    if args.qr {
        output::result(&links::qr(&address)?);
    }
    output::say(&words(
        "door-made",
        &[("number", number.to_string().into()), ("moment", dates::moment(until).into())],
    ));
    Ok(())
}

pub(super) fn list(args: &ListArgs, clock: Clock) -> Result<(), Problem> {
    let now = clock.now();
    let hand = ServiceInHand::open(&args.service, args.passphrase_file.as_deref())?;
    let doors: Vec<_> = hand.service.doors.iter().filter(|door| now <= door.expires_at()).collect();
    if doors.is_empty() {
        output::say(&words("doors-none", &[]));
    }
    for door in doors {
        let state = if door.revoked { words("door-shut", &[]) } else { words("door-open", &[]) };
        output::result(&words(
            "door-line",
            &[
                ("number", door.number.to_string().into()),
                ("channel", door.channel().name().into()),
                ("moment", dates::moment(door.expires_at()).into()),
                ("state", state.into()),
            ],
        ));
        output::result(&door.address());
    }
    Ok(())
}

pub(super) fn revoke(args: &RevokeArgs, clock: Clock) -> Result<(), Problem> {
    let mut hand = ServiceInHand::open(&args.service, args.passphrase_file.as_deref())?;
    hand.service.shut_door(args.number)?;
    hand.service.sign_revocations(clock.now())?;
    hand.save()?;
    output::say(&words("door-revoked", &[("number", args.number.to_string().into())]));
    hand.publish(!args.no_publish)
}
