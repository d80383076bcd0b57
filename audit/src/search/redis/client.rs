//! Speaks to a Redis (RESP 2), as far as an auditor needs to.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Longest answer, in bytes, and in elements.
const BULK_BYTES_MAX: usize = 64 * 1_024 * 1_024;
const ELEMENTS_MAX: usize = 1_000_000;
const LINE_BYTES_MAX: u64 = 1_024 * 1_024;
const DEPTH_MAX: usize = 8;
const PATIENCE: Duration = Duration::from_secs(1);

/// A connection.
pub struct Client(BufReader<TcpStream>);

/// What Redis answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A word, a number or a value.
    Bytes(Vec<u8>),
    /// Nothing.
    Nil,
    /// Several.
    List(Vec<Self>),
}

impl Reply {
    /// All its bytes, one after the other.
    pub fn flat(&self) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Nil => Vec::new(),
            Self::List(list) => list.iter().map(Self::flat).collect::<Vec<_>>().join(&b'\n'),
        }
    }
}

impl Client {
    /// Connects to `redis://[[USER]:PASSWORD@]HOST[:PORT]`.
    ///
    /// # Errors
    /// When it cannot be reached or refuses the password.
    pub fn connect(url: &str) -> io::Result<Self> {
        let wrong = || io::Error::new(io::ErrorKind::InvalidInput, "not like redis://HOST:PORT");
        let rest = url.strip_prefix("redis://").ok_or_else(wrong)?.trim_end_matches('/');
        let (credentials, host) = rest.rsplit_once('@').unwrap_or(("", rest));
        let port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let stream =
            TcpStream::connect(if port { host.to_owned() } else { format!("{host}:6379") })?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut client = Self(BufReader::new(stream));
        if let Some((user, password)) = credentials.split_once(':') {
            let user = if user.is_empty() { "default" } else { user };
            client.call(&["AUTH", user, password])?;
        }
        Ok(client)
    }

    /// Says a command and waits for the answer.
    ///
    /// # Errors
    /// When Redis refuses or breaks off.
    pub fn call(&mut self, words: &[&str]) -> io::Result<Reply> {
        self.call_bytes(&words.iter().map(|word| word.as_bytes()).collect::<Vec<_>>())
    }

    /// The same for words that are no text.
    ///
    /// # Errors
    /// When Redis refuses or breaks off.
    pub fn call_bytes(&mut self, words: &[&[u8]]) -> io::Result<Reply> {
        let mut message = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            message.extend(format!("${}\r\n", word.len()).bytes());
            message.extend_from_slice(word);
            message.extend(b"\r\n");
        }
        self.0.get_mut().write_all(&message)?;
        self.reply(DEPTH_MAX)
    }

    /// The names of all keys.
    ///
    /// # Errors
    /// When Redis refuses, or there are more than so many.
    pub fn keys(&mut self, keys_max: usize) -> io::Result<Vec<Vec<u8>>> {
        let mut keys = Vec::new();
        let mut cursor = b"0".to_vec();
        loop {
            let reply = self.call_bytes(&[b"SCAN", &cursor, b"COUNT", b"1000"])?;
            let Reply::List(parts) = reply else { return Err(odd()) };
            let [Reply::Bytes(next), Reply::List(found)] = parts.as_slice() else {
                return Err(odd());
            };
            keys.extend(found.iter().map(Reply::flat));
            if keys.len() > keys_max {
                return Err(io::Error::other("too many keys"));
            }
            if next == b"0" {
                keys.sort();
                keys.dedup();
                return Ok(keys);
            }
            cursor.clone_from(next);
        }
    }

    /// The value of a setting.
    ///
    /// # Errors
    /// When Redis does not tell it.
    pub fn setting(&mut self, name: &str) -> io::Result<String> {
        let reply = self.call(&["CONFIG", "GET", name])?;
        match reply {
            Reply::List(parts) => match parts.as_slice() {
                [_, value] => Ok(String::from_utf8_lossy(&value.flat()).into_owned()),
                _ => Err(odd()),
            },
            Reply::Bytes(_) | Reply::Nil => Err(odd()),
        }
    }

    /// The next line that comes.
    ///
    /// # Errors
    /// When none comes within a second.
    pub fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        self.0.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_ascii_end().to_vec())
    }

    fn reply(&mut self, depth_left: usize) -> io::Result<Reply> {
        let line = self.line()?;
        let (kind, rest) = line.split_first().ok_or_else(odd)?;
        let length = || std::str::from_utf8(rest).ok().and_then(|text| text.parse::<i64>().ok());
        match kind {
            b'+' | b':' => Ok(Reply::Bytes(rest.to_vec())),
            b'-' => Err(io::Error::other(String::from_utf8_lossy(rest).into_owned())),
            b'$' => self.bulk(length().ok_or_else(odd)?),
            b'*' => {
                let length = length().ok_or_else(odd)?;
                let Ok(length) = usize::try_from(length) else { return Ok(Reply::Nil) };
                let depth_left = depth_left.checked_sub(1).ok_or_else(odd)?;
                if length > ELEMENTS_MAX {
                    return Err(odd());
                }
                (0..length)
                    .map(|_| self.reply(depth_left))
                    .collect::<io::Result<_>>()
                    .map(Reply::List)
            }
            _ => Err(odd()),
        }
    }

    fn bulk(&mut self, length: i64) -> io::Result<Reply> {
        let Ok(length) = usize::try_from(length) else { return Ok(Reply::Nil) };
        if length > BULK_BYTES_MAX {
            return Err(odd());
        }
        let mut bytes = vec![0; length + 2];
        self.0.read_exact(&mut bytes)?;
        bytes.truncate(length);
        Ok(Reply::Bytes(bytes))
    }
}

fn odd() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not an answer that is understood")
}
