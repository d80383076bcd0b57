//! How a file is compressed, and who accepts that (RFC 9110, section 12.5.3).

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// RFC 7932. Browsers accept it over TLS alone.
    Brotli,
    /// RFC 1952.
    Gzip,
}

impl Encoding {
    /// Every one, the one that makes the fewest bytes first.
    pub(super) const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    /// As HTTP calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What the names of such files end with.
    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// Whether who sent this header takes it. "Anything" (`*`) is not taken at its word: whoever knows an
    /// encoding names it.
    pub(super) fn is_in(self, accepted: &str) -> bool {
        accepted.split(',').any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(self.name()));
            is_named && !parts.any(is_nought)
        })
    }
}

/// Whether a parameter says "not at all": `q=0`, `q=0.000`.
fn is_nought(parameter: &str) -> bool {
    let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
    weight.is_some_and(|weight| weight.bytes().all(|byte| matches!(byte, b'0' | b'.')))
}

#[cfg(test)]
mod tests {
    use super::Encoding;

    #[test]
    fn what_is_named_and_not_refused_is_accepted() {
        for (header, brotli, gzip) in [
            ("gzip, deflate, br, zstd", true, true),
            ("gzip, deflate", false, true),
            ("br;q=1.0, gzip;q=0", true, false),
            ("BR ; q=0.5 , GZIP ; q=0.000", true, false),
            ("", false, false),
            ("identity", false, false),
            ("*", false, false),
            ("brotli, xgzip", false, false),
            (",;,;q=0,br", true, false),
        ] {
            assert_eq!(Encoding::Brotli.is_in(header), brotli, "{header}");
            assert_eq!(Encoding::Gzip.is_in(header), gzip, "{header}");
        }
    }
}
