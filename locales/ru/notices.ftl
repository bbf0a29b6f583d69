# Слова вне окна: уведомления и значок в трее. Их читает и Rust.

notice-title = { $title }
notice-body-count =
    { $body }
    { $count ->
        [one] { $count } непрочитанное сообщение
        [few] { $count } непрочитанных сообщения
       *[other] { $count } непрочитанных сообщений
    }
notice-hidden =
    { $count ->
        [one] { $count } новое сообщение
        [few] { $count } новых сообщения
       *[other] { $count } новых сообщений
    }
notice-open = Открыть чат

tray-open = Открыть Прилавок
tray-quit = Выйти
tray-tooltip = Прилавок
tray-tooltip-unread =
    { $count ->
        [one] Прилавок: { $count } непрочитанное сообщение
        [few] Прилавок: { $count } непрочитанных сообщения
       *[other] Прилавок: { $count } непрочитанных сообщений
    }

window-title-buyer = Прилавок — Покупатель
window-title-seller = Прилавок — Продавец
