//! `vestibule link new`

use vestibule_protocol::Channel;

use super::{LinkNewArgs, open_enrolment};
use crate::clock::Clock;
use crate::dates;
use crate::enrolment::Enrolment;
use crate::links;
use crate::origin::Origin;
use crate::output;
use crate::problem::Problem;

pub(super) fn run(args: &LinkNewArgs, clock: Clock) -> Result<(), Problem> {
    let seconds = dates::duration_seconds(&args.expires)?;
    let channel = Channel::from_name(&args.channel).map_err(|_| {
        Problem::new(format!(
            "“{}” is not a channel: choose messenger, forum, social, site, bot or card, or leave \
             --channel out.",
            args.channel
        ))
    })?;
    if !(1..=links::COUNT_MAX).contains(&args.count) {
        return Err(Problem::new(format!(
            "At most {} links are made at once, and at least one: choose another --count.",
            links::COUNT_MAX
        )));
    }
    let enrolment = open_enrolment(&args.worker, args.passphrase_file.as_deref())?;
    let origin = chosen_origin(args, &enrolment)?;
    let issued = links::issue(&enrolment, args.count, seconds, channel, clock.now())
        .map_err(links::explain)?;
    for link in &issued.links {
        let address = links::address(origin, link);
        output::result(&address);
        if args.qr {
            output::result(&links::qr(&address)?);
        }
    }
    let capped = if issued.capped { ", the longest possible" } else { "" };
    let until = dates::moment(issued.expires_at);
    output::say(&match issued.links.len() {
        1 => format!("The link can be used once, until {until}{capped}."),
        count => format!("Each of the {count} links can be used once, until {until}{capped}."),
    });
    Ok(())
}

fn chosen_origin<'a>(args: &LinkNewArgs, enrolment: &'a Enrolment) -> Result<&'a Origin, Problem> {
    let found = match &args.relay {
        Some(text) => {
            let wanted = Origin::parse(text)?;
            enrolment.origins.iter().find(|origin| **origin == wanted)
        }
        None => enrolment.origins.first(),
    };
    found.ok_or_else(|| {
        let known: Vec<&str> = enrolment.origins.iter().map(Origin::as_str).collect();
        Problem::new(format!(
            "This address is not one of your service's: choose from {}.",
            known.join(", ")
        ))
    })
}
