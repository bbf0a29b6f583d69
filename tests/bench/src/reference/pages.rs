//! Pages of the storing relay: the newest fifty messages of a pair, and fifty pairs with their last message.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Relay;
use super::disk::Row;

type Answer = Result<Json<Value>, StatusCode>;

/// The newest fifty messages of a pair.
pub async fn history(State(relay): State<Arc<Relay>>, Path(pair): Path<u32>) -> Answer {
    let disk = relay.disk.as_ref().ok_or(StatusCode::NOT_FOUND)?;
    answer(disk.newest(pair).await)
}

/// Fifty pairs.
pub async fn list(State(relay): State<Arc<Relay>>, Path(first): Path<u32>) -> Answer {
    let disk = relay.disk.as_ref().ok_or(StatusCode::NOT_FOUND)?;
    answer(disk.list(first).await)
}

fn answer(rows: anyhow::Result<Vec<Row>>) -> Answer {
    let rows = rows.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let data: Vec<Value> = rows
        .into_iter()
        .map(|row| json!({"number": row.number, "message": row.text}))
        .collect();
    Ok(Json(json!({ "data": data })))
}
