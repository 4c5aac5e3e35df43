// What the queue says of itself, over the twin.
import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import { mockBackend } from '../src/lib/backend/mock';
import { eachBeginsAtTheQueue, get, open, see } from './window';

eachBeginsAtTheQueue();

describe('the queue', () => {
  it('tells which applications ended by themselves, why, and what to do when somebody comes after all', async () => {
    const backend = mockBackend('');
    const queue = backend.queue.bind(backend);
    const names = ['SITI CONTOH', 'BUDI CONTOH', 'AYU CONTOH', 'WAYAN CONTOH'];
    backend.queue = async (role) => ({
      ...(await queue(role)),
      expired: names.map((name, n) => ({ ticket: `A-00${n + 1}`, name, at: '2026-11-27T01:00:00Z' })),
      expireDays: 90,
    });
    use(backend);
    render(App);
    const said = (await see('expired')).textContent ?? '';
    expect(said).toContain('4 permohonan ditutup karena 90 hari tidak disentuh');
    expect(said).toContain('A-001 SITI CONTOH, A-002 BUDI CONTOH, A-003 AYU CONTOH …');
    expect(said, 'what is safe and what to do next').toMatch(/Buku Register.*buka permohonan baru/);
  });

  it('says nothing of it when none did', async () => {
    open();
    await see('page-queue');
    expect(get('expired')).toBeNull();
  });
});
