//! Samples of ids, threads, messages, people and goods.

use prilavok_protocol::draft::Draft;
use prilavok_protocol::error::{ErrorCode, Fault, FieldError, Problem};
use prilavok_protocol::ids::{
    AccountId, BuyerId, Cursor, DeviceId, DraftVersion, Epoch, MessageId, Party, Pos, ProductId, Role, SellerId, Seq,
    SessionId, ThreadId,
};
use prilavok_protocol::limits::Limits;
use prilavok_protocol::model::{Buyer, Counterpart, Message, Product, Seller, Thread, ThreadSummary};
use prilavok_protocol::time::Time;
use uuid::Uuid;

use crate::Golden;

/// `00000000-0000-7000-8000-00000000000n`
pub fn uuid(n: u128) -> Uuid {
    Uuid::from_u128(0x7000_8000_0000_0000_0000 | n)
}

pub fn time() -> Time {
    Time::from_millis(1_763_821_925_120)
}

pub fn party() -> Party {
    Party::buyer(BuyerId(uuid(2)))
}

pub fn draft() -> Draft {
    Draft {
        thread_id: ThreadId(uuid(5)),
        version: DraftVersion(7),
        device: DeviceId(uuid(10)),
        at: time(),
        message: "Здравст".into(),
    }
}

pub fn cursor() -> Cursor {
    Cursor {
        epoch: Epoch(uuid(9)),
        pos: Pos(41),
    }
}

pub fn message() -> Message {
    Message {
        id: MessageId(uuid(6)),
        seq: Seq(3),
        message: "Здравствуйте! <b>Ещё</b> есть? 🫖".into(),
        thread_id: ThreadId(uuid(5)),
        created_at: time(),
        buyer_id: Some(BuyerId(uuid(2))),
        seller_id: None,
        sender_type: Role::Buyer,
        is_read_by_buyer: true,
        is_read_by_seller: false,
        product_id: Some(ProductId(uuid(4))),
    }
}

pub fn answer() -> Message {
    Message {
        id: MessageId(uuid(7)),
        seq: Seq(4),
        message: "Есть, отложили.".into(),
        buyer_id: None,
        seller_id: Some(SellerId(uuid(3))),
        sender_type: Role::Seller,
        is_read_by_buyer: false,
        is_read_by_seller: true,
        product_id: None,
        ..message()
    }
}

pub fn summary() -> ThreadSummary {
    ThreadSummary {
        thread: thread(),
        last_message: Some("Есть, отложили.".into()),
        last_message_time: Some(time()),
        last_sender_type: Some(Role::Seller),
        unread_count: 1,
        counterpart: counterpart(),
    }
}

pub fn fault() -> Fault {
    Fault {
        code: ErrorCode::RateLimited,
        detail: "Слишком часто. Подождите две секунды.".into(),
        retry_after_ms: Some(2000),
    }
}

fn thread() -> Thread {
    Thread {
        id: ThreadId(uuid(5)),
        created_at: time(),
        buyer_id: BuyerId(uuid(2)),
        seller_id: SellerId(uuid(3)),
        product_id: Some(ProductId(uuid(4))),
        head_seq: Seq(4),
        buyer_read_seq: Seq(3),
        seller_read_seq: Seq(4),
        buyer_delivered_seq: Seq(4),
        seller_delivered_seq: Seq(4),
    }
}

fn counterpart() -> Counterpart {
    Counterpart {
        role: Role::Seller,
        id: uuid(3),
        name: "Чайная гора".into(),
        avatar_url: Some("/media/demo/shop.svg".into()),
        is_online: true,
    }
}

fn product() -> Product {
    Product {
        id: ProductId(uuid(4)),
        title: "Доска строганая, 1 м³".into(),
        misspelt_description: "Камерная сушка.".into(),
        description: "Камерная сушка.".into(),
        price: 28500.5,
        volume: Some(1.0),
        delivery_possible: true,
        pickup_location: Some("Сокол, ул. Лесная, 2".into()),
        seller_id: SellerId(uuid(3)),
        wood_type_id: Some(uuid(8)),
        created_at: time(),
        updated_at: time(),
        image_url: Some("/media/demo/board.svg".into()),
        currency: "RUB".into(),
        in_stock: false,
    }
}

