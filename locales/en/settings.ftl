# Settings.

settings-title = Settings

settings-look = Appearance
settings-language = Language
settings-language-ru = Русский
settings-language-en = English
settings-theme = Theme
settings-theme-system = As in the system
settings-theme-light = Light
settings-theme-dark = Dark

settings-notices = Notifications
settings-notices-on = Show notifications
settings-notices-on-hint = About messages in chats that are not in front of you.
settings-notice-text = Show the text of the message
settings-notice-text-hint = When off, a notification only says how many messages are new.
settings-sounds = Sound of notifications
settings-quiet = Quiet hours
settings-quiet-hint = Messages arrive and are counted, but there are no notifications.
settings-quiet-from = From
settings-quiet-to = To
settings-quiet-days = They begin on these days

settings-writing = Messages
settings-enter-sends = Enter sends
settings-enter-sends-hint-on = Shift+Enter starts a new line.
settings-enter-sends-hint-off = Enter starts a new line, Ctrl+Enter sends.

settings-window = Window
settings-autostart = Start with the computer
settings-autostart-hint = Without a window: the icon appears beside the clock, and messages arrive by themselves.
settings-close-to-tray = Stay in the tray when the window is closed
settings-close-to-tray-hint = Messages and notifications keep coming without a window.
settings-close-to-tray-none = This desktop shows no icons: as long as that is so, closing the window quits.

settings-server = Server
settings-server-address = Server address
settings-server-change = Change the server
settings-server-save = Connect
settings-server-warning = If you change the server you will have to sign in again. Your conversations stay on the old server.
settings-connection = Connection
settings-connection-idle = not started
settings-connection-connecting = connecting…
settings-connection-online = connected
settings-connection-offline = no connection
settings-connection-stopped = stopped

settings-account = Account
settings-secrets = Sign-in keys
settings-secrets-keychain = In the system’s keychain
settings-secrets-file = In a file on this computer
settings-secrets-file-hint = The system’s keychain is not available. Only your user can read the file.
settings-sign-out = Sign out
settings-sign-out-busy = Signing out…
settings-sign-out-everywhere = Sign out on all devices
settings-sign-out-question = Sign out on this device?
settings-sign-out-text = Nothing is lost: the chats and what you wrote stay on this computer until you sign in again.
settings-sign-out-messages =
    { $count ->
        [one] { $count } message has not been sent yet: it will go when you sign in again.
       *[other] { $count } messages have not been sent yet: they will go when you sign in again.
    }
settings-sign-out-drafts =
    { $count ->
        [one] { $count } draft will wait for you here.
       *[other] { $count } drafts will wait for you here.
    }
settings-sign-out-everywhere-question = Sign out on all devices?
settings-sign-out-everywhere-text = You will have to sign in again everywhere, here too.

settings-sessions = Devices
settings-sessions-hint = Your account is signed in here.
settings-session-unknown = Device without a name
settings-session-current = this device
settings-session-seen = active: { $time }
settings-session-end = End
settings-session-end-label = End the session on “{ $name }”
settings-sessions-failed = The list of devices could not be loaded

settings-invite = Invite a colleague
settings-invite-hint = Your colleague enters the code when signing up and answers together with you. The code works once.
settings-invite-make = Make a code
settings-invite-busy = Making a code…
settings-invite-code = Invitation code
settings-invite-expires =
    { $hours ->
        [one] Good for { $hours } hour.
       *[other] Good for { $hours } hours.
    }

settings-about = About
settings-version = Version
settings-failed = The settings could not be saved

# New versions of the app
upgrade-system = Your system brings the updates.
upgrade-off = Updates are off in this build.
upgrade-own = Once a day Prilavok looks for a new version. It installs nothing without you.
upgrade-newest = You have the newest version.
upgrade-found = Version { $version } is out.
upgrade-installed = The new version is installed and runs from the next start on.
upgrade-stays = Installing interrupts nothing: the new version runs from the next start on.
upgrade-restarts = Prilavok closes and opens again by itself. What you have written is kept.
upgrade-check = Check for updates
upgrade-install = Download and install
upgrade-look = Have a look
upgrade-later = Later
