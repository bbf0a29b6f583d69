/**
 * The focus is never lost, as an attachment for the root of an app. When what had it goes, what stands nearest takes it:
 * a neighbour in the same group, the log around a message, the new page. Coming back to a page, the focus returns to the
 * thing that was opened there, if that says who it is (`data-focus-key`).
 *
 * A part that opens over others can say where the focus belongs after it (`data-focus-after`, a selector).
 */
import type { Attachment } from 'svelte/attachments';

const FOCUSABLE =
  'a[href], button:enabled, input:enabled, textarea:enabled, select:enabled, [tabindex="0"], summary';

function isThere(element: Element): boolean {
  return element.isConnected && element.checkVisibility();
}

function canHaveFocus(element: Element): boolean {
  return element.matches(FOCUSABLE) && isThere(element) && !element.closest('[inert]');
}

/** The element and everything around it. */
function wayUp(element: HTMLElement): HTMLElement[] {
  const way: HTMLElement[] = [];
  for (let each: HTMLElement | null = element; each; each = each.parentElement) way.push(each);
  return way;
}

function firstIn(around: HTMLElement): HTMLElement | undefined {
  const all = [
    ...around.querySelectorAll<HTMLElement>('[data-pane-focus]'),
    ...around.querySelectorAll<HTMLElement>(FOCUSABLE),
  ];
  return all.find(canHaveFocus);
}

/** Where the focus goes when the first element of `way` has gone. */
export function heir(way: readonly HTMLElement[]): HTMLElement | undefined {
  for (const around of way) {
    if (!isThere(around)) {
      const after = around.dataset['focusAfter'];
      const asked = after ? document.querySelector<HTMLElement>(after) : null;
      if (asked && canHaveFocus(asked)) return asked;
    } else if (canHaveFocus(around)) {
      return around;
    } else {
      const inside = firstIn(around);
      if (inside) return inside;
    }
  }
  return undefined;
}

/** `place` names the page in front. */
export function keepFocus(place: () => string): Attachment<HTMLElement> {
  return (root) => {
    let way: HTMLElement[] = [];
    let seenAt = '';
    /** What had the focus at each place, by its key. */
    const keys = new Map<string, string>();

    function remember(event: FocusEvent): void {
      if (!(event.target instanceof HTMLElement)) return;
      way = wayUp(event.target);
      seenAt = place();
      const key = event.target.dataset['focusKey'];
      if (key) keys.set(seenAt, key);
      else keys.delete(seenAt);
    }

    function returned(): HTMLElement | null {
      const key = place() === seenAt ? undefined : keys.get(place());
      return key ? root.querySelector<HTMLElement>(`[data-focus-key="${CSS.escape(key)}"]`) : null;
    }

    function check(): void {
      const [last] = way;
      // Nothing had it yet, or the person put it down by a click beside everything.
      if (!last || canHaveFocus(last) || (last.isConnected && last.matches('[tabindex]') && isThere(last)))
        return;
      const now = document.activeElement;
      if (now && now !== document.body && isThere(now) && !now.matches(':disabled')) return;
      const known = returned();
      if (known) known.focus();
      else heir(way)?.focus({ preventScroll: true });
    }

    const watcher = new MutationObserver(check);
    watcher.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['hidden', 'disabled', 'inert', 'open'],
    });
    document.addEventListener('focusin', remember);
    return () => {
      watcher.disconnect();
      document.removeEventListener('focusin', remember);
    };
  };
}
