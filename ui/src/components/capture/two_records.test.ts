// Fingers that are recorded under another NIK: two records line by line, every finger with its number, questions to ask.
import { waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from '../../../tests/window';

eachBeginsAtTheQueue();

describe('two records whose fingers are alike', () => {
  it('stand side by side until somebody answers with a reason', async () => {
    history.replaceState(null, '', '?part=found');
    open();
    await see('page-queue');
    router.go('capture', 'a016');
    const table = await see('record-A-009');
    const lines = [...table.querySelectorAll('tbody tr')].map((row) => row.textContent.replace(/\s+/g, ' ').trim());
    expect(lines[0], 'two numbers, which differ').toMatch(/^NIK.*1804015403080002.*1806021205850003.*Beda$/);
    expect(lines[1], 'the same name, however it is written').toMatch(/Siti Rahmawati.*SITI RAHMAWATI.*Sama$/);
    const tips = [...table.querySelectorAll('li')];
    expect(tips.length, 'ten fingers, as the hands lie').toBe(10);
    expect(tips[0]!.textContent, 'a finger that was not compared has no number').toMatch(/–$/);
    expect(tips.filter((tip) => tip.classList.contains('alike')).length, 'eight from the limit on').toBe(8);
    expect(document.body.textContent, 'questions, and none that accuses').toContain('Tanyakan kepada');
    expect(get('accept-note')?.getAttribute('aria-disabled'), 'F8 answers').toBeNull();
    press('F8');
    await waitFor(() => expect(get('note-text'), 'with a reason').not.toBeNull(), PATIENCE);
  });
});
