/** Types of the files that `kgraph export site` writes. */

/** One signal's share of a score. */
export interface Reason {
  /** Name of the signal, such as `link` or `text`. */
  signal: string;
  /** Part of the score; the shares of all reasons of an item sum to it. */
  share: number;
  /** One line for readers, plain text. */
  text: string;
  /** Ids of entities, or `path:line` of the source. */
  evidence: string[];
}

/** What is said of an entity wherever it is listed. */
export interface EntityBrief {
  id: string;
  title: string;
  type: string;
  /** Address on the site, or null for an entity without a page. */
  href: string | null;
}

/** One related entity. */
export interface RelatedItem extends EntityBrief {
  /** From 0 to 1. */
  score: number;
  /** From 1, over the whole list. */
  rank: number;
  /** Curated relation as read from this page ("mitigated by"), or null. */
  label: string | null;
  /** Whether the page already links there. */
  linked: boolean;
  /** Strongest first. */
  reasons: Reason[];
}

/** Related entities of one type. */
export interface RelatedGroup {
  type: string;
  /** Plural label of the type. */
  label: string;
  items: RelatedItem[];
}

/** A page that links here. */
export interface Backlink extends EntityBrief {
  /** Sentence that holds the link. */
  sentence: string;
  /** Source path of the page that links. */
  path: string;
  line: number;
}

/** Standing of a page in the graph of links. */
export interface HubScores {
  pagerank: number;
  hub: number;
  authority: number;
  community: number;
}

/** How many of a thing a page has. */
export interface StatusCount {
  count: number;
  /** What the settings ask of the type, else the median of the site's pages of that type and length; null where nothing is expected. */
  expected: number | null;
  /** Whether it is below what the settings ask, or far below what is usual. */
  low: boolean;
}

/** What a page holds. */
export interface StatusCounts {
  words: StatusCount;
  tables: StatusCount;
  diagrams: StatusCount;
  images: StatusCount;
  internalLinks: StatusCount;
  externalLinks: StatusCount;
  footnotes: StatusCount;
  /** Cited works. */
  references: StatusCount;
}

/** A related page with much the same words. */
export interface SimilarPage extends EntityBrief {
  /** Part of its score that comes from the text. */
  share: number;
}

/** What editors want to know of a page. */
export interface PageStatus {
  counts: StatusCounts;
  /** Day of the last edit as the page gives it, YYYY-MM-DD. */
  edited: string | null;
  /** Whether no other page links here. */
  orphan: boolean;
  /** Whether it was edited long before the newest edit of the site; never measured against the clock. */
  stale: boolean;
  /** At most five, most alike first. */
  similar: SimilarPage[];
}

/** Everything kgraph says about one page; content of `pages/ID.json`. */
export interface RelatedPage extends EntityBrief {
  /** Source path. */
  path: string;
  summary: string | null;
  /** The best items, at most five unless configured. */
  top: RelatedItem[];
  /** The rest, by type. */
  groups: RelatedGroup[];
  backlinks: Backlink[];
  hub: HubScores;
  status: PageStatus;
}

/** Content of `related.json`. */
export interface RelatedIndex {
  schemaVersion: 1;
  pages: Record<string, RelatedPage>;
}

/** One entity with the value of a measure. */
export interface HubEntry extends EntityBrief {
  value: number;
}

/** Content of `hubs.json`. */
export interface Hubs {
  schemaVersion: 1;
  pagerank: HubEntry[];
  hub: HubEntry[];
  authority: HubEntry[];
}

/** Content of `manifest.json`. */
export interface Manifest {
  schemaVersion: 1;
  counts: { pages: number; items: number; backlinks: number };
  files: Record<string, { bytes: number; sha256: string }>;
}
