/** Calls when the end of a list comes near the screen, so that the next page is there before it is needed. */
import type { Attachment } from 'svelte/attachments';

/** About a screen ahead. */
const AHEAD = '600px';

export function nearEnd(reach: () => void): Attachment<Element> {
  return (element) => {
    // Without an observer the button in its place still works.
    if (typeof IntersectionObserver === 'undefined') return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) reach();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
    return () => observer.disconnect();
  };
}
