//! `cargo xtask demo`: a relay, a service, a worker and a link, on this machine alone.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::step::{emptied, output};
use crate::{Outcome, root, target, test, web};

const PASSPHRASE: &str = "only for this demo";
const PORT_WANTED: u16 = 8080;

/// Builds, starts and waits until the person ends it with Ctrl-C.
pub(crate) fn run() -> Outcome {
    web::build()?;
    test::programs()?;
    let demo = Demo::prepare()?;
    let mut relay = demo.start_relay()?;
    let mut desk = demo.start_desk()?;
    let link = demo.issue_link()?;
    println!(
        "\nA consultation can be held now.\n\n\
         1. The worker's desk (opens in your browser; go on duty there):\n   {}\n\n\
         2. A one-time link for one client (open it in another window):\n\n{link}\n\
         More links: {program} link new --worker {} --passphrase-file {passphrase}\n\
         A colleague, who coordinates: {program} desk --worker {} --passphrase-file {passphrase} --page {}\n\
         Ctrl-C ends the demo; nothing of it is kept but the folder {folder}.\n\
         Afterwards, what it counted (with noise) can be read: {relay} --config {folder}/relay.toml\n\
         and, beside it: {program} report --worker {} --passphrase-file {passphrase} --from DAY --to DAY",
        desk.said,
        demo.file("worker.age"),
        demo.file("coordinator.age"),
        web::folder().join("dist/desk").display(),
        demo.file("coordinator.age"),
        folder = demo.folder.display(),
        relay = program("vestibule-relay"),
        program = program("vestibule"),
        passphrase = demo.file("passphrase"),
    );
    let ended = desk.process.wait().map_err(|error| error.to_string());
    // Gracefully, so that what was counted is written.
    let relay_id = relay.process.id().to_string();
    let _ = Command::new("kill").args(["-TERM", &relay_id]).status();
    let _ = relay.process.wait();
    ended.map(|_| ())
}

/// The workers, with the files of their enrolments.
const WORKERS: [(&str, &str, &str); 2] =
    [("Sasha", "outreach", "worker.age"), ("Vera", "coordinator", "coordinator.age")];

/// A demo's files.
struct Demo {
    folder: PathBuf,
    origin: String,
}

/// A program that was started and has said the line that was waited for.
struct Started {
    process: Child,
    said: String,
}

impl Demo {
    /// Makes a new service with two workers, and signs what clients read.
    fn prepare() -> Outcome<Self> {
        let folder = target().join("demo");
        let problem = |error: std::io::Error| format!("{}: {error}", folder.display());
        emptied(&folder)?;
        let origin = format!("http://127.0.0.1:{}", free_port()?);
        let demo = Self { folder: folder.clone(), origin };
        fs::write(folder.join("passphrase"), PASSPHRASE).map_err(problem)?;
        println!("• making a service and two workers …");
        let (passphrase, place) = (demo.file("passphrase"), demo.file("service"));
        let service = vestibule(&[
            "service",
            "new",
            "--name",
            "Demo service",
            "--relay",
            &demo.origin,
            "--out",
            &place,
            "--passphrase-file",
            &passphrase,
        ])?;
        for (alias, role, file) in WORKERS {
            demo.enrol(alias, role, file)?;
        }
        let words = demo.file("words");
        vestibule(&["pack", "new", &words])?;
        vestibule(&[
            "pack",
            "sign",
            &words,
            "--service",
            &demo.file("service/service.age"),
            "--passphrase-file",
            &passphrase,
            "--out",
            &place,
        ])?;
        demo.write_relay_configuration(&service)?;
        Ok(demo)
    }

    fn enrol(&self, alias: &str, role: &str, file: &str) -> Outcome<String> {
        let passphrase = self.file("passphrase");
        vestibule(&[
            "worker",
            "enrol",
            "--service",
            &self.file("service/service.age"),
            "--service-passphrase-file",
            &passphrase,
            "--worker-passphrase-file",
            &passphrase,
            "--alias",
            alias,
            "--role",
            role,
            "--languages",
            "en,ru,uk,ar",
            "--days",
            "7",
            "--out",
            &self.file(file),
        ])
    }

    /// The relay learns of a service what `vestibule service new` prints for it.
    fn write_relay_configuration(&self, service: &str) -> Outcome {
        let authority = service
            .lines()
            .find(|line| line.trim_start().starts_with("authority"))
            .ok_or("`vestibule service new` printed no authority")?;
        let page = web::folder().join("dist/client");
        let listen = self.origin.trim_start_matches("http://");
        let text = format!(
            "listen = \"{listen}\"\norigins = [\"{}\"]\npage = \"{}\"\n\n[indicators]\nfile = \"indicators.json\"\n\n[[service]]\n{}\ncard = \"service/service-card.bin\"\nleaflets = \"service/leaflets\"\n",
            self.origin,
            page.display(),
            authority.trim(),
        );
        fs::write(self.folder.join("relay.toml"), text).map_err(|error| error.to_string())
    }

    fn start_relay(&self) -> Outcome<Started> {
        let arguments = ["--config", &self.file("relay.toml")];
        start(&program("vestibule-relay"), &arguments, "listening on")
    }

    fn start_desk(&self) -> Outcome<Started> {
        let page = web::folder().join("dist/desk").display().to_string();
        let (worker, passphrase) = (self.file("worker.age"), self.file("passphrase"));
        let words = self.file("words");
        let arguments = [
            "desk",
            "--worker",
            &worker,
            "--passphrase-file",
            &passphrase,
            "--page",
            &page,
            "--pack",
            &words,
        ];
        let mut desk = start(&program("vestibule"), &arguments, "http://")?;
        let address = desk.said.find("http://").map(|start| desk.said.split_off(start));
        desk.said = address.unwrap_or_default();
        Ok(desk)
    }

    fn issue_link(&self) -> Outcome<String> {
        vestibule(&[
            "link",
            "new",
            "--worker",
            &self.file("worker.age"),
            "--passphrase-file",
            &self.file("passphrase"),
            "--qr",
        ])
    }

    fn file(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

/// Runs the console's program to its end; returns what it printed.
fn vestibule(arguments: &[&str]) -> Outcome<String> {
    output(&program("vestibule"), arguments, &root())
        .ok_or_else(|| format!("vestibule {} failed", arguments.join(" ")))
}

fn program(name: &str) -> String {
    target().join("debug").join(name).display().to_string()
}

/// Starts a program and waits for the line that says that it is ready.
fn start(program: &str, arguments: &[&str], ready: &str) -> Outcome<Started> {
    let name = Path::new(program).file_name().unwrap_or_default().to_string_lossy().into_owned();
    println!("• starting {name} …");
    let mut process = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("could not start {program}: {error}"))?;
    let output = process.stdout.take().ok_or("the program has no output")?;
    let mut lines = BufReader::new(output).lines();
    let said = lines.by_ref().map_while(Result::ok).find(|line| line.contains(ready));
    let said = said.ok_or_else(|| format!("{name} ended before it was ready"))?;
    // What it says later is passed on, so that its pipe never fills.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
    Ok(Started { process, said })
}

/// The usual port, or any free one.
pub(crate) fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind(("127.0.0.1", PORT_WANTED))
        .or_else(|_| TcpListener::bind(("127.0.0.1", 0)))
        .map_err(|error| format!("no free port on this machine: {error}"))?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}
