// What another terminal makes of each recording, at checkpoints; see README.md beside this.
"use strict";

const fs = require("fs");
const path = require("path");
const crypto = require("crypto");
const { Terminal } = require("@xterm/headless");
const { Unicode11Addon } = require("@xterm/addon-unicode11");

const CHECKPOINTS = 12;
const SCROLLBACK = 10000;
const DEFAULT_SIZE = [80, 24];

function color(cell, ground) {
  const base = ground === "Fg" ? 38 : 48;
  if (cell[`is${ground}Default`]()) return [];
  const value = cell[`get${ground}Color`]();
  if (cell[`is${ground}Palette`]()) return [`${base}:5:${value}`];
  return [`${base}:2:${value >> 16}:${(value >> 8) & 255}:${value & 255}`];
}

// A link says it is underlined with dashes, whatever SGR says: that one is taken for a single line.
function underline(cell) {
  const kind = cell.isUnderline() && cell.getUnderlineStyle();
  if (!kind) return [];
  const parts = [`4:${cell.extended.urlId ? 1 : kind}`];
  if (cell.isUnderlineColorDefault()) return parts;
  const value = cell.getUnderlineColor();
  if (cell.isUnderlineColorPalette()) return [...parts, `58:5:${value}`];
  return [...parts, `58:2:${value >> 16}:${(value >> 8) & 255}:${value & 255}`];
}

const SWITCHES = [
  ["isBold", "1"], ["isDim", "2"], ["isItalic", "3"], ["isBlink", "5"], ["isInverse", "7"],
  ["isInvisible", "8"], ["isStrikethrough", "9"], ["isOverline", "53"],
];

// The attributes of a cell as parameters of SGR, the target of a link behind them.
function style(cell, links) {
  const codes = SWITCHES.filter(([name]) => cell[name]()).map(([, code]) => code);
  codes.push(...underline(cell), ...color(cell, "Fg"), ...color(cell, "Bg"));
  const link = cell.extended.urlId && links.getLinkData(cell.extended.urlId);
  if (link) codes.push(`link=${link.uri}`);
  return codes.join(";");
}

// A row as runs: style, then one string a cell ("" behind a wide one), joined where all have a length of 1.
function runs(line, columns, links) {
  const found = [];
  for (let x = 0; x < columns; x++) {
    const cell = line.getCell(x);
    const text = cell.getWidth() === 0 ? "" : cell.getChars() || " ";
    // The second half of a wide character looks as the first one does.
    const look = text === "" && found.length ? found[found.length - 1][0] : style(cell, links);
    if (found.length && found[found.length - 1][0] === look) found[found.length - 1][1].push(text);
    else found.push([look, [text]]);
  }
  const last = found[found.length - 1];
  if (last[0] === "") {
    while (last[1].length && last[1][last[1].length - 1] === " ") last[1].pop();
    if (!last[1].length) found.pop();
  }
  return found.map(([look, cells]) => [look, cells.every((text) => text.length === 1) ? cells.join("") : cells]);
}

function modes(terminal) {
  const set = terminal.modes;
  const names = {
    alternate_screen: terminal.buffer.active.type === "alternate",
    application_cursor: set.applicationCursorKeysMode,
    application_keypad: set.applicationKeypadMode,
    bracketed_paste: set.bracketedPasteMode,
    focus_events: set.sendFocusMode,
    insert: set.insertMode,
    origin: set.originMode,
    synchronized_output: set.synchronizedOutputMode,
    autowrap: set.wraparoundMode,
  };
  const mouse = { none: "off", x10: "x10", vt200: "normal", drag: "button", any: "any" };
  return [...Object.keys(names).filter((name) => names[name]), `mouse=${mouse[set.mouseTrackingMode]}`];
}

function history(terminal) {
  const lines = [];
  const buffer = terminal.buffer.normal;
  for (let y = 0; y < buffer.baseY; y++) lines.push(buffer.getLine(y).translateToString(true).trimEnd());
  return [lines.length, crypto.createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 16)];
}

async function screens(recording, columns, rows) {
  const terminal = new Terminal({
    cols: columns,
    rows,
    scrollback: SCROLLBACK,
    allowProposedApi: true,
    windowOptions: { pushTitle: true, popTitle: true },
  });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = "11";
  let title = "";
  terminal.onTitleChange((text) => { title = text; });
  const core = terminal._core;
  const written = [JSON.stringify({ columns, rows })];
  let before = [];
  let start = 0;
  for (let number = 1; number <= CHECKPOINTS; number++) {
    let end = Math.round((recording.length * number) / CHECKPOINTS);
    // xterm.js loses some characters that are cut in two.
    while ((recording[end] & 0xc0) === 0x80) end++;
    await new Promise((done) => terminal.write(recording.subarray(start, end), done));
    start = end;
    const buffer = terminal.buffer.active;
    const screen = [];
    for (let y = 0; y < rows; y++) {
      screen.push(JSON.stringify(runs(buffer.getLine(buffer.baseY + y), columns, core._oscLinkService)));
    }
    const changed = screen.map((row, y) => (row === before[y] ? null : `"${y}":${row}`)).filter(Boolean);
    before = screen;
    const head = JSON.stringify({
      at: end,
      cursor: [Math.min(buffer.cursorX, columns - 1), buffer.cursorY],
      is_shown: !core.coreService.isCursorHidden,
      modes: modes(terminal),
      title,
      history: history(terminal),
    });
    written.push(`${head.slice(0, -1)},"rows":{\n${changed.join(",\n")}}}`.replace(/\n/g, ""));
  }
  terminal.dispose();
  return written.join("\n") + "\n";
}

async function main(names) {
  const folder = __dirname;
  const all = fs.readdirSync(folder).filter((name) => name.endsWith(".bin")).map((name) => name.slice(0, -4));
  for (const name of names.length ? names : all.sort()) {
    const size = /-(\d+)x(\d+)$/.exec(name);
    const [columns, rows] = size ? [Number(size[1]), Number(size[2])] : DEFAULT_SIZE;
    const recording = fs.readFileSync(path.join(folder, `${name}.bin`));
    fs.writeFileSync(path.join(folder, `${name}.screens`), await screens(recording, columns, rows));
  }
}

main(process.argv.slice(2));
