import { expect, it, vi } from 'vitest';

import { PageTurn, standing, type Turnable } from '../src/pageTurn';

/** Rows of real heights that the list learns only when they have been in sight, as the real one does. */
function book(heights: number[], guess: number, screen: number, lateMs = 0) {
  const known = new Map<number, number>();
  let offset = 0;
  const size = (index: number) => known.get(index) ?? guess;
  const place = (index: number) => {
    let sum = 0;
    for (let row = 0; row < index; row += 1) sum += size(row);
    return sum;
  };
  const find = (at: number) => {
    let row = 0;
    while (row < heights.length - 1 && place(row + 1) <= at) row += 1;
    return row;
  };
  const learn = () => {
    for (let row = find(offset); row < heights.length && place(row) < offset + screen; row += 1)
      known.set(row, heights[row] ?? guess);
  };
  const list: Turnable = {
    getScrollOffset: () => offset,
    getScrollSize: () => place(heights.length),
    getViewportSize: () => screen,
    findItemIndex: find,
    getItemOffset: place,
    getItemSize: size,
    scrollTo(to) {
      offset = Math.max(0, to);
      if (lateMs > 0) setTimeout(learn, lateMs);
      else learn();
    },
  };
  return list;
}

const still = (index: number) => () => index;

it('keeps the row at the edge in sight, though rows are taller than they were taken for', async () => {
  const list = book(
    Array.from({ length: 200 }, () => 90),
    40,
    600,
  );
  list.scrollTo(3000);
  const first = list.findItemIndex(list.getScrollOffset() + 24);
  await new PageTurn().turn(list, -1, still);
  const top = list.getItemOffset(first) - list.getScrollOffset();
  expect(top).toBeCloseTo(600 - 90, 0);
  await new PageTurn().turn(list, 1, still);
  expect(list.getItemOffset(first) - list.getScrollOffset()).toBeCloseTo(0, 0);
});

it('keeps it there also when the heights become known a few frames later', async () => {
  const list = book(
    Array.from({ length: 200 }, () => 90),
    40,
    600,
    100,
  );
  list.scrollTo(3000);
  await vi.waitFor(() => expect(list.getItemSize(list.findItemIndex(3000))).toBe(90));
  const first = list.findItemIndex(list.getScrollOffset() + 24);
  await new PageTurn().turn(list, -1, still);
  await vi.waitFor(() => expect(list.getItemSize(first - 1)).toBe(90));
  expect(list.getItemOffset(first) - list.getScrollOffset()).toBeCloseTo(600 - 90, 0);
});

it('stops at the beginning', async () => {
  const list = book(
    Array.from({ length: 20 }, () => 90),
    40,
    600,
  );
  list.scrollTo(100);
  await new PageTurn().turn(list, -1, still);
  expect(list.getScrollOffset()).toBe(0);
});

it('reads on within a row that is taller than the screen', () => {
  expect(standing(1, 0, 2000, 600)).toBe(-510);
  expect(standing(-1, -1000, 2000, 600)).toBe(-490);
  expect(standing(1, 520, 80, 600)).toBe(0);
  expect(standing(-1, -10, 80, 600)).toBe(520);
});
