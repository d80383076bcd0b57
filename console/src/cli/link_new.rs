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
use crate::words::words;

pub(super) fn run(args: &LinkNewArgs, clock: Clock) -> Result<(), Problem> {
    let seconds = dates::duration_seconds(&args.expires)?;
    let channel = Channel::from_name(&args.channel)
        .map_err(|_| Problem::new("channel-unknown", &[("text", args.channel.as_str().into())]))?;
    if !(1..=links::COUNT_MAX).contains(&args.count) {
        return Err(Problem::new("count-wrong", &[("maximum", links::COUNT_MAX.into())]));
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
    let count = issued.links.len();
    let moment = dates::moment(issued.expires_at);
    output::say(&if issued.capped {
        words("links-hold-longest", &[("count", count.into()), ("moment", moment.into())])
    } else {
        words("links-hold", &[("count", count.into()), ("moment", moment.into())])
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
        let known = known.join(", ");
        Problem::new("relay-not-yours", &[("known", known.into())])
    })
}
