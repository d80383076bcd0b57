use std::fs;

use vestibule_wire::{CardKind, LEAFLETS_BYTES_MAX, Leaflets, Timestamp};

use super::read::Files;
use super::*;

/// The starter pack with changes.
fn changed(changes: &[(&str, &str)]) -> Files {
    let mut files = starter::files();
    for (path, text) in changes {
        files.insert((*path).to_owned(), (*text).to_owned());
    }
    files
}

/// File and line of what is wrong, and why.
fn wrong(path: &str, text: &str) -> (String, usize, String) {
    let problem = read::pack(&changed(&[(path, text)])).err();
    let problem = problem.unwrap_or_else(|| panic!("{path} was taken: {text}"));
    (problem.file, problem.line, problem.reason)
}

fn front(rest: &str) -> String {
    format!("+++\nkind = \"checklist\"\ntopic = \"tests\"\ntitle = \"T\"\n+++\n{rest}")
}

/// A `pack.toml` with labels of its own: table, number and English name.
fn labels(labels: &[(&str, &str, &str)]) -> String {
    let head = "version = 'x'\n\n\n[hours]\nen = 'a'\nru = 'a'\nuk = 'a'\nar = 'a'\n\n";
    let labels = labels.iter().map(|(table, number, name)| {
        format!(
            "[[label]]\ntable = '{table}'\nnumber = {number}\nen = '{name}'\n\
             ru = 'а'\nuk = 'б'\nar = 'ج'\n"
        )
    });
    head.to_owned() + &labels.collect::<String>()
}

fn numbered(indicator: &str) -> String {
    format!(
        "+++\nkind = 'checklist'\ntopic = 'tests'\nindicator = {indicator}\ntitle = 'T'\n+++\nx\n"
    )
}

#[test]
fn a_service_adds_labels_of_its_own() {
    let most = "я".repeat(60);
    let added = labels(&[("kit", "4", "Masks"), ("need", "8", &most), ("need", "1", "Housing")]);
    let pack = read::pack(&changed(&[("pack.toml", &added)])).unwrap_or_else(|it| panic!("{it}"));
    let names: Vec<&str> =
        pack.own_labels().values().map(|texts| texts.for_reader(Language::ENGLISH)).collect();
    assert_eq!(names, ["Housing", &most, "Masks"], "in the order of the catalogue");
    assert_eq!(pack.needs().len(), 12);
    assert_eq!(pack.needs().last().map(String::as_str), Some("own_8"));
    // They may be put in another order, and are never left out.
    let chosen = added.replace("\n\n\n", "\nneeds = ['own_8', 'legal']\n\n");
    let pack = read::pack(&changed(&[("pack.toml", &chosen)])).unwrap_or_else(|it| panic!("{it}"));
    assert_eq!(pack.needs(), ["own_8", "legal", "own_1"]);
    let unknown = added.replace("\n\n\n", "\nneeds = ['own_2']\n\n");
    assert!(read::pack(&changed(&[("pack.toml", &unknown)])).is_err());
}

#[test]
fn the_cards_of_the_program_are_counted_each_as_itself() {
    let pack = Pack::starter();
    assert!(pack.own_labels().is_empty());
    let cells: Vec<Cell> = pack.materials().map(|(cell, _)| cell).collect();
    assert_eq!(cells.len(), pack.cards.len());
    let body = front("## A\n- b\n");
    let pack =
        read::pack(&changed(&[("en/cards/x.md", &body)])).unwrap_or_else(|it| panic!("{it}"));
    assert!(pack.indicator_of("seizure").is_some() && pack.indicator_of("x").is_none());
}

#[test]
fn the_pack_of_the_program_is_whole_in_four_languages() {
    let pack = Pack::starter();
    assert!(pack.starter && pack.reviewed_by.is_none());
    // Nothing is missing but the review.
    assert_eq!(pack.hints().len(), 1, "{:?}", pack.hints());
    assert!(pack.replies.len() >= 20 && pack.cards.len() >= 18 && pack.scripts.len() >= 5);
    assert!(pack.replies.iter().filter(|reply| reply.emergency).count() >= 4);
    for language in Language::all() {
        let leaflets = pack.leaflets(language, Timestamp(1));
        let json = leaflets_json(&leaflets);
        assert!(Leaflets::from_json(&json).is_ok());
        assert!(json.len() * 4 < LEAFLETS_BYTES_MAX * 3, "{}: {}", language.code(), json.len());
        assert!(leaflets.cards.iter().all(|card| card.kind != CardKind::Referral));
        for card in &leaflets.cards {
            assert!(card.body.contains("## "), "{}", card.id);
            assert!(card.body.chars().count() < 1_300, "{} is longer than a screen", card.id);
        }
    }
}

