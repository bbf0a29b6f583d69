# Слова, которые нужны на каждом экране.

app-name = Прилавок
app-buyer = Покупатель
app-seller = Продавец

nav-label = Разделы
nav-catalogue = Каталог
nav-sellers = Продавцы
nav-chats = Чаты
nav-queue = Очередь
nav-settings = Настройки
nav-with-unread =
    { $label }, { $count ->
        [one] { $count } непрочитанное сообщение
        [few] { $count } непрочитанных сообщения
       *[other] { $count } непрочитанных сообщений
    }

action-back = Назад
action-cancel = Отмена
action-close = Закрыть
action-copy = Скопировать
action-copied = Скопировано
action-more = Показать ещё
action-reset = Сбросить
action-retry = Повторить
action-save = Сохранить

loading = Загрузка…
starting = Запускаем Прилавок…

# Дни и время
day-today = Сегодня
day-yesterday = Вчера
list-yesterday = вчера
elapsed-days = { $days } д

# Отвечает за …
replies-in-minutes = отвечает за ~{ $minutes } мин
replies-in-hours = отвечает за ~{ $hours } ч

# Ссылка, которая ведёт в чат
way-in-title = Открыть чат по ссылке?
way-in-leads-to = Ссылка ведёт в ваш чат. Собеседник:
way-in-open = Открыть чат
way-in-unknown-title = Такого чата нет
way-in-unknown = Ссылка ведёт в чат, которого у этой учётной записи нет. Возможно, она предназначена другому человеку или другому приложению.

# После ошибки, закрывшей приложение
crash-told = В прошлый раз Прилавок закрылся или остановился из-за ошибки. Переписка цела, а отчёт об ошибке сохранён.
crash-show = Показать отчёт
crash-dismiss = Скрыть
crash-title = Отчёт об ошибке
crash-hint = В нём нет сообщений, паролей и адресов. Отправьте его поддержке маркетплейса, и ошибку исправят.
crash-folder = Открыть папку

# Несколько учётных записей
accounts-title = Учётные записи
accounts-button = Учётная запись: { $name }
accounts-button-unread =
    { $count ->
        [one] Учётная запись: { $name }. В других { $count } непрочитанное сообщение
        [few] Учётная запись: { $name }. В других { $count } непрочитанных сообщения
       *[other] Учётная запись: { $name }. В других { $count } непрочитанных сообщений
    }
accounts-add = Добавить аккаунт
accounts-leave = Выйти: { $name }
accounts-stopped = нужно войти снова
accounts-fault = не открылась, нажмите, чтобы попробовать ещё раз
accounts-nameless = Учётная запись { $number }
accounts-closed = Не удалось открыть: { $name }
accounts-closed-nameless = Учётная запись не открылась
accounts-closed-lead = То, что вы писали, никуда не делось: оно лежит на диске.
accounts-back = Вернуться: { $name }
keys-accounts = К учётной записи по номеру
