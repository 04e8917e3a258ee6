import { createElement as h } from "react";

const TEXTS = { heading: "Related pages", why: "Why?", about: "how {title} is related" };

/** The block of related pages of one page; the same markup as `blocks.json` holds, without JavaScript of its own. */
export function RelatedPages({ page, summaries = {}, texts = {}, link: Link = "a" }) {
  const said = { ...TEXTS, ...texts };
  const top = page.top ?? [];
  const groups = page.groups ?? [];
  if (!top.length && !groups.length) return null;

  const title = (item) =>
    harmless(item.href)
      ? h(Link, { className: "kg-title", href: item.href }, item.title)
      : h("span", { className: "kg-title" }, item.title);
  const why = (item) =>
    item.reasons.length > 0 &&
    h(
      "details",
      null,
      h("summary", null, said.why, h("span", { className: "kg-hidden" }, ` ${said.about.replace("{title}", () => item.title)}`)),
      h("ul", null, item.reasons.map((reason, place) => h("li", { key: place }, reason.text))),
    );
  const card = (item) =>
    h(
      "li",
      { key: item.id },
      title(item),
      item.label && h("span", { className: "kg-kind" }, item.label),
      summaries[item.id] && h("p", null, summaries[item.id]),
      why(item),
    );
  const line = (item) =>
    h("li", { key: item.id }, title(item), item.label && [" ", h("span", { className: "kg-kind", key: "label" }, `(${item.label})`)], why(item));

  return h(
    "nav",
    { className: "kgraph-related", "aria-labelledby": "kgraph-related" },
    h("h2", { id: "kgraph-related" }, said.heading),
    top.length > 0 && h("ul", { className: "kg-top" }, top.map(card)),
    groups.length > 0 &&
      h(
        "div",
        { className: "kg-groups" },
        groups.map((group) => h("div", { key: group.type }, h("h3", null, group.label), h("ul", null, group.items.map(line)))),
      ),
  );
}

function harmless(href) {
  if (!href) return false;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href.replace(/[\s\0]/g, ""));
  return !scheme || ["http", "https", "file"].includes(scheme[1].toLowerCase());
}
