/** Cuts text into what is marked and what is not. Pure; text stays text. */

/** First and last plus one, in UTF-16 units of the whole message. */
export type Mark = readonly [number, number];

export interface Cut {
  text: string;
  isMarked: boolean;
}

/** A piece of a message that begins at `from`, in order; joined together the cuts are the piece. */
export function cuts(piece: string, from: number, marks: readonly Mark[]): Cut[] {
  const made: Cut[] = [];
  let at = 0;
  const take = (end: number, isMarked: boolean) => {
    if (end > at) made.push({ text: piece.slice(at, end), isMarked });
    at = Math.max(at, end);
  };
  for (const [first, end] of marks) {
    if (end <= from || first >= from + piece.length) continue;
    take(Math.min(Math.max(first - from, 0), piece.length), false);
    take(Math.min(end - from, piece.length), true);
  }
  take(piece.length, false);
  return made;
}
