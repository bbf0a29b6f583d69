# Каталог, товар, продавцы и панели рядом с чатом.

write-to-seller = Написать продавцу
write-to-seller-busy = Создание чата…

catalogue-title = Каталог
catalogue-search = Поиск товаров
catalogue-found =
    { $count ->
        [one] { $count } товар
        [few] { $count } товара
       *[other] { $count } товаров
    }
catalogue-empty = Товаров пока нет
catalogue-empty-hint = Маркетплейс ещё не загрузил каталог.
catalogue-nothing = Ничего не нашлось
catalogue-nothing-query = По запросу «{ $query }» ничего не нашлось
catalogue-nothing-hint = Измените запрос или сбросьте фильтры.
catalogue-reset = Сбросить фильтры
catalogue-failed = Каталог не загрузился
catalogue-grid = Товары

filters-title = Фильтры
filters-count = Фильтры: { $count }
filter-price = Цена, ₽
filter-price-min = Цена от
filter-price-max = Цена до
filter-from = от
filter-to = до
filter-price-wrong = Цена «от» больше цены «до»: поменяйте их местами.
filter-seller = Магазин
filter-seller-all = Все магазины
filter-sort = Порядок
sort-created-at-desc = Сначала новые
sort-price-asc = Сначала дешёвые
sort-price-desc = Сначала дорогие
sort-title-asc = По названию

product-in-stock = В наличии
product-out-of-stock = Нет в наличии
product-delivery = Доставка
product-delivery-yes = есть
product-delivery-no = только самовывоз
product-pickup = Самовывоз
product-volume = Объём
product-shop = Магазин
product-about = Описание
product-no-picture = Без картинки
product-failed = Товар не загрузился
product-to-catalogue = В каталог

sellers-title = Продавцы
sellers-count =
    { $count ->
        [one] { $count } магазин
        [few] { $count } магазина
       *[other] { $count } магазинов
    }
sellers-empty = Продавцов пока нет
sellers-empty-hint = Маркетплейс ещё не загрузил магазины.
sellers-failed = Список продавцов не загрузился
sellers-products = Товары
seller-rating = Оценка { $rating } из 5
seller-online = в сети
seller-offline = не в сети

# Панель о магазине
shop-panel-title = О магазине
shop-products = Товары магазина
shop-all-products = Все товары
shop-asked-about = Вы спрашивали о товаре
shop-rating = Оценка
shop-replies = Отвечает
shop-replies-minutes = за ~{ $minutes } мин
shop-replies-hours = за ~{ $hours } ч
shop-since = На площадке с
shop-failed = Сведения о магазине не загрузились

# Панель о покупателе
buyer-panel-title = Покупатель
buyer-since = С нами с
buyer-presence = Сейчас
buyer-asked-about = Спрашивает о товаре
buyer-thread-since = Пишет с
buyer-waiting = Ждёт ответа
buyer-failed = Сведения о покупателе не загрузились

panel-open = Показать сведения
panel-close = Закрыть сведения

# Чаты и очередь
chats-title = Чаты
queue-title = Очередь
queue-tabs = Какие чаты показать
queue-waiting = Ждут ответа
queue-all = Все
queue-search = Поиск: покупатель, текст
queue-clear = Все ответили
queue-clear-hint = Никто не ждёт. Новые вопросы появятся здесь сами.
queue-nothing = По запросу «{ $query }» ничего не нашлось
queue-show-all = Показать все чаты
queue-empty-hint = Первый вопрос покупателя появится здесь сам.
chats-go-to-catalogue = В каталог
chats-pick = Выберите чат
chats-pick-hint = Разговор откроется здесь.
