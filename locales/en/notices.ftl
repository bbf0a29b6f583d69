# Words outside the window: notifications and the tray icon. Rust reads them too.

notice-title = { $title }
notice-title-for = { $title } → { $account }
notice-body-count =
    { $body }
    { $count ->
        [one] { $count } unread message
       *[other] { $count } unread messages
    }
notice-hidden =
    { $count ->
        [one] { $count } new message
       *[other] { $count } new messages
    }
notice-open = Open chat
notice-reply = Reply
notice-reply-placeholder = Your answer…
notice-reply-submit = Send
notice-read = Mark as read
notice-trial-title = Notification check
notice-trial-body = If you can see this, click the notification.

answer-title = Reply to { $title }

tray-open = Open Prilavok
tray-quit = Quit
tray-tooltip = Prilavok
tray-tooltip-unread =
    { $count ->
        [one] Prilavok: { $count } unread message
       *[other] Prilavok: { $count } unread messages
    }

tray-hint-title = Prilavok is still running
tray-hint-body = The window is closed, but messages keep coming: look for the tray icon. To quit, right-click it and choose “Quit”.

window-title-buyer = Prilavok — Buyer
window-title-seller = Prilavok — Seller
