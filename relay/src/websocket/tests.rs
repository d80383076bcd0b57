mod differential;

use std::io::{self, Cursor, Read, Write};

use proptest::collection::vec;
use proptest::prelude::*;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data as DataCode, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, WebSocket};
use vestibule_wire::Close;

use super::{Event, Incoming, Opcode, parse_header, write_frame};

const LEN_MAX: usize = 1_024;

/// What a reader made of a stream.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    events: Vec<Seen>,
    error: Option<Close>,
}

#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Message(Vec<u8>),
    Ping(Vec<u8>),
    Pong,
    Close(Option<u16>),
}

/// Reads a stream that arrives in chunks of these lengths.
fn read(stream: &[u8], chunk_lens: &[usize]) -> Outcome {
    let mut incoming = Incoming::default();
    let mut outcome = Outcome::default();
    let mut rest = stream;
    let mut chunk_lens = chunk_lens.iter().copied().cycle();
    while !rest.is_empty() {
        let chunk_len = chunk_lens.next().unwrap_or(rest.len()).clamp(1, rest.len());
        let (chunk, later) = rest.split_at(chunk_len);
        rest = later;
        let mut bytes = [incoming.unread(), chunk].concat();
        let mut at = 0;
        loop {
            match incoming.next(&mut bytes, &mut at, LEN_MAX) {
                Ok(None) => break,
                Ok(Some(Event::Message(message))) => {
                    outcome.events.push(Seen::Message(message.to_vec()));
                }
                Ok(Some(Event::Ping(payload))) => {
                    outcome.events.push(Seen::Ping(payload.to_vec()));
                }
                Ok(Some(Event::Pong)) => outcome.events.push(Seen::Pong),
                Ok(Some(Event::Close(code))) => {
                    outcome.events.push(Seen::Close(code));
                    return outcome;
                }
                Err(close) => {
                    outcome.error = Some(close);
                    return outcome;
                }
            }
        }
        incoming.keep(&bytes[at..]);
    }
    outcome
}

/// Reads the same stream with tungstenite.
fn read_with_tungstenite(stream: &[u8]) -> Outcome {
    let config = WebSocketConfig::default()
        .max_message_size(Some(LEN_MAX))
        .max_frame_size(Some(LEN_MAX))
        .read_buffer_size(4_096);
    let mut socket = WebSocket::from_raw_socket(ReadOnly(stream), Role::Server, Some(config));
    let mut outcome = Outcome::default();
    loop {
        let seen = match socket.read() {
            Ok(Message::Binary(bytes)) => Seen::Message(bytes.to_vec()),
            Ok(Message::Ping(payload)) => Seen::Ping(payload.to_vec()),
            Ok(Message::Pong(_)) => Seen::Pong,
            Ok(Message::Close(frame)) => Seen::Close(frame.map(|frame| frame.code.into())),
            Ok(Message::Text(_) | Message::Frame(_)) | Err(Error::Capacity(_)) => {
                outcome.error = Some(Close::Malformed);
                return outcome;
            }
            Err(Error::Io(_)) => return outcome,
            Err(_) => {
                outcome.error = Some(Close::NotWebsocket);
                return outcome;
            }
        };
        let closed = matches!(seen, Seen::Close(_));
        outcome.events.push(seen);
        if closed {
            return outcome;
        }
    }
}

struct ReadOnly<'a>(&'a [u8]);

impl Read for ReadOnly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.read(buffer)? {
            0 => Err(io::ErrorKind::WouldBlock.into()),
            read => Ok(read),
        }
    }
}

impl Write for ReadOnly<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One masked frame, written by tungstenite.
fn frame(opcode: OpCode, fin: bool, payload: &[u8], mask: [u8; 4]) -> Vec<u8> {
    let mask = Some(mask);
    let header = FrameHeader { is_final: fin, opcode, mask, ..FrameHeader::default() };
    let frame = Frame::from_payload(header, payload.to_vec().into());
    let mut output = Vec::new();
    frame.format(&mut output).unwrap();
    output
}

/// What a peer may send, in one or more frames.
#[derive(Debug, Clone)]
enum Sent {
    Message { payload: Vec<u8>, cuts: Vec<usize>, ping_between: bool },
    Ping(Vec<u8>),
    Pong(Vec<u8>),
}

