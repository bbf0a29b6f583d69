//! One password through argon2id, in memory that is used again.
//!
//! Memory is most of what a hash costs, and 19 MiB that come and go between small things leave holes in the heap which
//! nothing of that size fits into again: after a hundred registrations a process held 550 MiB. Who hashes often keeps
//! a [`Memory`]; it belongs to one hash at a time and is never given back.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::error::Error;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What one hash is computed in. Empty until the first one.
#[derive(Debug, Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// Hashes a new password, with a salt of its own.
    pub(super) fn hash(&mut self, password: &str) -> Result<String, Error> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
        let salt = Salt::generate();
        let written = ParamsString::try_from(&params).map_err(Error::internal)?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params: written,
            salt: Some(salt),
            hash: Some(self.output(&argon, password, &salt).map_err(Error::internal)?),
        };
        Ok(hash.to_string())
    }

    /// Whether this is the password behind the hash, whatever it was made with; a hash that cannot be read fits nothing.
    pub(super) fn verify(&mut self, password: &str, hash: &str) -> bool {
        self.computed_like(password, hash)
            .is_some_and(|(expected, computed)| expected == computed)
    }

    /// What the hash says, and what the password yields in the same way. To compare them takes as long whatever they are.
    fn computed_like(&mut self, password: &str, hash: &str) -> Option<(Output, Output)> {
        let hash = PasswordHash::new(hash).ok()?;
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
        let argon = Argon2::new(algorithm, version, Params::try_from(&hash).ok()?);
        let computed = self.output(&argon, password, &hash.salt?).ok()?;
        Some((hash.hash?, computed))
    }

    fn output(&mut self, argon: &Argon2<'_>, password: &str, salt: &[u8]) -> argon2::Result<Output> {
        let (length, blocks) = (argon.params().output_len(), argon.params().block_count());
        if self.0.len() < blocks {
            self.0.resize(blocks, Block::new());
        }
        let mut bytes = [0; Output::MAX_LENGTH];
        let output = bytes
            .get_mut(..length.unwrap_or(Params::DEFAULT_OUTPUT_LEN))
            .ok_or(argon2::Error::OutputTooLong)?;
        argon.hash_password_into_with_memory(password.as_bytes(), salt, &mut *output, &mut self.0)?;
        Output::new(output).map_err(|_| argon2::Error::OutputTooShort)
    }
}

#[cfg(test)]
mod tests {
    use argon2::PasswordVerifier;

    use super::*;

    #[test]
    fn the_library_itself_and_a_used_memory_agree_on_every_hash() {
        let mut memory = Memory::default();
        // Of an earlier choice of parameters, smaller and larger than ours.
        let [small, large] = [8 * 1024, 24 * 1024].map(|kib| {
            let params = Params::new(kib, 1, 1, None).expect("they may be so");
            let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
            let hash: PasswordHash =
                argon2::PasswordHasher::hash_password(&argon, "пароль".as_bytes()).expect("hashed");
            hash.to_string()
        });
        let ours = memory.hash("пароль").expect("hashed");
        assert_ne!(
            ours,
            memory.hash("пароль").expect("hashed"),
            "each has a salt of its own"
        );
        for hash in [&ours, &large, &small, &ours] {
            assert!(memory.verify("пароль", hash), "{hash}");
            assert!(!memory.verify("Пароль", hash), "{hash}");
        }
        assert!(
            Argon2::default()
                .verify_password("пароль".as_bytes(), ours.as_str())
                .is_ok()
        );
        for rubbish in [
            "",
            "rubbish",
            "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ",
            "$scrypt$ln=1$c2FsdHNhbHQ$aGFzaA",
        ] {
            assert!(!memory.verify("пароль", rubbish), "{rubbish}");
        }
    }
}
