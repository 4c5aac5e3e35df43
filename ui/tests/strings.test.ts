import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '$strings/english';
import { setLanguage, t } from '$lib/shared/strings.svelte';
import { id } from '$strings/index';

const keysOf = (text: string) => [...text.matchAll(/^ {2}'([^']+)':/gm)].map((m) => m[1]!);
const operands = (text: string) => [...text.matchAll(/\{(\w+)[|}]/g)].map((m) => m[1]).sort();

describe('strings', () => {
  it('are complete in both languages', () => {
    expect(Object.keys(en).sort(), 'English holds exactly the keys of Indonesian').toEqual(Object.keys(id).sort());
  });

  it('name no operand in English that Indonesian is not given', () => {
    for (const key of Object.keys(id) as (keyof typeof id)[]) {
      for (const operand of operands(en[key])) {
        expect(operands(id[key]), `operand of ${key}`).toContain(operand);
      }
    }
  });

  it('count one thing as one in English', async () => {
    // What is once counted with a word for one alone is so everywhere.
    const counted = new Set<string>();
    for (const text of Object.values(en))
      for (const [, many] of text.matchAll(/\{\w+\|[^|}]+\|(\w+)[^|}]*\}/g)) counted.add(many!);
    for (const verb of ['are', 'differ']) counted.delete(verb);
    expect(counted, 'the words that are counted').toContain('people');
    const several = new RegExp(`\\{\\w+\\}(?: more| required| working)? (?:${[...counted].join('|')})\\b`);
    const bare = Object.entries(en).filter(([, text]) => several.test(text));
    expect(bare.map(([key, text]) => `${key}: ${text}`)).toEqual([]);
    await setLanguage('en');
    expect(t('queue.opened', { n: 1 })).toBe('Being served · 1 person, longest waiting first');
    expect(t('queue.opened', { n: 2 })).toBe('Being served · 2 people, longest waiting first');
    await setLanguage('id');
  });

  it('stand sorted, so that two people adding a key seldom meet', () => {
    for (const language of ['id', 'en']) {
      const folder = join(import.meta.dirname, '../src/strings', language);
      for (const file of readdirSync(folder)) {
        const keys = keysOf(readFileSync(join(folder, file), 'utf8'));
        const unique = new Set(keys);
        expect(unique.size, `${language}/${file} has no key twice`).toBe(keys.length);
        expect(keys, `${language}/${file} is sorted`).toEqual([...keys].sort((a, b) => (a < b ? -1 : 1)));
      }
    }
  });

  it('give every error its three sentences', () => {
    const errors = Object.keys(id).filter((k) => k.startsWith('errors.') && k !== 'errors.title');
    const names = new Set(errors.map((k) => k.split('.')[1]!));
    for (const name of names) {
      for (const part of ['happened', 'safe', 'next']) {
        expect(errors, `errors.${name}.${part} is said`).toContain(`errors.${name}.${part}`);
      }
    }
  });

  it('send nobody to F8 over a card without its face unless its chip was left alone', () => {
    // "Belum tercetak" is refused once the chip was begun, and a finished chip comes out under this message too.
    for (const [words, condition] of [
      [id['errors.card_not_printed.next'], 'Hanya bila cipnya belum disentuh'],
      [en['errors.card_not_printed.next'], 'Only where its chip was not touched'],
    ] as const) {
      const spoiled = words.indexOf('F6');
      expect(spoiled, words).toBeGreaterThan(-1);
      expect(words.indexOf(condition), words).toBeGreaterThan(spoiled);
      expect(words.indexOf('F8'), words).toBeGreaterThan(words.indexOf(condition));
    }
  });

  it('never shout and never show a code alone', () => {
    for (const [key, text] of Object.entries(id)) {
      expect(text, `${key} has no exclamation mark`).not.toContain('!');
      expect(text, `${key} names no hexadecimal code`).not.toMatch(/0x[0-9a-f]+/i);
    }
  });
});
