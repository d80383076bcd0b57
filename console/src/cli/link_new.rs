//! `vestibule link new`

use std::path::PathBuf;

use vestibule_protocol::Channel;
use zeroize::Zeroizing;

use super::open_enrolment;
use crate::clock::Clock;
use crate::dates;
use crate::key_file::{self, Readers};
use crate::links;
use crate::origin::Origin;
use crate::output;
use crate::problem::Problem;
use crate::sheet::{self, Printed};
use crate::words::words;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Your file from the coordinator.
    #[arg(long, value_name = "FILE")]
    worker: PathBuf,
    /// How many, at most 2000.
    #[arg(long, default_value_t = 1)]
    count: u16,
    /// How long they hold if nobody uses them: 3d, 12h or 45m.
    #[arg(long, default_value = "3d", value_name = "TIME")]
    expires: String,
    /// Where you hand them out: messenger, forum, social, site, bot or card. Only workers see it.
    #[arg(long, default_value = "not_said")]
    channel: String,
    /// Which address they carry: the page's, or one of the relay's. When not given, the page's if the
    /// service has one of its own, else the relay's first.
    #[arg(long, value_name = "ADDRESS")]
    relay: Option<String>,
    /// Draw a QR code below each.
    #[arg(long, conflicts_with = "sheet")]
    qr: bool,
    /// Write a page to print with their QR codes, instead of the links.
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
    /// Take the passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub(super) fn run(args: &Args, clock: Clock) -> Result<(), Problem> {
    let seconds = dates::duration_seconds(&args.expires)?;
    let channel = chosen_channel(&args.channel)?;
    if !(1..=links::COUNT_MAX).contains(&args.count) {
        return Err(Problem::new("count-wrong", &[("maximum", links::COUNT_MAX.into())]));
    }
    if let Some(file) = &args.sheet {
        key_file::refuse_existing(file)?;
    }
    let enrolment = open_enrolment(&args.worker, args.passphrase_file.as_deref())?;
    let origin = chosen_origin(args.relay.as_deref(), enrolment.page.as_ref(), &enrolment.origins)?;
    let issued = links::issue(&enrolment, args.count, seconds, channel, clock.now())
        .map_err(links::explain)?;
    let addresses: Vec<Zeroizing<String>> =
        issued.links.iter().map(|link| links::address(origin, link)).collect();
    if let Some(file) = &args.sheet {
        let page = sheet::page(origin, &addresses, Printed::OneTime, issued.expires_at)?;
        key_file::write_new(file, page.as_bytes(), Readers::Owner)?;
        let file = file.display().to_string();
        output::say(&words("sheet-written", &[("file", file.into())]));
    } else {
        for address in &addresses {
            output::result(address);
            if args.qr {
                output::result(&links::qr(address)?);
            }
        }
    }
    let count = issued.links.len();
    let moment = dates::moment(issued.expires_at);
    output::say(&if issued.capped {
        words("links-hold-longest", &[("count", count.into()), ("moment", moment.into())])
    } else {
        words("links-hold", &[("count", count.into()), ("moment", moment.into())])
    });
    Ok(())
}

/// A channel that people may choose: return links say theirs themselves.
pub(super) fn chosen_channel(text: &str) -> Result<Channel, Problem> {
    let channel = Channel::from_name(text).ok().filter(|channel| *channel != Channel::Return);
    channel.ok_or_else(|| Problem::new("channel-unknown", &[("text", text.into())]))
}

/// The address that links carry: where the page is, or the relay.
pub(super) fn chosen_origin<'a>(
    wanted: Option<&str>,
    page: Option<&'a Origin>,
    origins: &'a [Origin],
) -> Result<&'a Origin, Problem> {
    let mut origins = page.into_iter().chain(origins);
    let found = match wanted {
        Some(text) => {
            let wanted = Origin::parse(text)?;
            origins.clone().find(|origin| **origin == wanted)
        }
        None => origins.clone().next(),
    };
    found.ok_or_else(|| {
        let known: Vec<&str> = origins.by_ref().map(Origin::as_str).collect();
        let known = known.join(", ");
        Problem::new("relay-not-yours", &[("known", known.into())])
    })
}
