/** Public types of balise.js. */

export type Source = "formations" | "offres" | "matcha" | "lba";

export interface Query {
  /** Centre, degrees; both or neither. Without one, results are in the order of their titles. */
  lat?: number | string;
  lon?: number | string;
  /** Kilometres, inclusive; 30 when absent; 20000 is everywhere. */
  radius?: number | string;
  /** At most 20 codes such as "F1702"; any of them matches. */
  romes?: string[];
  /** "F" or "F17"; not together with romes. */
  romeDomain?: string;
  /** "3" (CAP) to "7" (master). */
  diploma?: string;
  sources?: Source[];
  /** INSEE code of a region, "11". */
  region?: string;
  /** Code of a département, "01", "2A", "974". */
  departement?: string;
  opco?: string;
  /** Results a source, 150 when absent. */
  limit?: number;
  /** When no formation is within the radius: how many of the nearest beyond it to give. */
  widen?: number;
  /** How many of the first results are wanted, over all sources; all when absent. Fewer need fewer files. */
  cards?: number;
  signal?: AbortSignal;
}

export interface Result {
  source: Source;
  id: string;
  title: string;
  company: string | null;
  /** Whole metres; null without a centre. */
  distance_m: number | null;
  lat: number | null;
  lon: number | null;
  address: string | null;
  postal_code: string | null;
  city: string | null;
  insee: string | null;
  departement: string;
  region: string;
  romes: string[];
  /** 3 to 7; 0 = not stated. */
  level: number;
  opco: string | null;
  /** "YYYY-MM-DD". */
  created: string | null;
  expires: string | null;
  /** The file that its card stands in: path below data/, a space, length in bytes. */
  page: string;
}

export interface Answer {
  query: Record<string, unknown>;
  /** Found by source, at most the limit. */
  counts: Partial<Record<Source, number>>;
  /** Whether a source has more than the limit. */
  more: Partial<Record<Source, boolean>>;
  /** Null, or, when no formation was within the radius and `widen` was asked for, how far the nearest one is. */
  beyond_m: number | null;
  results: Result[];
}

export interface CompletionOptions {
  /** At most 100, else 10; of occupations and of diplomas as many each. */
  limit?: number;
  signal?: AbortSignal;
}

/** A place that somebody may choose. */
export interface Place {
  type: "commune" | "departement" | "region" | "france";
  /** What a list shows: "Brest (29200)", "Finistère (29)", "Bretagne". */
  label: string;
  name: string;
  /** INSEE code, only of a commune. */
  insee: string | null;
  /** Only of a commune; ascending. */
  postal_codes: string[];
  /** Code of the département, "01", "2A", "974"; null for a region, for France and overseas collectivities. */
  departement: string | null;
  /** INSEE code of the region, "11"; null for France and overseas collectivities. */
  region: string | null;
  /** The centre, degrees; null when it is not known. */
  lat: number | null;
  lon: number | null;
}

/** An occupation or a diploma that somebody may choose. */
export interface Metier {
  type: "job" | "diploma";
  label: string;
  /** What to search for; ascending. */
  romes: string[];
  /** 3 to 7, of a diploma those of its trainings. */
  levels: number[];
}

/** An answer of the V1 API. */
export interface ApiAnswer {
  /** HTTP status. */
  status: number;
  /** JSON, the same bytes as from `balise api` and from the service worker. */
  body: string;
  json(): any;
}

export interface Manifest {
  format: number;
  title: string;
  as_of: string;
  counts: Record<Source, number>;
  regions: Record<string, Record<Source, number>>;
  files: string;
  root: string;
  /** Of a site that was published signed: higher each time, times in UTC. */
  version?: number;
  published?: string;
  expires?: string;
}

export type BaliseErrorCode =
  | "manifest_unavailable"
  | "shard_unavailable"
  | "shard_damaged"
  | "format_too_new"
  | "wrong_query"
  | "engine_unavailable"
  | "signature_wrong"
  | "rolled_back"
  | "aborted";

export class BaliseError extends Error {
  readonly code: BaliseErrorCode;
  readonly detail: string;
}

export class Balise {
  readonly manifest: Manifest;
  search(query: Query): Promise<Answer>;
  /** Completes the name of a place, a postal code or the number of a département; best first. */
  places(text: string, options?: CompletionOptions): Promise<Place[]>;
  /** Completes the name of an occupation or a diploma; best first, jobs and diplomas mixed. */
  metiers(text: string, options?: CompletionOptions): Promise<Metier[]>;
  /** Answers "/api/V1/…" as today's service does; see docs/API.md. */
  api(url: string | URL, options?: { signal?: AbortSignal }): Promise<ApiAnswer>;
}

export interface OpenOptions {
  /**
   * Public keys (base64), one of which must have signed the manifest. Where the runtime knows no Ed25519, only hashes
   * are checked.
   */
  keys?: string[];
}
export function open(baseUrl: string | URL, options?: OpenOptions): Promise<Balise>;
