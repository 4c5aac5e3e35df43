import { describe, expect, it } from 'vitest';
import { spoken } from '$lib/domain/why';
import { say } from '$lib/shared/strings.svelte';

describe('operands of a message', () => {
  it('name the check that an answer did not pass, in words and never by its key', () => {
    const args = { ...spoken({ role: 'fingerprint_scanner', check: 'serial' }), device: 'Pemindai sidik jari' };
    const said = say('errors.device_check.happened', args);
    expect(said, 'which device, and why').toBe('Jawaban Pemindai sidik jari tidak dipakai: datangnya dari alat lain.');
    for (const check of ['chain', 'count', 'part', 'record', 'replay', 'score', 'signature', 'timestamp']) {
      expect(spoken({ check })['check'], `${check} has words`).not.toBe(check);
    }
  });

  it('keep the number of a blangko on one line', () => {
    expect(spoken({ serial: '0718-224-912' })['serial']).toBe('0718-\u2060224-\u2060912');
  });

  it('keep a check that this window does not know as it came', () => {
    expect(spoken({ check: 'baru' })['check']).toBe('baru');
  });
});
