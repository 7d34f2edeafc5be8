// The coding sheet. Texts of articles are only ever set as text, never as HTML.

const GIVE_UP = 4000; // milliseconds without an answer of the kernel after which a decision counts as not saved
const NO_CODE = { code: null, unsure: false, note: "" };

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "click") node.addEventListener("click", value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

/** The codebook, from simple Markdown: headings, lists, tables and paragraphs. */
function fromMarkdown(text) {
  const box = make("div");
  const plain = (line) => line.replace(/\*\*|`/g, "");
  let list = null;
  let table = null;
  let paragraph = null;
  for (const line of text.split("\n")) {
    const heading = line.match(/^(#+)\s+(.*)/);
    const item = line.match(/^(?:[-*]|\d+\.)\s+(.*)/);
    if (!item && line.trim()) list = null;
    if (!line.startsWith("|")) table = null;
    if (heading) {
      box.append(make("h4", {}, plain(heading[2])));
      paragraph = null;
    } else if (item) {
      if (!list) box.append((list = make("ul")));
      list.append((paragraph = make("li", {}, plain(item[1]))));
    } else if (line.startsWith("|")) {
      if (/^[|\s:-]+$/.test(line)) continue;
      if (!table) box.append((table = make("table")));
      const cells = line.split("|").slice(1, -1);
      table.append(make("tr", {}, ...cells.map((cell) => make("td", {}, plain(cell.trim())))));
      paragraph = null;
    } else if (!line.trim()) {
      paragraph = null;
    } else if (paragraph) {
      paragraph.append(" " + plain(line.trim()));
    } else {
      box.append((paragraph = make("p", {}, plain(line.trim()))));
    }
  }
  return box;
}

/** What is decided, and what is on its way to the file. Other views of the widget hear of it by the answers of Python. */
class Codes {
  constructor(model) {
    this.model = model;
    this.view = Math.random().toString(36).slice(2);
    this.rows = model.get("rows");
    this.variables = Object.fromEntries(model.get("variables").map((one) => [one.name, one]));
    this.given = structuredClone(model.get("codes"));
    this.waiting = new Map();
    this.problem = "";
    this.sent = 0;
    this.changed = () => {};
    this.answer = (message) => this.answered(message);
    model.on("msg:custom", this.answer);
  }
  of(row, name) {
    return this.given[row.id]?.[name] ?? NO_CODE;
  }
  isDone(row) {
    return row.ask.every((name) => this.of(row, name).code !== null);
  }
  set(row, name, change) {
    const decision = { ...this.of(row, name), ...change };
    (this.given[row.id] ??= {})[name] = decision;
    const number = `${this.view}-${++this.sent}`;
    const late = () => this.fail("the kernel does not answer");
    this.waiting.set(number, setTimeout(late, GIVE_UP));
    try {
      this.model.send({ number, row: row.id, variable: name, ...decision });
    } catch (error) {
      this.fail(String(error));
    }
    this.changed();
  }
  answered(message) {
    const own = this.waiting.has(message.number);
    clearTimeout(this.waiting.get(message.number));
    if (message.error) return own ? this.fail(message.error) : undefined;
    if (!own) (this.given[message.row] ??= {})[message.variable] = message.decision;
    this.waiting.delete(message.number);
    if (!this.waiting.size) this.problem = "";
    this.changed();
  }
  fail(problem) {
    this.problem = problem;
    this.changed();
  }
}

class Sheet {
  constructor(model, codes, root) {
    Object.assign(this, { codes, root, coder: model.get("coder"), codebook: model.get("codebook") });
    this.at = model.get("at");
    if (codes.isDone(this.row)) this.at = this.nextUncoded() ?? this.at; // a page that was loaded again
    this.active = this.firstOpen();
    this.context = false;
    this.build();
    this.draw();
  }
  get row() {
    return this.codes.rows[this.at];
  }
  get name() {
    return this.row.ask[this.active];
  }
  firstOpen() {
    return Math.max(0, this.row.ask.findIndex((name) => this.codes.of(this.row, name).code === null));
  }

  build() {
    const tool = (label, key, hint, click) =>
      make("button", { type: "button", title: hint, "aria-keyshortcuts": key, click }, label, make("kbd", {}, key));
    this.count = make("span", { class: "nk-count" });
    this.bar = make("progress", { "aria-label": "rows coded", max: this.codes.rows.length });
    this.saved = make("span", { class: "nk-saved", role: "status" });
    this.alert = make("div", { class: "nk-alert", role: "alert", hidden: true });
    this.target = make("div", { class: "nk-target" });
    this.before = make("span", { class: "nk-around" });
    this.after = make("span", { class: "nk-around" });
    this.sentence = make("span", { class: "nk-sentence" });
    this.passage = make("div", { class: "nk-passage", "aria-live": "polite" }, this.before, this.sentence, this.after);
    this.questions = make("div", { class: "nk-questions" });
    this.note = make("input", { type: "text", "aria-label": "note", placeholder: "Note; Enter saves it, Esc leaves it" });
    this.noteBox = make("div", { class: "nk-note", hidden: true }, this.note);
    this.unsureTool = tool("unsure", "u", "mark the framed variable as unsure", () => this.unsure());
    this.contextTool = tool("context", "c", "show the sentences around", () => this.toggleContext());
    this.bookTool = tool("codebook", "?", "show what the codes mean", () => this.toggleBook());
    this.tools = make(
      "div",
      { class: "nk-tools", role: "toolbar", "aria-label": "coding" },
      tool("← back", "k", "previous row", () => this.go(this.at - 1)),
      tool("next →", "j", "next row", () => this.go(this.at + 1)),
      tool("next uncoded", "g", "next row that is not coded", () => this.goUncoded()),
      this.unsureTool,
      tool("note", "n", "a note on the framed variable", () => this.openNote()),
      tool("take back", "0", "take the code of the framed variable back", () => this.give(null)),
      tool("no to the rest", "x", "no to every yes-no question of the row that is open", () => this.noToRest()),
      this.contextTool,
      this.bookTool,
    );
    this.book = make("div", { class: "nk-book", hidden: true, tabindex: "0", "aria-label": "codebook" });
    const head = make("div", { class: "nk-head" }, this.count, this.bar, this.saved);
    this.root.append(head, this.alert, this.target, this.passage, this.questions, this.noteBox, this.tools, this.book);
    this.note.addEventListener("keydown", (event) => this.noteKey(event));
    this.note.addEventListener("blur", () => this.closeNote(true));
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.root.addEventListener("click", (event) => {
      if (!event.target.closest("button, input, .nk-book")) this.focus();
    });
  }

  draw() {
    const { codes, row } = this;
    const done = codes.rows.filter((one) => codes.isDone(one)).length;
    const all = done === codes.rows.length;
    this.count.textContent = `Row ${this.at + 1} of ${codes.rows.length} · ${all ? "all" : done} coded · ${this.coder}`;
    this.bar.value = done;
    this.saved.textContent = codes.problem ? "NOT SAVED" : codes.waiting.size ? "saving …" : codes.sent ? "saved" : "";
    this.alert.hidden = !codes.problem;
    const lost = codes.waiting.size === 1 ? "The last decision is" : `The last ${codes.waiting.size} decisions are`;
    this.alert.textContent = codes.problem
      ? `${lost} not saved: ${codes.problem}. Restart the kernel and run the cell again: ` +
        "coding goes on with the decisions that are in the file."
      : "";
    this.target.textContent = row.target;
    this.target.hidden = !row.target;
    this.root.classList.toggle("nk-dense", row.ask.length > 5);
    const [left, marked, right] = row.parts;
    this.sentence.replaceChildren(left, ...(marked ? [make("mark", {}, marked)] : []), right);
    this.before.textContent = this.context && row.before ? `${row.before} ` : "";
    this.after.textContent = this.context && row.after ? ` ${row.after}` : "";
    this.contextTool.setAttribute("aria-pressed", this.context);
    this.bookTool.setAttribute("aria-pressed", !this.book.hidden);
    this.unsureTool.setAttribute("aria-pressed", codes.of(row, this.name).unsure);
    const inside = this.questions.contains(document.activeElement);
    this.questions.replaceChildren(...row.ask.map((name, number) => this.question(name, number)));
    if (inside) this.focus();
    if (!this.root.contains(document.activeElement)) return;
    for (const shown of [this.passage, this.questions.children[this.active]]) shown.scrollIntoView({ block: "nearest" });
  }
  question(name, number) {
    const variable = this.codes.variables[name];
    const decision = this.codes.of(this.row, name);
    const active = number === this.active;
    const marks = [decision.unsure ? "unsure" : "", decision.note ? `“${decision.note}”` : "", this.row.hints[name]];
    const buttons = variable.codes.map((code, key) => {
      const attributes = { type: "button", "aria-pressed": String(decision.code === code), title: meaning(variable, code) };
      const click = () => ((this.active = number), this.give(code));
      return make("button", { ...attributes, click }, make("kbd", {}, active ? `${key + 1}` : "·"), code);
    });
    const label = `${name}: ${variable.question}`;
    const group = make("div", { class: "nk-codes", role: "group", "aria-label": label }, ...buttons);
    group.append(make("span", { class: "nk-marks" }, marks.filter(Boolean).join(" · ")));
    const asked = make("div", { class: "nk-asked" }, make("b", {}, name), ` ${variable.question}`);
    return make("div", { class: "nk-question", "aria-current": active ? "step" : null }, asked, group);
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }
  go(at) {
    if (at < 0 || at >= this.codes.rows.length) return;
    this.closeNote(true);
    this.at = at;
    this.active = this.firstOpen();
    if (!this.book.hidden) this.drawBook();
    this.draw();
  }
  nextUncoded() {
    const { rows } = this.codes;
    const order = [...rows.keys()].map((shift) => (this.at + 1 + shift) % rows.length);
    return order.find((at) => !this.codes.isDone(rows[at]));
  }
  goUncoded() {
    const next = this.nextUncoded();
    if (next !== undefined) this.go(next);
  }
  goVariable(step) {
    this.active = Math.min(Math.max(this.active + step, 0), this.row.ask.length - 1);
    if (!this.book.hidden) this.drawBook();
    this.draw();
  }
  /** Give a code and go on: to what is open in the row, through a row that was done before, to the next row. */
  give(code) {
    if (this.codes.problem) return;
    const { row, name, active } = this;
    const wasDone = this.codes.isDone(row);
    this.codes.set(row, name, { code });
    if (code === null) return;
    const open = row.ask.findIndex((one) => this.codes.of(row, one).code === null);
    if (open >= 0) this.active = open;
    else if (wasDone && active < row.ask.length - 1) this.active = active + 1;
    else if (this.at < this.codes.rows.length - 1) return this.go(this.at + 1);
    else return this.goUncoded();
    if (!this.book.hidden) this.drawBook();
    this.draw();
  }
  /** No to every question of the row that is open: most sentences have none of many frames. */
  noToRest() {
    if (this.codes.problem) return;
    const { row } = this;
    const open = row.ask.filter((name) => this.codes.of(row, name).code === null);
    const asked = open.filter((name) => this.codes.variables[name].codes.includes("no"));
    for (const name of asked) this.codes.set(row, name, { code: "no" });
    if (open.length && this.codes.isDone(row)) return this.at < this.codes.rows.length - 1 ? this.go(this.at + 1) : this.goUncoded();
    this.active = this.firstOpen();
    this.draw();
  }
  unsure() {
    if (!this.codes.problem) this.codes.set(this.row, this.name, { unsure: !this.codes.of(this.row, this.name).unsure });
  }
  toggleContext() {
    this.context = !this.context;
    this.draw();
  }
  toggleBook() {
    this.book.hidden = !this.book.hidden;
    if (!this.book.hidden) this.drawBook();
    this.draw();
  }
  drawBook() {
    const variable = this.codes.variables[this.name];
    const help = variable.help.split("\n").filter(Boolean);
    const lines = help.map((line) => make("li", {}, line));
    this.book.replaceChildren(make("h4", {}, variable.question), make("ul", {}, ...lines), fromMarkdown(this.codebook));
    this.book.scrollTop = 0;
  }
  openNote() {
    if (this.codes.problem) return;
    this.noteBox.hidden = false;
    this.note.value = this.codes.of(this.row, this.name).note;
    this.note.focus();
  }
  closeNote(keep) {
    if (this.noteBox.hidden) return;
    this.noteBox.hidden = true;
    const note = this.note.value.trim();
    if (keep && note !== this.codes.of(this.row, this.name).note) this.codes.set(this.row, this.name, { note });
  }
  noteKey(event) {
    event.stopPropagation();
    if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
    event.preventDefault();
    this.closeNote(event.key === "Enter");
    this.focus();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const digit = /^\d$/.test(event.key) ? event.key : /^(?:Digit|Numpad)(\d)$/.exec(event.shiftKey ? "" : event.code)?.[1];
    const keys = {
      j: () => this.go(this.at + 1),
      k: () => this.go(this.at - 1),
      g: () => this.goUncoded(),
      x: () => this.noToRest(),
      u: () => this.unsure(),
      n: () => this.openNote(),
      c: () => this.toggleContext(),
      "?": () => this.toggleBook(),
      Escape: () => (this.book.hidden ? this.root.blur() : this.toggleBook()),
      ArrowDown: () => this.goVariable(1),
      ArrowUp: () => this.goVariable(-1),
    };
    const inBook = this.book.contains(document.activeElement) && event.key.startsWith("Arrow");
    const codes = this.codes.variables[this.name].codes;
    let action = inBook ? undefined : keys[event.key] ?? keys[event.key.toLowerCase()];
    if (digit === "0") action = () => this.give(null);
    else if (digit && digit <= codes.length) action = () => this.give(codes[digit - 1]);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat || ["j", "k", "ArrowDown", "ArrowUp"].includes(event.key)) action();
  }
}

function meaning(variable, code) {
  return variable.help.split("\n").find((line) => line.startsWith(`${code}: `)) ?? "";
}

function render({ model, el }) {
  const codes = new Codes(model);
  const label = "Coding sheet. Digits give codes, j and k change the row, question mark opens the codebook.";
  const root = make("div", { class: "nk-coding", tabindex: "0", role: "application", "aria-label": label });
  el.append(root);
  const sheet = new Sheet(model, codes, root);
  codes.changed = () => sheet.draw();
  // Jupyter reads keys before the page does. It skips those in marked elements, but Ctrl+S and its like are left to it.
  const shield = (event) => {
    const own = !(event.ctrlKey || event.metaKey || event.altKey);
    root.toggleAttribute("data-lm-suppress-shortcuts", own);
  };
  window.addEventListener("keydown", shield, true);
  return () => {
    model.off("msg:custom", codes.answer);
    window.removeEventListener("keydown", shield, true);
  };
}

export default { render };
