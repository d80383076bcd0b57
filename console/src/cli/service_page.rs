//! `vestibule service page`

use std::path::PathBuf;

use super::coordinator::ServiceInHand;
use crate::origin::Origin;
use crate::output;
use crate::problem::Problem;
use crate::words::words;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The coordinator's service.age.
    #[arg(long, value_name = "FILE")]
    service: PathBuf,
    /// Where the page is, for example `https://page.example`; when not given, at the relay.
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// Take the service's passphrase from a file instead of asking.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<(), Problem> {
    let page = args.address.as_deref().map(Origin::parse).transpose()?;
    let mut hand = ServiceInHand::open(&args.service, args.passphrase_file.as_deref())?;
    hand.service.page = page;
    hand.save()?;
    let carried = hand.service.page.as_ref().or_else(|| hand.service.origins.first());
    let address = carried.map(Origin::as_str).unwrap_or_default().to_owned();
    output::say(&words("page-is", &[("address", address.into())]));
    Ok(())
}
