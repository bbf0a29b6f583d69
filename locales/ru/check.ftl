# Проверка уведомлений и связи.

check-title = Проверка уведомлений и связи
check-hint = Посмотрим, дойдёт ли до вас новое сообщение: настоящее уведомление, звук, связь с сервером.
check-open = Проверить уведомления и связь
check-running = Проверяем…
check-again = Проверить ещё раз
check-copy = Скопировать отчёт
check-copied = Отчёт скопирован. Паролей и переписки в нём нет.
check-report-title = Прилавок: проверка уведомлений и связи, { $time }
check-failed = Проверка не удалась

check-standing-good = в порядке
check-standing-poor = стоит поправить
check-standing-bad = не работает
check-standing-unknown = неизвестно

check-summary-good = Всё в порядке: сообщения до вас дойдут.
check-summary-poor =
    { $count ->
        [one] Сообщения дойдут, но { $count } вещь стоит поправить.
        [few] Сообщения дойдут, но { $count } вещи стоит поправить.
       *[other] Сообщения дойдут, но { $count } вещей стоит поправить.
    }
check-summary-bad =
    { $count ->
        [one] { $count } неполадка мешает узнавать о сообщениях.
        [few] { $count } неполадки мешают узнавать о сообщениях.
       *[other] { $count } неполадок мешают узнавать о сообщениях.
    }

check-trial = Пробное уведомление
check-trial-hint = Покажем настоящее уведомление. Нажмите на него, когда увидите.
check-trial-show = Показать уведомление
check-trial-question = Видите уведомление? Нажмите на него.
check-trial-seen = Вижу
check-trial-not-seen = Не вижу
check-trial-clicked = Уведомление показано, и нажатие дошло до нас.
check-trial-only-seen = Уведомление показано, но нажатие до нас не дошло: открывать чаты придётся из окна.
check-trial-unseen = Уведомление отправлено, но не показано: проверьте в настройках системы, разрешены ли уведомления Прилавка и выключен ли режим «Не беспокоить».
check-trial-refused = Показать уведомление не удалось: в системе нет программы, которая их показывает.
check-sound-play = Послушать звук
check-sound-silent = Звук проиграть нечем.

check-notices = Настройки уведомлений
check-notices-good =
    { $muted ->
        [0] Уведомления включены.
        [one] Уведомления включены. Молчит { $muted } чат.
        [few] Уведомления включены. Молчат { $muted } чата.
       *[other] Уведомления включены. Молчат { $muted } чатов.
    }
check-notices-off = Уведомления выключены в настройках Прилавка.
check-notices-quiet = Сейчас тихие часы: уведомлений не будет, пока они не кончатся.
check-notices-off-mend = Включить уведомления
check-notices-quiet-mend = Выключить тихие часы

check-daemon = Программа уведомлений
check-daemon-good = { $name } { $version } отвечает.
check-daemon-none = Система не показывает уведомления: ни одна программа для них не отвечает.
check-daemon-none-mend = Включите уведомления в настройках рабочего стола или установите программу для них, например dunst или mako.
check-daemon-inhibited = Включён режим «Не беспокоить»: { $name } копит уведомления молча.
check-daemon-inhibited-mend = Выключите «Не беспокоить» в настройках системы, когда захотите снова видеть уведомления.

check-dialect = Что умеют уведомления
check-dialect-good = Нажать, ответить прямо в уведомлении, отметить прочитанным.
check-dialect-window = Нажать, отметить прочитанным, ответить: поле для ответа откроется отдельным окошком.
check-dialect-mute = Только показывать: нажать на уведомление или ответить из него нельзя.
check-dialect-mute-mend = Открывайте чаты из окна или из значка в трее.
check-dialect-short = Показывать только заголовок: текст сообщения пишем в него.
check-dialect-unknown = Узнаем, когда уведомления заработают.

check-sound = Звук
check-sound-daemon = Звук играет система.
check-sound-player = Звук играем сами, через { $player }.
check-sound-none = Проиграть звук нечем: уведомления приходят беззвучно.
check-sound-none-mend = Установите pipewire-bin, pulseaudio-utils или alsa-utils.
check-sound-off = Звук выключен в настройках Прилавка.
check-sound-off-mend = Включить звук

