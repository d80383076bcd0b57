//! What the kernel holds the real relay to, as an auditor sees it from outside.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use vestibule_protocol::Cover;
use vestibule_tests::client::WaitingClient;
use vestibule_tests::meeting::talk;
use vestibule_tests::relay::{free_port, programs};
use vestibule_tests::service::Service;
use vestibule_tests::socket::Way;
use vestibule_tests::worker::DutyWorker;

/// A user without rights, on every Linux.
const NOBODY: u32 = 65_534;

/// What depends on the machine's settings and not on the relay.
const OF_THE_KERNEL: [&str; 3] = [
    "the kernel keeps no figures by address",
    "the kernel follows no connections",
    "memory is never written to a disk",
];

/// A relay that an ordinary user has started, and its table.
struct Confined {
    process: Child,
    way: Way,
    table: Vec<String>,
    folder: TempDir,
}

async fn start(service: &Service, counting: bool) -> Confined {
    let folder = TempDir::new().unwrap();
    let origin = format!("http://127.0.0.1:{}", free_port().await);
    let config = service.write_relay_files(folder.path(), &origin);
    if counting {
        let text = fs::read_to_string(&config).unwrap();
        let (head, services) = text.split_once("[[service]]").unwrap();
        let counting = "[indicators]\nfile = \"indicators.json\"\n";
        fs::write(&config, format!("{head}{counting}[[service]]{services}")).unwrap();
    }
    give_to_nobody(folder.path());
    let mut process = command(&config, &[]).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let mut table = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.contains("listening on") {
            return Confined { process, way: Way::to(&origin), table, folder };
        }
        table.push(line);
    }
    panic!("it does not start: {table:?}");
}

fn command(config: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(programs().join("vestibule-relay"));
    command.arg("--config").arg(config).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command.env("SECRET_OF_THE_OPERATOR", "canary");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

/// The files as a system manager would leave them to the relay's user.
fn give_to_nobody(folder: &Path) {
    if is_root() {
        for path in [folder.to_owned(), folder.join("relay.toml"), folder.join("card.bin")] {
            chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
}

#[tokio::test]
async fn the_kernel_holds_a_relay_to_what_it_needs() {
    let service = Service::default();
    for counting in [false, true] {
        let relay = start(&service, counting).await;
        let missing = |line: &&String| {
            line.contains("MISSING") && !OF_THE_KERNEL.iter().any(|name| line.contains(name))
        };
        let missing: Vec<_> = relay.table.iter().filter(missing).collect();
        assert!(missing.is_empty(), "{missing:?}");

        let pid = relay.process.id().unwrap();
        let read = |name: &str| fs::read(format!("/proc/{pid}/{name}")).unwrap();
        let status = String::from_utf8(read("status")).unwrap();
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap().trim().to_owned()
        };
        assert_eq!(field("Seccomp:"), "2");
        assert_eq!(field("NoNewPrivs:"), "1");
        assert_eq!(u64::from_str_radix(&field("CapEff:"), 16).unwrap(), 0);
        assert!(field("Threads:").parse::<u32>().unwrap() > 1, "threads began after it");
        if is_root() {
            let limits = String::from_utf8(read("limits")).unwrap();
            let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
            assert_eq!(core.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{core}");
            assert!(read("environ").is_empty(), "what was in the environment is gone");
            // The kernel gives a process that may be read to its user, and others to root.
            let owner = fs::metadata(format!("/proc/{pid}/environ")).unwrap().uid();
            assert_eq!(owner, 0, "its own user cannot read it");
        }
        every_thread_has_the_filter(pid);
        let mut duty = DutyWorker::go_on_duty(&relay.way, &service, service.shift()).await;
        let client = WaitingClient::arrive(&relay.way, &service.link()).await;
        let (client, mut worker) = talk(&mut duty, client, Cover::Sparing).await;
        client.say("hello").await;
        assert_eq!(worker.hear().await, "hello");
    }
}

#[tokio::test]
async fn a_confined_relay_still_writes_its_sums() {
    let service = Service::default();
    let mut relay = start(&service, true).await;
    let sums = relay.folder.path().join("indicators.json");
    let before = fs::read_to_string(&sums).unwrap();
    let pid = relay.process.id().unwrap().to_string();
    let told = Command::new("kill").args(["-TERM", &pid]).status().await.unwrap();
    assert!(told.success());
    let ended = timeout(Duration::from_secs(5), relay.process.wait()).await;
    assert!(ended.expect("within five seconds").unwrap().success());
    assert_ne!(fs::read_to_string(&sums).unwrap(), before, "the sums were written at the end");
}

fn every_thread_has_the_filter(pid: u32) {
    let mut threads = 0;
    for thread in fs::read_dir(format!("/proc/{pid}/task")).unwrap() {
        let status = fs::read_to_string(thread.unwrap().path().join("status")).unwrap();
        assert!(status.contains("Seccomp:\t2"), "{status}");
        threads += 1;
    }
    assert!(threads > 1);
}

#[tokio::test]
async fn a_relay_that_is_to_be_confined_refuses_to_be_less() {
    let service = Service::default();
    let folder = TempDir::new().unwrap();
    let origin = format!("http://127.0.0.1:{}", free_port().await);
    let config = service.write_relay_files(folder.path(), &origin);
    give_to_nobody(folder.path());

    let in_own_network = |setting: &str| {
        let relay = programs().join("vestibule-relay");
        let script = format!(
            "ip link set lo up && echo {setting} > /proc/sys/net/ipv4/tcp_no_metrics_save && \
             exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups \"$0\" --config \"$1\" \
             --require-confinement"
        );
        let mut command = Command::new("unshare");
        command.args(["--net", "--", "sh", "-c", &script]).arg(relay).arg(&config);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command.spawn().unwrap()
    };
    assert!(is_root(), "only root can give a relay a network of its own; run the tests as root");
    let mut refused = in_own_network("0");
    let status = refused.wait().await.unwrap();
    assert_eq!(status.code(), Some(2));
    let mut said = String::new();
    refused.stdout.take().unwrap().read_to_string(&mut said).await.unwrap();
    assert!(said.contains("MISSING   the kernel keeps no figures by address"), "{said}");
    assert!(!said.contains("listening"), "{said}");

    let mut runs = in_own_network("1");
    let mut lines = BufReader::new(runs.stdout.take().unwrap()).lines();
    let mut said = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.contains("listening on") {
            return;
        }
        said.push(line);
    }
    panic!("it does not start: {said:?}");
}
