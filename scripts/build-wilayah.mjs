#!/usr/bin/env node
// Builds assets/wilayah/ from the npm package idn-area-data, pinned by version and by digest.
// Deterministic: the same package gives the same bytes. Run: node scripts/build-wilayah.mjs
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const PACKAGE = "idn-area-data";
const VERSION = "4.0.1";
const SHA256 = "8d47ffb2be39c08aacb0a2dd43193a1edb5754edb1022d57158341c702acc32d";
const out = join(dirname(fileURLToPath(import.meta.url)), "..", "assets", "wilayah");

const work = mkdtempSync(join(tmpdir(), "wilayah-"));
try {
  const packed = execFileSync("npm", ["pack", "--silent", `${PACKAGE}@${VERSION}`], { cwd: work, encoding: "utf8" });
  const tgz = join(work, packed.trim().split("\n").pop());
  const digest = createHash("sha256").update(readFileSync(tgz)).digest("hex");
  if (digest !== SHA256) throw new Error(`${PACKAGE}@${VERSION} has digest ${digest}, expected ${SHA256}`);
  execFileSync("tar", ["xzf", tgz, "-C", work]);

  const rows = [];
  for (const [file, name] of [["provinces", 1], ["regencies", 2], ["districts", 2], ["villages", 2]]) {
    const lines = readFileSync(join(work, "package", "data", `${file}.csv`), "utf8").split(/\r?\n/).filter(Boolean);
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
  writeFileSync(join(out, "LICENSE-ODbL.md"), readFileSync(join(work, "package", "data", "LICENSE.md")));
  console.log(`${rows.length} rows, ${gz.length} bytes`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

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
