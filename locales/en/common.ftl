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