check-tray = Значок в трее
check-tray-good = Значок виден: окно можно закрыть, сообщения будут приходить.
check-tray-none = Этот рабочий стол не показывает значков: закрыть окно — значит выйти.
check-tray-none-mend = В GNOME установите расширение AppIndicator. Или сворачивайте окно вместо того, чтобы закрывать.

check-keychain = Хранилище паролей
check-keychain-good = Ключи входа лежат в системном хранилище.
check-keychain-none = Системное хранилище недоступно: ключи входа лежат в файле, который читает только ваш пользователь.
check-keychain-none-mend = Разблокируйте хранилище паролей или установите gnome-keyring либо KWallet.

check-autostart = Запуск вместе с системой
check-autostart-good = Прилавок запускается вместе с системой.
check-autostart-none = Прилавок не запускается сам: после включения компьютера уведомлений не будет, пока вы его не откроете.
check-autostart-none-mend = Добавьте Прилавок в автозапуск.
check-autostart-elsewhere = Запись автозапуска запускает другую программу: { $program }.
check-autostart-elsewhere-mend = Выключите и снова включите «Запускать вместе с компьютером» в настройках.

check-server = Сервер
check-server-good = { $name } отвечает по адресу { $address }.
check-server-none = Адрес сервера не указан.
check-server-strange = По адресу { $address } отвечает не Прилавок.
check-server-silent = { $address } не отвечает.
check-server-mend = Проверьте интернет и адрес сервера в настройках.

check-line = Соединение
check-line-good = Есть: новые сообщения приходят сразу.
check-line-connecting = Подключаемся…
check-line-idle = Вход не выполнен.
check-line-offline = Нет соединения. Сообщения уйдут, когда связь вернётся.
check-line-offline-mend = Подключиться сейчас
check-line-stopped = Соединение остановлено.
check-line-stopped-mend = Войдите снова или перезапустите приложение.

check-certificate = Защита соединения
check-certificate-good = Подлинность сервера подтверждена, переписку по дороге никто не прочтёт.
check-certificate-local = Сервер на этом же компьютере: защищать нечего.
check-certificate-plain = Соединение не защищено: переписку и пароль могут прочитать по дороге.
check-certificate-plain-mend = Попросите адрес сервера, который начинается с https://.
check-certificate-bad = Подлинность сервера не подтвердилась.
check-certificate-bad-mend = Проверьте адрес и часы компьютера. Если они верны, не входите: сообщите владельцу сервера.
check-certificate-unknown = Узнаем, когда сервер ответит.

check-clock = Часы
check-clock-good = Идут верно.
check-clock-slow =
    { $minutes ->
        [0] Отстают от часов сервера меньше чем на минуту.
        [one] Отстают от часов сервера на { $minutes } минуту.
        [few] Отстают от часов сервера на { $minutes } минуты.
       *[other] Отстают от часов сервера на { $minutes } минут.
    }
check-clock-fast =
    { $minutes ->
        [0] Спешат меньше чем на минуту.
        [one] Спешат на { $minutes } минуту.
        [few] Спешат на { $minutes } минуты.
       *[other] Спешат на { $minutes } минут.
    }
check-clock-mend = Включите установку времени по сети в настройках системы.
check-clock-unknown = Сравним, когда сервер ответит.

check-version = Версия
check-version-both = Приложение { $own }, сервер { $server }.
check-version-own = Приложение { $own }.
check-version-old = Приложение { $own } и сервер { $server } не понимают друг друга.
check-version-old-mend = Обновите приложение.

check-disk = Место на диске
check-disk-good = Свободно { $gigabytes } ГБ.
check-disk-low = Свободно только { $megabytes } МБ.
check-disk-full = Свободно { $megabytes } МБ: новые сообщения скоро негде будет хранить.
check-disk-mend = Освободите место: очистите корзину и загрузки.
check-disk-unknown = Эта система не говорит, сколько места осталось.

check-account = Учётная запись { $number }: { $name }
check-account-nameless = Учётная запись { $number }
check-account-stopped-mend = Откройте эту учётную запись и войдите снова.
check-account-closed-mend = Попробуйте открыть её ещё раз из меню учётных записей.
