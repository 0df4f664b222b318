/** Lists drawn from a <template>, changed in place: a button that has the focus keeps it. */

/** Show `items` in `list`, one clone of `template` each, known by `key`. */
export function showRows<Item>(list: HTMLElement, template: HTMLTemplateElement, items: readonly Item[], key: (item: Item) => string, fill: (row: HTMLElement, item: Item, index: number) => void): void {
  const known = new Map([...list.children].map((row) => [(row as HTMLElement).dataset.key, row as HTMLElement]));
  const wanted = new Set(items.map(key));
  for (const [name, row] of known) if (!wanted.has(name ?? "")) row.remove();
  items.forEach((item, index) => {
    let row = known.get(key(item));
    if (!row) {
      row = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
      row.dataset.key = key(item);
    }
    fill(row, item, index);
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
}

/** Write `text` where it differs, so that nothing is announced or repainted for nothing. */
export function write(place: Element | null, text: string): void {
  if (place && place.textContent !== text) place.textContent = text;
}
