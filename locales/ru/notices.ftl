# Слова вне окна: уведомления и значок в трее. Их читает и Rust.

notice-title = { $title }
notice-title-for = { $title } → { $account }
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
notice-reply = Ответить
notice-reply-placeholder = Ваш ответ…
notice-reply-submit = Отправить
notice-read = Прочитано
notice-trial-title = Проверка уведомлений
notice-trial-body = Если вы это видите, нажмите на уведомление.

answer-title = Ответить: { $title }

tray-open = Открыть Прилавок
tray-quit = Выйти
tray-tooltip = Прилавок
tray-tooltip-unread =
    { $count ->
        [one] Прилавок: { $count } непрочитанное сообщение
        [few] Прилавок: { $count } непрочитанных сообщения
       *[other] Прилавок: { $count } непрочитанных сообщений
    }

tray-hint-title = Прилавок продолжает работать
tray-hint-body = Окно закрыто, а сообщения приходят: значок в трее. Чтобы выйти совсем, нажмите на него правой кнопкой и выберите «Выйти».

window-title-buyer = Прилавок — Покупатель
window-title-seller = Прилавок — Продавец
