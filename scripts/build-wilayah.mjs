#!/usr/bin/env node
// Builds assets/wilayah/ from the npm package idn-area-data, which ui/package-lock.json pins by version and digest.
// Deterministic: the same package gives the same rows. Run: node scripts/build-wilayah.mjs [folder in place of assets/wilayah]
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const VERSION = "4.0.1";
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "ui", "node_modules", "idn-area-data");
const out = process.argv[2] ? resolve(process.argv[2]) : join(root, "assets", "wilayah");

const { version } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
if (version !== VERSION) throw new Error(`idn-area-data ${version} is installed, expected ${VERSION}`);

const rows = [];
for (const [file, name] of [["provinces", 1], ["regencies", 2], ["districts", 2], ["villages", 2]]) {
  const lines = readFileSync(join(source, "data", `${file}.csv`), "utf8").split(/\r?\n/).filter(Boolean);
  for (const line of lines.slice(1)) {
    const cells = csv(line);
    const code = cells[0].replaceAll(".", "");
    const label = cells[name].normalize("NFC").replace(/\s+/g, " ").trim();
    if (!/^(\d{2}|\d{4}|\d{6}|\d{10})$/.test(code) || label === "") throw new Error(`${file}: odd row ${line}`);
    rows.push([code, label]);
  }
}
// Text order of the digits puts every region directly before its own parts.
rows.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
const known = new Set(rows.map((row) => row[0]));
if (known.size !== rows.length) throw new Error("a code occurs twice");
for (const [code] of rows) {
  const parent = { 2: "", 4: code.slice(0, 2), 6: code.slice(0, 4), 10: code.slice(0, 6) }[code.length];
  if (parent !== "" && !known.has(parent)) throw new Error(`${code} has no parent`);
}
const gz = gzipSync(rows.map((row) => row.join("\t")).join("\n") + "\n", { level: 9 });
gz.fill(0, 4, 8); // no time of building
gz[9] = 255; // no operating system
writeFileSync(join(out, "wilayah.tsv.gz"), gz);
writeFileSync(join(out, "LICENSE-ODbL.md"), readFileSync(join(source, "data", "LICENSE.md")));
console.log(`${rows.length} rows, ${gz.length} bytes`);

function csv(line) {
  const cells = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (line[i + 1] === '"') { cell += '"'; i++; }
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ",") { cells.push(cell); cell = ""; }
    else cell += c;
  }
  cells.push(cell);
  return cells;
}
