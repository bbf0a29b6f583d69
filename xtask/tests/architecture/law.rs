//! The law for sources: which words must not stand where.

use crate::sources::Source;

/// One sentence of the law. A path pattern is a prefix; `server/src/http` covers `http.rs` and `http/`.
pub struct Rule {
    why: &'static str,
    within: &'static [&'static str],
    except: &'static [&'static str],
    words: &'static [&'static str],
}

/// The law.
pub const LAW: &[Rule] = &[
    Rule {
        why: "axum only at the edge of the server",
        within: &["server/src/", "client/src/", "protocol/src/", "shell/src/"],
        except: &[
            "server/src/http",
            "server/src/accept",
            "server/src/session",
            "server/src/room",
            "server/src/error",
            "server/src/lib.rs",
        ],
        words: &["axum::", "use axum"],
    },
    Rule {
        why: "rusqlite only in the two stores",
        within: &["server/src/", "client/src/", "protocol/src/", "shell/src/"],
        except: &["server/src/store/sqlite", "client/src/cache"],
        words: &["rusqlite::", "rusqlite_migration::", "use rusqlite"],
    },
    Rule {
        why: "PostgreSQL only in its store",
        within: &["server/src/", "client/src/"],
        except: &["server/src/store/postgres"],
        words: &["tokio_postgres", "deadpool_postgres"],
    },
    Rule {
        why: "NATS only in its bus",
        within: &["server/src/", "client/src/"],
        except: &["server/src/bus/nats"],
        words: &["async_nats"],
    },
    Rule {
        why: "pure: no async, no clock, no I/O",
        within: &[
            "client/src/sync",
            "client/src/notice",
            "client/src/backoff",
            "client/src/drafts",
        ],
        except: &[],
        words: &[
            "async ",
            ".await",
            "tokio::",
            "reqwest::",
            "std::fs",
            "std::net",
            "std::io",
            "Instant::now",
            "SystemTime",
            "Time::now",
            "rusqlite",
        ],
    },
    Rule {
        why: "nothing below the seams knows HTTP",
        within: &[
            "server/src/store",
            "server/src/bus",
            "server/src/clock",
            "server/src/hub",
        ],
        except: &[],
        words: &["http::", "hyper::", "StatusCode"],
    },
    Rule {
        why: "the rules of chat name no SQL and no HTTP",
        within: &["server/src/chat"],
        except: &[],
        words: &["axum", "rusqlite", "insert into ", "select ", "StatusCode", "hyper::"],
    },
    Rule {
        why: "the apps' Rust knows only the shell and Tauri",
        within: &["buyer-app/src-tauri/", "seller-app/src-tauri/"],
        except: &[],
        words: &[
            "prilavok_client",
            "prilavok_protocol",
            "prilavok_server",
            "tokio::",
            "std::fs",
        ],
    },
    Rule {
        why: "one file imports the platform",
        within: &[
            "ui/",
            "buyer-app/src/",
            "seller-app/src/",
            "buyer-app/tests/",
            "seller-app/tests/",
        ],
        except: &["ui/src/bridge/tauri.ts"],
        words: &["'@tauri-apps/", "\"@tauri-apps/"],
    },
    Rule {
        why: "components never import the bridge",
        within: &[
            "ui/src/components/",
            "buyer-app/src/components/",
            "seller-app/src/components/",
        ],
        except: &[],
        words: &["/bridge'", "/bridge\"", "/bridge/", "invoke("],
    },
    Rule {
        why: "apps never import each other",
        within: &["buyer-app/"],
        except: &[],
        words: &["seller-app"],
    },
    Rule {
        why: "apps never import each other",
        within: &["seller-app/"],
        except: &[],
        words: &["buyer-app"],
    },
    Rule {
        why: "what both apps share knows neither",
        within: &["ui/src/", "shell/src/", "client/src/"],
        except: &[],
        words: &["buyer-app/", "seller-app/"],
    },
    Rule {
        why: "text is text, never markup",
        within: &["ui/src/", "buyer-app/src/", "seller-app/src/"],
        except: &[],
        words: &["{@html", "innerHTML"],
    },
];

impl Rule {
    /// Where it is broken, one sentence a place.
    pub fn broken_by(&self, sources: &[Source]) -> Vec<String> {
        let mut faults = Vec::new();
        for source in sources.iter().filter(|source| self.covers(&source.path)) {
            for (number, line) in code_lines(&source.text) {
                if let Some(word) = self.words.iter().find(|word| line.contains(**word)) {
                    faults.push(format!("{}:{number}: `{}`: {}", source.path, word.trim(), self.why));
                }
            }
        }
        faults
    }

    fn covers(&self, path: &str) -> bool {
        let covered_by = |patterns: &[&str]| patterns.iter().any(|pattern| path.starts_with(pattern));
        covered_by(self.within) && !covered_by(self.except)
    }
}

/// Lines that are not comments, up to a file's own tests, with their numbers.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines())
        .take_while(|(_, line)| !line.starts_with("#[cfg(test)]"))
        .filter(|(_, line)| !line.trim_start().starts_with("//") && !line.trim_start().starts_with('*'))
}
