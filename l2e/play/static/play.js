"use strict";
// Texts enter the page by textContent alone.
(() => {
  const SLOWEST = 220, LONGEST = 5000; // milliseconds from one character to the next, and of a whole answer
  const NAMES = { "\n": "line end", " ": "space", "\u0000": "padding", "\u0001": "end of input" };
  const SIGNS = { "\n": "⏎", " ": "␣", "\u0000": "□", "\u0001": "▷" };

  const find = (id) => document.getElementById(id);
  const sign = (character) => SIGNS[character] ?? character;
  const named = (character) => NAMES[character] ?? character;

  function element(tag, { text, className, role, ...properties } = {}, children = []) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    if (role) made.setAttribute("role", role);
    Object.assign(made, properties);
    made.append(...children);
    return made;
  }

  function percent(probability) {
    if (probability > 0 && probability < 0.001) return "< 0.1 %";
    if (probability < 1 && probability > 0.999) return "> 99.9 %";
    return `${(100 * probability).toFixed(1)} %`;
  }

  function bar(probability) {
    const filled = element("span");
    filled.style.width = `${100 * probability}%`;
    return filled;
  }

  // One network: its answer, and the distribution of the chosen character.

  function distribution(network, target, place) {
    const { character, likeliest, right } = network.characters[place];
    const rightOne = target?.[place];
    const rows = likeliest.map(([symbol, probability]) => ({ symbol, probability }));
    if (right !== null && !rows.some(({ symbol }) => symbol === rightOne)) {
      rows.push({ symbol: rightOne, probability: right });
    }
    const items = rows.map(({ symbol, probability }) => {
      const notes = [symbol === character && "written", symbol === rightOne && "right"].filter(Boolean);
      return element("li", { className: symbol === rightOne ? "is-right" : "" }, [
        element("b", { text: sign(symbol), title: named(symbol) }),
        element("span", { className: "track" }, [bar(probability)]),
        element("span", { className: "percent", text: percent(probability) }),
        element("span", { className: "note-of", text: notes.length === 2 ? "✓ right" : notes.join("") }),
      ]);
    });
    return [
      element("p", { className: "small", text: `Character ${place + 1} of ${network.characters.length}` }),
      element("ol", { className: "bars", ariaLabel: "the likeliest characters here" }, items),
    ];
  }

  function spoken(network, target, place) {
    const { character, likeliest } = network.characters[place];
    let said = `${named(character)}, ${percent(likeliest[0][1])}`;
    if (target !== null && character !== target[place]) {
      said += target[place] === undefined ? ", surplus" : `, ${named(target[place])} is right`;
    }
    return said;
  }

  function startingPlace(network, target) {
    // Where there is most to see: the first mistake, else where the network was least sure.
    const wrong = target === null ? -1 : network.characters.findIndex(({ character }, i) => character !== target[i]);
    if (wrong >= 0) return wrong;
    const sureness = network.characters.map(({ likeliest }) => likeliest[0][1]);
    return sureness.indexOf(Math.min(...sureness));
  }

  // A look inside: units and attention weights as tables of shades.

  function shade(value, [low, high]) {
    const cell = element("td", { title: value.toFixed(2) }, [element("span", { className: "unseen", text: value.toFixed(2) })]);
    const share = Math.abs(value) / Math.max(Math.abs(low), Math.abs(high));
    cell.style.backgroundColor = `color-mix(in srgb, var(--bar) ${Math.round(100 * share)}%, transparent)`;
    if (low < 0 && value < 0) cell.className = "negative";
    return cell;
  }

  function shades(title, columns, rows, span) {
    const heads = columns.map((character) => element("th", { scope: "col", text: sign(character), title: named(character) }));
    return element("div", { className: "shades", tabIndex: 0, role: "region", ariaLabel: title }, [
      element("table", {}, [
        element("caption", { text: title }),
        element("thead", {}, [element("tr", {}, [element("td"), ...heads])]),
        element("tbody", {}, rows.map(([name, values]) =>
          element("tr", {}, [element("th", { scope: "row", text: name }), ...values.map((value) => shade(value, span))]))),
      ]),
    ]);
  }

  function insides({ characters, units, looks }) {
    const above = (first, n) => characters.slice(first, first + n);
    return [
      ...units.map(({ part, kind, first, units: which, values, span }) =>
        shades(`${part}, ${kind}`, above(first, values[0].length), which.map((unit, i) => [String(unit), values[i]]), span)),
      ...looks.map(({ part, head, first, at, weights }) =>
        shades(`${part}, head ${head}`, above(at, weights[0].length), weights.map((row, i) => [sign(characters[first + i]), row]), [0, 1])),
    ];
  }

  function lookInside(question) {
    const shown = element("div", { role: "status" });
    const details = element("details", { className: "inside" }, [element("summary", { text: "Look inside" }), shown]);
    details.addEventListener("toggle", async () => {
      if (!details.open || shown.hasChildNodes()) return;
      shown.textContent = "The network reads again …";
      try {
        const seen = await post("states", question);
        shown.replaceChildren(
          element("p", { className: "small", text: "A row is a unit, of those that change most, or a character that looks; darker is more, − is below nought." }),
          ...insides(seen));
      } catch (problem) {
        shown.textContent = problem.message;
      }
    });
    return details;
  }

  function networkCard(network, answeredTarget, question) {
    const target = answeredTarget === null ? null : Array.from(answeredTarget);
    const shown = element("div", { className: "distribution" });
    const buttons = network.characters.map(({ character, likeliest }, place) => {
      const differs = target !== null && character !== target[place];
      const glyph = element(differs ? "mark" : "span", { text: sign(character) });
      const sureness = element("span", { className: "sureness" }, [bar(likeliest[0][1])]);
      const said = spoken(network, target, place);
      return element("button", { type: "button", className: "character", tabIndex: -1, ariaLabel: said, title: said }, [
        glyph, sureness,
      ]);
    });

    function choose(place) {
      buttons.forEach((button, i) => {
        button.classList.toggle("chosen", i === place);
        button.tabIndex = i === place ? 0 : -1;
        button.ariaPressed = String(i === place);
      });
      shown.replaceChildren(...distribution(network, target, place));
    }

    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    buttons.forEach((button, place) => {
      for (const kind of ["mouseenter", "focus", "click"]) {
        button.addEventListener(kind, () => {
          if (card.classList.contains("told")) choose(place);
        });
      }
      button.addEventListener("keydown", (event) => {
        if (!(event.key in steps)) return;
        event.preventDefault();
        buttons[Math.min(buttons.length - 1, Math.max(0, place + steps[event.key]))].focus();
      });
    });

    const missing = target === null ? [] : target.slice(buttons.length).map((character) =>
      element("span", { className: "character", ariaLabel: `missing: ${named(character)}`, role: "img" }, [
        element("mark", { className: "gap", title: `missing: ${named(character)}` }),
      ]));
    const verdict = { true: "✓ right", false: "✗ wrong", null: "" }[network.right];
    const heading = element("h4", { text: network.strategy }, [element("span", { className: "verdict", text: verdict })]);
    const card = element("article", { className: `network ${verdict.slice(2)}` }, [
      heading,
      element("div", { className: "written", role: "group", ariaLabel: `answer of ${network.strategy}` }, [...buttons, ...missing]),
      shown,
      lookInside({ ...question, title: network.title, strategy: network.strategy }),
    ]);
    return {
      card,
      length: buttons.length,
      begin() {
        card.classList.remove("told");
        [...buttons, ...missing].forEach((one) => one.classList.add("unwritten"));
      },
      write(place) {
        buttons[place]?.classList.remove("unwritten");
        if (place < buttons.length) choose(place);
        if (place + 1 === buttons.length) this.end();
      },
      end() {
        [...buttons, ...missing].forEach((one) => one.classList.remove("unwritten"));
        card.classList.add("told");
        choose(startingPlace(network, target));
      },
    };
  }

  // All networks: one character of each at a time.

  let cards = [], summary = "", timer = 0;

  function finish() {
    clearTimeout(timer);
    find("status").textContent = summary;
    find("replay").disabled = cards.length === 0;
  }

  function play() {
    clearTimeout(timer);
    const longest = Math.max(0, ...cards.map(({ length }) => length));
    if (matchMedia("(prefers-reduced-motion: reduce)").matches || longest === 0) {
      cards.forEach((card) => card.end());
      finish();
      return;
    }
    find("status").textContent = "The networks are writing …";
    const pause = Math.min(SLOWEST, LONGEST / longest);
    cards.forEach((card) => card.begin());
    let place = 0;
    (function step() {
      if (place === longest) return finish();
      cards.forEach((card) => card.write(place));
      place++;
      timer = setTimeout(step, pause);
    })();
  }

  function summarize({ target, error, answers }) {
    if (answers.length === 0) return "The networks cannot read this text.";
    if (error) return "This text has no right answer; the networks, which know no language, write one all the same.";
    const right = answers.filter((one) => one.right);
    if (answers.length === 1) return `The right answer is ${target} The network is ${right.length ? "right" : "wrong"}.`;
    const count = right.length === 0 ? "None" : right.length === answers.length ? "All" : String(right.length);
    return `The right answer is ${target} ${count} of ${answers.length} networks wrote it.`;
  }

  function showAnswers(found, { task, input }) {
    const { target, error, answers } = found;
    find("error").hidden = error === null;
    find("input").setAttribute("aria-invalid", String(error !== null));
    if (error) {
      find("message").textContent = `Line ${error.line}, column ${error.column}: ${error.message}`;
      find("excerpt").textContent = error.excerpt;
    }
    find("results").hidden = answers.length === 0;
    find("target-line").hidden = target === null;
    find("target").textContent = target ?? "";
    const groups = new Map();
    cards = answers.map((network) => {
      const made = networkCard(network, target, { task, input });
      groups.set(network.title, [...(groups.get(network.title) ?? []), made.card]);
      return made;
    });
    find("answers").replaceChildren(...Array.from(groups, ([title, members]) =>
      element("section", {}, [
        element("h3", { text: `Trained for ${title}` }), element("div", { className: "networks" }, members),
      ])));
    summary = summarize(found);
    play();
  }

  // What is asked.

  let asked = 0; // an answer that comes after the next question is dropped

  async function post(path, question) {
    const response = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question),
    });
    const said = await response.json();
    if (said.problem) throw new Error(said.problem);
    return said;
  }

  async function attempt(what, doing) {
    const mine = ++asked;
    clearTimeout(timer);
    cards.forEach((card) => card.end());
    find("status").textContent = what;
    try {
      const done = await doing();
      if (mine === asked) return done;
    } catch (problem) {
      if (mine === asked) {
        find("status").textContent = problem instanceof TypeError
          ? "There is no answer from l2e play; is it still running?" : `That did not work: ${problem.message}`;
      }
    }
    return null;
  }

  async function ask() {
    const question = { task: find("task").value, input: find("input").value, title: find("title").value || null };
    const found = await attempt("The networks are reading …", () => post("answers", question));
    if (found) showAnswers(found, question);
  }

  async function draw() {
    if (!find("length").reportValidity() || !find("nesting").reportValidity()) return;
    const wish = {
      task: find("task").value, length: find("length").valueAsNumber, nesting: find("nesting").valueAsNumber,
    };
    const drawn = await attempt("Drawing a sample …", () => post("sample", wish));
    if (!drawn) return;
    find("input").value = drawn.input;
    find("origin").hidden = false;
    find("origin").querySelector("code").textContent = drawn.command;
    await ask();
  }

  function offer(select, options) {
    select.replaceChildren(...options.map(([text, value]) => element("option", { text, value })));
  }

  function start(tasks) {
    const chosenTask = () => tasks.find(({ task }) => task === find("task").value);

    function difficultyOfTitle() {
      const { targets } = chosenTask();
      const { length, nesting } = targets.find(({ title }) => title === find("title").value) ?? targets.at(-1);
      find("length").value = length;
      find("nesting").value = nesting;
    }

    function changeTask() {
      const { networks, targets } = chosenTask();
      offer(find("title"), [[`all ${networks}`, ""], ...targets.map(({ title }) => [title, title])]);
      find("title-field").hidden = targets.length === 1;
      difficultyOfTitle();
    }

    offer(find("task"), tasks.map(({ task }) => [task, task]));
    find("task-field").hidden = tasks.length === 1;
    find("task").addEventListener("change", () => {
      changeTask();
      draw();
    });
    find("title").addEventListener("change", () => {
      difficultyOfTitle();
      ask();
    });
    find("input").addEventListener("input", () => { find("origin").hidden = true; });
    find("input").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        ask();
      }
    });
    find("question").addEventListener("submit", (event) => {
      event.preventDefault();
      ask();
    });
    find("random").addEventListener("click", draw);
    find("replay").addEventListener("click", play);
    changeTask();
    find("question").hidden = false;
    draw();
  }

  (async () => {
    const tasks = await attempt("Looking for the networks …", async () => (await fetch("tasks")).json());
    if (tasks) start(tasks);
  })();
})();
