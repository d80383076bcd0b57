//! The service's doors: permanent addresses, for posters and pages.

use serde::{Deserialize, Serialize};
use vestibule_protocol::{Channel, LINK_LEN, Link};
use vestibule_wire::{Epoch, Expiry, Timestamp};
use zeroize::Zeroizing;

use crate::dates::DAY_SECONDS;
use crate::key_file::SecretHex;
use crate::links;
use crate::origin::Origin;
use crate::problem::Problem;
use crate::random;
use crate::service_file::Service;

/// Longest life of a door, in days: a week less than two years, which may have begun with its epoch.
pub const DOOR_DAYS_MAX: u32 = 723;
/// Most doors at a time.
pub const DOORS_MAX: usize = 16;

/// One door.
pub struct Door {
    /// What the coordinator names it by.
    pub number: u16,
    /// Whether it was shut.
    pub revoked: bool,
    link: Link,
    origin: Origin,
}

/// How a door stands in the service's file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DoorContent {
    number: u16,
    revoked: bool,
    origin: String,
    link: SecretHex<LINK_LEN>,
}

impl Door {
    /// What is printed on posters.
    pub fn address(&self) -> Zeroizing<String> {
        links::address(&self.origin, &self.link)
    }

    /// Where it is published.
    pub fn channel(&self) -> Channel {
        self.link.channel()
    }

    /// Until when it holds.
    pub fn expires_at(&self) -> Timestamp {
        self.link.name().expires_at()
    }

    /// What others know of it.
    pub fn link(&self) -> &Link {
        &self.link
    }

    pub(crate) fn to_content(&self) -> DoorContent {
        let bytes = self.link.to_bytes().as_slice().try_into().expect("every link has this length");
        DoorContent {
            number: self.number,
            revoked: self.revoked,
            origin: self.origin.as_str().to_owned(),
            link: SecretHex(Zeroizing::new(bytes)),
        }
    }

    pub(crate) fn from_content(content: &DoorContent) -> Option<Self> {
        Some(Self {
            number: content.number,
            revoked: content.revoked,
            origin: Origin::parse(&content.origin).ok()?,
            link: Link::from_bytes(&*content.link.0).ok()?,
        })
    }
}

impl Service {
    /// Opens a door for some days.
    ///
    /// # Errors
    /// With a sentence, when there are too many.
    pub fn open_door(
        &mut self,
        days: u32,
        channel: Channel,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<&Door, Problem> {
        self.forget_what_is_over(now);
        if self.doors.len() == DOORS_MAX {
            return Err(Problem::new("doors-too-many", &[("maximum", DOORS_MAX.into())]));
        }
        let epoch = Epoch::current(now);
        let until = now.plus_seconds(days.clamp(1, DOOR_DAYS_MAX) * DAY_SECONDS);
        let expiry = Expiry::of_door_at(epoch, until);
        let link = self
            .authority
            .issue_door(epoch, expiry, channel, &mut random::system())
            .expect("the expiry is that of a door");
        let number = self.doors.iter().map(|door| door.number).max().unwrap_or(0) + 1;
        self.doors.push(Door { number, revoked: false, link, origin: origin.clone() });
        Ok(self.doors.last().expect("one was just added"))
    }

    /// Shuts a door. The list of revocations has still to be made and published.
    ///
    /// # Errors
    /// With a sentence, when there is no such open door.
    pub fn shut_door(&mut self, number: u16) -> Result<(), Problem> {
        let door = self.doors.iter_mut().find(|door| door.number == number && !door.revoked);
        let unknown = || Problem::new("door-unknown", &[("number", number.to_string().into())]);
        door.ok_or_else(unknown)?.revoked = true;
        Ok(())
    }
}
