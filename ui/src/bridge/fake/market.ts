/**
 * The fake's marketplace: shops, people and products in Russian, and pictures drawn on the spot.
 */
import type { Buyer, Product, Seller } from '../../types';

const SINCE = '2025-05-12T10:00:00.000Z';

interface Sign {
  name: string;
  about: string | null;
  rating: number | null;
  repliesIn: number | null;
}

const SIGNS: readonly Sign[] = [
  {
    name: 'Чайная гора',
    about: 'Чай с гор Фуцзяни и посуда для него. Поможем выбрать сорт.',
    rating: 4.9,
    repliesIn: 300,
  },
  {
    name: 'ТехноКит',
    about: 'Электроника для дома, с проверкой перед отправкой.',
    rating: 4.6,
    repliesIn: 1200,
  },
  { name: 'Лён и Нить', about: 'Ткани и одежда из льна: шьём сами.', rating: 4.8, repliesIn: 900 },
  { name: 'Оптика Сити', about: null, rating: 4.4, repliesIn: 7200 },
  { name: 'Дом глины', about: 'Керамика ручной работы.', rating: 4.7, repliesIn: 3600 },
  { name: 'Книжная лавка на Сретенке', about: 'Новые и старые книги.', rating: 5, repliesIn: 600 },
  { name: 'Сад и огород', about: 'Семена и инструмент.', rating: null, repliesIn: null },
  { name: 'Мастерская «Кедр»', about: 'Мебель и доски из сибирского кедра.', rating: 4.75, repliesIn: 5400 },
];

const PEOPLE = [
  'Айрат К.',
  'Марина С.',
  'Денис П.',
  'Елена Л.',
  'Олег В.',
  'Наталья Т.',
  'Игорь Б.',
  'Анна Ветрова',
];

const GOODS: readonly (readonly [string, number])[] = [
  ['Чайник глиняный «Исин», 280 мл', 2490],
  ['Улун «Те Гуань Инь», 100 г', 890],
  ['Наушники беспроводные «Волна»', 4990],
  ['Шарф льняной, натуральный', 1500],
  ['Очки для чтения +1,5', 690],
  ['Кружка «Зима», 350 мл', 780],
  ['Атлас автомобильных дорог', 1240.5],
  ['Набор семян «Дачный»', 320],
  ['Доска разделочная из кедра', 1890],
  ['Набор пиал из исинской глины, 6 штук, в подарочной коробке', 5400],
];

export const sellers: readonly Seller[] = SIGNS.map((sign, index) => ({
  id: `seller-${index}`,
  is_online: index % 3 !== 2,
  created_at: SINCE,
  updated_at: SINCE,
  name: sign.name,
  avatar_url: null,
  description: sign.about,
  rating: sign.rating,
  replies_in: sign.repliesIn,
}));

export const buyers: readonly Buyer[] = PEOPLE.map((name, index) => ({
  id: `buyer-${index}`,
  is_online: index % 3 === 0,
  created_at: SINCE,
  updated_at: SINCE,
  name,
  avatar_url: null,
  rating: null,
  replies_in: null,
}));

export const products: readonly Product[] = Array.from({ length: 60 }, (_, index) => {
  const [title, price] = GOODS[index % GOODS.length] ?? ['Товар', 100];
  const description = `${title}. Отправляем в день заказа, бережно упаковываем.\nВопросы задавайте в чате.`;
  return {
    id: `product-${index}`,
    title: index < GOODS.length ? title : `${title} № ${index}`,
    descrioption: description,
    description,
    price,
    volume: null,
    delivery_possible: index % 4 !== 3,
    pickup_location: index % 2 === 0 ? 'Москва, ул. Сретенка, 12' : null,
    seller_id: `seller-${index % SIGNS.length}`,
    wood_type_id: null,
    created_at: SINCE,
    updated_at: SINCE,
    image_url: `/media/${index}.svg`,
    currency: 'RUB',
    in_stock: index % 7 !== 3,
  };
});

/** A warm square instead of a photograph. */
export function picture(path: string | null): string | null {
  const number = /^\/media\/(\d+)\.svg$/u.exec(path ?? '')?.[1];
  if (number === undefined) return null;
  const hue = (18 + Number(number) * 47) % 360;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="hsl(${hue} 55% 64%)"/><stop offset="1" stop-color="hsl(${hue} 48% 38%)"/></linearGradient></defs><rect width="100" height="100" fill="url(#g)"/><circle cx="50" cy="54" r="21" fill="#fff" fill-opacity=".35"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
