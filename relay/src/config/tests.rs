use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Config, Limits, Origin};
use crate::testing::{FakeService, nothing_revoked};
use crate::{KeptIn, Node, PeriodKind};

/// A directory with a page, a card, and a `relay.toml` of this text.
fn directory(service: &FakeService, toml: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("page")).unwrap();
    fs::write(directory.path().join("page/index.html"), "page").unwrap();
    fs::write(directory.path().join("card.bin"), service.card()).unwrap();
    fs::create_dir(directory.path().join("leaflets")).unwrap();
    fs::write(directory.path().join("leaflets/ru.bin"), service.leaflets("ru")).unwrap();
    fs::create_dir(directory.path().join("wrong")).unwrap();
    fs::write(directory.path().join("wrong/uk.bin"), service.leaflets("ru")).unwrap();
    fs::create_dir(directory.path().join("forged")).unwrap();
    fs::write(directory.path().join("forged/ar.bin"), FakeService::new(9).leaflets("ar")).unwrap();
    let revocations = service.revocations(&nothing_revoked(3));
    fs::write(directory.path().join("revocations.bin"), &revocations[..]).unwrap();
    fs::write(directory.path().join("relay.toml"), toml).unwrap();
    directory
}

fn good(service: &FakeService) -> String {
    format!(
        "listen = \"127.0.0.1:0\"\norigins = [\"https://help.example\"]\npage = \"page\"\n\
         [[service]]\nauthority = \"{}\"\ncard = \"card.bin\"\nleaflets = \"leaflets\"\n\
         revocations = \"revocations.bin\"\n",
        service.authority().to_hex()
    )
}

