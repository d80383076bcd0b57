//! Taking back what was given: a worker's certificates, generations of links, doors.

use vestibule_wire::{
    Alias, LinkId, REVOKED_KEYS_MAX, Revocations, Timestamp, UnsignedRevocations,
};

use crate::enrolment::GENERATIONS_MAX;
use crate::problem::Problem;
use crate::random;
use crate::service_file::Service;

/// What came of a worker's revocation.
pub struct Revoked {
    /// How many of their keys are refused from now on.
    pub key_count: usize,
    /// Whether links of earlier generations are refused from now on.
    pub links_refused: bool,
}

impl Service {
    /// The generations of epoch keys that are not refused.
    pub fn generations(&self) -> std::ops::RangeInclusive<u8> {
        self.lowest_generation..=self.authority.newest_generation()
    }

    /// The list as it was last signed.
    pub fn revocations(&self) -> Option<Revocations> {
        self.revocations.clone()
    }

    /// Sends a worker off: none of their certificates holds any more, and the epoch keys change. What
    /// others were enrolled with goes on to hold, unless links are refused too: then every link of the
    /// generations before is, whoever issued it.
    ///
    /// # Errors
    /// With a sentence, when nobody of this alias holds a certificate, or the list is full.
    pub fn send_off(
        &mut self,
        alias: &Alias,
        refuse_links: bool,
        now: Timestamp,
    ) -> Result<Revoked, Problem> {
        self.forget_what_is_over(now);
        let mut key_count = 0;
        for enrolled in &mut self.roster {
            // Also what has just ended: a relay's clock may be behind, and `renew` goes by what is left.
            if enrolled.terms.alias == *alias && !enrolled.revoked {
                enrolled.revoked = true;
                key_count += enrolled.keys_at(now).count();
            }
        }
        if key_count == 0 {
            return Err(Problem::new("alias-not-enrolled", &[("alias", alias.as_str().into())]));
        }
        let newest = self
            .authority
            .rotate(&mut random::system())
            .ok_or_else(|| Problem::new("generations-used-up", &[]))?;
        // A worker's file and a relay hold only so many: what is older could not be answered anyway.
        let held = newest.saturating_sub(GENERATIONS_MAX - 1);
        let lowest = if refuse_links { newest } else { held.max(self.lowest_generation) };
        let links_refused = lowest > self.lowest_generation;
        self.lowest_generation = lowest;
        self.sign_revocations(now)?;
        Ok(Revoked { key_count, links_refused })
    }

    /// Signs a new list, which replaces all earlier ones.
    ///
    /// # Errors
    /// With a sentence, when it does not hold so many.
    pub fn sign_revocations(&mut self, now: Timestamp) -> Result<(), Problem> {
        let number = self.revocations.as_ref().map_or(0, Revocations::number);
        let revoked = self.roster.iter().filter(|enrolled| enrolled.revoked);
        let keys = revoked.flat_map(|enrolled| enrolled.keys_at(now)).collect();
        let shut = self.doors.iter().filter(|door| door.revoked);
        let doors: Vec<LinkId> = shut.map(|door| door.link().name().id).collect();
        let list = UnsignedRevocations {
            number: number.saturating_add(1),
            lowest_generation: self.lowest_generation,
            keys,
            doors,
        };
        let too_many =
            |_| Problem::new("revocations-too-many", &[("maximum", REVOKED_KEYS_MAX.into())]);
        let bytes = self.authority.revoke(&list).map_err(too_many)?;
        let signed = Revocations::verify(&bytes, &self.authority.public());
        self.revocations = Some(signed.expect("the authority has just signed it"));
        Ok(())
    }

    /// Who can be on duty, but has no keys of the newest generation, and so cannot answer new links.
    pub fn to_be_renewed(&self, now: Timestamp) -> Vec<&Alias> {
        let newest = self.authority.newest_generation();
        let mut aliases: Vec<&Alias> = Vec::new();
        for enrolled in self.roster.iter().filter(|enrolled| enrolled.holds(now)) {
            let alias = &enrolled.terms.alias;
            let renewed = self.roster.iter().any(|other| {
                other.terms.alias == *alias && other.generation == newest && other.holds(now)
            });
            if !renewed && !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
        aliases
    }
}