/// What a service that talks about stimulants is asked for, and a word of its card that shows it.
const TOPICS: [(&str, &str); 29] = [
    ("stimulants", "Reasons not to take it today"),
    ("stimulants", "knows first aid"),
    ("stimulants", "Eat, drink water, sleep"),
    ("stimulants", "The same name can be another substance"),
    ("stimulants", "begin with a very small part"),
    ("stimulants", "not litres at once"),
    ("unknown-product", "drug checking"),
    ("unknown-product", "strong opioids"),
    ("snorting-smoking", "Your own straw"),
    ("snorting-smoking", "change nostrils"),
    ("mixing", "alcohol"),
    ("overdose-opioids", "naloxone"),
    ("overheating-heart", "chest"),
    ("overheating-heart", "very hot"),
    ("seizure", "Do not hold them down"),
    ("injecting", "vein"),
    ("skin-wounds", "Fever with shivering"),
    ("sex", "Condoms, much lubricant"),
    ("sex", "PrEP"),
    ("testing", "Hepatitis C"),
    ("testing", "PEP"),
    ("long-sessions", "Something to eat every few hours"),
    ("long-sessions", "Set an end: a day and an hour"),
    ("fear-voices", "Calm voice"),
    ("comedown", "thoughts of suicide"),
    ("rights", "ask for a lawyer"),
    ("driving-children", "When children are there"),
    ("driving-children", "Driving"),
    ("cutting-down", "One change at a time"),
];

#[test]
fn the_starter_pack_speaks_of_every_topic_in_four_languages() {
    let pack = Pack::starter();
    for (id, words) in TOPICS {
        let english = pack.card(id, Language::ENGLISH).unwrap_or_else(|| panic!("no {id}"));
        assert!(english.body.contains(words), "{id} says nothing of “{words}”");
    }
    for card in &pack.cards {
        let bodies: Vec<&str> =
            Language::all().filter_map(|language| card.body.get(language)).collect();
        let count = |body: &str, mark| body.lines().filter(|line| line.starts_with(mark)).count();
        let outline = |body: &str| (count(body, "## "), count(body, "- "));
        // The same headings and the same advice in each, and none left untranslated.
        assert_eq!(bodies.len(), 4, "{}", card.id);
        assert!(bodies.iter().all(|body| outline(body) == outline(bodies[0])), "{}", card.id);
        assert!(bodies[1..].iter().all(|body| *body != bodies[0]), "{}", card.id);
    }
}

#[test]
fn the_service_card_says_where_a_quick_exit_leads() {
    let name = || {
        let text = || "n".to_owned();
        CardTexts::for_all(&text())
    };
    let exit = |pack: &Pack| pack.service_card(&name(), Timestamp(1)).exit;
    assert_eq!(exit(&Pack::starter()).as_deref(), Some("https://worldweather.wmo.int/"));
    let card = starter::files().remove("card.toml").unwrap();
    let without = card.lines().filter(|line| !line.starts_with("exit")).collect::<Vec<_>>();
    let pack = read::pack(&changed(&[("card.toml", &without.join("\n"))]));
    assert!(exit(&pack.unwrap_or_else(|problem| panic!("{problem}"))).is_none());
}

#[test]
fn every_file_of_the_starter_pack_is_in_the_program() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/pack"));
    let lying = directory::read(folder).unwrap_or_else(|problem| panic!("{problem}"));
    assert_eq!(lying.keys().collect::<Vec<_>>(), starter::files().keys().collect::<Vec<_>>());
    for (path, text) in &lying {
        assert!(path.ends_with("README.md") || text.contains("2026"), "{path} says no date");
    }
}

#[test]
fn the_page_reads_this_form() {
    let pack = serde_json::to_value(Pack::starter()).unwrap();
    let members: Vec<&str> = pack.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = vec![
        "starter",
        "version",
        "reviewed_by",
        "reviewed_on",
        "hours",
        "needs",
        "replies",
        "cards",
        "scripts",
    ];
    expected.sort_unstable();
    let mut members = members;
    members.sort_unstable();
    assert_eq!(members, expected);
    assert_eq!(pack["cards"][0]["kind"], "checklist");
    assert_eq!(pack["cards"][0]["topic"], "danger");
    assert!(pack["cards"][0]["title"]["uk"].is_string());
    assert!(pack["replies"][0]["text"]["ar"].as_str().unwrap().contains("{alias}"));
    assert!(pack["scripts"][0]["steps"]["ru"].is_string());
}

