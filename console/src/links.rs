//! Issuing one-time consultation links. No network.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};
use vestibule_protocol::{Channel, Link};
use vestibule_wire::{Epoch, Expiry, Timestamp};
use zeroize::Zeroizing;

use crate::dates;
use crate::enrolment::{Enrolment, NotEnrolled};
use crate::origin::Origin;
use crate::problem::Problem;
use crate::random;

/// Most links that are made at once.
pub const COUNT_MAX: u16 = 2_000;

/// New links, and what the person should know about them.
pub struct IssuedLinks {
    /// The links.
    pub links: Vec<Link>,
    /// Until when they hold.
    pub expires_at: Timestamp,
    /// Whether that is earlier than was asked for.
    pub capped: bool,
}

/// Issues links that hold for `seconds`, or until their epoch ends if that is earlier.
///
/// # Errors
/// When the enrolment has not begun or is over.
pub fn issue(
    enrolment: &Enrolment,
    count: u16,
    seconds: u32,
    channel: Channel,
    now: Timestamp,
) -> Result<IssuedLinks, NotEnrolled> {
    enrolment.shift_at(now)?;
    let epoch = Epoch::current(now);
    let entry = enrolment.epoch(epoch).ok_or(NotEnrolled::Over(enrolment.valid_until()))?;
    let asked = now.plus_seconds(seconds);
    let expiry = Expiry::at(epoch, asked.min(epoch.ends_at()));
    let issue_one =
        |_| entry.keys.issue_link(enrolment.authority, expiry, channel, &mut random::system());
    Ok(IssuedLinks {
        links: (0..count.min(COUNT_MAX)).map(issue_one).collect(),
        expires_at: epoch.starts_at().plus_seconds(u32::from(expiry.count()) * 60),
        capped: asked > epoch.ends_at(),
    })
}

/// A link as people pass it on.
pub fn address(origin: &Origin, link: &Link) -> Zeroizing<String> {
    Zeroizing::new(format!("{}/#{}", origin.as_str(), *link.to_text()))
}

/// A QR code of half blocks, for terminals that write light on dark, as most do. Cameras of the last
/// years read it on the others too.
///
/// # Errors
/// With a sentence, when the text is too long for a QR code.
pub fn qr(text: &str) -> Result<Zeroizing<String>, Problem> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L)
        .map_err(|_| Problem::new("qr-too-long", &[]))?;
    // The renderer draws what it calls dark, in the terminal's light colour.
    let drawn = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .quiet_zone(true)
        .build();
    Ok(Zeroizing::new(drawn))
}

/// What to tell a person whose enrolment is of no use now.
pub fn explain(error: NotEnrolled) -> Problem {
    match error {
        NotEnrolled::NotBegun(start) => {
            Problem::new("enrolment-not-begun", &[("moment", dates::moment(start).into())])
        }
        NotEnrolled::Over(end) => {
            Problem::new("enrolment-over", &[("moment", dates::moment(end).into())])
        }
    }
}

#[cfg(test)]
mod tests {
    use vestibule_wire::{Alias, EpochStatement, LanguageSet, Role};

    use super::*;
    use crate::enrolment::Terms;
    use crate::service_file::Service;

    /// 2026-11-23.
    const FIRST_DAY: Timestamp = Timestamp(1_795_392_000);

    fn enrolment() -> Enrolment {
        let origins = vec![Origin::parse("https://relay.example").unwrap()];
        let service = Service::create("Open Door", origins, None, FIRST_DAY).unwrap();
        let terms = Terms {
            alias: Alias::new("Anna").unwrap(),
            role: Role::Peer,
            languages: LanguageSet::from_bits(3).unwrap(),
            first_day: FIRST_DAY,
            days: 7,
        };
        Enrolment::new(&service, &terms)
    }

    #[test]
    fn links_are_read_back_and_their_tokens_hold() {
        let enrolment = enrolment();
        let now = FIRST_DAY.plus_seconds(40_000);
        let issued = issue(&enrolment, 3, 3_600, Channel::Forum, now).unwrap();
        assert_eq!(issued.links.len(), 3);
        assert!(!issued.capped);
        assert!(issued.expires_at >= now.plus_seconds(3_600));
        assert!(issued.expires_at < now.plus_seconds(3_660));
        for link in &issued.links {
            let address = address(&enrolment.origins[0], link);
            let text = address.strip_prefix("https://relay.example/#").unwrap();
            let read = Link::parse(text).unwrap();
            assert!(read.authority() == enrolment.authority);
            assert!(read.channel() == Channel::Forum);
            let entry = enrolment.epoch(read.name().epoch).unwrap();
            assert!(*read.psk() == entry.keys.psk(read.name()));
            let statement =
                EpochStatement::verify(&entry.statement, &enrolment.authority, now).unwrap();
            assert!(read.token().verify(&statement, now).is_ok());
            assert!(qr(&address).unwrap().lines().count() > 20);
        }
        assert!(issued.links[0].name().id != issued.links[1].name().id);
    }

    #[test]
    fn links_end_with_their_epoch() {
        let enrolment = enrolment();
        let issued = issue(&enrolment, 1, 31 * 86_400, Channel::NotSaid, FIRST_DAY).unwrap();
        assert!(issued.capped);
        assert_eq!(issued.expires_at, Epoch::current(FIRST_DAY).ends_at());
        let forever = issue(&enrolment, 1, u32::MAX, Channel::NotSaid, FIRST_DAY).unwrap();
        assert_eq!(forever.expires_at, issued.expires_at);
    }

    #[test]
    fn outside_the_enrolment_there_are_no_links() {
        let enrolment = enrolment();
        for now in [Timestamp(FIRST_DAY.0 - 86_400), enrolment.valid_until()] {
            assert!(issue(&enrolment, 1, 3_600, Channel::NotSaid, now).is_err());
        }
    }
}
