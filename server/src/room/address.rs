//! Who a page says it is, in the socket's address, and who it really is.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{Party, Role};
use uuid::Uuid;

use crate::accounts::{self, Signed};
use crate::app::SharedApp;
use crate::config::AuthMode;
use crate::error::Error;

/// What the address says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Nothing.
    None,
    /// To be this party.
    Party(Party),
    /// Something that is no party.
    Rubbish,
}

/// Reads `user_id` and `user_type`.
#[must_use]
pub fn claim(query: &str) -> Claim {
    let (mut user_id, mut user_type) = (None, None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "user_id" => user_id = Some(value),
            "user_type" => user_type = Some(value),
            _ => {}
        }
    }
    let (Some(user_id), Some(user_type)) = (&user_id, &user_type) else {
        return if user_id.is_none() && user_type.is_none() {
            Claim::None
        } else {
            Claim::Rubbish
        };
    };
    let role = match &**user_type {
        "buyer" => Role::Buyer,
        "seller" => Role::Seller,
        _ => return Claim::Rubbish,
    };
    Uuid::parse_str(user_id).map_or(Claim::Rubbish, |id| Claim::Party(Party { role, id }))
}

/// Who it really is: the token or ticket decides, and the address must agree with it. In `trusted-ids` mode, and
/// without a token, the address is believed.
///
/// # Errors
/// `Unauthorized` without a good token, `Forbidden` when the address says something else.
pub async fn who(app: &SharedApp, headers: &HeaderMap, claim: Claim) -> Result<Signed, Error> {
    let has_token = headers.contains_key(AUTHORIZATION) || headers.contains_key("sec-websocket-protocol");
    if app.config.auth.mode == AuthMode::TrustedIds && !has_token {
        return match claim {
            Claim::Party(party) => accounts::trusted(app, party.role, party.id).await,
            Claim::None | Claim::Rubbish => Err(Error::new(ErrorCode::Forbidden)),
        };
    }
    let signed = accounts::authenticate_socket(app, headers).await?;
    match claim {
        Claim::None => Ok(signed),
        Claim::Party(party) if party == signed.party => Ok(signed),
        Claim::Party(_) | Claim::Rubbish => Err(Error::new(ErrorCode::Forbidden)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_party_or_nothing_or_is_rubbish() {
        let id = Uuid::now_v7();
        let buyer = Claim::Party(Party { role: Role::Buyer, id });
        for (query, expected) in [
            (String::new(), Claim::None),
            ("other=1".to_owned(), Claim::None),
            (format!("user_id={id}&user_type=buyer"), buyer),
            (format!("user_type=buyer&x&user_id={id}"), buyer),
            (format!("user_id={id}&user_type=admin"), Claim::Rubbish),
            (format!("user_id={id}"), Claim::Rubbish),
            ("user_id=1&user_type=seller".to_owned(), Claim::Rubbish),
        ] {
            assert_eq!(claim(&query), expected, "{query}");
        }
    }
}
