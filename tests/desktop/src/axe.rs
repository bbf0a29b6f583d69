//! The accessibility rules of axe-core, run inside the real page.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::app::App;

/// Fails with the broken rules and the elements that break them.
///
/// # Errors
/// When a rule is broken, or axe-core is not installed.
pub async fn check(app: &App, what: &str) -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&path)
        .with_context(|| format!("{} is missing: `npm ci`", path.display()))?;
    app.client.execute(&axe, vec![]).await?;
    let script = "const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations.map(v => ({
            rule: v.id, help: v.help, nodes: v.nodes.slice(0, 5).map(n => n.html + ' — ' + n.failureSummary)}))),
            e => done([{rule: 'axe itself', help: String(e), nodes: []}]))";
    let broken = app.client.execute_async(script, vec![]).await?;
    match &broken {
        Value::Array(rules) if rules.is_empty() => Ok(()),
        _ => bail!(
            "accessibility of {what}: {}",
            serde_json::to_string_pretty(&json!(broken))?
        ),
    }
}