impl Sent {
    fn frames(&self, mask: [u8; 4]) -> Vec<u8> {
        match self {
            Self::Ping(payload) => frame(OpCode::Control(Control::Ping), true, payload, mask),
            Self::Pong(payload) => frame(OpCode::Control(Control::Pong), true, payload, mask),
            Self::Message { payload, cuts, ping_between } => {
                let mut stream = Vec::new();
                let mut rest = &payload[..];
                let mut opcode = OpCode::Data(DataCode::Binary);
                for cut in cuts {
                    let (part, later) = rest.split_at(*cut.min(&rest.len()));
                    rest = later;
                    stream.extend(frame(opcode, false, part, mask));
                    opcode = OpCode::Data(DataCode::Continue);
                    if *ping_between {
                        stream.extend(frame(OpCode::Control(Control::Ping), true, b"?", mask));
                    }
                }
                stream.extend(frame(opcode, true, rest, mask));
                stream
            }
        }
    }
}

fn sent() -> impl Strategy<Value = Sent> {
    prop_oneof![
        (
            prop_oneof![vec(any::<u8>(), 0..=LEN_MAX), vec(any::<u8>(), LEN_MAX)],
            prop_oneof![Just(vec![]), vec(0..600_usize, 0..5)],
            any::<bool>(),
        )
            .prop_map(|(payload, cuts, ping_between)| Sent::Message {
                payload,
                cuts,
                ping_between
            }),
        vec(any::<u8>(), 0..=125).prop_map(Sent::Ping),
        vec(any::<u8>(), 0..=125).prop_map(Sent::Pong),
    ]
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    vec((sent(), any::<[u8; 4]>()), 1..8)
        .prop_map(|sent| sent.iter().flat_map(|(sent, mask)| sent.frames(*mask)).collect())
}

fn messages(outcome: &Outcome) -> Vec<&Vec<u8>> {
    let mut messages = Vec::new();
    for seen in &outcome.events {
        if let Seen::Message(bytes) = seen {
            messages.push(bytes);
        }
    }
    messages
}

