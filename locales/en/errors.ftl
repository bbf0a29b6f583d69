# One clear sentence for each code: what happened and what to do.

# Answers of the server
error-malformed = The server could not read the request: update the app and try again.
error-invalid = One of the values does not fit: check the fields and try again.
error-bad-request = The server did not understand the request: update the app and try again.
error-unauthorized = Your sign-in has expired: sign in again.
error-bad-credentials = Wrong e-mail or password: check them and try again.
error-forbidden = You are not allowed to do this: ask the marketplace.
error-not-found = Not found: it may have been deleted. Go back and refresh the list.
error-method-not-allowed = The server cannot do this: check whether the app is out of date.
error-conflict = This is taken by something else: refresh the list and try again.
error-email-taken = This e-mail has an account already: sign in or use another e-mail.
error-too-large = Too long: shorten the text and try again.
error-unsupported-media-type = The server does not accept this format: update the app.
error-rate-limited =
    { $seconds ->
        [0] Too often: wait a little and try again.
        [one] Too often: wait { $seconds } second and try again.
       *[other] Too often: wait { $seconds } seconds and try again.
    }
error-unavailable = The server is busy right now: try again in a minute.
error-account-disabled = The account was closed: ask the marketplace.
error-removed = You no longer work in this shop: to come back, ask its owner for an invitation.
error-token-reused = The session was ended for your safety: sign in again.
error-unknown-command = The server is older than the app and does not know this action: tell the marketplace.
error-timeout = The server did not answer in time: check the connection and try again.
error-internal = Something broke on the server: try again later.
error-unknown = Something went wrong: try again, and update the app if that does not help.

# On this device
error-network = No connection to the server: check the internet and try again.
error-refused = The server accepts no connections: check the address or try again later.
error-dns = There is no server at this address: check it for typing mistakes.
error-tls = The server could not prove who it is: check the address and the computer’s clock.
error-not-prilavok = What answers at this address is not Prilavok: ask the marketplace for the right one.
error-bad-address = This does not look like a server address: enter it like chat.example.com.
error-bad-answer = The server’s answer makes no sense: update the app or try again later.
error-no-server = There is no server address: enter it in settings.
error-version = The app and the server are of different versions: update the app.
error-signed-out = You are not signed in: sign in again.
error-wrong-role = This account belongs to the other app: buyers use “Buyer”, sellers use “Seller”.
error-already-here = This account is already open in the app: switch to it in the list of accounts.
error-cache = The app’s memory could not be read: restart the app.
error-disk = Could not read or write on the disk: free some space and try again.
error-secrets = The keychain does not answer: unlock it and try again.
error-in-use = The app is already running: switch to its window.
error-closed = The app is closing: open it again.

# Why a new version was not installed
error-upgrade-unreachable = The site of updates does not answer: check the internet and try later.
error-upgrade-unreadable = The site of updates gave an answer that makes no sense: try later, or fetch the new version yourself.
error-upgrade-older = The site of updates holds a version older than yours: Prilavok will not install it.
error-upgrade-none-here = There is no new version for your system yet.
error-upgrade-unsigned = The signature of the update does not hold, so Prilavok did not install it: tell those who publish it.
error-upgrade-disk = The update could not be installed: check the room on the disk and the rights on the folder of the app.

# Why there is no connection
offline-network = No connection: check the internet. Messages will go out when it is back.
offline-refused = The server accepts no connections. Messages will go out when it is back.
offline-dns = The server’s address cannot be found: check the internet and the address in settings.
offline-tls = The server could not prove who it is: check the computer’s clock and the address in settings.
offline-timeout = The server does not answer. Messages will go out when the connection is back.
offline-not-prilavok = What answers at the address in settings is not Prilavok: check the address.
offline-server = The server has trouble. Messages will go out when it has recovered.
offline-restart = The server is restarting. Messages will go out when it is back.
offline-rate = Too many connections: we will wait and try again.
offline-disk = The disk is full: free some space. Nothing is lost, and messages go on arriving then.
offline-secrets = The keychain is locked: unlock it and the connection will return. Or sign out and in again.
offline-unknown = No connection. Messages will go out when it is back.

# Why there are no more tries
stopped-update = The server was updated and does not understand this app: update the app.
stopped-signed-out = Your session has ended: sign in again.
stopped-disabled = The account was closed: ask the marketplace.
stopped-removed = You no longer work in this shop: to come back, ask its owner for an invitation.
stopped-too-many = Too many apps are open with this account: close some and restart this one.
stopped-replaced = The app is connected in another window: go on there or restart this one.
stopped-unknown = The connection was stopped: restart the app.

# Why a message did not go out
failed-malformed = The server could not read the message: update the app and try again.
failed-invalid = The server did not accept the text: change it and send it again.
failed-bad-request = The server did not understand the message: update the app and try again.
failed-unauthorized = Your sign-in has expired: sign in and try again.
failed-forbidden = You cannot write in this chat: delete the message or ask the marketplace.
failed-not-found = The chat was not found: delete the message and start the conversation again.
failed-conflict = This message exists already with another text: delete it and write again.
failed-too-large = The message is too long: shorten it and send it again.
failed-unsupported-media-type = The server does not accept this format: update the app.
failed-method-not-allowed = The server cannot do this: update the app.
failed-unknown-command = The server is older than the app: tell the marketplace.
failed-account-disabled = The account was closed: ask the marketplace.
failed-removed = You no longer work in this shop: to come back, ask its owner for an invitation.
failed-rolled-back = The server lost this message when it was restored from a backup: send it again or delete it.
failed-unknown = The message could not be sent: try again or delete it.

# What a person should know
warning-cache = The app’s memory was damaged: your conversations were loaded from the server again.
warning-cache-rebuilt = The app’s memory was damaged: your conversations were loaded from the server again.
warning-clock = The computer’s clock is far off: set it right, so that message times are right too.
warning-disk = The disk is full: free some space, or new messages will not be stored.
warning-secrets-file = The system’s keychain is not available: sign-in keys are in a file that only your user can read.
warning-resync = Your conversations were refreshed from the server as a whole.
warning-notices = The system shows no notifications: turn them on in its settings.
warning-restored = The server was restored from a backup and has lost some of your messages: they are marked, send them again or delete them.
warning-link = This link does not lead to a chat: Prilavok did not open it.
warning-page = The window had to be opened again: something went wrong in it. What you wrote is saved.
warning-account = One of the accounts could not be opened. Try again from the menu of accounts.
warning-engine = Prilavok stopped because of an error: quit and open it again. What you wrote is saved.
warning-unknown = Something went wrong, but you can go on: restart the app if it happens again.
