//! Serves a sound to this machine's browser, which asks for parts of it whenever the worker goes back.

use std::ops::Range;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

const TYPE: HeaderValue = HeaderValue::from_static("audio/wav");
const UNIT: HeaderValue = HeaderValue::from_static("bytes");

/// The part that is asked for; all of it when none is, or not one that could be given (RFC 9110, section
/// 14.2).
pub(crate) fn sound(asked: Option<&HeaderValue>, sound: &Bytes) -> Response<Full<Bytes>> {
    let part = asked.and_then(|asked| part(asked.to_str().ok()?, sound.len()));
    let mut response = Response::new(Full::new(match &part {
        Some(part) => sound.slice(part.clone()),
        None => sound.clone(),
    }));
    response.headers_mut().insert(header::CONTENT_TYPE, TYPE);
    response.headers_mut().insert(header::ACCEPT_RANGES, UNIT);
    if let Some(Range { start, end }) = part {
        let range = format!("bytes {start}-{}/{}", end - 1, sound.len());
        let range = HeaderValue::from_str(&range).expect("numbers are ASCII");
        response.headers_mut().insert(header::CONTENT_RANGE, range);
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    response
}

/// Of one range, and never empty.
fn part(asked: &str, len: usize) -> Option<Range<usize>> {
    let (first, last) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| text.parse::<usize>().ok();
    let range = if first.is_empty() {
        len.saturating_sub(number(last)?)..len
    } else if last.is_empty() {
        number(first)?..len
    } else {
        number(first)?..number(last)?.saturating_add(1).min(len)
    };
    (range.start < range.end).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_given_as_it_is_asked_for() {
        let given = |asked| {
            let asked = HeaderValue::from_static(asked);
            let response = sound(Some(&asked), &Bytes::from_static(b"0123456789"));
            let range = response.headers().get(header::CONTENT_RANGE);
            (response.status().as_u16(), range.map(|range| range.to_str().unwrap().to_owned()))
        };
        for (asked, range) in [
            ("bytes=0-", "bytes 0-9/10"),
            ("bytes=4-", "bytes 4-9/10"),
            ("bytes=4-4", "bytes 4-4/10"),
            ("bytes=4-99", "bytes 4-9/10"),
            ("bytes=-3", "bytes 7-9/10"),
            ("bytes=-99", "bytes 0-9/10"),
        ] {
            assert_eq!(given(asked), (206, Some(range.to_owned())), "{asked}");
        }
    }

    #[test]
    fn what_cannot_be_given_in_part_is_given_whole() {
        for asked in [
            "",
            "bytes=",
            "bytes=-",
            "bytes=-0",
            "bytes=10-",
            "bytes=5-4",
            "bytes=0-1,3-4",
            "bytes=99999999999999999999-",
            "words=0-1",
        ] {
            let asked = HeaderValue::from_static(asked);
            let response = sound(Some(&asked), &Bytes::from_static(b"0123456789"));
            assert_eq!(response.status(), StatusCode::OK, "{asked:?}");
            assert!(!response.headers().contains_key(header::CONTENT_RANGE));
        }
        assert_eq!(sound(None, &Bytes::new()).status(), StatusCode::OK);
    }
}
