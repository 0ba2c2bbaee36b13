"use strict";
// Texts of runs enter the page by textContent alone.
(() => {
  const PAGE = 25;

  function element(tag, { text, className, ...properties } = {}, children = []) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    Object.assign(made, properties);
    made.append(...children);
    return made;
  }

  // Tables: a button in each heading sorts by its column, up and then down.

  const numberFirst = /^\(?\s*([-+]?\d+(?:\.\d+)?)/;

  function sortKey(text) {
    const found = numberFirst.exec(text);
    return { text, number: found ? Number(found[1]) : null };
  }

  function compareKeys(a, b) {
    if (a.number !== null && b.number !== null && a.number !== b.number) return a.number - b.number;
    return a.text.localeCompare(b.text, "en", { numeric: true });
  }

  function sortBy(table, column, direction) {
    const body = table.tBodies[0];
    const keyed = Array.from(body.rows, (row) => ({ row, key: sortKey(row.cells[column].textContent.trim()) }));
    const numeric = keyed.some(({ key }) => key.number !== null);
    const last = ({ key }) => (numeric && key.number === null ? 1 : 0); // what has no number stays at the end
    keyed.sort((a, b) => last(a) - last(b) || direction * compareKeys(a.key, b.key));
    body.append(...keyed.map(({ row }) => row));
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const headings = Array.from(table.tHead.rows[0].cells);
    headings.forEach((heading, column) => {
      const button = element("button", { type: "button", text: heading.textContent });
      heading.replaceChildren(button);
      heading.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const up = heading.getAttribute("aria-sort") !== "ascending";
        headings.forEach((other) => other.setAttribute("aria-sort", "none"));
        heading.setAttribute("aria-sort", up ? "ascending" : "descending");
        sortBy(table, column, up ? 1 : -1);
      });
    });
  }

  // What is folded is opened for printing, and folded again.

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach((details) => { details.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((details) => { details.open = false; }));

  // Examples.

  const visible = (character) => (character === "\n" ? "⏎" : character === " " ? "␣" : character);

  function difference(answer, target) {
    const written = Array.from(answer), right = Array.from(target);
    const parts = [];
    let differing = 0, same = "";
    for (let i = 0; i < Math.max(written.length, right.length); i++) {
      if (written[i] === right[i]) {
        same += visible(written[i]);
        continue;
      }
      differing++;
      if (same) parts.push(same);
      same = "";
      if (written[i] === undefined) {
        parts.push(element("mark", { className: "missing", title: `missing: ${right[i]}` }));
      } else {
        const title = right[i] === undefined ? "surplus" : `${right[i]} is right`;
        parts.push(element("mark", { text: visible(written[i]), title }));
      }
    }
    if (same) parts.push(same);
    return { parts, differing, of: Math.max(written.length, right.length) };
  }

  function answerCell(name, answer, target) {
    if (answer === null) {
      return element("div", { className: "answer" }, [
        element("dt", { text: name }), element("dd", { text: "not asked" }),
      ]);
    }
    const { parts, differing, of } = difference(answer, target);
    const verdict = element("span", { className: "verdict", text: differing ? " ✗" : " ✓", ariaHidden: "true" });
    const said = differing ? `, wrong: ${differing} of ${of} characters differ` : ", right";
    const heading = element("dt", { text: name }, [verdict, element("span", { className: "unseen", text: said })]);
    return element("div", { className: differing ? "answer wrong" : "answer right" }, [
      heading, element("dd", {}, parts),
    ]);
  }

  function exampleItem(example, group, mode, chosen) {
    const target = element("div", { className: "answer target" }, [
      element("dt", { text: "target" }), element("dd", { text: example.target }),
    ]);
    const cells = chosen.map((i) => answerCell(group.strategies[i], example[mode][i], example.target));
    return element("li", { className: "example", tabIndex: -1 }, [
      element("pre", { text: example.input }), element("dl", { className: "answers" }, [target, ...cells]),
    ]);
  }

  function browse(groups) {
    const find = (id) => document.getElementById(id);
    const form = find("browser"), list = find("list"), more = find("more"), strategies = find("strategies");
    const unchosen = new Set(); // by name, so that a choice holds for the next task too
    let shown = PAGE;

    function show() {
      const group = groups[find("group").value];
      const mode = form.elements.mode.value;
      const needle = find("search").value.toLowerCase();
      const chosen = group.strategies.map((_, i) => i).filter((i) => !unchosen.has(group.strategies[i]));
      const wrong = ({ target, [mode]: answers }) =>
        chosen.some((i) => answers[i] !== null && answers[i] !== target);
      const found = ({ input, target, [mode]: answers }) =>
        [input, target, ...chosen.map((i) => answers[i] ?? "")].some((text) => text.toLowerCase().includes(needle));
      const matching = group.examples.filter((one) => found(one) && (!find("wrong").checked || wrong(one)));
      const items = matching.slice(0, shown).map((one) => exampleItem(one, group, mode, chosen));
      list.replaceChildren(...items);
      more.hidden = matching.length <= shown;
      find("status").textContent =
        `Showing ${items.length} of ${matching.length} that match. The page holds the first ` +
        `${group.examples.length} of ${group.distinct} different test inputs.`;
    }

    function offerStrategies() {
      const labels = groups[find("group").value].strategies.map((name) => {
        const box = element("input", { type: "checkbox", checked: !unchosen.has(name) });
        box.addEventListener("change", () => (box.checked ? unchosen.delete(name) : unchosen.add(name)));
        return element("label", {}, [box, ` ${name}`]);
      });
      strategies.replaceChildren(strategies.querySelector("legend"), ...labels);
    }

    find("group").append(...groups.map(({ title }, i) => element("option", { text: title, value: String(i) })));
    find("group").addEventListener("input", offerStrategies);
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const kind of ["input", "change"]) {
      form.addEventListener(kind, () => {
        shown = PAGE;
        show();
      });
    }
    more.addEventListener("click", () => {
      const next = shown;
      shown += PAGE;
      show();
      list.children[next].focus();
    });
    offerStrategies();
    show();
  }

  document.documentElement.classList.add("scripted");
  const groups = JSON.parse(document.getElementById("data").textContent);
  if (groups.length) browse(groups);
})();
