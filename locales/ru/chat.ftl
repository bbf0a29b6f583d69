# Чат: список, переписка, поле ввода.

chats-search = Поиск по чатам
chats-empty = Чатов пока нет
chats-empty-hint = Откройте товар и напишите продавцу
chats-nothing = По запросу «{ $query }» ничего не нашлось
search-clear = Очистить поиск
search-reset = Сбросить поиск
threads-label = Чаты
row-you = Вы: { $text }
row-draft = Черновик:
row-no-messages = Сообщений пока нет
row-failed = Не отправлено
row-name-unread =
    { $count ->
        [one] { $count } непрочитанное
        [few] { $count } непрочитанных
       *[many] { $count } непрочитанных
    }
row-waits = Ждёт ответа { $time }
row-muted = без уведомлений
mute-title = Уведомления этого чата
mute-on-forever = Уведомления этого чата выключены
mute-on-until = Уведомления этого чата выключены до: { $time }
mute-off = Включить уведомления
mute-hour = Выключить на час
mute-tomorrow = Выключить до завтра
mute-forever = Выключить насовсем
mute-line-on = Включены
mute-line-off = Выключены
mute-line-until = Выключены до: { $time }
answer-keys = Enter — отправить, Esc — закрыть
typing = печатает…
typing-name = { $name } печатает…
presence-online = в сети
presence-offline = не в сети
chat-not-found = Чат не найден
chat-header-label = Собеседник
chat-back = Назад к списку
chat-info = Сведения
chat-waits = ждёт { $time }
chat-empty = Сообщений пока нет
chat-empty-buyer = Начните разговор с продавцом
chat-empty-seller = Покупатель ещё ничего не написал
chat-open-failed = Не удалось открыть переписку
chat-retry = Повторить
log-label = Переписка: { $name }
log-incomplete = Часть переписки загрузится, когда вернётся связь
log-loading = Загружаем сообщения…
log-unread = Непрочитанные
log-jump = К последним сообщениям
log-jump-unread =
    { $count ->
        [one] К последним: { $count } новое сообщение
        [few] К последним: { $count } новых сообщения
       *[many] К последним: { $count } новых сообщений
    }
log-new-message = { $name }: { $text }
message-mine = Вы
state-queued = ждёт отправки
state-sending = отправляется
state-unconfirmed = не подтверждено, проверяем
state-sent = отправлено
state-delivered = доставлено
state-read = прочитано
state-failed = не отправлено
state-received = получено
message-retry = Повторить
message-edit = Изменить
message-delete = Удалить
message-too-late = Сообщение уже ушло: его не изменить и не удалить
link-goes-to = ведёт на { $host }
draft-other = Черновик с другого устройства
draft-other-take = Взять его
draft-other-append = Добавить в конец
draft-other-drop = Убрать
composer-label = Сообщение
composer-placeholder = Введите сообщение…
composer-send = Отправить
composer-left =
    { $count ->
        [one] остался { $count } знак
        [few] осталось { $count } знака
       *[many] осталось { $count } знаков
    }
composer-too-long =
    { $count ->
        [one] на { $count } знак длиннее, чем можно
        [few] на { $count } знака длиннее, чем можно
       *[many] на { $count } знаков длиннее, чем можно
    }
composer-about-product = Здравствуйте! Интересует товар: { $title } — { $price }.
composer-about = О товаре
composer-about-remove = Не прикреплять товар
composer-not-sent = Не удалось отправить сообщение
connection-connecting = Подключение…
connection-retry-in =
    { $seconds ->
        [0] пробуем…
        [one] следующая попытка через { $seconds } секунду
        [few] следующая попытка через { $seconds } секунды
       *[many] следующая попытка через { $seconds } секунд
    }
connection-retry-now = Сейчас
toast-close = Закрыть
pane-list = Список
pane-chat = Переписка
pane-info = Сведения
pane-resize = Ширина списка
keys-title = Клавиши
keys-search = Поиск
keys-next-thread = Следующий чат
keys-previous-thread = Предыдущий чат
keys-next-unread = Следующий непрочитанный
keys-back = Закрыть или назад
keys-send = Отправить
keys-line = Новая строка
keys-settings = Настройки
keys-help = Эта подсказка
keys-panes = Между частями окна
keys-log = В переписке: страница, начало, конец
keys-rows = Вниз и вверх по списку
keys-longest = К тому, кто ждёт дольше всех
keys-info = Сведения сбоку
