//! `prilavok-media://localhost/<seat>/media/…`: pictures of the own server, through the engine's cache. The page itself never
//! touches the network.

use prilavok_client::{Error, Media, SeatId};
use tauri::http::{Response, StatusCode, header};
use tauri::{AppHandle, Manager};

use crate::accounts::Accounts;

/// The scheme's name; the content security policy in `tauri.conf.json` names it too.
pub(crate) const SCHEME: &str = "prilavok-media";

/// The engine accepts only `/media/…` paths of its own server and keeps to its size limit.
pub(crate) async fn answer(app: AppHandle, path: String) -> Response<Vec<u8>> {
    respond(fetch(&app, &path).await)
}

/// The path begins with the seat: two accounts may be on two servers with different pictures of one name.
async fn fetch(app: &AppHandle, path: &str) -> Result<Media, Error> {
    let (seat, path) = seat_in(path).ok_or(Error::NotFound)?;
    app.state::<Accounts>().client_of(seat).await?.media(path).await
}

fn seat_in(path: &str) -> Option<(SeatId, &str)> {
    let path = path.strip_prefix('/')?;
    let (seat, rest) = path.split_at(path.find('/')?);
    Some((SeatId(seat.parse().ok()?), rest))
}

fn respond(fetched: Result<Media, Error>) -> Response<Vec<u8>> {
    let (status, content_type, bytes) = match fetched {
        Ok(media) if media.content_type.starts_with("image/") => (StatusCode::OK, media.content_type, media.bytes),
        Ok(_) => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "text/plain".to_owned(), Vec::new()),
        Err(Error::NotFound | Error::Invalid(_)) => (StatusCode::NOT_FOUND, "text/plain".to_owned(), Vec::new()),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "text/plain".to_owned(), Vec::new()),
    };
    let cached = if status == StatusCode::OK {
        "private, max-age=86400"
    } else {
        "no-store"
    };
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, content_type)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        // A picture that is opened as a document stays a picture.
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        )
        .header(header::CACHE_CONTROL, cached)
        .body(bytes)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_whose_picture_it_is_stands_before_the_path() {
        assert_eq!(seat_in("/12/media/a.png"), Some((SeatId(12), "/media/a.png")));
        for path in ["/media/a.png", "12/media/a.png", "/12", "/-1/media/a", ""] {
            assert_eq!(seat_in(path), None, "{path}");
        }
    }

    #[test]
    fn only_pictures_pass() {
        let media = |content_type: &str| {
            Ok(Media {
                content_type: content_type.to_owned(),
                bytes: vec![1],
            })
        };
        assert_eq!(respond(media("image/webp")).status(), StatusCode::OK);
        assert_eq!(
            respond(media("image/webp")).headers()[header::X_CONTENT_TYPE_OPTIONS],
            "nosniff"
        );
        assert!(respond(media("text/html")).body().is_empty());
        assert_eq!(respond(Err(Error::NotFound)).status(), StatusCode::NOT_FOUND);
        assert_eq!(respond(Err(Error::Closed)).status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
