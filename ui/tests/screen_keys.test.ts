// The keys that each screen shows: no two of its buttons have the same one, each answers, and the help lists them as they are.
import { waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { router, type Screen } from '$lib/domain/router.svelte';
import { answers } from '$lib/shared/keys';
import { shownKeys } from '$lib/shared/shown_keys';
import { PATIENCE, eachBeginsAtTheQueue, get, open, press, see } from './window';

/** Scene of the twin, screen, visit, and the part or state that the twin shows of it. */
const SCREENS: [scene: string, screen: Screen, id?: string, part?: string][] = [
  ['', 'queue'],
  ['held', 'queue'],
  ['corrections', 'queue'],
  ['empty', 'queue'],
  ['', 'form', 'a021'],
  ['', 'requirements', 'a015'],
  ['', 'verification', 'a017'],
  ['', 'verification', 'a014'],
  ['', 'capture', 'a016'],
  ['', 'capture', 'a016', 'portrait'],
  ['', 'capture', 'a016', 'portrait_weak'],
  ['', 'capture', 'a016', 'portrait_backdrop'],
  ['', 'capture', 'a016', 'portrait_faceless'],
  ['', 'capture', 'a016', 'portrait_excused'],
  ['', 'capture', 'a016', 'fingers'],
  ['', 'capture', 'a016', 'fingers_unread'],
  ['', 'capture', 'a016', 'notice'],
  ['', 'capture', 'a016', 'found'],
  ['', 'capture', 'a016', 'found_bare'],
  ['', 'capture', 'a016', 'same'],
  ['', 'capture', 'a016', 'nik_changed'],
  ['', 'capture', 'a016', 'trouble'],
  ['', 'capture', 'a016', 'irises_ask'],
  ['', 'capture', 'a016', 'irises'],
  ['', 'capture', 'a016', 'irises_unread'],
  ['', 'capture', 'a016', 'irises_another_day'],
  ['', 'capture', 'a016', 'signature'],
  ['', 'capture', 'a016', 'rematch'],
  ['', 'capture', 'a016', 'rematch_unread'],
  ['', 'capture', 'a016', 'rematch_instead'],
  ['', 'capture', 'a016', 'rematch_done'],
  ['', 'capture', 'a016', 'rematch_swapped'],
  ['', 'attestation', 'a020'],
  ['', 'attestation', 'a020', 'wrong'],
  ['', 'attestation', 'a020', 'signature'],
  ['', 'attestation', 'a020', 'seal'],
  ['', 'attestation', 'a020', 'sealed'],
  ['', 'print_request', 'a016'],
  ['', 'print_request', 'a016', 'held'],
  ['', 'status', 'a016'],
  ['', 'status', 'a016', 'stale'],
  ['', 'status', 'a016', 'duplicate'],
  ['', 'print_queue'],
  ['', 'print', 'a016'],
  ['', 'print', 'a016', 'withdrawn'],
  ['', 'print', 'a016', 'differs'],
  ['', 'print', 'a016', 'reported'],
  ['', 'print', 'a016', 'unknown_print'],
  ['', 'print', 'a016', 'stopped'],
  ['', 'print', 'a016', 'torn'],
  ['', 'print', 'a016', 'quality'],
  ['', 'print', 'a016', 'spoiled'],
  ['', 'print', 'a016', 'spoiled_blind'],
  ['', 'print', 'a016', 'spoiled_inside'],
  ['', 'handover', 'a016'],
  ['', 'handover', 'a016', 'withdrawn'],
  ['', 'handover', 'a016', 'almost'],
  ['', 'handover', 'a016', 'spent'],
  ['', 'handover', 'a016', 'other'],
  ['', 'handover', 'a016', 'differs'],
  ['', 'handover', 'a016', 'eye'],
  ['', 'handover', 'a016', 'agrees'],
  ['', 'handover', 'a016', 'both'],
  ['', 'handover', 'a016', 'done'],
  ['', 'blangko'],
  ['', 'blangko', undefined, 'disagrees'],
  ['', 'blangko', undefined, 'counted'],
  ['', 'blangko', undefined, 'readonly'],
  ['', 'register'],
  ['', 'sync'],
  ['', 'reports'],
  ['dirty', 'devices'],
  ['', 'devices', undefined, 'rejected'],
  ['', 'devices', undefined, 'full'],
  ['', 'devices', undefined, 'stuck'],
  ['', 'staff'],
  ['supervisor', 'settings'],
  ['locked', 'signin'],
  ['new', 'setup'],
];

/** What stands on a screen once its data are there. */
const READY: Partial<Record<Screen, string>> = {
  queue: 'ticket',
  form: 'field-nik',
  requirements: 'tick-p0',
  verification: 'read-card',
  status: 'exit-one',
  print_request: 'conditions',
  print: 'work',
  print_queue: 'printer',
  blangko: 'shelf-list',
  register: 'chain',
  sync: 'sync-line',
  staff: 'staff-table',
  devices: 'page-devices',
};

/** Controls of the screen that carry a key, with what it is. */
function carried(): [key: string, control: Element][] {
  return [...document.querySelectorAll('main [aria-keyshortcuts], .bar [aria-keyshortcuts]')].flatMap((control) =>
    control
      .getAttribute('aria-keyshortcuts')!
      .split(' ')
      .map((key): [string, Element] => [key.replace(/^Space$/, ' '), control]),
  );
}
const named = (control: Element) => (control as HTMLElement).dataset['testid'] ?? control.textContent.trim();
const CAPS: Record<string, string> = { ' ': 'Spasi', Escape: 'Esc', ArrowLeft: '←', ArrowRight: '→' };
const capped = (key: string) => CAPS[key] ?? key;

describe('the keys of a screen', () => {
  eachBeginsAtTheQueue();
  afterEach(() => history.replaceState(null, '', location.pathname));

  it.each(SCREENS)(
    '%s %s %s %s: each of its own, each answers, each is on a button',
    async (scene, screen, id, part) => {
      history.replaceState(null, '', `?part=${part ?? ''}`);
      open(scene);
      if (screen !== 'setup' && screen !== 'signin') {
        await see('page-queue');
        router.go(screen, id);
      }
      await waitFor(() => {
        const page = document.querySelector('main[data-testid^="page-"]');
        expect(page?.getAttribute('data-testid'), 'the screen is there').toContain(`page-${screen.split('_')[0]}`);
        expect(document.querySelectorAll('.bar button').length).toBeGreaterThan(0);
        expect(page?.querySelector('.panel, section, table, form, fieldset'), 'and no longer empty').not.toBeNull();
      }, PATIENCE);

      if (READY[screen] && scene !== 'empty') await see(READY[screen]);

      const twice = carried().filter(([key], at, all) => all.findIndex(([other]) => other === key) !== at);
      expect(
        twice.map(([key, control]) => `${key}: ${named(control)}`),
        'one key, one button',
      ).toEqual([]);
      const dumb = carried().filter(
        ([key, control]) => !answers(key) && control.getAttribute('aria-disabled') !== 'true' && key !== 'Enter',
      );
      expect(
        dumb.map(([key, control]) => `${key}: ${named(control)}`),
        'a key that is shown does something',
      ).toEqual([]);
      const bare = [...document.querySelectorAll('.bar button')].filter((b) => !b.hasAttribute('aria-keyshortcuts'));
      expect(bare.map(named), 'every action below has its key').toEqual([]);
      const numbers = [...document.querySelectorAll('.bar [aria-keyshortcuts^="F"]')].map((b) =>
        Number(b.getAttribute('aria-keyshortcuts')!.slice(1)),
      );
      expect(numbers, 'the actions stand in the order of their keys').toEqual(numbers.toSorted((a, b) => a - b));
      const keys = new Set(carried().map(([key]) => capped(key)));
      const caps = [...document.querySelectorAll('main kbd, .bar kbd')].flatMap((cap) =>
        cap.textContent.trim() === '←→' ? ['←', '→'] : [cap.textContent.trim()],
      );
      expect(
        caps.filter((cap) => !keys.has(cap)),
        'no cap is drawn that no control carries',
      ).toEqual([]);
    },
  );

  it.each([
    ['verification', 'a014', ['identity-compare', 'identity-witness', 'identity-which']],
    ['verification', 'a017', ['operator-finger', 'operator-witness']],
    ['blangko', undefined, ['release-0718-224-687', 'shelf-list']],
    ['handover', 'a016', ['finger-which', 'old-open', 'receipt-open']],
  ] as [Screen, string | undefined, string[]][])(
    'of %s %s reach what a row or a panel offers',
    async (screen, id, ids) => {
      open();
      await see('page-queue');
      router.go(screen, id);
      await see(READY[screen] ?? `page-${screen}`);
      // An answer of the record in place of the form: the operator's own finger stands for it.
      if (ids.includes('operator-finger')) {
        await waitFor(() => expect(get('read-card'), 'the row that differs').not.toBeNull(), PATIENCE);
        press('F6');
      }
      for (const testid of ids) {
        const control = await see(testid);
        expect(control.getAttribute('aria-keyshortcuts'), testid).toBeTruthy();
      }
    },
  );

  it('are listed by the help of that screen in the words of their buttons', async () => {
    open();
    await see('page-queue');
    router.go('requirements', 'a015');
    await see('page-requirements');
    await see('action-return');
    const shown = shownKeys();
    expect(shown.map(({ key }) => key)).toEqual(['Enter', 'F4', 'F7', 'F9', 'Escape']);
    press('F1');
    const list = await see('help-keys');
    for (const { key, words } of shown) {
      expect(list.textContent, key).toContain(words);
      expect(get(`help-keys`)!.textContent).toContain(capped(key));
    }
  });
});