#[test]
fn a_card_is_sent_in_the_clients_language_or_else_in_english() {
    let body = front("## A\n- b\n");
    let files = changed(&[("en/cards/only-english.md", &body)]);
    let pack = read::pack(&files).unwrap_or_else(|problem| panic!("{problem}"));
    let of = |id: &str, language| pack.card(id, language).map(|card| card.body.clone());
    assert_eq!(
        of("only-english", Language::from_code("ar").unwrap()).as_deref(),
        Some("## A\n- b")
    );
    assert!(of("seizure", Language::from_code("ru").unwrap()) != of("seizure", Language::ENGLISH));
    assert!(of("nothing", Language::ENGLISH).is_none());
    let hints = pack.hints().join("\n");
    assert!(hints.contains("ar/cards/") && hints.contains("only-english"), "{hints}");
}

#[test]
fn what_is_wrong_is_said_with_file_and_line() {
    for (path, text, line, part) in [
        ("pack.toml", "version = 'x'\n\nneed = []\n", 3, "unknown field"),
        ("pack.toml", "version = 'x'\n[hours]\nru = 'a'\n", 2, "`en`"),
        ("pack.toml", "version = 'x'\n[hours]\nen = 'a'\nxx = 'b'\n", 4, "`xx`"),
        ("pack.toml", "version = \n", 1, "not understood"),
        (
            "card.toml",
            "[about]\nen='a'\nru='a'\nuk=''\nar='a'\n[emergency]\nen='a'\nru='a'\nuk='a'\nar='a'\n",
            4,
            "empty",
        ),
        (
            "card.toml",
            "\nexit='http://weather.example'\n[about]\nen='a'\nru='a'\nuk='a'\nar='a'\n\
             [emergency]\nen='a'\nru='a'\nuk='a'\nar='a'\n",
            2,
            "http://weather.example",
        ),
        ("en/replies.toml", "\n[[reply]]\nid='A b'\ntitle='a'\ntext='b'\n", 3, "cannot be a name"),
        (
            "en/replies.toml",
            "[[reply]]\nid='a'\ntitle='a'\ntext='''\nHi {alias}\nand {worker}!'''\n",
            6,
            "{worker}",
        ),
        ("en/replies.toml", "[[reply]]\nid='a'\ntitle='a'\ntext='a } b'\n", 4, "not a placeholder"),
        (
            "en/replies.toml",
            "[[reply]]\nid='a'\ntitle='a'\ntext='b'\n[[reply]]\nid='a'\ntitle='a'\ntext='b'\n",
            6,
            "twice",
        ),
        (
            "ru/replies.toml",
            "[[reply]]\nid='suicide'\ntitle='a'\ntext='b'\n",
            2,
            "another language",
        ),
        ("en/replies.toml", "[[reply]]\nid='a'\ntitle=\"a\\u202E\"\ntext='b'\n", 3, "U+202E"),
        (
            "en/referrals.toml",
            "[[referral]]\nid='a'\ntopic='tests'\ntitle='a'\ntext='''\nok\n\n* b\n'''\n",
            8,
            "headin",
        ),
        (
            "en/referrals.toml",
            "[[referral]]\nid='a'\ntopic='tea'\ntitle='a'\ntext='b'\n",
            3,
            "not a topic",
        ),
        (
            "en/referrals.toml",
            "[[referral]]\nid='seizure'\ntopic='tests'\ntitle='a'\ntext='b'\n",
            2,
            "twice",
        ),
        ("en/cards/x.md", "kind = 'checklist'\n", 1, "+++"),
        ("en/cards/x.md", "+++\nkind = 'checklist'\ntext\n", 1, "+++"),
        (
            "en/cards/x.md",
            "+++\nkind = 'song'\ntopic = 'tests'\ntitle = 'T'\n+++\nx\n",
            2,
            "kind of card",
        ),
        (
            "en/cards/x.md",
            "+++\nkind = 'leaflet'\ntopic = 'tests'\ntitel = 'T'\n+++\nx\n",
            4,
            "titel",
        ),
        ("en/cards/x.md", &front(""), 6, "empty"),
        ("en/cards/x.md", &front("\n## A\n- b\n# C\n"), 9, "headin"),
        ("en/cards/x.md", &front("a\u{202E}b\n"), 6, "U+202E"),
        ("en/cards/x.md", &front("a\u{0}b\n"), 6, "U+0000"),
        ("en/cards/x.md", &front(&"x".repeat(16_001)), 6, "16001"),
        ("ru/cards/seizure.md", &front("x"), 1, "another language"),
        ("en/cards/Big.md", &front("x"), 1, "cannot be a name"),
        ("en/card/x.md", &front("x"), 1, "misspelt"),
        ("de/replies.toml", "", 1, "misspelt"),
        ("pack.toml", &labels(&[("need", "0", "a")]), 12, "1 to 8"),
        ("pack.toml", &labels(&[("kit", "5", "a")]), 12, "1 to 4"),
        ("pack.toml", &labels(&[("kit", "1", "a"), ("kit", "1", "b")]), 19, "twice"),
        ("pack.toml", &labels(&[("material", "1", "a")]), 11, "need, referral, kit, substance"),
        ("pack.toml", &labels(&[("emergency", "1", "a")]), 11, "cannot add"),
        ("pack.toml", &labels(&[("need", "1", "")]), 13, "empty"),
        ("pack.toml", &labels(&[("need", "1", "a\u{202E}")]), 13, "U+202E"),
        ("pack.toml", &labels(&[("need", "1", &"я".repeat(61))]), 13, "61"),
        ("en/cards/x.md", &numbered("33"), 4, "1 to 32"),
        ("en/cards/x.md", &numbered("0"), 4, "1 to 32"),
        ("en/cards/x.md", &numbered("3"), 4, "twice"),
        ("ru/cards/seizure.md", &front("x"), 1, "another language"),
        ("en/scripts/x.md", "+++\ntitle = 'T'\nkind = 'leaflet'\n+++\nx\n", 3, "kind"),
    ] {
        let (file, found, reason) = wrong(path, text);
        assert_eq!((file.as_str(), found), (path, line), "{reason}\n{text}");
        assert!(reason.contains(part), "{reason}\n{text}");
    }
}

