//! `vestibule worker revoke` and `vestibule worker roster`

use std::path::PathBuf;

use vestibule_wire::Alias;

use super::coordinator::{ServiceInHand, alias};
use crate::clock::Clock;
use crate::dates;
use crate::output;
use crate::problem::Problem;
use crate::words::words;

#[derive(clap::Args)]
pub(super) struct RevokeArgs {
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// Who: an alias on the roster.
    #[arg(long)]
    alias: String,
    /// Refuse every link that was made before, whoever made it. Doors stay open.
    #[arg(long)]
    refuse_links: bool,
    /// Do not tell the relays over the network; the operator then needs revocations.bin.
    #[arg(long)]
    no_publish: bool,
    /// Take the service's passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(super) struct RosterArgs {
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// Take the service's passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub(super) fn revoke(args: &RevokeArgs, clock: Clock) -> Result<(), Problem> {
    let now = clock.now();
    let wanted = alias(&args.alias)?;
    let mut hand = ServiceInHand::open(&args.service, args.passphrase_file.as_deref())?;
    let revoked = hand.service.send_off(&wanted, args.refuse_links, now)?;
    hand.save()?;
    output::say(&words(
        "worker-revoked",
        &[("alias", args.alias.as_str().into()), ("count", revoked.key_count.into())],
    ));
    if revoked.links_refused {
        output::say(&words("links-refused", &[]));
    }
    let others = hand.service.to_be_renewed(now);
    if !others.is_empty() {
        let aliases: Vec<&str> = others.into_iter().map(Alias::as_str).collect();
        let aliases = aliases.join(", ");
        output::say(&if revoked.links_refused {
            words("renew-before-duty", &[("aliases", aliases.into())])
        } else {
            words("renew-soon", &[("aliases", aliases.into())])
        });
    }
    hand.publish(!args.no_publish)
}

pub(super) fn roster(args: &RosterArgs, clock: Clock) -> Result<(), Problem> {
    let now = clock.now();
    let hand = ServiceInHand::open(&args.service, args.passphrase_file.as_deref())?;
    let newest = hand.service.authority.newest_generation();
    let lowest = hand.service.lowest_generation;
    let kept: Vec<_> = hand
        .service
        .roster
        .iter()
        .filter(|enrolled| enrolled.revoked || enrolled.holds(now))
        .collect();
    if kept.is_empty() {
        output::say(&words("roster-empty", &[]));
    }
    for enrolled in kept {
        let state = if enrolled.revoked {
            words("roster-revoked", &[])
        } else if enrolled.generation < lowest {
            words("roster-refused", &[])
        } else if enrolled.generation < newest {
            words("roster-old-keys", &[])
        } else {
            words("roster-holds", &[])
        };
        let first_day = dates::day_of(enrolled.terms.first_day);
        let languages = enrolled.terms.languages.codes().join(",");
        output::result(&words(
            "roster-line",
            &[
                ("alias", enrolled.terms.alias.as_str().into()),
                ("role", enrolled.terms.role.name().into()),
                ("languages", languages.into()),
                ("day", first_day.into()),
                ("moment", dates::moment(enrolled.ends_at()).into()),
                ("state", state.into()),
            ],
        ));
    }
    Ok(())
}
