# Настройки.

settings-title = Настройки

settings-look = Вид
settings-language = Язык
settings-language-ru = Русский
settings-language-en = English
settings-theme = Тема
settings-theme-system = Как в системе
settings-theme-light = Светлая
settings-theme-dark = Тёмная

settings-notices = Уведомления
settings-notices-on = Показывать уведомления
settings-notices-on-hint = О сообщениях в чатах, которые сейчас не перед глазами.
settings-notice-text = Показывать текст сообщения
settings-notice-text-hint = Если выключить, уведомление скажет только, сколько новых сообщений.
settings-sounds = Звук уведомлений
settings-quiet = Тихие часы
settings-quiet-hint = Сообщения приходят и считаются, но уведомлений нет.
settings-quiet-from = С
settings-quiet-to = До
settings-quiet-days = Начинаются в эти дни

settings-writing = Сообщения
settings-enter-sends = Отправлять по Enter
settings-enter-sends-hint-on = Новая строка — Shift+Enter.
settings-enter-sends-hint-off = Enter — новая строка, Ctrl+Enter отправляет.

settings-window = Окно
settings-autostart = Запускать вместе с компьютером
settings-autostart-hint = Без окна: значок появится рядом с часами, сообщения придут сами.
settings-close-to-tray = Оставаться в трее после закрытия окна
settings-close-to-tray-hint = Сообщения и уведомления будут приходить и без окна.
settings-close-to-tray-none = Этот рабочий стол не показывает значков: пока это так, закрыть окно — значит выйти.

settings-server = Сервер
settings-server-address = Адрес сервера
settings-server-change = Сменить сервер
settings-server-save = Подключиться
settings-server-warning = Если сменить сервер, понадобится войти заново. Переписка на прежнем сервере останется.
settings-connection = Соединение
settings-connection-idle = не начато
settings-connection-connecting = подключение…
settings-connection-online = подключено
settings-connection-offline = нет соединения
settings-connection-stopped = остановлено

settings-account = Учётная запись
settings-secrets = Ключи входа
settings-secrets-keychain = В системном хранилище паролей
settings-secrets-file = В файле на этом компьютере
settings-secrets-file-hint = Системное хранилище паролей недоступно. Файл может прочитать только ваш пользователь.
settings-sign-out = Выйти
settings-sign-out-busy = Выходим…
settings-sign-out-everywhere = Выйти на всех устройствах
settings-sign-out-question = Выйти на этом устройстве?
settings-sign-out-text = Здесь ничего не пропадёт: переписка и написанное останутся на этом компьютере до следующего входа.
settings-sign-out-messages =
    { $count ->
        [one] { $count } сообщение ещё не отправлено: оно уйдёт, когда вы снова войдёте.
        [few] { $count } сообщения ещё не отправлены: они уйдут, когда вы снова войдёте.
       *[many] { $count } сообщений ещё не отправлены: они уйдут, когда вы снова войдёте.
    }
settings-sign-out-drafts =
    { $count ->
        [one] { $count } черновик подождёт вас здесь.
        [few] { $count } черновика подождут вас здесь.
       *[many] { $count } черновиков подождут вас здесь.
    }
settings-sign-out-everywhere-question = Выйти на всех устройствах?
settings-sign-out-everywhere-text = Войти придётся заново везде, в том числе здесь.

settings-sessions = Устройства
settings-sessions-hint = Здесь выполнен вход в вашу учётную запись.
settings-session-unknown = Устройство без имени
settings-session-current = это устройство
settings-session-seen = активность: { $time }
settings-session-end = Завершить
settings-session-end-label = Завершить вход на устройстве «{ $name }»
settings-sessions-failed = Список устройств не загрузился

settings-invite = Пригласить коллегу
settings-invite-hint = Коллега введёт код при регистрации и будет отвечать вместе с вами. Код действует один раз.
settings-invite-make = Создать код
settings-invite-busy = Создаём код…
settings-invite-code = Код приглашения
settings-invite-expires =
    { $hours ->
        [one] Действует { $hours } час.
        [few] Действует { $hours } часа.
       *[other] Действует { $hours } часов.
    }

settings-about = О приложении
settings-version = Версия
settings-failed = Не удалось сохранить настройки

# Новые версии приложения
upgrade-system = Обновления ставит ваша система.
upgrade-off = Обновления выключены в этой сборке.
upgrade-own = Раз в день Прилавок сам смотрит, нет ли новой версии. Без вас он ничего не ставит.
upgrade-newest = У вас самая новая версия.
upgrade-found = Вышла версия { $version }.
upgrade-installed = Новая версия установлена и начнёт работать при следующем запуске.
upgrade-stays = Установка не прерывает работу: новая версия начнёт работать при следующем запуске.
upgrade-restarts = Прилавок закроется и сам откроется снова. Написанное сохранится.
upgrade-check = Проверить обновления
upgrade-install = Скачать и установить
upgrade-look = Посмотреть
upgrade-later = Позже
