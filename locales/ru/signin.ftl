# Первый запуск, вход и регистрация.

server-title = Где ваш маркетплейс?
server-lead = Введите адрес сервера Прилавка. Его знает ваш маркетплейс; приложение запомнит адрес, и его можно сменить в настройках.
server-address = Адрес сервера
server-placeholder = chat.example.ru
server-submit = Подключиться
server-checking = Проверяем адрес…
server-hint = Без https:// можно: добавим сами.
server-offered = Адрес пришёл по ссылке. Подключайтесь, только если доверяете тому, кто её дал.

sign-in-title = Вход
sign-in-lead-buyer = Войдите, чтобы писать продавцам.
sign-in-lead-seller = Войдите, чтобы отвечать покупателям.
sign-in-email = Электронная почта
sign-in-password = Пароль
sign-in-name = Ваше имя
sign-in-shop-name = Название магазина
sign-in-invitation = Код приглашения
sign-in-invitation-hint = Код даёт коллега, который уже отвечает в магазине.
sign-in-password-hint = Не короче 8 знаков.
sign-in-submit = Войти
sign-in-busy = Входим…
sign-up-title = Регистрация
sign-up-lead-buyer = Одна учётная запись для всех магазинов.
sign-up-lead-seller = Откройте свой магазин или присоединитесь к существующему.
sign-up-submit = Зарегистрироваться
sign-up-busy = Регистрируем…
sign-up-new-shop = Новый магазин
sign-up-join = По приглашению
sign-up-kind = Куда вы входите
sign-in-or-sign-up = Нет учётной записи?
sign-up-or-sign-in = Уже есть учётная запись?
sign-in-show-password = Показать пароль
sign-in-hide-password = Скрыть пароль
sign-in-server = Сервер: { $server }
sign-in-change-server = Сменить

# Чего не хватает в полях
field-empty = Заполните это поле.
field-email = Проверьте адрес: в нём должен быть знак @, например anna@example.ru.
field-password-short = Пароль короче 8 знаков: придумайте длиннее.
field-password-long = Пароль длиннее 200 знаков: сократите его.
field-name-long = Имя длиннее 80 знаков: сократите его.