fn problem(path: &Path) -> String {
    match Config::load(path) {
        Ok(_) => panic!("the configuration was accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_good_configuration_is_loaded() {
    let service = FakeService::new(1);
    let directory = directory(&service, &good(&service));
    let config = Config::load(&directory.path().join("relay.toml")).unwrap_or_else(|error| {
        panic!("{error}");
    });
    assert_eq!(config.origins[0].as_str(), "https://help.example");
    assert_eq!(config.origins[0].websocket(), "wss://help.example");
    assert_eq!(config.services[0].card, service.card());
    assert!(config.page.file("/").is_some());
    assert_eq!(config.services[0].leaflets["ru"], service.leaflets("ru"));
    assert_eq!(config.services[0].leaflets.len(), 1);
    let file = config.services[0].revocations.as_ref().unwrap();
    assert_eq!(file.revocations.number(), 3);
}

#[test]
fn pages_elsewhere_are_let_in_as_the_operator_says_and_none_otherwise() {
    let service = FakeService::new(1);
    let load = |lines: &str| {
        let directory = directory(&service, &format!("{lines}{}", good(&service)));
        let loaded = Config::load(&directory.path().join("relay.toml"));
        loaded.map(|config| config.elsewhere).map_err(|error| error.to_string())
    };
    let none = load("").unwrap_or_default();
    assert!(none.page_origins.is_empty() && !none.offline_page);
    let both = load("page_origins = [\"https://page.example\"]\noffline_page = true\n");
    let both = both.unwrap_or_default();
    assert_eq!(both.page_origins, [Origin::new("https://page.example").unwrap()]);
    assert!(both.offline_page);
    let wrong = |lines: &str| load(lines).err().unwrap_or_default();
    assert!(wrong("page_origins = [\"null\"]\n").contains("must begin with http"));
    assert!(wrong("page_origins = [\"https://page.example/\"]\n").contains("no path"));
    let seventeen = format!("page_origins = {:?}\n", ["https://page.example"; 17]);
    assert!(wrong(&seventeen).contains("at most 16 page_origins"));
}

#[test]
fn leaflets_and_revocations_may_be_left_out() {
    let service = FakeService::new(1);
    let good = good(&service);
    let directory = directory(&service, &good[..good.find("leaflets").unwrap()]);
    let config = Config::load(&directory.path().join("relay.toml")).unwrap_or_else(|error| {
        panic!("{error}");
    });
    assert!(config.services[0].leaflets.is_empty());
    assert!(config.services[0].revocations.is_none());
}

/// The good configuration with indicators as the operator has written them.
fn counting(service: &FakeService, relay: &str, of_service: &str) -> String {
    let good = good(service).replace("[[service]]", &format!("{relay}\n[[service]]"));
    format!("{good}[service.indicators]\n{of_service}\n")
}

#[test]
fn indicators_are_counted_as_the_operator_says() {
    let service = FakeService::new(1);
    for (of_service, budget) in [
        ("", "0.25"),
        ("epsilon = 0.5", "0.5"),
        ("epsilon = 1", "1"),
        ("epsilon = 0.333333", "0.333333"),
        ("exact = true", "exact"),
    ] {
        let of_service = format!("{of_service}\nutc_offset_hours = 2");
        let relay = "health_listen = \"127.0.0.1:9464\"\n[indicators]\nfile = \"indicators.json\"";
        let directory = directory(&service, &counting(&service, relay, &of_service));
        let config = Config::load(&directory.path().join("relay.toml")).unwrap_or_else(|error| {
            panic!("{error}");
        });
        assert!(config.indicators.is_some_and(|indicators| indicators.period == PeriodKind::Week));
        assert_eq!(config.services[0].counting.budget.to_string(), budget);
        assert_eq!(config.services[0].counting.utc_offset_hours, 2);
        assert_eq!(config.health_listen, Some("127.0.0.1:9464".parse().unwrap()));
    }
    let directory = directory(&service, &good(&service));
    let config = Config::load(&directory.path().join("relay.toml"));
    assert!(config.is_ok_and(|config| config.indicators.is_none()));
}

#[test]
fn each_fault_of_indicators_is_one_sentence() {
    let service = FakeService::new(1);
    let file = "[indicators]\nfile = \"indicators.json\"";
    for (relay, of_service, expected) in [
        (file, "epsilon = 0.001", "epsilon must be from 0.01 to 10"),
        (file, "epsilon = -1", "epsilon must be from 0.01 to 10"),
        (file, "epsilon = nan", "epsilon must be from 0.01 to 10"),
        (file, "epsilon = 0.25\nexact = true", "exact or have an epsilon, not both"),
        (file, "utc_offset_hours = 15", "utc_offset_hours must be from -12 to 14"),
        (file, "budget = 1", "unknown field `budget`"),
        ("[indicators]", "", "[indicators] needs file or redis"),
        ("[indicators]\nfile = \"page\"", "", "indicators "),
        ("[indicators]\nfile = \"card.bin\"", "", "card.bin"),
        ("[indicators]\nfile = \"i\"\nperiod = \"day\"", "", "unknown variant `day`"),
    ] {
        let directory = directory(&service, &counting(&service, relay, of_service));
        let problem = problem(&directory.path().join("relay.toml"));
        assert!(problem.contains(expected), "{problem:?} lacks {expected:?}");
        assert!(!problem.contains('\n'), "{problem:?} is more than a line");
    }
}

#[test]
fn each_fault_is_one_sentence() {
    let service = FakeService::new(1);
    let good = good(&service);
    let other = FakeService::new(2).authority().to_hex();
    let authority = service.authority().to_hex();
    let service_twice = format!("{good}{}", &good[good.find("[[service]]").unwrap()..]);
    for (toml, expected) in [
        ("listen = \n".to_owned(), "line 1: "),
        (good.replace("page = ", "pages = "), "line 3: unknown field `pages`"),
        (good.replace("card = ", "cards = "), "line 6: unknown field `cards`"),
        (good.replace("127.0.0.1:0", "localhost"), "line 1: invalid socket address"),
        (good.replace("help.example", "Help.example/"), "line 2: origin \"https://Help.example/\""),
        (good.replace("\"https://help.example\"", ""), "at least one origin is needed"),
        (
            good[..good.find("[[service]]").unwrap()].to_owned(),
            "at least one [[service]] is needed",
        ),
        (good.replace(&authority, "XY"), "line 5: an authority is 64 digits of hex"),
        (good.replace(&authority, &other), "card.bin: the service card is not of this service"),
        (good.replace("card.bin", "relay.toml"), "relay.toml: the service card is not of this"),
        (good.replace("card.bin", "absent.bin"), "absent.bin: No such file"),
        (good.replace("\"leaflets\"", "\"wrong\""), "uk.bin: they are in another language, \"ru\""),
        (good.replace("\"leaflets\"", "\"forged\""), "ar.bin: they have the wrong form or are not"),
        (good.replace("\"leaflets\"", "\"absent\""), "absent: there is none of en.bin, ru.bin"),
        (good.replace("\"leaflets\"", "\"page\""), "page: there is none of en.bin, ru.bin"),
        (good.replace("revocations.bin", "absent.bin"), "absent.bin: No such file"),
        (good.replace("revocations.bin", "card.bin"), "card.bin: it is not of 4425 bytes"),
        (good.replace("\"page\"", "\"absent\""), "absent cannot be read: No such file"),
        (good.replace("\"page\"", "\"..\""), ".."),
        (service_twice, "is configured twice"),
    ] {
        let directory = directory(&service, &toml);
        let problem = problem(&directory.path().join("relay.toml"));
        assert!(problem.contains(expected), "{problem:?} lacks {expected:?}");
        assert!(!problem.contains('\n'), "{problem:?} is more than a line");
    }
    assert!(problem(Path::new("/absent/relay.toml")).contains("/absent/relay.toml: No such file"));
}

#[test]
fn origins_are_as_browsers_write_them() {
    for good in [
        "https://help.example",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://localhost",
        "https://xn--bcher-kva.example:8443",
        "http://abcdefghijklmnop.onion",
    ] {
        assert!(Origin::new(good).is_ok(), "{good}");
    }
    for wrong in [
        "",
        "help.example",
        "ws://help.example",
        "HTTPS://help.example",
        "https://",
        "https://help.example/",
        "https://help.example/path",
        "https://help.example?x",
        "https://help.example#x",
        "https://Help.example",
        "https://help.example:443",
        "http://help.example:80",
        "https://help.example:0",
        "https://help.example:08443",
        "https://help.example:99999",
        "https://help.example:",
        "https://user@help.example",
        "https://help..example",
        "https://bücher.example",
        "http://[::0001]",
        "http://[help]",
        "null",
    ] {
        assert!(Origin::new(wrong).is_err(), "{wrong}");
    }
}

/// The good configuration as one of several nodes, with lines left out or others in their place.
fn node(service: &FakeService, node: &str, redis: &str) -> String {
    good(service).replace("[[service]]", &format!("{node}\n{redis}\n[[service]]"))
}

const NODE: &str = "[node]\nname = \"a\"";
const REDIS: &str = "[redis]\nkind = \"single\"\naddresses = [\"redis://127.0.0.1:6379\"]\n\
    secret_file = \"nodes.secret\"";

fn with_secrets(directory: &TempDir) -> std::path::PathBuf {
    fs::write(directory.path().join("nodes.secret"), format!("{}\n", "0a".repeat(32))).unwrap();
    fs::write(directory.path().join("redis.password"), "pass word\n").unwrap();
    directory.path().join("relay.toml")
}

#[test]
fn a_node_is_configured_with_its_redis() {
    let service = FakeService::new(1);
    let said = "[node]\nname = \"a-1\"\naddress = \"https://{name}.relay.example\"\n\
        onions = { b = \"http://abcdefgh.onion\" }";
    let redis = "[redis]\nkind = \"sentinel\"\nmaster = \"vestibule\"\nreplicas = 2\n\
        addresses = [\"rediss://[::1]:26379\", \"rediss://10.0.0.2:26379\"]\n\
        user = \"vestibule\"\npassword_file = \"redis.password\"\nsecret_file = \"nodes.secret\"\n\
        [indicators]\nredis = { kind = \"single\", addresses = [\"redis://127.0.0.1:6380\"] }";
    let directory = directory(&service, &node(&service, said, redis));
    let config = Config::load(&with_secrets(&directory)).unwrap_or_else(|error| panic!("{error}"));
    let Node { this, redis, secret } = config.nodes.unwrap();
    assert_eq!((this.name.as_str(), redis.replicas, redis.addresses.len()), ("a-1", 2, 2));
    assert_eq!((redis.addresses[0].host.as_str(), redis.addresses[0].port), ("::1", 26_379));
    assert_eq!(redis.password.as_ref().map(|password| password.as_str()), Some("pass word"));
    assert_eq!(*secret, [0x0a; 32]);
    assert!(
        config.indicators.is_some_and(|indicators| matches!(indicators.kept_in, KeptIn::Redis(_)))
    );
}

#[test]
fn each_fault_of_nodes_is_one_sentence() {
    let service = FakeService::new(1);
    let redis = |from: &str, to: &str| REDIS.replace(from, to);
    let more = |line: &str| format!("{REDIS}\n{line}");
    for (of_node, of_redis, expected) in [
        (NODE, String::new(), "[node] needs [redis]"),
        ("", REDIS.to_owned(), "[redis] needs [node]"),
        ("[node]\nname = \"A\"", REDIS.to_owned(), "a node's name is 1 to 16 of"),
        ("[node]\nname = \"\"", REDIS.to_owned(), "a node's name is 1 to 16 of"),
        ("[node]\nname = \"a\"\naddress = \"/x\"", REDIS.to_owned(), "address \"/x\" must be"),
        (
            "[node]\nname = \"a\"\nonions = { b = \"https://b.example\" }",
            REDIS.to_owned(),
            "https://b.example is no onion address",
        ),
        (NODE, redis("secret_file = \"nodes.secret\"", ""), "[redis] needs secret_file"),
        (NODE, redis("nodes.secret", "absent"), "secret of the nodes"),
        (NODE, redis("nodes.secret", "card.bin"), "secret of the nodes"),
        (NODE, redis("nodes.secret", "redis.password"), "it is 64 digits of hex"),
        (NODE, redis("single", "many"), "unknown variant `many`"),
        (NODE, redis("single", "sentinel"), "kind \"sentinel\" needs master"),
        (NODE, more("master = \"x\""), "master is for kind \"sentinel\" alone"),
        (NODE, more("user = \"x\""), "user needs password_file"),
        (NODE, more("password_file = \"absent\""), "password of Redis"),
        (NODE, more("ca_file = \"card.bin\""), "ca_file needs rediss:// addresses"),
        (NODE, more("replicas = 17"), "replicas is at most 16"),
        (NODE, more("replica = 1"), "unknown field `replica`"),
        (NODE, redis("redis://127", "http://127"), "an address of Redis is redis://HOST:PORT"),
        (NODE, redis(":6379", ""), "an address of Redis is redis://HOST:PORT"),
        (NODE, redis("127.0.0.1", "user:pass@127.0.0.1"), "an address of Redis is"),
        (NODE, redis("127.0.0.1", "localhost"), "localhost is a name: give its IP address"),
        (NODE, redis("\"redis://127.0.0.1:6379\"", ""), "it has 1 to 32 addresses"),
        (NODE, redis("6379\"]", "6379\", \"redis://127.0.0.1:6380\"]"), "one for kind \"single\""),
        (
            NODE,
            redis("single", "cluster").replace("6379\"]", "6379\", \"rediss://127.0.0.1:6380\"]"),
            "all begin with rediss://, or none does",
        ),
        (NODE, more("[indicators]\nfile = \"i\""), "a file would have what one node counts alone"),
        (
            NODE,
            more("[indicators]\nfile = \"i\"\nredis = { kind = \"single\", addresses = [] }"),
            "[indicators] needs file or redis",
        ),
    ] {
        let directory = directory(&service, &node(&service, of_node, &of_redis));
        let problem = problem(&with_secrets(&directory));
        assert!(problem.contains(expected), "{problem:?} lacks {expected:?}");
        assert!(!problem.contains('\n'), "{problem:?} is more than a line");
    }
}

#[test]
fn tls_needs_a_certificate_and_its_key() {
    let pair = || rcgen::generate_simple_self_signed(["help.example".to_owned()]).unwrap();
    let (own, other) = (pair(), pair());
    let service = FakeService::new(1);
    let toml = |certificate: &str, key: &str| {
        let tls = format!(
            "[tls]\nlisten = \"127.0.0.1:0\"\ncertificate_file = \"{certificate}\"\nkey_file = \"{key}\"\n"
        );
        good(&service).replace("[[service]]", &format!("{tls}[[service]]"))
    };
    let load = |certificate: &str, key: &str| {
        let directory = directory(&service, &toml(certificate, key));
        fs::write(directory.path().join("own.pem"), own.cert.pem()).unwrap();
        fs::write(directory.path().join("own.key"), own.signing_key.serialize_pem()).unwrap();
        fs::write(directory.path().join("other.key"), other.signing_key.serialize_pem()).unwrap();
        fs::write(directory.path().join("empty.pem"), "").unwrap();
        Config::load(&directory.path().join("relay.toml")).map_err(|error| error.to_string())
    };
    let is_loaded = load("own.pem", "own.key").is_ok_and(|config| config.tls.is_some());
    assert!(is_loaded);
    for (certificate, key, named) in [
        ("none.pem", "own.key", "certificate_file of TLS"),
        ("empty.pem", "own.key", "no certificate is in it"),
        ("own.pem", "none.key", "key_file of TLS"),
        ("own.pem", "own.pem", "key_file of TLS"),
        ("own.pem", "other.key", "key_file of TLS"),
    ] {
        let problem = load(certificate, key).err().unwrap();
        assert!(problem.contains(named), "{problem}");
    }
}

#[test]
fn sockets_are_as_many_as_the_operator_says_and_their_kinds_keep_their_parts() {
    let service = FakeService::new(1);
    let load = |lines: &str| {
        let directory = directory(&service, &format!("{lines}{}", good(&service)));
        let loaded = Config::load(&directory.path().join("relay.toml"));
        loaded.map(|config| config.limits).map_err(|error| error.to_string())
    };
    let sockets = |lines: &str| {
        let limits = load(lines).unwrap_or_else(|error| panic!("{error}"));
        let Limits { connections_max, rejoining_sockets_max, .. } = limits;
        [
            connections_max,
            rejoining_sockets_max,
            limits.solving_sockets_max,
            limits.indicator_sockets_max,
        ]
    };
    assert_eq!(sockets(""), sockets("connections = 8192\n"), "the default is said nowhere else");
    assert_eq!(sockets(""), [8_192, 4_096, 2_048, 256]);
    assert_eq!(sockets("connections = 16\n"), [16, 8, 4, 2]);
    assert_eq!(sockets("connections = 600\n"), [600, 300, 150, 75]);
    for wrong in ["15", "131073"] {
        let problem = load(&format!("connections = {wrong}\n")).err().unwrap_or_default();
        assert!(problem.contains("line 1: connections is 16 to 131072"), "{problem}");
    }
}
