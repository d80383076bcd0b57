//! Photographs, documents and voice notes that a client sends (section 10, "Files").

use vestibule_wire::Malformed;
use zeroize::Zeroizing;

/// Longest file, in bytes.
pub const FILE_BYTES_MAX: usize = 10_485_760;
/// What one record carries of a file, in bytes: with its head it fills sixteen cells.
pub const FILE_PART_BYTES: usize = 15_678;

/// Longest voice note, in bytes: 60 seconds of 8,000 bytes.
pub const VOICE_BYTES_MAX: usize = 480_000;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A photograph, ITU-T T.81.
    Jpeg,
    /// A picture, RFC 2083.
    Png,
    /// A picture, RFC 9649.
    Webp,
    /// A document, ISO 32000.
    Pdf,
    /// A voice note: the codes of section 10, "Voice notes", and nothing else.
    Voice,
}

impl FileKind {
    const ALL: [Self; 5] = [Self::Jpeg, Self::Png, Self::Webp, Self::Pdf, Self::Voice];

    /// As the desk page names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
            Self::Voice => "voice",
        }
    }

    fn to_byte(self) -> u8 {
        match self {
            Self::Jpeg => 1,
            Self::Png => 2,
            Self::Webp => 3,
            Self::Pdf => 4,
            Self::Voice => 5,
        }
    }

    fn bytes_max(self) -> usize {
        match self {
            Self::Jpeg | Self::Png | Self::Webp | Self::Pdf => FILE_BYTES_MAX,
            Self::Voice => VOICE_BYTES_MAX,
        }
    }

    fn read(byte: u8) -> Result<Self, Malformed> {
        Self::ALL.into_iter().find(|kind| kind.to_byte() == byte).ok_or(Malformed)
    }
}

/// The how-manieth file of a session, from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileNumber(pub u16);

/// What a client would like to send. Says something of what it holds, so it cannot be printed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FileOffer {
    /// One more than that of the file before.
    pub file: FileNumber,
    /// What it holds.
    pub kind: FileKind,
    /// Its length in bytes, without the padding that is sent with it.
    pub size: usize,
}

/// What a worker says to an offer, or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileReply {
    /// It may come.
    Send,
    /// It is not wanted, or no longer.
    Refused,
    /// All of it is here.
    Received,
}

impl FileOffer {
    /// How many bytes are sent: a length that tells less than its own (Padmé: Nikitin et al., "Reducing
    /// Metadata Leakage from Encrypted Files and Communication with PURBs", Privacy Enhancing Technologies
    /// 2019, section 4).
    pub fn padded_size(&self) -> usize {
        let Some(exponent) = self.size.checked_ilog2() else { return self.size };
        let Some(bits_of_exponent) = exponent.checked_ilog2() else { return self.size };
        let zeros = exponent.saturating_sub(bits_of_exponent.saturating_add(1));
        self.size.checked_next_multiple_of(1_usize.wrapping_shl(zeros)).unwrap_or(self.size)
    }

    pub(crate) fn to_bytes(self) -> Result<Vec<u8>, Malformed> {
        if !(1..=self.kind.bytes_max()).contains(&self.size) {
            return Err(Malformed);
        }
        let size = u32::try_from(self.size).map_err(|_| Malformed)?;
        let head = [&self.file.0.to_be_bytes()[..], &[self.kind.to_byte()]].concat();
        Ok([&head[..], &size.to_be_bytes()].concat())
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let (file, rest) = read_number(bytes)?;
        let (kind, size) = rest.split_first().ok_or(Malformed)?;
        let size = u32::from_be_bytes(size.try_into().map_err(|_| Malformed)?);
        let size = usize::try_from(size).map_err(|_| Malformed)?;
        Ok(Self { file, kind: FileKind::read(*kind)?, size })
    }
}

impl FileReply {
    pub(crate) fn to_byte(self) -> u8 {
        match self {
            Self::Send => 1,
            Self::Refused => 2,
            Self::Received => 3,
        }
    }

    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        match bytes {
            [1] => Ok(Self::Send),
            [2] => Ok(Self::Refused),
            [3] => Ok(Self::Received),
            _ => Err(Malformed),
        }
    }
}

/// The number with which every record about a file begins, and the rest.
pub(crate) fn read_number(bytes: &[u8]) -> Result<(FileNumber, &[u8]), Malformed> {
    let (number, rest) = bytes.split_first_chunk().ok_or(Malformed)?;
    Ok((FileNumber(u16::from_be_bytes(*number)), rest))
}

/// A file on its way out: cut into parts when their turn comes. Wiped on drop.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Outgoing {
    pub(crate) file: u16,
    pub(crate) content: Zeroizing<Vec<u8>>,
    pub(crate) padded_size: usize,
    /// So many bytes are cut.
    pub(crate) at: usize,
}

impl Outgoing {
    pub(crate) fn new(offer: &FileOffer, content: Zeroizing<Vec<u8>>) -> Self {
        Self { file: offer.file.0, content, padded_size: offer.padded_size(), at: 0 }
    }

    /// The body of the next part; none when all are cut.
    pub(crate) fn next_part(&mut self) -> Option<Zeroizing<Vec<u8>>> {
        let left = self.padded_size.checked_sub(self.at).filter(|left| *left > 0)?;
        let part_len = left.min(FILE_PART_BYTES);
        let rest = self.content.get(self.at..).unwrap_or_default();
        let data = rest.get(..part_len).unwrap_or(rest);
        let mut body = Zeroizing::new(Vec::with_capacity(part_len.saturating_add(2)));
        body.extend_from_slice(&self.file.to_be_bytes());
        body.extend_from_slice(data);
        body.resize(part_len.saturating_add(2), 0);
        self.at = self.at.saturating_add(part_len);
        Some(body)
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.at >= self.padded_size
    }
}

/// A file on its way in. Wiped on drop.
pub struct Incoming {
    content: Zeroizing<Vec<u8>>,
    size: usize,
    left: usize,
}

impl Incoming {
    /// Makes room for what was offered, so that nothing of it is ever moved.
    pub fn new(offer: &FileOffer) -> Self {
        let content = Zeroizing::new(Vec::with_capacity(offer.size));
        Self { content, size: offer.size, left: offer.padded_size() }
    }

    /// Adds the next part, and returns the whole file when this was the last.
    pub fn add(&mut self, data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let wanted = self.size.saturating_sub(self.content.len());
        self.content.extend_from_slice(data.get(..wanted).unwrap_or(data));
        self.left = self.left.saturating_sub(data.len());
        (self.left == 0).then(|| std::mem::take(&mut self.content))
    }

    /// How many bytes are here, and how many there will be.
    pub fn progress(&self) -> (usize, usize) {
        (self.content.len(), self.size)
    }
}
