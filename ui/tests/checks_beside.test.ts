// What stands beside the comparison of step 3: a confirmed warning is calm, nothing is said twice, what is asked is in sight.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Verification } from '$lib/backend/contract';
import { router } from '$lib/domain/router.svelte';
import { when } from '$lib/shared/format';
import { t } from '$lib/shared/strings.svelte';
import { PATIENCE, eachBeginsAtTheQueue, get, open, see } from './window';

const DOUBT = 'Tanggal di NIK (25-08-97) berbeda dari tanggal lahir 10-08-1997.';
const NOTE = 'Kode wilayah lama.';

describe('beside the comparison', () => {
  eachBeginsAtTheQueue();
  afterEach(() => void vi.restoreAllMocks());

  async function at(change: (v: Verification) => void): Promise<void> {
    const backend = open();
    const { verification } = backend;
    backend.verification = async (id) => {
      const seen = await verification(id);
      change(seen);
      return seen;
    };
    await see('page-queue');
    router.go('verification', 'a017');
    await see('nik-panel');
  }
  const doubted = (confirmed: string | null) => (v: Verification) => {
    v.nik.level = 'warn';
    v.nik.findings = [
      { rule: 'nik_birth', level: 'warn', text: DOUBT },
      { rule: 'nik_old_code', level: 'info', text: NOTE },
    ];
    v.warnings = [{ rule: 'nik:nik_birth', text: DOUBT, confirmed }];
  };

  it('asks about a doubt about the NIK once, among the warnings', async () => {
    await at(doubted(null));
    expect(get('nik-level')!.textContent).toContain(t('verification.level_warn'));
    expect(get('nik-level')!.className).toContain('hold');
    expect(get('warnings')!.textContent).toContain(DOUBT);
    expect(get('nik-panel')!.textContent).not.toContain(DOUBT);
    expect(get('nik-panel')!.textContent, 'what is no warning is said where it belongs').toContain(NOTE);
  });

  it('calls it confirmed once it was, and no longer something to make sure of', async () => {
    await at(doubted('sudah ditanyakan kepada pemohon'));
    expect(get('nik-level')!.textContent).toContain(t('verification.level_confirmed'));
    expect(get('nik-level')!.className).toContain('ok');
    expect(document.body.textContent).not.toContain(t('verification.level_warn'));
  });

  it('calls nothing confirmed over a doubt that nobody was asked about', async () => {
    await at((v) => {
      doubted('sudah ditanyakan')(v);
      v.nik.findings.push({ rule: 'nik_sex', level: 'warn', text: 'Jenis kelamin di NIK lain.' });
    });
    expect(get('nik-level')!.textContent).toContain(t('verification.level_warn'));
    expect(get('nik-panel')!.textContent).toContain('Jenis kelamin di NIK lain.');
  });

  it('brings the finger that the bar asks for into sight', async () => {
    const shown: Element[] = [];
    vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(function (this: Element) {
      shown.push(this);
    });
    await at((v) => {
      v.operatorFinger = 'needed';
      v.canGoOn = false;
      v.why = { key: 'operator_finger_missing', args: {} };
    });
    await waitFor(() => expect(shown).toContain(get('operator-finger-row')), PATIENCE);
  });

  it('goes on to say when the centre was asked in vain', async () => {
    const askedAt = new Date().toISOString();
    await at((v) => (v.centre = { state: 'unreached', askedAt, cause: 'unreachable', status: null }));
    const line = await see('centre');
    const words = t('verification.centre_unreached', { at: when(askedAt) });
    await waitFor(() => expect(line.textContent).toContain(words), PATIENCE);
    expect(line.textContent).not.toContain(t('verification.centre_not_asked'));
  });

  it('does not say that offline data are used while an earlier answer of the centre holds', async () => {
    const askedAt = new Date().toISOString();
    await at((v) => (v.centre = { state: 'found', askedAt, cause: 'unreachable', status: null }));
    const line = await see('centre');
    await waitFor(() => expect(line.textContent).toContain(t('verification.centre_unreached_again')), PATIENCE);
  });
});
