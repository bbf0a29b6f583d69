# Words that every screen needs.

app-name = Prilavok
app-buyer = Buyer
app-seller = Seller

nav-label = Sections
nav-catalogue = Catalogue
nav-sellers = Sellers
nav-chats = Chats
nav-queue = Queue
nav-settings = Settings
nav-with-unread =
    { $label }, { $count ->
        [one] { $count } unread message
       *[other] { $count } unread messages
    }

action-back = Back
action-cancel = Cancel
action-close = Close
action-copy = Copy
action-copied = Copied
action-more = Show more
action-reset = Reset
action-retry = Try again
action-save = Save

loading = Loading…
starting = Starting Prilavok…

# Days and times
day-today = Today
day-yesterday = Yesterday
list-yesterday = yesterday
elapsed-days = { $days } d

# Replies in …
replies-in-minutes = replies in ~{ $minutes } min
replies-in-hours = replies in ~{ $hours } h

# A link that leads to a chat
way-in-title = Open the chat from the link?
way-in-leads-to = The link leads to your chat with:
way-in-open = Open chat
way-in-unknown-title = There is no such chat
way-in-unknown = The link leads to a chat that this account does not have. It may be meant for somebody else or for the other app.

# After an error that ended the app
crash-told = Last time Prilavok closed or stopped because of an error. Your chats are safe, and a report of the error was saved.
crash-show = Show report
crash-dismiss = Hide
crash-title = Error report
crash-hint = It contains no messages, passwords or addresses. Send it to the marketplace's support, and the error will be mended.
crash-folder = Open folder

# Several accounts
accounts-title = Accounts
accounts-button = Account: { $name }
accounts-button-unread =
    { $count ->
        [one] Account: { $name }. { $count } unread message in the others
       *[other] Account: { $name }. { $count } unread messages in the others
    }
accounts-add = Add an account
accounts-leave = Sign out: { $name }
accounts-stopped = sign in again
accounts-fault = could not be opened, press to try again
accounts-nameless = Account { $number }
accounts-closed = Could not open { $name }
accounts-closed-nameless = The account could not be opened
accounts-closed-lead = What you wrote is not lost: it lies on the disk.
accounts-back = Back to { $name }
keys-accounts = To an account by its number
