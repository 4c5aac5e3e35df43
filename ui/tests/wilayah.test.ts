// The code table of regions is nobody's handwork: the script makes it again from the package that the lock file pins.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const kept = join(root, 'assets', 'wilayah');

it('assets/wilayah is what scripts/build-wilayah.mjs makes of the pinned package, row for row', () => {
  const made = mkdtempSync(join(tmpdir(), 'wilayah-'));
  try {
    execFileSync(process.execPath, [join(root, 'scripts', 'build-wilayah.mjs'), made]);
    // Unpacked: how hard gzip presses the same rows is not the same in every zlib.
    const rows = (folder: string) => gunzipSync(readFileSync(join(folder, 'wilayah.tsv.gz')));
    expect(rows(kept).length, 'the whole country').toBeGreaterThan(1_000_000);
    expect(rows(made).equals(rows(kept)), 'the same rows').toBe(true);
    const licence = (folder: string) => readFileSync(join(folder, 'LICENSE-ODbL.md'));
    expect(licence(made).equals(licence(kept)), 'under the same licence').toBe(true);
  } finally {
    rmSync(made, { recursive: true });
  }
});
