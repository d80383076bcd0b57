//! Real processes: this program starts itself again as the one that is confined, as `vestibule` does.

mod attempts;
mod bombs;
mod damaged;
mod documents;
mod hostile;
mod measure;
mod outside;
mod photographs;
mod sandbox;
mod view;
mod voice;

use std::process::ExitCode;

use libtest_mimic::{Arguments, run};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        [vestibule_viewer::COMMAND, kind] => {
            vestibule_viewer::serve_child(kind.parse().expect("a kind of file"))
        }
        [attempts::COMMAND, rest @ ..] => attempts::run(rest),
        [measure::COMMAND, kind] => measure::run(kind.parse().expect("a kind of file")),
        _ => {
            let trials = [
                photographs::trials(),
                documents::trials(),
                voice::trials(),
                bombs::trials(),
                damaged::trials(),
                hostile::trials(),
                outside::trials(),
                sandbox::trials(),
            ];
            let arguments = Arguments::from_args();
            run(&arguments, trials.into_iter().flatten().collect()).exit_code()
        }
    }
}
