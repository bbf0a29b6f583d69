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
