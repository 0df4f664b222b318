/** The sites heard as loud as each other: whoever is louder than the quietest is turned down, none is turned up (a quiet
 *  microphone is raised where it is, by the browser's own gain). Pure. */
export interface Voices {
  /** Loudness of each site while it speaks, in decibels below full scale, over the last minute or so. */
  spoken: ReadonlyMap<number, number>;
}

export const SILENT: Voices = { spoken: new Map() };
/** Quieter than this is no speech: the same limit as on telephone legs (domain/loudness.py). */
const SPEECH_DB = -45;
/** Weight of a new measure, ten a second: about five seconds of speech make the level of a site. */
const WEIGHT = 0.02;
/** What a site may be turned down, in decibels: more would hide it. */
const MOST_DB = 12;

/** Return the voices after `level` (0 to 1, root mean square) was heard from `site`. Silence changes nothing. */
export function heard(voices: Voices, site: number, level: number): Voices {
  const decibels = 20 * Math.log10(Math.max(level, 1e-6));
  if (decibels < SPEECH_DB) return voices;
  const before = voices.spoken.get(site);
  const after = before === undefined ? decibels : before + WEIGHT * (decibels - before);
  return { spoken: new Map([...voices.spoken, [site, after]]) };
}

/** Return the volume at which to play each site that has spoken, 0.25 to 1. */
export function volumesOf(voices: Voices): Map<number, number> {
  const quietest = Math.min(...voices.spoken.values());
  const volume = (level: number): number => 10 ** (-Math.min(MOST_DB, level - quietest) / 20);
  return new Map([...voices.spoken].map(([site, level]) => [site, volume(level)]));
}
