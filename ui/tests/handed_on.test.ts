// Who gave an application to the next desk reads where it went, also when news of it comes late.
import { render, waitFor } from '@testing-library/svelte';
import { flushSync } from 'svelte';
import { describe, expect, it } from 'vitest';
import App from '../src/App.svelte';
import { use } from '$lib/backend/backend';
import type { BackendEvent, Permohonan } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { session } from '$lib/domain/session.svelte';
import { mockBackend } from '../src/lib/backend/mock';
import { PATIENCE, eachBeginsAtTheQueue, get, see } from './window';

eachBeginsAtTheQueue();

describe('an application that was handed on', () => {
  it('does not come back to the desk by a reading that was under way, and where it went stays on show', async () => {
    const backend = mockBackend('');
    let tell: (event: BackendEvent) => void = () => undefined;
    const { listen } = backend;
    backend.listen = (hear) => listen((tell = hear));
    use(backend);
    render(App);
    await see('page-queue');
    const { mine } = await backend.queue('all');
    const visit = await backend.permohonan(mine[0]!.id);
    session.follow({ ...visit, state: 'open', yours: true });
    await waitFor(() => expect(get('page-queue')).toBeNull(), PATIENCE);

    let answer: ((found: Permohonan) => void) | undefined;
    backend.permohonan = () => new Promise((done) => (answer = done));
    tell({ event: 'permohonan_changed', id: visit.id });
    await waitFor(() => expect(answer).toBeDefined(), PATIENCE);
    session.follow({ ...visit, state: 'open', step: 'print', yours: false });
    expect((await see('handed-on')).textContent).toContain(visit.ticket);
    answer!(visit);
    // What follows the answer is done before any timer.
    await new Promise((done) => setTimeout(done));
    flushSync();
    expect(session.permohonan).toBeNull();
    expect(get('handed-on'), 'it is still said').not.toBeNull();
    expect(router.screen).toBe('queue');
  });
});
