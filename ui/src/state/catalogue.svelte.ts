/**
 * Products, shops and people, asked of the engine. Shops seen once are kept, so that a header knows at once how
 * fast a shop usually answers.
 */
import { SvelteMap } from 'svelte/reactivity';

import type { Bridge } from '../bridge';
import type {
  Buyer,
  BuyerId,
  CataloguePage,
  Product,
  ProductId,
  ProductQuery,
  Seller,
  SellerId,
} from '../types';

export class Catalogue {
  readonly #bridge: Bridge;
  readonly #sellers = new SvelteMap<SellerId, Seller>();

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  products(query: ProductQuery): Promise<CataloguePage<Product>> {
    return this.#bridge.products(query);
  }

  product(id: ProductId): Promise<Product> {
    return this.#bridge.product(id);
  }

  async sellers(offset: number, limit: number): Promise<CataloguePage<Seller>> {
    const page = await this.#bridge.sellers(offset, limit);
    for (const seller of page.items) this.#sellers.set(seller.id, seller);
    return page;
  }

  async seller(id: SellerId): Promise<Seller> {
    const seller = await this.#bridge.seller(id);
    this.#sellers.set(id, seller);
    return seller;
  }

  buyer(id: BuyerId): Promise<Buyer> {
    return this.#bridge.buyer(id);
  }

  /** A shop that was seen before, or null. */
  knownSeller(id: SellerId): Seller | null {
    return this.#sellers.get(id) ?? null;
  }

  /** Learns of a shop where nobody waits for it; without an answer there is simply less to show. */
  learn(id: SellerId): void {
    if (!this.#sellers.has(id)) this.seller(id).catch(() => undefined);
  }

  /** Where a picture can be loaded from. */
  picture(path: string | null): string | null {
    return this.#bridge.picture(path);
  }
}
