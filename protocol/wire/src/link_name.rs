//! What names a link, without its secret (section 3).

use crate::{Epoch, Malformed, Reader, SIGNATURE_LEN, TOKEN_LEN, Timestamp};

const EXPIRY_MINUTES_MAX: u16 = 10_080;
const EXPIRY_HOURS_MAX: u16 = 17_520;
const NAME_LEN: usize = TOKEN_LEN - SIGNATURE_LEN;

/// How often a link may be used: the first byte of link and token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkKind {
    /// Once, until it expires at most a week after its epoch began.
    OneTime,
    /// A service's published address: again and again, for up to two years.
    Door,
}

impl LinkKind {
    /// Its byte.
    pub fn byte(self) -> u8 {
        match self {
            Self::OneTime => 1,
            Self::Door => 2,
        }
    }

    /// Reads a byte.
    ///
    /// # Errors
    /// For a kind that this version does not know.
    pub fn from_byte(byte: u8) -> Result<Self, Malformed> {
        match byte {
            1 => Ok(Self::OneTime),
            2 => Ok(Self::Door),
            _ => Err(Malformed),
        }
    }

    fn expiry_max(self) -> u16 {
        match self {
            Self::OneTime => EXPIRY_MINUTES_MAX,
            Self::Door => EXPIRY_HOURS_MAX,
        }
    }

    fn expiry_unit_seconds(self) -> u32 {
        match self {
            Self::OneTime => 60,
            Self::Door => 3_600,
        }
    }
}

/// Sixteen bytes that tell one link from another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LinkId(pub [u8; 16]);

/// Time from the start of a link's epoch until the link stops holding. Its unit is that of the link's
/// kind, so it says which kind it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    kind: LinkKind,
    count: u16,
}

impl Expiry {
    /// Of a one-time link: 1 to 10,080 minutes.
    ///
    /// # Errors
    /// When out of range.
    pub fn from_minutes(minutes: u16) -> Result<Self, Malformed> {
        Self::new(LinkKind::OneTime, minutes)
    }

    /// Of a door: 1 to 17,520 hours.
    ///
    /// # Errors
    /// When out of range.
    pub fn from_hours(hours: u16) -> Result<Self, Malformed> {
        Self::new(LinkKind::Door, hours)
    }

    /// Of a one-time link: the whole minutes from the epoch's start to a moment, within the epoch.
    pub fn at(epoch: Epoch, moment: Timestamp) -> Self {
        Self::nearest(LinkKind::OneTime, epoch, moment)
    }

    /// Of a door: the whole hours from the epoch's start to a moment, within two years.
    pub fn of_door_at(epoch: Epoch, moment: Timestamp) -> Self {
        Self::nearest(LinkKind::Door, epoch, moment)
    }

    fn new(kind: LinkKind, count: u16) -> Result<Self, Malformed> {
        if (1..=kind.expiry_max()).contains(&count) {
            Ok(Self { kind, count })
        } else {
            Err(Malformed)
        }
    }

    fn nearest(kind: LinkKind, epoch: Epoch, moment: Timestamp) -> Self {
        let seconds = moment.0.saturating_sub(epoch.starts_at().0);
        let count = seconds.div_ceil(kind.expiry_unit_seconds());
        let count = u16::try_from(count).unwrap_or(u16::MAX).clamp(1, kind.expiry_max());
        Self { kind, count }
    }

    /// Minutes of a one-time link, hours of a door.
    pub fn count(self) -> u16 {
        self.count
    }
}

/// What names a link without its secret: `kind ‖ epoch ‖ expiry ‖ link_id`, 21 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LinkName {
    /// Epoch under which it was issued.
    pub epoch: Epoch,
    /// When it stops holding; says which kind it is.
    pub expiry: Expiry,
    /// Which link.
    pub id: LinkId,
}

impl LinkName {
    /// Takes the 21 bytes off a reader.
    ///
    /// # Errors
    /// For an unknown kind of link, or an expiry out of range.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let kind = LinkKind::from_byte(reader.u8()?)?;
        let epoch = Epoch(reader.u16()?);
        let expiry = Expiry::new(kind, reader.u16()?)?;
        let id = LinkId(reader.array()?);
        Ok(Self { epoch, expiry, id })
    }

    /// Whether it is a one-time link or a door.
    pub fn kind(&self) -> LinkKind {
        self.expiry.kind
    }

    /// The 21 bytes.
    pub fn to_bytes(&self) -> [u8; NAME_LEN] {
        let mut bytes = [self.kind().byte(); NAME_LEN];
        let fields =
            [&self.epoch.0.to_be_bytes()[..], &self.expiry.count.to_be_bytes(), &self.id.0]
                .concat();
        if let Some(rest) = bytes.get_mut(1..) {
            rest.copy_from_slice(&fields);
        }
        bytes
    }

    /// The moment until which the link holds.
    pub fn expires_at(&self) -> Timestamp {
        let unit = self.kind().expiry_unit_seconds();
        self.epoch.starts_at().plus_seconds(u32::from(self.expiry.count).saturating_mul(unit))
    }
}
