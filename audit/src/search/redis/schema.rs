//! The published table of keys (docs/operations.md). What is not in it is a finding.

use std::io;

use super::client::{Client, Reply};

const DAY_SECONDS: i64 = 86_400;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A set of names.
    Set,
    /// A value of bytes.
    Text,
    /// Numbers by name.
    Hash,
}

struct Row {
    /// The name; `*` stands for parts that differ, checked by `part`.
    name: &'static str,
    part: fn(&str) -> bool,
    kind: Kind,
    /// How long it may live, in seconds; nothing for ever.
    ttl_seconds_max: Option<i64>,
    /// How many bytes a value or a field of it may have.
    value_bytes_max: i64,
}

const TABLE: [Row; 8] = [
    Row {
        name: "vestibule:{nodes}:names",
        part: |part| part.is_empty(),
        kind: Kind::Set,
        ttl_seconds_max: Some(DAY_SECONDS),
        value_bytes_max: 16,
    },
    Row {
        name: "vestibule:{nodes}:node:*",
        part: is_node,
        kind: Kind::Text,
        ttl_seconds_max: Some(10),
        value_bytes_max: 8,
    },
    Row {
        name: "vestibule:n:*",
        part: is_hex_32,
        kind: Kind::Text,
        ttl_seconds_max: Some(8 * DAY_SECONDS),
        value_bytes_max: 16,
    },
    Row {
        name: "vestibule:s:*",
        part: is_hex_32,
        kind: Kind::Text,
        ttl_seconds_max: Some(DAY_SECONDS),
        value_bytes_max: 16,
    },
    Row {
        name: "vestibule:r:*",
        part: is_authority,
        kind: Kind::Text,
        ttl_seconds_max: Some(40 * DAY_SECONDS),
        value_bytes_max: 4_425,
    },
    Row {
        name: "vestibule:c:{*",
        part: is_period,
        kind: Kind::Hash,
        ttl_seconds_max: None,
        value_bytes_max: 64,
    },
    Row {
        name: "vestibule:c:{*",
        part: is_batch,
        kind: Kind::Text,
        ttl_seconds_max: Some(40 * DAY_SECONDS),
        value_bytes_max: 0,
    },
    Row {
        name: "vestibule:c:{*",
        part: is_periods,
        kind: Kind::Set,
        ttl_seconds_max: None,
        value_bytes_max: 16,
    },
];

fn is_node(part: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=16).contains(&part.len()) && part.bytes().all(known)
}

fn is_hex(part: &str, digits: usize) -> bool {
    part.len() == digits && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_hex_32(part: &str) -> bool {
    is_hex(part, 32)
}

fn is_authority(part: &str) -> bool {
    is_hex(part, 64)
}

fn is_period(part: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    part.split_once("}:").is_some_and(|(authority, period)| {
        is_authority(authority) && (1..=24).contains(&period.len()) && period.bytes().all(known)
    })
}

fn is_periods(part: &str) -> bool {
    part.strip_suffix("}:periods").is_some_and(is_authority)
}

fn is_batch(part: &str) -> bool {
    part.split_once("}:b:")
        .is_some_and(|(authority, batch)| is_authority(authority) && is_hex_32(batch))
}

impl Row {
    fn names(&self, key: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(head) => key.strip_prefix(head).is_some_and(self.part),
            None => key == self.name,
        }
    }
}

/// Why a key is not one of the table, or `None` if it is.
///
/// # Errors
/// When Redis refuses to tell.
pub fn unknown(client: &mut Client, key: &[u8]) -> io::Result<Option<String>> {
    let Ok(text) = std::str::from_utf8(key) else { return Ok(Some("not text".to_owned())) };
    let rows: Vec<&Row> = TABLE.iter().filter(|row| row.names(text)).collect();
    if rows.is_empty() {
        return Ok(Some("not in the published table".to_owned()));
    }
    let kind = word(&client.call_bytes(&[b"TYPE", key])?);
    let ttl = number(&client.call_bytes(&[b"TTL", key])?);
    // Gone between two questions.
    if ttl == -2 {
        return Ok(None);
    }
    let Some(row) = rows.into_iter().find(|row| kind_name(row.kind) == kind) else {
        return Ok(Some(format!("a {kind}")));
    };
    if let Some(max) = row.ttl_seconds_max
        && !(0..=max).contains(&ttl)
    {
        return Ok(Some(format!("lives for {ttl} s, more than {max}")));
    }
    if row.kind == Kind::Hash
        && let Some(field) = no_number(client, key)?
    {
        return Ok(Some(format!("{field} is no number")));
    }
    let longest = longest_value(client, key, row.kind)?;
    let max = row.value_bytes_max;
    Ok((longest > max).then(|| format!("a value of {longest} bytes, more than {max}")))
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Set => "set",
        Kind::Text => "string",
        Kind::Hash => "hash",
    }
}

fn longest_value(client: &mut Client, key: &[u8], kind: Kind) -> io::Result<i64> {
    let values = match kind {
        Kind::Text => return Ok(number(&client.call_bytes(&[b"STRLEN", key])?)),
        Kind::Set => client.call_bytes(&[b"SMEMBERS", key])?,
        Kind::Hash => client.call_bytes(&[b"HGETALL", key])?,
    };
    let Reply::List(values) = values else { return Ok(0) };
    let longest = values.iter().map(|value| value.flat().len()).max().unwrap_or_default();
    Ok(i64::try_from(longest).unwrap_or(i64::MAX))
}

/// A field that is neither a sum nor the last day of a period.
fn no_number(client: &mut Client, key: &[u8]) -> io::Result<Option<String>> {
    let Reply::List(parts) = client.call_bytes(&[b"HGETALL", key])? else { return Ok(None) };
    let fields = parts.as_chunks::<2>().0.iter().map(|[name, value]| (word(name), word(value)));
    let mut others = fields.filter(|(name, value)| name != "end" && value.parse::<i64>().is_err());
    Ok(others.next().map(|(name, _)| name))
}

fn word(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.flat()).into_owned()
}

fn number(reply: &Reply) -> i64 {
    word(reply).parse().unwrap_or(-1)
}

#[cfg(test)]
mod tests {
    use super::TABLE;

    #[test]
    fn names_of_the_table_are_known_and_others_are_not() {
        let is_known = |key: &str| TABLE.iter().any(|row| row.names(key));
        let authority = "ab".repeat(32);
        let hex = "0f".repeat(16);
        for key in [
            "vestibule:{nodes}:names".to_owned(),
            "vestibule:{nodes}:node:a-1".to_owned(),
            format!("vestibule:n:{hex}"),
            format!("vestibule:s:{hex}"),
            format!("vestibule:r:{authority}"),
            format!("vestibule:c:{{{authority}}}:2026-W48"),
            format!("vestibule:c:{{{authority}}}:b:{hex}"),
            format!("vestibule:c:{{{authority}}}:periods"),
        ] {
            assert!(is_known(&key), "{key}");
        }
        for key in
            ["vestibule:n:127.0.0.1", "session:1", "vestibule:{nodes}:names2", "vestibule:x:"]
        {
            assert!(!is_known(key), "{key}");
        }
    }
}
