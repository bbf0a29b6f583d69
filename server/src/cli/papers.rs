//! What a package ships beside the program: its manual page and the completions of shells, written from the arguments.

use std::io::{self, Write};

use anyhow::{Context, Result};
use clap::Command;
use clap_complete::Shell;

/// Prints what a shell needs to complete our commands.
pub fn completions(mut command: Command, shell: Shell) -> Result<()> {
    let mut page = Vec::new();
    clap_complete::generate(shell, &mut command, "prilavok-server", &mut page);
    print(&page)
}

/// Prints the manual page: the program, then a section for each command.
pub fn manual(mut command: Command) -> Result<()> {
    command.build();
    let man = clap_mangen::Man::new(command.clone()).manual("Prilavok").date("");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    commands(&command, "", &mut page)?;
    page.extend_from_slice(FILES.as_bytes());
    print(&page)
}

/// Each command with its own arguments; the ones that every command takes are told once, above.
fn commands(parent: &Command, path: &str, page: &mut Vec<u8>) -> io::Result<()> {
    for command in parent.get_subcommands() {
        if command.is_hide_set() || command.get_name() == "help" {
            continue;
        }
        let path = format!("{path}{} ", command.get_name());
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(page, ".SH \"{}\"\n{about}.", path.trim_end().to_uppercase())?;
        for argument in command.get_arguments() {
            if argument.is_global_set() || matches!(argument.get_id().as_str(), "help" | "version") {
                continue;
            }
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let shown = argument.to_string().replace('-', "\\-");
            writeln!(page, ".TP\n\\fB{shown}\\fR\n{help}")?;
        }
        commands(command, &path, page)?;
    }
    Ok(())
}

fn print(page: &[u8]) -> Result<()> {
    io::stdout().write_all(page).context("standard output is closed")
}

const FILES: &str = r#".SH FILES
.TP
\fI/etc/prilavok/server.toml\fR
The configuration of the packaged service. \fBprilavok\-server config\fR prints every key.
.TP
\fI/etc/prilavok/server.env\fR
Secrets of the packaged service, such as the service token.
.TP
\fI/var/lib/prilavok\fR
The packaged service's database, pictures and keys.
"#;
