/** The page all look at, and the one this side looks at alone. Pure; the server decides what all look at. */

export interface Shown {
  version: number;
  document: number | null;
  name: string;
  pages: number;
  page: number;
  by: number | null;
}

export interface Board {
  shown: Shown;
  /** The page this side went back to on its own; null while it follows. */
  alone: number | null;
}

export const NOTHING: Board = { shown: { version: 0, document: null, name: "", pages: 0, page: 1, by: null }, alone: null };

/** What the server says; older news change nothing. Another document brings everyone back together. */
export function hear(board: Board, shown: Shown): Board {
  if (shown.version <= board.shown.version) return board;
  const same = shown.document === board.shown.document;
  return { shown, alone: same && board.alone !== shown.page ? board.alone : null };
}

export const pageSeen = (board: Board): number => board.alone ?? board.shown.page;

/** Look `by` pages further, alone; back on the shown page, one follows again. */
export function look(board: Board, by: number): Board {
  const wanted = Math.max(1, Math.min(board.shown.pages, pageSeen(board) + by));
  return { ...board, alone: wanted === board.shown.page ? null : wanted };
}

export const follow = (board: Board): Board => ({ ...board, alone: null });

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Where inside `box` a picture of `width` by `height` lies that is shown whole in it; the box itself before its size is known. */
export function pictureBox(box: Box, width: number, height: number): Box {
  if (width <= 0 || height <= 0) return box;
  const scale = Math.min(box.width / width, box.height / height);
  const [wide, high] = [width * scale, height * scale];
  return { left: box.left + (box.width - wide) / 2, top: box.top + (box.height - high) / 2, width: wide, height: high };
}

/** Where in a picture of `width` by `height`, shown whole inside `box`, a point of the screen falls; null beside it. */
export function placeIn(box: Box, point: { x: number; y: number }): { x: number; y: number } | null {
  const [x, y] = [(point.x - box.left) / box.width, (point.y - box.top) / box.height];
  return x >= 0 && x <= 1 && y >= 0 && y <= 1 ? { x: Math.round(x * 1000) / 1000, y: Math.round(y * 1000) / 1000 } : null;
}
