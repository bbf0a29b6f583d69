/** The page of the catalogue: what is searched for, and what was found. Kept while other pages are in front. */
import type { Product, ProductQuery, Seller, SellerId } from '../types';
import type { Catalogue } from './catalogue.svelte';
import { Pages } from './pages.svelte';

export const SORTS = ['created_at-desc', 'price-asc', 'price-desc', 'title-asc'] as const;
export type Sort = (typeof SORTS)[number];

/** Typing pauses about this long before somebody wants to see results. */
const PAUSE_MS = 250;
/** All shops of a marketplace that fit into a list to choose from. */
const SHOPS = 100;

const ORDER: Record<Sort, Pick<ProductQuery, 'sort_by' | 'sort_order'>> = {
  'created_at-desc': { sort_by: 'created_at', sort_order: 'desc' },
  'price-asc': { sort_by: 'price', sort_order: 'asc' },
  'price-desc': { sort_by: 'price', sort_order: 'desc' },
  'title-asc': { sort_by: 'title', sort_order: 'asc' },
};

/** A price as a person types it: `1 200,50`. Nothing and nonsense are no limit. */
export function price(text: string): number | null {
  const plain = text.replace(/[\s\u00A0₽]/gu, '').replace(',', '.');
  const value = Number(plain);
  return plain !== '' && Number.isFinite(value) && value >= 0 ? value : null;
}

export class Market {
  words = $state('');
  priceMin = $state('');
  priceMax = $state('');
  sellers = $state.raw<readonly SellerId[]>([]);
  sort = $state<Sort>('created_at-desc');
  shops = $state.raw<readonly Seller[]>([]);
  readonly found: Pages<Product>;
  /** Where the page was scrolled to, so that coming back from a product finds the place again. */
  scrollTop = 0;

  #pause: ReturnType<typeof setTimeout> | undefined;
  readonly #catalogue: Catalogue;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
    this.found = new Pages((offset, limit) => catalogue.products(this.#query(offset, limit)));
  }

  /** From is more than to: nothing can be found. */
  get isPriceWrong(): boolean {
    const [min, max] = [price(this.priceMin), price(this.priceMax)];
    return min !== null && max !== null && min > max;
  }

  /** How many filters are set, the words not counted. */
  get filterCount(): number {
    const isPriced = price(this.priceMin) !== null || price(this.priceMax) !== null;
    return Number(isPriced) + this.sellers.length;
  }

  get isNarrowed(): boolean {
    return this.words.trim() !== '' || this.filterCount > 0;
  }

  /** The first look; what was found before stays. */
  async open(): Promise<void> {
    if (this.found.items.length === 0) await this.found.restart();
    if (this.shops.length === 0) await this.#loadShops();
  }

  /** The name of a shop, where it is known. */
  shop(id: SellerId): Seller | null {
    return this.shops.find((shop) => shop.id === id) ?? null;
  }

  /** Something typed has changed: ask when the typing pauses. */
  typed(): void {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => void this.changed(), PAUSE_MS);
  }

  /** Something chosen has changed: ask now. */
  async changed(): Promise<void> {
    clearTimeout(this.#pause);
    this.scrollTop = 0;
    if (!this.isPriceWrong) await this.found.restart();
  }

  /** Only this shop's products. */
  async ofShop(seller: SellerId): Promise<void> {
    this.#clear();
    this.sellers = [seller];
    await this.changed();
  }

  /** One shop more, or one less. */
  async toggleShop(seller: SellerId): Promise<void> {
    const rest = this.sellers.filter((each) => each !== seller);
    this.sellers = rest.length < this.sellers.length ? rest : [...rest, seller];
    await this.changed();
  }

  async reset(): Promise<void> {
    this.#clear();
    await this.changed();
  }

  #clear(): void {
    this.words = '';
    this.priceMin = '';
    this.priceMax = '';
    this.sellers = [];
  }

  async #loadShops(): Promise<void> {
    try {
      this.shops = (await this.#catalogue.sellers(0, SHOPS)).items;
    } catch {
      // The filter by shop stays empty; the products say themselves what is wrong with the connection.
    }
  }

  #query(offset: number, limit: number): ProductQuery {
    return {
      search_query: this.words.trim() || null,
      price_min: price(this.priceMin),
      price_max: price(this.priceMax),
      seller_ids: [...this.sellers],
      ...ORDER[this.sort],
      offset,
      limit,
    };
  }
}

/** As many of a shop's products as fit beside something else. */
const GLANCE = 7;

/** The question for a shop's newest products. */
export function ofShop(seller: SellerId): ProductQuery {
  return {
    search_query: null,
    price_min: null,
    price_max: null,
    seller_ids: [seller],
    ...ORDER['created_at-desc'],
    offset: 0,
    limit: GLANCE,
  };
}
