// The query editor: YASGUI over this endpoint alone. Without scripts the plain form stays.
"use strict";
(() => {
  const host = document.getElementById("yasgui");
  if (!host || typeof Yasgui === "undefined") return;
  const { root, base, chosen } = host.dataset;
  const endpoint = new URL(`${root}/sparql`, location.href).href;
  const prefixes = JSON.parse(host.dataset.prefixes);
  const { Yasqe, Yasr } = Yasgui;

  // What the editor completes: prefixes that the endpoint knows, and classes and properties of the dataset.
  const shorten = (iri) => {
    for (const [name, start] of Object.entries(prefixes)) {
      if (iri.startsWith(start) && /^[\w-]+$/.test(iri.slice(start.length))) return `${name}:${iri.slice(start.length)}`;
    }
    return `<${iri}>`;
  };
  const ask = (query) =>
    fetch(endpoint, { method: "POST", body: new URLSearchParams({ query }), headers: { Accept: "application/sparql-results+json" } })
      .then((answer) => (answer.ok ? answer.json() : { results: { bindings: [] } }))
      .then((found) => found.results.bindings.map((row) => shorten(row.term.value)));
  const terms = {
    class: ask("SELECT DISTINCT ?term { ?s a ?term } ORDER BY ?term LIMIT 1000"),
    property: ask("SELECT DISTINCT ?term { ?s ?term ?o } ORDER BY ?term LIMIT 1000"),
  };
  for (const name of ["class", "property"]) {
    Yasqe.forkAutocompleter(name, {
      name: `kgraph-${name}`,
      persistenceId: null,
      bulk: false,
      get: (_, token) => {
        const typed = (token?.string ?? "").toLowerCase();
        return terms[name].then((all) => all.filter((term) => term.toLowerCase().includes(typed)));
      },
      preProcessToken: (_, token) => token,
      postProcessSuggestion: (_, __, suggested) => suggested,
    });
  }
  Yasqe.forkAutocompleter("prefixes", {
    name: "kgraph-prefixes",
    persistenceId: null,
    get: () => Promise.resolve(Object.entries(prefixes).map(([name, start]) => `${name}: <${start}>`)),
  });
  Yasqe.defaults.autocompleters = ["variables", "kgraph-prefixes", "kgraph-class", "kgraph-property"];

  // The endpoint knows its prefixes, the editor and other endpoints do not: those that a query uses are declared in it.
  const declared = (query) => {
    const bare = query.replace(/<[^<>\s]*>|"[^"\n]*"|'[^'\n]*'|#.*/g, " ");
    const missing = Object.entries(prefixes).filter(
      ([name]) => new RegExp(`(^|[^\\w:-])${name}:`).test(bare) && !new RegExp(`PREFIX\\s+${name}:`, "i").test(query),
    );
    return missing.map(([name, start]) => `PREFIX ${name}: <${start}>\n`).join("") + query;
  };

  const settings = Yasgui.defaults;
  settings.requestConfig = { ...settings.requestConfig, endpoint, method: "POST", acceptHeaderGraph: "text/turtle,*/*;q=0.9" };
  settings.endpointCatalogueOptions.getData = () => [];
  settings.copyEndpointOnNewTab = false;
  settings.populateFromUrl = true;
  Yasqe.defaults.value = declared(host.dataset.query);
  Yasr.defaults.prefixes = { ...prefixes, entity: `${base}entity/` };
  const plain = document.getElementById("plain");
  host.hidden = false; // before it is filled: the editor measures itself
  const yasgui = new Yasgui(host, { autofocus: false });

  const open = (name, text) => {
    const query = declared(text);
    const known = Object.values(yasgui._tabs ?? {}).find((tab) => tab.getName() === name);
    if (known) {
      yasgui.selectTabId(known.getId());
      known.setQuery(query);
    } else {
      yasgui.addTab(true, { name, yasqe: { value: query } });
    }
  };
  if (chosen) open(chosen, host.dataset.query);
  const picker = document.getElementById("pick");
  picker?.addEventListener("change", () => {
    const option = picker.selectedOptions[0];
    if (option?.dataset.query) open(option.value, option.dataset.query);
  });

  // An entity in a result leads to its page here, wherever the site has its IRIs.
  host.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.iri, a[href]");
    const start = `${base}entity/`;
    if (!link?.href?.startsWith(start)) return;
    event.preventDefault();
    window.open(`${root}/entity/${link.href.slice(start.length)}`, "_blank", "noopener");
  });

  // Names for those who do not see the buttons.
  const name = () => {
    const told = { ".CodeMirror textarea": "Query", ".tableFilter": "Filter the rows", ".tableSizer": "Rows on a page", ".autocompleteWrapper input": "Endpoint" };
    for (const [selector, label] of Object.entries(told)) {
      for (const part of host.querySelectorAll(selector)) part.setAttribute("aria-label", label);
    }
    for (const part of host.querySelectorAll(".yasr thead th")) {
      if (!part.textContent.trim()) (part.querySelector(".dt-column-title") ?? part).textContent = "#";
    }
    for (const part of host.querySelectorAll("button:not([aria-label])")) {
      if (!part.textContent.trim()) part.setAttribute("aria-label", part.title || part.className.split("_").pop());
    }
  };
  // A list of tabs may hold nothing but tabs; the one here holds the button that adds one too. So another element stands for it.
  const list = document.createElement("div");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Queries");
  const own = () => {
    const tabs = host.querySelector(".tabsList");
    if (!tabs) return;
    tabs.removeAttribute("role");
    if (list.nextElementSibling !== tabs) tabs.before(list);
    const ids = [...tabs.querySelectorAll('[role="tab"]')].map((tab) => tab.id).join(" ");
    if (list.getAttribute("aria-owns") !== ids) list.setAttribute("aria-owns", ids);
  };
  own();
  name();
  new MutationObserver(own).observe(host, { childList: true, subtree: true });
  new MutationObserver(name).observe(host, { childList: true, subtree: true });
  if (picker) picker.parentElement.hidden = false;
  if (plain) plain.hidden = true;
})();
