/**
 * What the marketplace sells, who sells it, who buys: asked of the engine, which keeps copies of its own.
 */
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

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  products(query: ProductQuery): Promise<CataloguePage<Product>> {
    return this.#bridge.products(query);
  }

  product(id: ProductId): Promise<Product> {
    return this.#bridge.product(id);
  }

  sellers(offset: number, limit: number): Promise<CataloguePage<Seller>> {
    return this.#bridge.sellers(offset, limit);
  }

  seller(id: SellerId): Promise<Seller> {
    return this.#bridge.seller(id);
  }

  buyer(id: BuyerId): Promise<Buyer> {
    return this.#bridge.buyer(id);
  }

  /** Where a picture can be loaded from; null where there is none. */
  picture(path: string | null): string | null {
    return this.#bridge.picture(path);
  }
}
