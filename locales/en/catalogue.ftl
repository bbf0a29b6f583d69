# Catalogue, product, sellers and the panels beside the chat.

write-to-seller = Write to the seller
write-to-seller-busy = Starting the chat…

catalogue-title = Catalogue
catalogue-search = Search products
catalogue-found =
    { $count ->
        [one] { $count } product
       *[other] { $count } products
    }
catalogue-empty = No products yet
catalogue-empty-hint = The marketplace has not loaded its catalogue yet.
catalogue-nothing = Nothing found
catalogue-nothing-query = Nothing found for “{ $query }”
catalogue-nothing-hint = Change the search or reset the filters.
catalogue-reset = Reset the filters
catalogue-failed = The catalogue could not be loaded
catalogue-grid = Products

filters-title = Filters
filters-count = Filters: { $count }
filter-price = Price, ₽
filter-price-min = Price from
filter-price-max = Price to
filter-from = from
filter-to = to
filter-price-wrong = “From” is more than “to”: swap the two prices.
filter-seller = Shop
filter-seller-all = All shops
filter-sort = Order
sort-created-at-desc = Newest first
sort-price-asc = Cheapest first
sort-price-desc = Dearest first
sort-title-asc = By title

product-in-stock = In stock
product-out-of-stock = Out of stock
product-delivery = Delivery
product-delivery-yes = available
product-delivery-no = pick-up only
product-pickup = Pick-up
product-volume = Volume
product-shop = Shop
product-about = Description
product-no-picture = No picture
product-failed = The product could not be loaded
product-to-catalogue = To the catalogue

sellers-title = Sellers
sellers-count =
    { $count ->
        [one] { $count } shop
       *[other] { $count } shops
    }
sellers-empty = No sellers yet
sellers-empty-hint = The marketplace has not loaded its shops yet.
sellers-failed = The list of sellers could not be loaded
sellers-products = Products
seller-rating = Rated { $rating } of 5
seller-online = online
seller-offline = offline

# Panel about the shop
shop-panel-title = About the shop
shop-products = Products of the shop
shop-all-products = All products
shop-asked-about = You asked about
shop-rating = Rating
shop-replies = Replies
shop-replies-minutes = in ~{ $minutes } min
shop-replies-hours = in ~{ $hours } h
shop-since = Here since
shop-failed = The shop’s details could not be loaded

# Panel about the buyer
buyer-panel-title = Buyer
buyer-since = With us since
buyer-presence = Now
buyer-asked-about = Asks about
buyer-thread-since = Writes since
buyer-waiting = Waiting for an answer
buyer-failed = The buyer’s details could not be loaded

panel-open = Show details
panel-close = Close details

# Chats and queue
chats-title = Chats
queue-title = Queue
queue-tabs = Which chats to show
queue-waiting = Waiting
queue-all = All
queue-search = Search: buyer, text
queue-clear = Everybody has an answer
queue-clear-hint = Nobody is waiting. New questions will appear here by themselves.
queue-nothing = Nothing found for “{ $query }”
queue-show-all = Show all chats
queue-empty-hint = The first question of a buyer will appear here by itself.
chats-go-to-catalogue = To the catalogue
chats-pick = Choose a chat
chats-pick-hint = The conversation opens here.
