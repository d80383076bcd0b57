//! The consultation link (section 3).

use data_encoding::BASE64URL_NOPAD;
use vestibule_wire::{AuthorityKey, LinkKind, LinkName, Malformed, Reader, Token, hash, label};
use zeroize::{Zeroize, Zeroizing};

use crate::{Channel, LinkError, Psk};

/// Length of a link's text, without the host, in characters.
pub const LINK_TEXT_LEN: usize = 204;
/// Length of a link in bytes.
pub const LINK_LEN: usize = 153;
const CHECKSUM_LEN: usize = 3;

/// A consultation link, used once or a door: what a client holds.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    token: Token,
    channel: Channel,
    psk: Psk,
    authority: AuthorityKey,
}

impl Link {
    pub(crate) fn new(token: Token, channel: Channel, psk: Psk, authority: AuthorityKey) -> Self {
        Self { token, channel, psk, authority }
    }

    /// Reads the 204 characters behind `#`.
    ///
    /// # Errors
    /// When the text is damaged or of an unknown kind.
    pub fn parse(text: &str) -> Result<Self, LinkError> {
        let decoded = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| LinkError::Damaged)?;
        Self::from_bytes(&Zeroizing::new(decoded))
    }

    /// Reads the 153 bytes that the text stands for.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LinkError> {
        if bytes.len() != LINK_LEN {
            return Err(LinkError::Damaged);
        }
        let (content, sum) = bytes.split_last_chunk::<CHECKSUM_LEN>().ok_or(LinkError::Damaged)?;
        if checksum(content) != *sum {
            return Err(LinkError::Damaged);
        }
        if content.first().is_none_or(|kind| LinkKind::from_byte(*kind).is_err()) {
            return Err(LinkError::Unsupported);
        }
        Self::read(content).map_err(|_| LinkError::Damaged)
    }

    fn read(content: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(content);
        let name = LinkName::read(&mut reader)?;
        let channel = Channel::from_byte(reader.u8()?).unwrap_or(Channel::NotSaid);
        let psk = Psk::new(reader.array()?);
        let authority = AuthorityKey::from_bytes(reader.array()?);
        let token = Token { name, signature: reader.array()? };
        reader.finish()?;
        Ok(Self { token, channel, psk, authority })
    }

    /// The 204 characters behind `#`.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(&self.to_bytes()))
    }

    /// The 153 bytes that the text stands for.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let content = Zeroizing::new(
            [
                &self.token.name.to_bytes()[..],
                &[self.channel.byte()],
                self.psk.as_bytes(),
                self.authority.as_bytes(),
                &self.token.signature,
            ]
            .concat(),
        );
        Zeroizing::new([&content[..], &checksum(&content)].concat())
    }

    /// The part that the relay sees.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// Epoch, expiry and identifier.
    pub fn name(&self) -> &LinkName {
        &self.token.name
    }

    /// Where the link was handed out.
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The service that a client trusts.
    pub fn authority(&self) -> AuthorityKey {
        self.authority
    }

    /// The link's secret.
    pub fn psk(&self) -> &Psk {
        &self.psk
    }
}

/// Wipes the secret; it is wiped on drop too.
impl Zeroize for Link {
    fn zeroize(&mut self) {
        self.psk.zeroize();
    }
}

fn checksum(content: &[u8]) -> [u8; CHECKSUM_LEN] {
    let [first, second, third, ..] = hash(&[label!("link checksum"), &[0], content]);
    [first, second, third]
}
