import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const files = readdirSync(resolve(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.svelte'))
  .map((name) => ({ name, text: readFileSync(resolve(root, 'src', name), 'utf8') }));

describe('the policy of the window', () => {
  it('allows nothing unsafe', () => {
    const { csp } = JSON.parse(readFileSync(resolve(root, '../tauri.conf.json'), 'utf8')).app.security as {
      csp: string;
    };
    expect(csp, 'neither inline nor evaluated').not.toContain('unsafe');
    expect(csp, 'what is not named is not allowed').toMatch(/^default-src 'none';/);
  });

  it.each(files)('$name writes no style into its markup', ({ text }) => {
    const markup = text.replace(/<style[\s\S]*<\/style>/, '').replace(/<script[\s\S]*?<\/script>/, '');
    expect(markup, 'a style attribute in markup is blocked; style: directives are not').not.toMatch(
      /<[^>]*\sstyle="[^{"]*"/,
    );
    expect(markup, 'nor is raw markup let in').not.toContain('{@html');
  });
});
