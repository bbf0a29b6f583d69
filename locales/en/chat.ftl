# Chat: the list, the messages, the field.

chats-search = Search chats
chats-empty = No chats yet
chats-empty-hint = Open a product and write to the seller
chats-nothing = Nothing found for “{ $query }”
search-clear = Clear search
search-reset = Reset search
threads-label = Chats
row-you = You: { $text }
row-draft = Draft:
row-no-messages = No messages yet
row-failed = Not sent
row-name-unread =
    { $count ->
        [one] { $count } unread
       *[other] { $count } unread
    }
row-waits = Waiting for { $time }
row-muted = muted
mute-title = Notifications of this chat
mute-on-forever = Notifications of this chat are off
mute-on-until = Notifications of this chat are off until: { $time }
mute-off = Turn notifications on
mute-hour = Mute for an hour
mute-tomorrow = Mute until tomorrow
mute-forever = Mute for good
mute-line-on = On
mute-line-off = Off
mute-line-until = Off until: { $time }
answer-keys = Enter sends, Esc closes
typing = typing…
typing-name = { $name } is typing…
presence-online = online
presence-offline = offline
chat-not-found = Chat not found
chat-header-label = The other side
chat-back = Back to the list
chat-info = Details
chat-waits = waiting { $time }
chat-empty = No messages yet
chat-empty-buyer = Start the conversation with the seller
chat-empty-seller = The buyer has not written anything yet
chat-open-failed = The messages could not be opened
chat-retry = Try again
log-label = Messages: { $name }
log-incomplete = Some messages will load once the connection is back
log-loading = Loading messages…
log-unread = Unread
log-jump = To the newest messages
log-jump-unread =
    { $count ->
        [one] To the newest: { $count } new message
       *[other] To the newest: { $count } new messages
    }
log-new-message = { $name }: { $text }
message-mine = You
state-queued = waiting to be sent
state-sending = sending
state-unconfirmed = not confirmed, checking
state-sent = sent
state-delivered = delivered
state-read = read
state-failed = not sent
state-received = received
message-retry = Try again
message-edit = Edit
message-delete = Delete
message-too-late = The message is already on its way: it cannot be changed or deleted
link-goes-to = leads to { $host }
draft-other = A draft from another device
draft-other-take = Use it
draft-other-append = Add to the end
draft-other-drop = Discard
composer-label = Message
composer-placeholder = Write a message…
composer-send = Send
composer-left =
    { $count ->
        [one] { $count } character left
       *[other] { $count } characters left
    }
composer-too-long =
    { $count ->
        [one] { $count } character too long
       *[other] { $count } characters too long
    }
composer-about-product = Hello! I am interested in this product: { $title } — { $price }.
composer-about = About the product
composer-about-remove = Do not attach the product
composer-not-sent = The message could not be sent
connection-connecting = Connecting…
connection-retry-in =
    { $seconds ->
        [0] trying…
        [one] next try in { $seconds } second
       *[other] next try in { $seconds } seconds
    }
connection-retry-now = Now
toast-close = Close
pane-list = List
pane-chat = Messages
pane-info = Details
pane-resize = Width of the list
keys-title = Keys
keys-search = Search
keys-next-thread = Next chat
keys-previous-thread = Previous chat
keys-next-unread = Next unread chat
keys-back = Close or back
keys-send = Send
keys-line = New line
keys-settings = Settings
keys-help = This list
keys-panes = Between the parts of the window
keys-log = In the messages: page, start, end
keys-rows = Down and up the list
keys-longest = To whoever waits longest
keys-info = Details at the side
