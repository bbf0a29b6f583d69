//! Samples of what crosses both sockets.

use prilavok_protocol::command::{Command, Done};
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::event::{Event, Signal};
use prilavok_protocol::frame::{ClientFrame, ResyncReason, ServerFrame};
use prilavok_protocol::ids::{
    AccountId, DeviceId, DraftVersion, Epoch, MessageId, Pos, ProductId, Role, SellerId, Seq, SessionId, ThreadId,
};
use prilavok_protocol::limits::Limits;
use prilavok_protocol::room::{ChatFrame, ChatKind, RoomCommand, RoomFrame, RoomNotice};

use crate::Golden;
use crate::models::{answer, cursor, draft, fault, message, party, summary, time, uuid};

pub fn check(golden: &mut Golden) {
    check_parts(golden);
    check_session(golden);
    check_room(golden);
}

fn send() -> Command {
    Command::Send {
        thread_id: ThreadId(uuid(5)),
        message_id: MessageId(uuid(6)),
        message: "Здравствуйте!".into(),
        product_id: None,
    }
}

fn welcome(drafts: Option<DraftVersion>) -> ServerFrame {
    ServerFrame::Welcome {
        session: SessionId(uuid(11)),
        version: 1,
        account: AccountId(uuid(1)),
        party: party(),
        epoch: Epoch(uuid(9)),
        heartbeat: 25,
        limits: Limits::default(),
        server_time: time(),
        drafts,
    }
}

fn typing() -> Signal {
    Signal::Typing {
        thread_id: ThreadId(uuid(5)),
        user_type: Role::Seller,
        is_typing: true,
    }
}

fn check_parts(golden: &mut Golden) {
    let (thread_id, up_to_seq) = (ThreadId(uuid(5)), Seq(4));
    golden.check(
        "Command",
        &[
            send(),
            Command::Start {
                seller_id: SellerId(uuid(3)),
                product_id: Some(ProductId(uuid(4))),
            },
            Command::Read { thread_id, up_to_seq },
            Command::Typing {
                thread_id,
                is_typing: false,
            },
            Command::Alerted { thread_id, up_to_seq },
            Command::SetDraft {
                thread_id,
                base: DraftVersion(6),
                message: "Здравст".into(),
            },
            Command::Drafts { after: DraftVersion(0) },
            Command::Unknown,
        ],
    );
    golden.check(
        "Done",
        &[
            Done::Message { message: message() },
            Done::Thread { thread: summary() },
            Done::Draft {
                draft: draft(),
                is_kept: true,
            },
            Done::Drafts {
                drafts: vec![draft()],
                version: DraftVersion(7),
                has_more: false,
            },
            Done::Nothing,
            Done::Unknown,
        ],
    );
    golden.check(
        "Event",
        &[
            Event::ThreadStarted { thread: summary() },
            Event::Message { message: answer() },
            Event::Read {
                thread_id,
                user_type: Role::Buyer,
                up_to_seq,
            },
            Event::Delivered {
                thread_id,
                user_type: Role::Seller,
                up_to_seq,
            },
            Event::Unknown,
        ],
    );
    let presence = Signal::Presence {
        user_type: Role::Seller,
        user_id: uuid(3),
        is_online: false,
    };
    let alerted = Signal::Alerted {
        thread_id,
        account_id: AccountId(uuid(1)),
        up_to_seq,
    };
    let drafts = Signal::Drafts {
        version: DraftVersion(7),
    };
    golden.check("Signal", &[typing(), presence, alerted, drafts, Signal::Unknown]);
    golden.check(
        "ResyncReason",
        &[
            ResyncReason::Epoch,
            ResyncReason::TooOld,
            ResyncReason::Ahead,
            ResyncReason::Corrupt,
            ResyncReason::Unknown,
        ],
    );
}

fn check_session(golden: &mut Golden) {
    let hello = |cursor| ClientFrame::Hello {
        version: 1,
        device: DeviceId(uuid(10)),
        client: Some("buyer-app/0.1.0".into()),
        cursor,
    };
    golden.check(
        "ClientFrame",
        &[
            hello(None),
            hello(Some(cursor())),
            ClientFrame::Command {
                id: 12,
                command: send(),
            },
            ClientFrame::Applied { pos: Pos(41) },
            ClientFrame::Ping,
            ClientFrame::Pong,
            ClientFrame::Unknown,
        ],
    );
    golden.check(
        "ServerFrame",
        &[
            welcome(Some(DraftVersion(7))),
            welcome(None),
            ServerFrame::Live { pos: Pos(41) },
            ServerFrame::Resync {
                reason: ResyncReason::TooOld,
            },
            ServerFrame::Event {
                pos: Pos(42),
                event: Event::Message { message: message() },
            },
            ServerFrame::Reply {
                id: 12,
                done: Some(Done::Nothing),
                error: None,
            },
            ServerFrame::Reply {
                id: 13,
                done: None,
                error: Some(fault()),
            },
            ServerFrame::Signal { signal: typing() },
            ServerFrame::Heartbeat { pos: Pos(42) },
            ServerFrame::GoingAway { spread_ms: 3000 },
            ServerFrame::Error { error: fault() },
            ServerFrame::Unknown,
        ],
    );
}

fn check_room(golden: &mut Golden) {
    golden.check(
        "RoomCommand",
        &[
            RoomCommand::Message {
                message: "Здравствуйте!".into(),
                message_id: MessageId(uuid(6)),
                product_id: Some(ProductId(uuid(4))),
            },
            RoomCommand::Typing { is_typing: None },
            RoomCommand::Typing { is_typing: Some(false) },
            RoomCommand::Ping,
            RoomCommand::Pong,
            RoomCommand::Unknown,
        ],
    );
    golden.check(
        "ChatKind",
        &[
            ChatKind::Message,
            ChatKind::Typing,
            ChatKind::UserJoined,
            ChatKind::UserLeft,
        ],
    );
    let of_message = ChatFrame::of_message(&message());
    let typing = ChatFrame {
        kind: ChatKind::Typing,
        message: None,
        message_id: None,
        seq: None,
        product_id: None,
        is_typing: Some(true),
        ..of_message
    };
    let joined = ChatFrame {
        kind: ChatKind::UserJoined,
        is_typing: None,
        user_id: typing.sender_id,
        user_type: typing.sender_type,
        ..typing.clone()
    };
    let left = ChatFrame {
        kind: ChatKind::UserLeft,
        ..joined.clone()
    };
    golden.check("ChatFrame", &[of_message.clone(), typing, joined, left]);
    let ack = RoomNotice::Ack {
        message_id: MessageId(uuid(6)),
        seq: Seq(3),
        timestamp: time(),
    };
    let refused = RoomNotice::Error {
        code: ErrorCode::TooLarge,
        message: "Сообщение слишком длинное.".into(),
        message_id: Some(MessageId(uuid(6))),
        retry_after_ms: None,
    };
    golden.check(
        "RoomNotice",
        &[
            ack.clone(),
            RoomNotice::Read {
                user_type: Role::Seller,
                up_to_seq: Seq(3),
            },
            refused,
            RoomNotice::Ping,
            RoomNotice::Pong,
            RoomNotice::Unknown,
        ],
    );
    golden.check("RoomFrame", &[RoomFrame::Chat(of_message), RoomFrame::Notice(ack)]);
}
