# Getting to know each other: what Prilavok does, and three hints, each once.

purpose-buyer = Chat with shops: ask about a product and know when they answer.
purpose-seller = Chat with buyers: all questions in one queue.

hint-title = Hint
hint-put-away = Got it, do not show again
hint-notices-buyer = You get a notification when a seller answers. Check that they reach this computer.
hint-notices-seller = A notification tells of a new question, also without an open window. Check that they come.
hint-notices-follow = Check
hint-keys-buyer = Ctrl+K finds a chat, a product or a command; Ctrl+/ shows all keys.
hint-keys-seller = Ctrl+K takes you to a buyer or a command, Ctrl+/ shows all keys.
hint-keys-follow = Show the keys
