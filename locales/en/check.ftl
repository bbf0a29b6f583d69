# The check of notifications and connection.

check-title = Check notifications and connection
check-hint = Let us see whether a new message would reach you: a real notification, the sound, the line to the server.
check-open = Check notifications and connection
check-running = Checking…
check-again = Check again
check-copy = Copy report
check-copied = Report copied. There are no passwords and no messages in it.
check-report-title = Prilavok: check of notifications and connection, { $time }
check-failed = The check failed

check-standing-good = all right
check-standing-poor = could be better
check-standing-bad = does not work
check-standing-unknown = unknown

check-summary-good = All is well: messages will reach you.
check-summary-poor =
    { $count ->
        [one] Messages will reach you, but { $count } thing could be better.
       *[other] Messages will reach you, but { $count } things could be better.
    }
check-summary-bad =
    { $count ->
        [one] { $count } fault keeps you from hearing of messages.
       *[other] { $count } faults keep you from hearing of messages.
    }

check-trial = A trial notification
check-trial-hint = We show you a real notification. Click it when you see it.
check-trial-show = Show a notification
check-trial-question = Can you see the notification? Click it.
check-trial-seen = I see it
check-trial-not-seen = I do not
check-trial-clicked = The notification was shown, and your click reached us.
check-trial-only-seen = The notification was shown, but no click reached us: open chats from the window.
check-trial-unseen = The notification was sent but not shown: see in the system’s settings whether notifications of Prilavok are allowed and “Do not disturb” is off.
check-trial-refused = The notification could not be shown: nothing on this system shows them.
check-sound-play = Play the sound
check-sound-silent = There is nothing to play the sound with.

check-notices = Notification settings
check-notices-good =
    { $muted ->
        [0] Notifications are on.
        [one] Notifications are on; { $muted } chat is muted.
       *[other] Notifications are on; { $muted } chats are muted.
    }
check-notices-off = Notifications are turned off in Prilavok’s settings.
check-notices-quiet = It is quiet time: no notifications until it is over.
check-notices-off-mend = Turn notifications on
check-notices-quiet-mend = Turn quiet hours off

check-daemon = Notification service
check-daemon-good = { $name } { $version } answers.
check-daemon-none = The system shows no notifications: no program for them answers.
check-daemon-none-mend = Turn notifications on in your desktop’s settings, or install a program for them, such as dunst or mako.
check-daemon-inhibited = “Do not disturb” is on: { $name } collects notifications silently.
check-daemon-inhibited-mend = Turn “Do not disturb” off in the system’s settings when you want to see notifications again.

check-dialect = What notifications can do
check-dialect-good = Click, answer right in the notification, mark as read.
check-dialect-window = Click, mark as read, answer: the field opens in a small window of its own.
check-dialect-mute = Only show: they cannot be clicked or answered.
check-dialect-mute-mend = Open chats from the window or from the tray icon.
check-dialect-short = Show a title only: we put the message into it.
check-dialect-unknown = We will know once notifications work.

check-sound = Sound
check-sound-daemon = The system plays the sound.
check-sound-player = We play the sound ourselves, with { $player }.
check-sound-none = There is nothing to play a sound with: notifications are silent.
check-sound-none-mend = Install pipewire-bin, pulseaudio-utils or alsa-utils.
check-sound-off = Sound is turned off in Prilavok’s settings.
check-sound-off-mend = Turn sound on

check-tray = Tray icon
check-tray-good = The icon is visible: close the window, and messages keep coming.
check-tray-none = This desktop shows no such icons: closing the window quits.
check-tray-none-mend = In GNOME install the AppIndicator extension. Or minimise the window instead of closing it.

check-keychain = Password store
check-keychain-good = The sign-in keys are in the system’s password store.
check-keychain-none = The system’s password store is not available: the sign-in keys are in a file that only your user can read.
check-keychain-none-mend = Unlock the password store, or install gnome-keyring or KWallet.

check-autostart = Start with the system
check-autostart-good = Prilavok starts with the system.
check-autostart-none = Prilavok does not start by itself: after switching the computer on there are no notifications until you open it.
check-autostart-none-mend = Add Prilavok to the programs that start with the system.
check-autostart-elsewhere = The start entry starts another program: { $program }.
check-autostart-elsewhere-mend = Switch “Start with the computer” off and on again in the settings.

check-server = Server
check-server-good = { $name } answers at { $address }.
check-server-none = No server address is set.
check-server-strange = What answers at { $address } is not Prilavok.
check-server-silent = { $address } does not answer.
check-server-mend = Check the internet connection and the server’s address in the settings.

check-line = Connection
check-line-good = There: new messages arrive at once.
check-line-connecting = Connecting…
check-line-idle = Nobody is signed in.
check-line-offline = No connection. Messages will leave when it is back.
check-line-offline-mend = Connect now
check-line-stopped = The connection was stopped.
check-line-stopped-mend = Sign in again or restart the app.

check-certificate = Protection of the connection
check-certificate-good = The server has proved who it is, and nobody can read along.
check-certificate-local = The server is this computer: there is nothing to protect.
check-certificate-plain = The connection is not protected: messages and password can be read on the way.
check-certificate-plain-mend = Ask for a server address that begins with https://.
check-certificate-bad = The server has not proved who it is.
check-certificate-bad-mend = Check the address and the computer’s clock. If both are right, do not sign in: tell the owner of the server.
check-certificate-unknown = We will know once the server answers.

check-clock = Clock
check-clock-good = Is right.
check-clock-slow =
    { $minutes ->
        [0] Is slow by less than a minute.
        [one] Is slow by { $minutes } minute.
       *[other] Is slow by { $minutes } minutes.
    }
check-clock-fast =
    { $minutes ->
        [0] Is fast by less than a minute.
        [one] Is fast by { $minutes } minute.
       *[other] Is fast by { $minutes } minutes.
    }
check-clock-mend = Turn on network time in the system’s settings.
check-clock-unknown = We will compare once the server answers.

check-version = Version
check-version-both = App { $own }, server { $server }.
check-version-own = App { $own }.
check-version-old = App { $own } and server { $server } do not understand each other.
check-version-old-mend = Update the app.

check-disk = Disk space
check-disk-good = { $gigabytes } GB are free.
check-disk-low = Only { $megabytes } MB are free.
check-disk-full = { $megabytes } MB are free: soon there will be no room for new messages.
check-disk-mend = Make room: empty the bin and the downloads.
check-disk-unknown = This system does not say how much room is left.

check-account = Account { $number }: { $name }
check-account-nameless = Account { $number }
check-account-stopped-mend = Open this account and sign in again.
check-account-closed-mend = Try to open it again from the menu of accounts.
