//! Before a release is given out it is seen to run: a static program does not find everything that one
//! finds which was linked on the machine, and what the relay lacks then its confinement may forbid.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::demo::free_port;
use crate::step::{announce, emptied, quietly};
use crate::{Outcome, target};

/// Three by two red pixels, as a PNG.
const PICTURE: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x02\0\0\0\x12\x16\xf1M\
    \0\0\0\x10IDATx\x9cc\xf8\xcf\xc0\0A\x0cp\x16\0A\xd2\x05\xfb\x87\xf0\xb9H\0\0\0\0IEND\xaeB`\x82";
const ANSWER_DEADLINE: Duration = Duration::from_secs(10);

/// Starts the relay of a release for a service that its kit makes, and asks it for its page.
pub(super) fn run(dist: &Path) -> Outcome {
    let folder = target().join("dist-trial");
    let trouble = |error: std::io::Error| format!("{}: {error}", folder.display());
    emptied(&folder)?;
    let program = |name: &str| dist.join(name).display().to_string();
    quietly("trying the console", &program("vestibule"), &["--version"], &folder)?;
    look_at_a_picture(&program("vestibule"))?;
    let prepare = ["prepare", "--folder", "."];
    quietly("trying the auditor's kit", &program("vestibule-audit"), &prepare, &folder)?;
    announce("trying the relay");
    let address = format!("127.0.0.1:{}", free_port()?);
    let lines = fs::read_to_string(folder.join("relay-lines.toml")).map_err(trouble)?;
    let toml = format!(
        "listen = \"{address}\"\norigins = [\"http://{address}\"]\npage = \"{}\"\n{lines}",
        dist.join("page").display()
    );
    fs::write(folder.join("relay.toml"), toml).map_err(trouble)?;
    let mut relay = Command::new(program("vestibule-relay"))
        .args(["--config", "relay.toml"])
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(trouble)?;
    let served = serves(&mut relay, &address);
    let _ended_already = relay.kill();
    let _ended_already = relay.wait();
    served.map(|()| println!("done"))
}

/// What it does with a client's file, in a process that can open nothing.
fn look_at_a_picture(console: &str) -> Outcome {
    let trouble = |error: std::io::Error| format!("{console}: {error}");
    let mut viewer = Command::new(console)
        .args(["show-file", "png"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(trouble)?;
    let mut input = viewer.stdin.take().ok_or("the console takes no file")?;
    input.write_all(PICTURE).map_err(trouble)?;
    drop(input);
    let answer = viewer.wait_with_output().map_err(trouble)?;
    if answer.status.success() && answer.stdout.ends_with(&[0xff, 0, 0]) {
        Ok(())
    } else {
        Err(format!("the console that was built cannot look at a picture: {}", answer.status))
    }
}

fn serves(relay: &mut Child, address: &str) -> Outcome {
    let output = relay.stdout.take().ok_or("the relay says nothing")?;
    let mut lines = BufReader::new(output).lines();
    let listens = lines.any(|line| line.is_ok_and(|line| line.contains("listening on http:")));
    if !listens {
        return Err("the relay that was built does not start".to_owned());
    }
    let answer = ask(address).map_err(|error| format!("the relay that was built: {error}"))?;
    if answer.starts_with("HTTP/1.1 200 ") {
        Ok(())
    } else {
        Err(format!("the relay that was built does not serve its page: {answer}"))
    }
}

fn ask(address: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(ANSWER_DEADLINE))?;
    write!(stream, "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