pub fn check(golden: &mut Golden) {
    golden.check("AccountId", &[AccountId(uuid(1))]);
    golden.check("BuyerId", &[BuyerId(uuid(2))]);
    golden.check("SellerId", &[SellerId(uuid(3))]);
    golden.check("ProductId", &[ProductId(uuid(4))]);
    golden.check("ThreadId", &[ThreadId(uuid(5))]);
    golden.check("MessageId", &[MessageId(uuid(6))]);
    golden.check("DeviceId", &[DeviceId(uuid(10))]);
    golden.check("SessionId", &[SessionId(uuid(11))]);
    golden.check("Epoch", &[Epoch(uuid(9))]);
    golden.check("Seq", &[Seq(0), Seq(3)]);
    golden.check("Pos", &[Pos(0), Pos(9_007_199_254_740_991)]);
    golden.check("Cursor", &[cursor()]);
    golden.check("DraftVersion", &[DraftVersion(0), DraftVersion(7)]);
    golden.check("Draft", &[draft()]);
    golden.check("Role", &[Role::Buyer, Role::Seller]);
    golden.check("Party", &[party(), Party::seller(SellerId(uuid(3)))]);
    golden.check("Time", &[Time::from_millis(0), time()]);
    golden.check("Message", &[message(), answer()]);
    golden.check(
        "Thread",
        &[
            thread(),
            Thread {
                product_id: None,
                ..thread()
            },
        ],
    );
    golden.check("Counterpart", &[counterpart()]);
    let silent = ThreadSummary {
        last_message: None,
        last_message_time: None,
        last_sender_type: None,
        unread_count: 0,
        ..summary()
    };
    golden.check("ThreadSummary", &[summary(), silent]);
    let seller = Seller {
        id: SellerId(uuid(3)),
        is_online: true,
        created_at: time(),
        updated_at: time(),
        name: "Чайная гора".into(),
        avatar_url: None,
        description: Some("Чай малыми партиями.".into()),
        rating: Some(4.9),
        replies_in: Some(300),
    };
    golden.check("Seller", &[seller]);
    let buyer = Buyer {
        id: BuyerId(uuid(2)),
        is_online: false,
        created_at: time(),
        updated_at: time(),
        name: "Анна Соколова".into(),
        avatar_url: None,
        rating: None,
        replies_in: None,
    };
    golden.check("Buyer", &[buyer]);
    golden.check("Product", &[product()]);
    golden.check("Limits", &[Limits::default()]);
    check_errors(golden);
}

fn check_errors(golden: &mut Golden) {
    golden.check(
        "ErrorCode",
        &[
            ErrorCode::Malformed,
            ErrorCode::Invalid,
            ErrorCode::BadRequest,
            ErrorCode::Unauthorized,
            ErrorCode::BadCredentials,
            ErrorCode::Forbidden,
            ErrorCode::NotFound,
            ErrorCode::MethodNotAllowed,
            ErrorCode::Conflict,
            ErrorCode::EmailTaken,
            ErrorCode::TooLarge,
            ErrorCode::UnsupportedMediaType,
            ErrorCode::RateLimited,
            ErrorCode::Unavailable,
            ErrorCode::AccountDisabled,
            ErrorCode::Removed,
            ErrorCode::TokenReused,
            ErrorCode::UnknownCommand,
            ErrorCode::Timeout,
            ErrorCode::Internal,
            ErrorCode::Unknown,
        ],
    );
    golden.check(
        "Fault",
        &[
            fault(),
            Fault {
                retry_after_ms: None,
                ..fault()
            },
        ],
    );
    let field = FieldError {
        pointer: "/message".into(),
        code: "too_long".into(),
        detail: "Не больше 4096 знаков.".into(),
    };
    golden.check("FieldError", std::slice::from_ref(&field));
    let problem = Problem {
        kind: "about:blank".into(),
        title: "Unprocessable Content".into(),
        status: 422,
        detail: "Сообщение слишком длинное.".into(),
        code: ErrorCode::Invalid,
        request_id: "018f".into(),
        errors: vec![field],
    };
    golden.check(
        "Problem",
        &[
            Problem {
                errors: Vec::new(),
                ..problem.clone()
            },
            problem,
        ],
    );
}
