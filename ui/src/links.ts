/**
 * Finds addresses in a message and cuts it into plain pieces. Only http, https and mailto become links;
 * `javascript:` and friends stay text. Where the shown text could hide the true host, the host is said.
 */

export type Token =
  { kind: 'text'; text: string } | { kind: 'link'; text: string; url: string; host: string | null };

const ADDRESS =
  /(?:https?:\/\/|www\.)[^\s<>"«»]+|[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*\.[a-z]{2,24}/giu;
/** Closing marks that belong to the sentence and not to the address. */
const TAIL = /[.,;:!?…'»)\]}]+$/u;

function withoutTail(found: string): string {
  let cut = found.replace(TAIL, '');
  // A bracket that was opened inside the address belongs to it.
  while (cut.length < found.length && count(cut, '(') > count(cut, ')') && found[cut.length] === ')') {
    cut = found.slice(0, cut.length + 1);
  }
  return cut;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

/** The host that the text seems to name, as a reader would see it. */
function shownHost(text: string): string {
  const afterScheme = text.replace(/^https?:\/\//iu, '');
  return afterScheme.split(/[/?#@\\]/u)[0]?.toLowerCase() ?? '';
}

function link(found: string): Token | null {
  const isMail = !/^(?:https?:\/\/|www\.)/iu.test(found);
  const candidate = isMail ? `mailto:${found}` : /^www\./iu.test(found) ? `https://${found}` : found;
  if (!URL.canParse(candidate)) return null;
  const url = new URL(candidate);
  if (!isOpenable(url.href)) return null;
  if (isMail) return { kind: 'link', text: found, url: url.href, host: null };
  const isPlain = shownHost(found) === url.host && url.username === '' && !url.host.includes('xn--');
  return { kind: 'link', text: found, url: url.href, host: isPlain ? null : url.host };
}

/** Whether the person's own programs may be asked to open it. */
export function isOpenable(url: string): boolean {
  return URL.canParse(url) && ['http:', 'https:', 'mailto:'].includes(new URL(url).protocol);
}

/** The message in pieces, in order; joined together their texts are the message. */
export function tokens(text: string): Token[] {
  const pieces: Token[] = [];
  let plainFrom = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = withoutTail(match[0]);
    const made = link(found);
    if (!made) continue;
    if (match.index > plainFrom) pieces.push({ kind: 'text', text: text.slice(plainFrom, match.index) });
    pieces.push(made);
    plainFrom = match.index + found.length;
  }
  if (plainFrom < text.length) pieces.push({ kind: 'text', text: text.slice(plainFrom) });
  return pieces;
}
