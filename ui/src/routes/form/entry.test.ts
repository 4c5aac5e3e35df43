import { expect, it } from 'vitest';
import { use } from '$lib/backend/backend';
import type { Backend, FormField } from '$lib/backend/contract';
import { Entry } from './entry.svelte';

it('an earlier value of a field never lands after a later one', async () => {
  const landed: string[] = [];
  const waits = [80, 0];
  const saveField = async (_id: string, _unsur: string, value: string): Promise<never> => {
    await new Promise((done) => setTimeout(done, waits.shift() ?? 0));
    landed.push(value);
    return undefined as never;
  };
  use({ saveField } as unknown as Backend);
  const entry = new Entry('a1');
  const field = { unsur: 'alamat', input: 'text', value: '' } as FormField;
  await Promise.all([entry.save(field, 'JL. MEL'), entry.save(field, 'JL. MELATI 3')]);
  expect(landed).toEqual(['JL. MEL', 'JL. MELATI 3']);
});