#[test]
fn more_than_a_relay_serves_is_refused() {
    let mut files = starter::files();
    for number in 0..6 {
        files.insert(format!("uk/cards/long-{number}.md"), front(&"я".repeat(7_900)));
    }
    let problem = read::pack(&files).err().unwrap();
    assert_eq!((problem.file.as_str(), problem.line), ("uk/cards", 1));
    assert!(problem.reason.contains("65536"), "{}", problem.reason);
}

#[test]
fn a_folder_is_read_as_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let broken = |path: &Path| Pack::read(path).err().map(|problem| (problem.file, problem.line));
    assert_eq!(broken(path), Some(("pack.toml".to_owned(), 1)));
    for (name, text) in starter_files() {
        let file = path.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text.replace('\n', "\r\n")).unwrap();
    }
    fs::create_dir(path.join(".git")).unwrap();
    fs::write(path.join(".git/config"), [0xff]).unwrap();
    fs::write(path.join("en/replies.toml~"), "x").unwrap();
    let pack = Pack::read(path).unwrap_or_else(|problem| panic!("{problem}"));
    assert!(!pack.starter);
    // Line ends of another system change nothing.
    let body = |pack: &Pack| {
        pack.card("seizure", Language::from_code("ar").unwrap()).map(|card| card.body.clone())
    };
    assert!(body(&pack) == body(&Pack::starter()));

    fs::write(path.join("en/cards/x.md"), b"+++\n\n\xff").unwrap();
    assert_eq!(broken(path), Some(("en/cards/x.md".to_owned(), 3)));
    fs::write(path.join("en/cards/x.md"), vec![b'x'; 70_000]).unwrap();
    assert_eq!(broken(path), Some(("en/cards/x.md".to_owned(), 1)));
    fs::remove_file(path.join("en/cards/x.md")).unwrap();
    fs::create_dir_all(path.join("en/cards/a/b")).unwrap();
    assert_eq!(broken(path), Some(("en/cards/a".to_owned(), 1)));
    assert!(broken(&path.join("nowhere")).is_some());
}

#[cfg(unix)]
#[test]
fn what_points_out_of_the_folder_is_refused() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.md");
    fs::write(&secret, starter_files().find(|(name, _)| name.ends_with("mixing.md")).unwrap().1)
        .unwrap();
    for (name, target) in [("en/cards/x.md", secret.as_path()), ("en/cards", outside.path())] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
        let problem = Pack::read(folder.path()).err().unwrap();
        assert_eq!((problem.file.as_str(), problem.line), (name, 1));
    }
}
