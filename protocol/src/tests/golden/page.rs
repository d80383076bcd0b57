//! Section 13 of `docs/protocol.md`, written from the transcript.

use std::fmt::Write as _;

use serde_json::Value;

use crate::Link;

pub(super) fn worked_example(transcript: &Value) -> String {
    let shown = |name: &str| match &transcript[name] {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            transcript[name].to_string()
        }
    };
    let short = |text: &str| match text.len() {
        0..=140 => text.to_owned(),
        length => format!("{}… ({} bytes)", &text[..140], length / 2),
    };
    let link = shown("link");
    assert!(Link::parse(&link).is_ok());
    let mut page = String::from(
        "\nThe transcript `protocol/tests/golden/consultation.json`, byte strings in hex, long ones \
         cut here. `now` is the clock of both ends. The client draws 32 bytes for its X25519 key and \
         64 for ML-KEM's `d ‖ z`; the worker 32 bytes for its X25519 key and 32 for ML-KEM's `m`.\n\n```\n",
    );
    let names = [
        "now",
        "origin",
        "authority_seeds",
        "authority",
        "epoch",
        "epoch_keys",
        "epoch_statement",
        "expiry",
        "link_id",
        "channel",
        "psk",
        "token",
        "shift_private",
        "certificate",
        "language",
        "subject",
        "client_random",
        "worker_random",
        "opening",
        "answer",
    ];
    for name in names {
        writeln!(page, "{name:<18} {}", short(&shown(name))).unwrap();
    }
    for name in ["psk2", "client_key", "worker_key", "export", "route"] {
        writeln!(page, "{name:<18} {}", transcript["keys"][name].as_str().unwrap()).unwrap();
    }
    write_safety_phrase(&mut page, &transcript["keys"]);
    write!(page, "link               {link}\n```\n\nThen, cell by cell:\n\n```\n").unwrap();
    write_steps(&mut page, &transcript["steps"]);
    page.push_str("```\n\nAfter `fresh_answer` the keys are:\n\n```\n");
    write_keys(&mut page, &transcript["fresh"]);
    page.push_str(
        "```\n\nThe client agreed to go over to `Ali`, with these values and cells:\n\n```\n",
    );
    for name in ["secret", "certificate", "route", "opening", "answer"] {
        let value = transcript["hand_over"][name].as_str().unwrap();
        writeln!(page, "{name:<18} {}", short(value)).unwrap();
    }
    write_keys(&mut page, &transcript["hand_over"]["keys"]);
    page.push('\n');
    write_steps(&mut page, &transcript["hand_over_steps"]);
    page.push_str(
        "```\n\nThe return link that the worker gave, with a wish for `Оля`, and a door of the \
         service with the solution of a puzzle before it:\n\n```\n",
    );
    let value = |part: &str, name: &str| match &transcript[part][name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    writeln!(page, "return_link        {}", value("given", "return_link")).unwrap();
    for name in ["door_secret", "psk", "link", "puzzle_seed", "puzzle_bits", "puzzle_nonce"] {
        writeln!(page, "{name:<18} {}", value("door", name)).unwrap();
    }
    page.push_str(
        "```\n\n`authority_seeds` is the Ed25519 seed of `A` followed by `R_0`; `epoch_keys` is `K_e` \
         followed by the seed of `I_e`, both of generation 0. In the file, `psk2` to `safety_phrase` stand under `keys`, and \
         `link` is the TEXT of section 3. The certificate says: valid from 1,794,996,400 to \
         1,795,028,800, role 2, languages 10, alias `Оля`. The texts are in the file's `steps`, the card under `given`. In a \
         step each end sends whatever is due: `first` is the empty cell after a handshake, `rejoined` \
         the empty cell on a new socket and what is sent again; `lost_text` never arrives.\n\n\
         `protocol/tests/golden/frames.json` has each frame of section 5 with these values, and: the \
         time is `now`, the challenge's `ephemeral_public` is 32 bytes of 09 (used as it is), offers \
         are 8 bytes of 0f, the seat 16 bytes of 5e, the route 32 bytes of 60, the colleague 8 bytes of \
         c0, the whispered cell 1,024 bytes of ce, `waited_seconds` 300, every reason 1, \
         the puzzle that of the door. The revocations have the number 7 and the lowest generation 1 and \
         revoke the shift key, the key of 32 bytes of 09, and the door. `service_card` and `leaflets` \
         are those of section 4, `close_codes` is the table of section 5.\n",
    );
    page
}

fn write_steps(page: &mut String, steps: &Value) {
    for step in steps.as_array().unwrap() {
        for cell in step["cells"].as_array().unwrap() {
            let (from, record) = (step["from"].as_str().unwrap(), step["record"].as_str().unwrap());
            writeln!(page, "{from} {record:<15} {}…", &cell.as_str().unwrap()[..90]).unwrap();
        }
    }
}

fn write_keys(page: &mut String, keys: &Value) {
    for name in ["client_key", "worker_key", "export", "route"] {
        writeln!(page, "{name:<18} {}", keys[name].as_str().unwrap()).unwrap();
    }
    write_safety_phrase(page, keys);
}

fn write_safety_phrase(page: &mut String, keys: &Value) {
    writeln!(page, "{:<18} {}", "safety_phrase", keys["safety_phrase"]).unwrap();
}
