import type { ComponentType, ReactElement } from "react";

/** What the block needs of an item; a `RelatedItem` of `kgraph.d.ts` is one. */
export interface BlockItem {
  id: string;
  title: string;
  href: string | null;
  label: string | null;
  reasons: readonly { text: string }[];
}

export interface RelatedPagesProps {
  /** The page as `related.json` or `pages/ID.json` has it. */
  page: { top?: readonly BlockItem[]; groups?: readonly { type: string; label: string; items: readonly BlockItem[] }[] };
  /** Summaries for the cards, by id. */
  summaries?: Readonly<Record<string, string | null>>;
  /** Words of the block; `about` may hold `{title}`. */
  texts?: { heading?: string; why?: string; about?: string };
  /** Component of links, such as that of Next: takes `href` and `className`. */
  link?: "a" | ComponentType<{ href: string; className: string; children: string }>;
}

export function RelatedPages(props: RelatedPagesProps): ReactElement | null;
