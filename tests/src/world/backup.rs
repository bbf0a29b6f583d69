//! Backups of a running server, and what an operator does with them after a disaster.

use std::path::Path;

use prilavok_server::home::database_in;
use prilavok_server::store::sqlite;

use super::World;

impl World {
    /// Makes a backup while the server runs.
    pub async fn backup(&self, to: &Path) {
        self.app().database.backup_to(to).await.expect("a backup");
    }

    /// Stops the server, puts the backup in the place of its database, and starts it again.
    pub async fn restore(&mut self, from: &Path) {
        self.stop().await;
        sqlite::restore(from, &database_in(&self.config.data_dir), true).expect("the backup is restored");
        self.start().await;
    }
}
