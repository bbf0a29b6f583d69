# First start, signing in and signing up.

server-title = Where is your marketplace?
server-lead = Enter the address of the Prilavok server. Your marketplace knows it; the app will remember it, and you can change it in settings.
server-address = Server address
server-placeholder = chat.example.com
server-submit = Connect
server-checking = Checking the address…
server-hint = You may leave out https://, we add it.
server-offered = This address came with a link. Connect only if you trust whoever gave it to you.

sign-in-title = Sign in
sign-in-lead-buyer = Sign in to write to sellers.
sign-in-lead-seller = Sign in to answer buyers.
sign-in-email = E-mail
sign-in-password = Password
sign-in-name = Your name
sign-in-shop-name = Name of the shop
sign-in-invitation = Invitation code
sign-in-invitation-hint = A colleague who already answers for the shop gives it to you.
sign-in-password-hint = At least 8 characters.
sign-in-submit = Sign in
sign-in-busy = Signing in…
sign-up-title = Sign up
sign-up-lead-buyer = One account for all shops.
sign-up-lead-seller = Open your own shop or join an existing one.
sign-up-submit = Sign up
sign-up-busy = Signing up…
sign-up-new-shop = New shop
sign-up-join = By invitation
sign-up-kind = What you are joining
sign-in-or-sign-up = No account yet?
sign-up-or-sign-in = Have an account already?
sign-in-show-password = Show the password
sign-in-hide-password = Hide the password
sign-in-server = Server: { $server }
sign-in-change-server = Change

# What the fields lack
field-empty = Please fill in this field.
field-email = Check the address: it needs an @ sign, for example anna@example.com.
field-password-short = The password is shorter than 8 characters: choose a longer one.
field-password-long = The password is longer than 200 characters: shorten it.
field-name-long = The name is longer than 80 characters: shorten it.
