import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import MarkdownIt from "markdown-it";
import { renderToStaticMarkup } from "react-dom/server";
import { RelatedPages } from "kgraph-related/react";

import index from "../kgraph-site/related.json";
import type { RelatedPage } from "../kgraph-site/kgraph";
import css from "../kgraph-site/related.css?inline";

const markdown = new MarkdownIt({ html: true });
const pages: RelatedPage[] = Object.values(index.pages);
const summaries = Object.fromEntries(pages.map((page) => [page.id, page.summary]));
const base = ":root { color-scheme: light dark; } body { max-width: 60rem; margin: auto; padding: 1rem; font-family: sans-serif; } ";

function Document({ page }: { page: RelatedPage }) {
  const text = readFileSync(page.path, "utf8").replace(/^---\n[^]*?\n---\n/, "");
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>{page.title}</title>
        <style dangerouslySetInnerHTML={{ __html: base + css }} />
      </head>
      <body>
        <main>
          <div dangerouslySetInnerHTML={{ __html: markdown.render(text) }} />
          <RelatedPages page={page} summaries={summaries} />
        </main>
      </body>
    </html>
  );
}

for (const page of pages) {
  const file = `out${page.href}index.html`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "<!doctype html>" + renderToStaticMarkup(<Document page={page} />));
}