proptest! {
    /// Whatever the chunks, the same events come out as tungstenite sees.
    #[test]
    fn good_streams_read_as_tungstenite_reads_them(
        stream in stream(),
        chunk_lens in vec(1..1_500_usize, 1..10),
    ) {
        let ours = read(&stream, &chunk_lens);
        prop_assert_eq!(&ours.error, &None);
        prop_assert_eq!(ours, read_with_tungstenite(&stream));
    }

    /// A damaged stream never yields a message that tungstenite would not see, and where tungstenite
    /// finds an error so do we.
    #[test]
    fn damaged_streams_yield_nothing_that_tungstenite_would_not_see(
        stream in stream(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        chunk_lens in vec(1..1_500_usize, 1..10),
    ) {
        let mut stream = stream;
        for (index, byte) in damage {
            let index = index.index(stream.len());
            stream[index] = byte;
        }
        let ours = read(&stream, &chunk_lens);
        let theirs = read_with_tungstenite(&stream);
        let (our_messages, their_messages) = (messages(&ours), messages(&theirs));
        prop_assert!(their_messages.starts_with(&our_messages));
        let closed = matches!(ours.events.last(), Some(Seen::Close(_)));
        if ours.error.is_none() && !closed {
            prop_assert_eq!(our_messages, their_messages);
            prop_assert_eq!(theirs.error, None);
        }
    }

    /// Any bytes at all: no panic, and the chunks make no difference.
    #[test]
    fn chunks_make_no_difference(
        stream in vec(any::<u8>(), 0..3_000),
        chunk_lens in vec(1..100_usize, 1..10),
    ) {
        prop_assert_eq!(read(&stream, &chunk_lens), read(&stream, &[stream.len()]));
    }

    /// tungstenite reads what we write.
    #[test]
    fn written_frames_are_read_by_tungstenite(payload in vec(any::<u8>(), 0..70_000)) {
        let mut output = Vec::new();
        write_frame(&mut output, Opcode::Binary, &payload);
        let mut client = WebSocket::from_raw_socket(ReadOnly(&output), Role::Client, None);
        prop_assert_eq!(client.read().unwrap().into_data().to_vec(), payload);
    }
}

#[test]
fn each_rule_of_a_header_has_its_code() {
    let not_websocket = [
        (&[0xC2, 0x80][..], "RSV1, as compression sets it"),
        (&[0xA2, 0x80], "RSV2"),
        (&[0x92, 0x80], "RSV3"),
        (&[0x83, 0x80], "an unknown data opcode"),
        (&[0x8B, 0x80], "an unknown control opcode"),
        (&[0x82, 0x00], "no mask"),
        (&[0x09, 0x80], "a fragmented ping"),
        (&[0x89, 0xFE, 0, 126], "a long ping"),
        (&[0x82, 0xFE, 0, 125], "a length of two bytes that fits in one"),
        (&[0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], "a length of eight bytes that fits in two"),
        (&[0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0], "a length beyond 63 bits"),
    ];
    for (bytes, what) in not_websocket {
        assert_eq!(parse_header(bytes, LEN_MAX).err(), Some(Close::NotWebsocket), "{what}");
    }
    let malformed = [
        (&[0x82, 0xFE, 0x04, 0x01][..], "a byte more than a cell"),
        (&[0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0], "64 KiB announced"),
    ];
    for (bytes, what) in malformed {
        assert_eq!(parse_header(bytes, LEN_MAX).err(), Some(Close::Malformed), "{what}");
    }
}

#[test]
fn a_header_is_awaited_byte_by_byte() {
    let header = [0x82, 0xFE, 0x04, 0x00, 1, 2, 3, 4];
    for end in 0..header.len() {
        assert_eq!(parse_header(&header[..end], LEN_MAX), Ok(None));
    }
    assert!(matches!(parse_header(&header, LEN_MAX), Ok(Some(_))));
}

#[test]
fn fragmentation_has_rules() {
    let part = |opcode, fin, payload: &[u8]| frame(opcode, fin, payload, [1, 2, 3, 4]);
    let (binary, continuation) = (OpCode::Data(DataCode::Binary), OpCode::Data(DataCode::Continue));
    let text = OpCode::Data(DataCode::Text);
    let cases = [
        ([part(continuation, true, b"a"), vec![]], Close::NotWebsocket, "nothing to continue"),
        ([part(binary, false, b"a"), part(binary, true, b"b")], Close::NotWebsocket, "two begun"),
        ([part(text, true, b"a"), vec![]], Close::Malformed, "a text"),
        (
            [part(binary, false, &[0; 1_024]), part(continuation, true, b"b")],
            Close::Malformed,
            "fragments longer than a cell",
        ),
    ];
    for (frames, close, what) in cases {
        assert_eq!(read(&frames.concat(), &[3]).error, Some(close), "{what}");
    }
}

#[test]
fn endless_empty_fragments_take_no_memory() {
    let empty = frame(OpCode::Data(DataCode::Continue), false, b"", [0; 4]);
    let mut stream = frame(OpCode::Data(DataCode::Binary), false, b"", [0; 4]);
    stream.extend(empty.repeat(1_000));
    let mut incoming = Incoming::default();
    let mut at = 0;
    assert!(matches!(incoming.next(&mut stream, &mut at, LEN_MAX), Ok(None)));
    assert_eq!(incoming.fragments, Some(Vec::new()));
    assert_eq!(at, stream.len());
}

#[test]
fn close_frames_carry_a_valid_code_or_none() {
    let close =
        |payload: &[u8]| read(&frame(OpCode::Control(Control::Close), true, payload, [9; 4]), &[2]);
    assert_eq!(close(b"").events, [Seen::Close(None)]);
    assert_eq!(close(&[0x03, 0xE8]).events, [Seen::Close(Some(1000))]);
    assert_eq!(close(&[0x0F, 0xA0, b'x']).events, [Seen::Close(Some(4000))]);
    for wrong in [&[0x03][..], &[0x00, 0x00], &[0x03, 0xED], &[0x27, 0x10], &[0x03, 0xE8, 0xFF]] {
        assert_eq!(close(wrong).error, Some(Close::NotWebsocket));
    }
}

#[test]
fn the_whole_header_of_a_cell_is_as_documented() {
    let mut output = Vec::new();
    write_frame(&mut output, Opcode::Binary, &[7; 1_024]);
    assert_eq!(output[..4], [0x82, 0x7E, 0x04, 0x00]);
    assert_eq!(Cursor::new(output).get_ref().len(), 1_028);
}
