//! The address of a relay, written as browsers write an origin: links, sign-in and handshake all
//! bind to these exact characters.

use tokio_tungstenite::tungstenite::http::Uri;

use crate::problem::Problem;

/// A relay's origin, for example `https://relay.example`.
#[derive(Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// Reads an origin. A single `/` at the end is forgiven, since browsers show one.
    ///
    /// # Errors
    /// With a sentence, when it is not an origin that a relay can have.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let bare = text.strip_suffix('/').unwrap_or(text);
        if !has_form(bare) {
            return Err(Problem::new("relay-address-unusable", &[("text", text.into())]));
        }
        let origin = Self(bare.to_owned());
        if bare.starts_with("http://") && !origin.is_onion() && !origin.is_this_machine() {
            return Err(Problem::new("relay-address-unencrypted", &[("text", text.into())]));
        }
        Ok(origin)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it needs Tor. This program does not speak Tor, and RFC 7686 forbids it to ask name
    /// servers for such a name.
    pub fn is_onion(&self) -> bool {
        self.host().rsplit('.').next() == Some("onion")
    }

    /// Whether it leads to a program on this machine.
    pub(crate) fn is_this_machine(&self) -> bool {
        matches!(self.host(), "127.0.0.1" | "localhost" | "[::1]")
    }

    fn host(&self) -> &str {
        let (_, authority) = self.0.split_once("://").unwrap_or_default();
        match authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => authority,
        }
    }
}

fn has_form(text: &str) -> bool {
    let default_port = if text.starts_with("https://") { ":443" } else { ":80" };
    let Some(authority) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))
    else {
        return false;
    };
    let characters =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let port = uri.port_u16();
    let port_is_plain = match authority.rsplit_once(':') {
        Some((_, digits)) if !digits.ends_with(']') => {
            port.is_some_and(|port| port != 0 && port.to_string() == digits)
        }
        _ => true,
    };
    text.len() <= 255
        && authority.bytes().all(characters)
        && !authority.ends_with(default_port)
        && port_is_plain
        && uri.host().is_some_and(|host| !host.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_taken_as_browsers_write_them() {
        for text in [
            "https://relay.example",
            "https://relay.example:8443",
            "http://127.0.0.1:8080",
            "http://localhost:8080",
            "http://[::1]:8080",
            "http://abcdefghijklmnop.onion",
        ] {
            assert_eq!(Origin::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(
            Origin::parse("https://relay.example/").unwrap().as_str(),
            "https://relay.example"
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "relay.example",
            "ftp://relay.example",
            "https://",
            "https://Relay.example",
            "https://relay.example/path",
            "https://relay.example#x",
            "https://relay.example?x",
            "https://user@relay.example",
            "https://relay.example:443",
            "https://relay.example:",
            "https://relay.example:08443",
            "https://relay.example:0",
            "http://relay.example",
            "https://релей.example",
        ] {
            assert!(Origin::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn onion_addresses_are_known_with_a_port_too() {
        assert!(Origin::parse("http://abc.onion:81").unwrap().is_onion());
    }
}
