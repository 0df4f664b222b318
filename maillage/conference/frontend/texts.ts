/** The page's texts, in its language, from its own JSON block. */
export type Texts = Record<string, string>;

/** Read the JSON block `id` of the page. */
export function readBlock<Block>(id: string): Block {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}") as Block;
}

/** Return the text `key`, its {names} filled in. A missing key shows as itself, for the tests to see. */
export function say(texts: Texts, key: string, values: Record<string, string | number> = {}): string {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** « Mairie de Houat, 4 personnes ». */
export function partyWords(texts: Texts, party: { name: string; head_count: number }): string {
  return party.head_count > 1 ? say(texts, "party", { name: party.name, count: party.head_count }) : party.name;
}

/** « Lannion, Houat et Rennes ». */
export function listWords(names: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: "conjunction" }).format(names);
}
