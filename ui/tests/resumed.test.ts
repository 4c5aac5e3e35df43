// A recording that was cut off: what was kept is said once, and over nothing that has to be answered first.
import { afterEach, describe, expect, it } from 'vitest';
import { router } from '$lib/domain/router.svelte';
import { eachBeginsAtTheQueue, get, gone, open, see } from './window';

describe('a recording that goes on', () => {
  eachBeginsAtTheQueue();
  afterEach(() => history.replaceState(null, '', location.pathname));

  function at(part: string): void {
    history.replaceState(null, '', `?part=${part}`);
    router.go('capture', 'a016');
    const backend = open();
    const permohonan = backend.permohonan.bind(backend);
    // As the station does: with the first deed it is a visit of this run of the program.
    let cutOff = true;
    backend.permohonan = async (id) => ({
      ...(await permohonan(id)),
      resumedFrom: cutOff ? { key: 'resumed_capture', args: { captures: '4' } } : null,
    });
    const seeApplicant = backend.seeApplicant.bind(backend);
    backend.seeApplicant = async (id) => {
      const seen = await seeApplicant(id);
      cutOff = false;
      return seen;
    };
  }

  it('says so as soon as it is known whose it is, and not before', async () => {
    at('same');
    await see('page-capture-same');
    expect(get('resumed'), 'the question is read first').toBeNull();
    get('same')!.click();
    await gone('page-capture-same');
    expect((await see('resumed')).getAttribute('role')).toBe('status');
  });

  it('says so at once where nothing is asked', async () => {
    at('irises');
    await see('resumed');
  });

  it('says nothing over a device that is away', async () => {
    at('trouble');
    await see('page-capture-trouble');
    expect(get('resumed')).toBeNull();
  });
});
