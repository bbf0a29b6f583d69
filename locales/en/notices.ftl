# Words outside the window: notifications and the tray icon. Rust reads them too.

notice-title = { $title }
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
notice-open = Open the chat

tray-open = Open Prilavok
tray-quit = Quit
tray-tooltip = Prilavok
tray-tooltip-unread =
    { $count ->
        [one] Prilavok: { $count } unread message
       *[other] Prilavok: { $count } unread messages
    }

window-title-buyer = Prilavok — Buyer
window-title-seller = Prilavok — Seller
