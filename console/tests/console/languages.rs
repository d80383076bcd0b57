//! What the program says, in the person's language: by option and by the system's.

use std::fs;
use std::process::Command;

use vestibule_console::SecretString;
use vestibule_console::dates;
use vestibule_console::enrolment::{Enrolment, Terms};
use vestibule_console::key_file::Work;
use vestibule_wire::{Alias, LanguageSet, Role, Timestamp};

use crate::command_line::{WORKER, prepared, program};
use crate::setting::service;

/// 2026-01-05, which every clock has behind it.
const LONG_AGO: Timestamp = Timestamp(1_767_571_200);

const LINK: &str = "link new --worker";

struct Expected {
    args: &'static str,
    /// What the sentence speaks of, in place of `@`.
    argument: &'static str,
    /// In English, Russian, Ukrainian and Arabic.
    sentences: [&'static str; 4],
}

const EXPECTED: [Expected; 4] = [
    Expected {
        args: "anna.age --passphrase-file wrong",
        argument: "anna.age",
        sentences: [
            "The file @ does not open: the passphrase is wrong. Nothing was changed; please try \
             again.",
            "Файл @ не открывается: парольная фраза неверна. Ничего не изменилось; попробуйте ещё \
             раз.",
            "Файл @ не відкривається: парольна фраза неправильна. Нічого не змінилося; спробуйте ще \
             раз.",
            "لم يُفتح الملف @: عبارة المرور خاطئة. لم يتغيّر شيء؛ حاولوا مرة أخرى.",
        ],
    },
    Expected {
        args: "cut.age --passphrase-file p2",
        argument: "cut.age",
        sentences: [
            "The file @ is damaged: take your copy of it, or ask your coordinator for a new one.",
            "Файл @ повреждён: возьмите его копию или попросите у координатора новый.",
            "Файл @ пошкоджено: візьміть його копію або попросіть у координатора новий.",
            "الملف @ تالف: خذوا نسختكم منه، أو اطلبوا من المنسّق ملفًا جديدًا.",
        ],
    },
    Expected {
        args: "s/service.age --passphrase-file p1",
        argument: "s/service.age",
        sentences: [
            "The file @ is a service file (made with “vestibule service new”), but a worker's file \
             (made with “vestibule worker enrol”) is needed here.",
            "Файл @ — это файл службы (создан командой «vestibule service new»), а здесь нужен файл \
             доступа сотрудника (его создаёт команда «vestibule worker enrol»).",
            "Файл @ — це файл служби (створений командою «vestibule service new»), а тут потрібен \
             файл доступу працівника (його створює команда «vestibule worker enrol»).",
            "الملف @ هو ملف خدمة (أُنشئ بالأمر «vestibule service new»)، والمطلوب هنا ملف تسجيل عامل \
             (يُنشأ بالأمر «vestibule worker enrol»).",
        ],
    },
    Expected {
        args: "over.age --passphrase-file p2",
        argument: "2026-01-06 06:00 UTC",
        sentences: [
            "This enrolment ended at @: ask your coordinator for a new file. If that moment is still \
             to come, set this computer's date and time.",
            "Срок этого доступа закончился @: попросите у координатора новый файл доступа. Если это \
             время ещё не наступило, установите на компьютере верные дату и время.",
            "Строк цього доступу минув @: попросіть у координатора новий файл доступу. Якщо цей час \
             іще не настав, встановіть на комп’ютері правильні дату й час.",
            "انتهى هذا التسجيل في @: اطلبوا من المنسّق ملف تسجيل جديدًا. وإن كان هذا الموعد لم يأتِ \
             بعد، فاضبطوا التاريخ والوقت في هذا الحاسوب.",
        ],
    },
];

const LANGUAGES: [(&str, &str); 4] =
    [("en", "en_GB.UTF-8"), ("ru", "ru_RU.UTF-8"), ("uk", "uk_UA.UTF-8"), ("ar", "ar_SY.UTF-8")];

/// A worker's good file, and others that are of no use.
fn files() -> tempfile::TempDir {
    let directory = prepared();
    let path = directory.path();
    fs::write(path.join("wrong"), "x").unwrap();
    let whole = fs::read(path.join("anna.age")).unwrap();
    fs::write(path.join("cut.age"), &whole[..whole.len() - 100]).unwrap();
    let terms = Terms {
        alias: Alias::new("Anna").unwrap(),
        role: Role::Peer,
        languages: LanguageSet::from_bits(3).unwrap(),
        first_day: LONG_AGO,
        days: 1,
    };
    let over = Enrolment::new(&service("https://relay.example"), &terms);
    assert_eq!(dates::moment(over.valid_until()), "2026-01-06 06:00 UTC");
    let over = over.seal(SecretString::from(WORKER.to_owned()), Work::Factor(2));
    fs::write(path.join("over.age"), over).unwrap();
    directory
}

/// Runs what must be refused, and returns what was said.
fn refused(program: &mut Command) -> String {
    let output = program.output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{program:?}");
    assert!(output.stdout.is_empty(), "{program:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn each_refusal_is_said_in_the_persons_language() {
    let directory = files();
    let path = directory.path();
    for Expected { args, argument, sentences } in &EXPECTED {
        for ((code, locale), sentence) in LANGUAGES.iter().zip(sentences) {
            // In lines that run from right to left, marks keep what stands in them together.
            let argument = if *code == "ar" {
                format!("\u{2068}{argument}\u{2069}")
            } else {
                (*argument).into()
            };
            let sentence = format!("{}\n", sentence.replace('@', &argument));
            let args = format!("{LINK} {args}");
            let by_option = refused(&mut program(path, &format!("{args} --language {code}")));
            assert_eq!(by_option, sentence);
            let by_system = refused(program(path, &args).env("LANG", locale));
            assert_eq!(by_system, sentence);
        }
    }
}

#[test]
fn the_option_is_stronger_than_the_system_and_may_stand_first() {
    let directory = files();
    let path = directory.path();
    let [wrong, ..] = &EXPECTED;
    let [_, russian, ukrainian, _] = wrong.sentences.map(|text| text.replace('@', wrong.argument));
    let args = format!("{LINK} {}", wrong.args);
    let said = refused(program(path, &format!("--language uk {args}")).env("LC_ALL", "ru_RU"));
    assert_eq!(said.trim_end(), ukrainian);
    let said = refused(program(path, &args).env("LC_ALL", "ru_RU").env("LANG", "uk_UA"));
    assert_eq!(said.trim_end(), russian);
}

#[test]
fn results_are_the_same_in_every_language() {
    let directory = files();
    let path = directory.path();
    for (code, _) in LANGUAGES {
        let args = format!("{LINK} anna.age --passphrase-file p2 --count 2 --language {code}");
        let output = program(path, &args).output().unwrap();
        assert!(output.status.success());
        let links = String::from_utf8(output.stdout).unwrap();
        assert_eq!(links.lines().count(), 2);
        assert!(links.lines().all(|line| line.starts_with("https://relay.example/#")));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.lines().count(), 1);
        assert_eq!(said.is_ascii(), code == "en", "{said}");
    }
}
