/** The fake's way through its marketplace: lists, single things and a search. */
import { buyers, picture, products, sellers } from './market';
import { found } from './refusal';
import type { Bridge } from '../../bridge';
import type { ProductQuery } from '../../types';

type Shop = Pick<Bridge, 'products' | 'product' | 'sellers' | 'seller' | 'buyer' | 'picture'>;

function matching(query: ProductQuery): typeof products {
  const words = query.search_query?.toLocaleLowerCase() ?? '';
  const rows = products.filter(
    (each) =>
      each.title.toLocaleLowerCase().includes(words) &&
      each.price >= (query.price_min ?? 0) &&
      each.price <= (query.price_max ?? Infinity) &&
      (query.seller_ids.length === 0 || query.seller_ids.includes(each.seller_id)),
  );
  const sign = query.sort_order === 'asc' ? 1 : -1;
  if (query.sort_by === 'price') return rows.toSorted((left, right) => sign * (left.price - right.price));
  if (query.sort_by === 'title')
    return rows.toSorted((left, right) => sign * left.title.localeCompare(right.title));
  return rows;
}

export const fakeShop: Shop = {
  products: async (query) => {
    const rows = matching(query);
    return { items: rows.slice(query.offset, query.offset + (query.limit || 20)), total: rows.length };
  },
  product: (id) => found(products, id),
  sellers: async (offset, limit) => ({
    items: sellers.slice(offset, offset + limit),
    total: sellers.length,
  }),
  seller: (id) => found(sellers, id),
  buyer: (id) => found(buyers, id),
  picture,
};
