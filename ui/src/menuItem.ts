/** One entry of a menu; `id` is its name for end-to-end tests too. */
export interface MenuItem {
  id: string;
  label: string;
  isDangerous?: boolean;
  act: () => void;
}
