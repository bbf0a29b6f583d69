//! Samples of what the marketplace API asks for and answers with.

use prilavok_protocol::ids::{AccountId, BuyerId, MessageId, ProductId, Role, SellerId, Seq, SessionId, ThreadId};
use prilavok_protocol::rest::{
    Account, Agent, Data, HistoryQuery, Invitation, Login, Logout, Paged, Pagination, ProductQuery, ProductSort,
    PutBuyer, PutProduct, PutSeller, Refresh, Register, SearchQuery, SendMessage, ServerInfo, Session, Snapshot,
    SortOrder, StartThread, Ticket, Tokens,
};

use crate::Golden;
use crate::models::{cursor, message, summary, time, uuid};

pub fn check(golden: &mut Golden) {
    check_accounts(golden);
    check_chat(golden);
    check_catalogue(golden);
}

fn check_accounts(golden: &mut Golden) {
    let register = Register {
        email: "anna@example.org".into(),
        password: "очень секретно".into(),
        name: "Анна".into(),
        role: Role::Buyer,
        invitation: None,
        device_name: Some("Ноутбук".into()),
    };
    let agent = Register {
        role: Role::Seller,
        invitation: Some("i-1".into()),
        ..register.clone()
    };
    golden.check("Register", &[register, agent]);
    golden.check(
        "Login",
        &[Login {
            email: "anna@example.org".into(),
            password: "очень секретно".into(),
            device_name: None,
        }],
    );
    let buyer = Account {
        id: AccountId(uuid(1)),
        role: Role::Buyer,
        name: "Анна".into(),
        buyer_id: Some(BuyerId(uuid(2))),
        seller_id: None,
    };
    let agent = Account {
        role: Role::Seller,
        buyer_id: None,
        seller_id: Some(SellerId(uuid(3))),
        ..buyer.clone()
    };
    golden.check("Account", &[buyer.clone(), agent]);
    golden.check(
        "Tokens",
        &[Tokens {
            access_token: "a.b.c".into(),
            refresh_token: "r".into(),
            expires_in: 900,
            account: buyer,
        }],
    );
    golden.check(
        "Refresh",
        &[Refresh {
            refresh_token: "r".into(),
        }],
    );
    golden.check("Logout", &[Logout { everywhere: false }, Logout { everywhere: true }]);
    golden.check(
        "Session",
        &[Session {
            id: SessionId(uuid(11)),
            device_name: Some("Ноутбук".into()),
            created_at: time(),
            last_seen_at: time(),
            is_current: true,
        }],
    );
    golden.check(
        "Ticket",
        &[Ticket {
            ticket: "t".into(),
            expires_in: 30,
        }],
    );
    golden.check(
        "Agent",
        &[Agent {
            id: AccountId(uuid(3)),
            name: "Чайная гора".into(),
            is_owner: true,
            is_you: false,
        }],
    );
    golden.check(
        "Invitation",
        &[Invitation {
            invitation: "i-1".into(),
            expires_in: 86400,
        }],
    );
    golden.check(
        "ServerInfo",
        &[ServerInfo {
            product: "prilavok".into(),
            name: "Прилавок".into(),
            version: "0.1.0".into(),
            protocol: 1,
            time: time(),
        }],
    );
}

fn check_chat(golden: &mut Golden) {
    golden.check("Data", &[Data { data: Some(message()) }, Data { data: None }]);
    let paged = Paged {
        data: vec![message()],
        pagination: Pagination { total: 7 },
    };
    golden.check("Paged", &[paged]);
    golden.check("Pagination", &[Pagination { total: 7 }]);
    golden.check(
        "StartThread",
        &[StartThread {
            buyer_id: BuyerId(uuid(2)),
            seller_id: SellerId(uuid(3)),
            product_id: Some(ProductId(uuid(4))),
        }],
    );
    let old = SendMessage {
        id: MessageId(uuid(6)),
        message: "Здравствуйте!".into(),
        thread_id: ThreadId(uuid(5)),
        buyer_id: Some(BuyerId(uuid(2))),
        seller_id: Some(SellerId(uuid(3))),
        is_read_by_buyer: Some(true),
        is_read_by_seller: Some(false),
        product_id: None,
    };
    let new = SendMessage {
        seller_id: None,
        is_read_by_buyer: None,
        is_read_by_seller: None,
        ..old.clone()
    };
    golden.check("SendMessage", &[old, new]);
    golden.check(
        "Snapshot",
        &[Snapshot {
            cursor: cursor(),
            threads: vec![summary()],
        }],
    );
    let newest = HistoryQuery::default();
    let before = HistoryQuery {
        before_seq: Some(Seq(100)),
        limit: Some(50),
        ..newest
    };
    let around = HistoryQuery {
        around_seq: Some(Seq(7)),
        ..newest
    };
    let after = HistoryQuery {
        after_seq: Some(Seq(7)),
        ..newest
    };
    golden.check("HistoryQuery", &[newest, before, around, after]);
    let words = SearchQuery {
        text: "«чай с мятой» доставка".into(),
        ..SearchQuery::default()
    };
    let older = SearchQuery {
        before_seq: Some(Seq(100)),
        limit: Some(50),
        ..words.clone()
    };
    golden.check("SearchQuery", &[words, older]);
}

fn check_catalogue(golden: &mut Golden) {
    let bare = PutSeller {
        name: "Чайная гора".into(),
        ..PutSeller::default()
    };
    let full = PutSeller {
        avatar_url: Some("/media/shop.png".into()),
        description: Some("Чай.".into()),
        rating: Some(4.9),
        replies_in: Some(300),
        ..bare.clone()
    };
    golden.check("PutSeller", &[bare, full]);
    golden.check(
        "PutBuyer",
        &[PutBuyer {
            name: "Анна".into(),
            avatar_url: None,
        }],
    );
    golden.check(
        "PutProduct",
        &[PutProduct {
            title: "Чайник".into(),
            description: "На двоих.".into(),
            price: 4600.0,
            volume: Some(0.18),
            delivery_possible: true,
            pickup_location: None,
            seller_id: SellerId(uuid(3)),
            wood_type_id: None,
            image_url: None,
            currency: "RUB".into(),
            in_stock: true,
        }],
    );
    golden.check(
        "ProductSort",
        &[ProductSort::CreatedAt, ProductSort::Price, ProductSort::Title],
    );
    golden.check("SortOrder", &[SortOrder::Asc, SortOrder::Desc]);
    let query = ProductQuery {
        search_query: Some("ёлка".into()),
        price_min: Some(100.0),
        price_max: None,
        seller_ids: vec![SellerId(uuid(3))],
        sort_by: ProductSort::Price,
        sort_order: SortOrder::Asc,
        offset: 20,
        limit: 20,
    };
    golden.check("ProductQuery", &[ProductQuery::default(), query]);
}

#[test]
fn short_bodies_of_existing_clients_are_enough() {
    let put: PutProduct = serde_json::from_value(serde_json::json!({
        "title": "Чайник", "price": 4600, "seller_id": uuid(3), "descrioption": "На двоих.",
    }))
    .expect("title, price and seller are enough");
    assert_eq!((put.currency.as_str(), put.in_stock), ("RUB", true));
    assert_eq!(put.description, "На двоих.");
    let logout: Logout = serde_json::from_str("{}").expect("an empty object is enough");
    assert!(!logout.everywhere);
}
