// The lines of the lists beside the ledger: one of them is chosen by the arrows, and its buttons carry the keys.
import type { Blangko } from '$lib/backend/contract';
import { t } from '$lib/shared/strings.svelte';

/** One button of a line: F3 settles what is still open of it, F4 photographs it or shows the picture or the paper; of a
 * Berita Acara F3 is the photograph of its destruction. */
export interface Deed {
  key: 'F3' | 'F4';
  label: string;
  off: boolean;
  testid: string;
  run: () => unknown;
}

/** A piece that is held, was found again or waits for its Berita Acara, or a Berita Acara that was made. */
export interface Line {
  id: string;
  deeds: Deed[];
}

/** What the page does for a line. */
export interface Deeds {
  /** Lets go of a held piece; '' asks for its number. */
  release: (serial: string) => unknown;
  /** Voids a card that was found again. */
  spoil: (serial: string) => unknown;
  end: (serial: string) => unknown;
  look: (serial: string) => unknown;
  photograph: (serial: string) => unknown;
  leave: (serial: string) => unknown;
  view: (act: Blangko['acts'][number]) => unknown;
  /** The photograph of a destruction: its paper once it is signed off, before that the dialog. */
  destruction: (act: Blangko['acts'][number]) => unknown;
}

/** Spoiled blanks and withdrawn cards that no Berita Acara names yet. */
export const waiting = (b: Blangko): Blangko['toDestroy'] => b.toDestroy.filter((p) => p.beritaAcara === null);

/** How many held pieces the list leaves out. */
export const unlisted = (b: Blangko): number => b.items.reduce((sum, i) => sum + i.held, 0) - b.held.length;

/** All lines in the order of the screen; `busy` says that a chip or a photograph is being made. */
export function linesOf(b: Blangko, busy: { chip: boolean; photo: boolean }, deeds: Deeds): Line[] {
  const held = b.held.map(({ serial }) => serial);
  const release = (serial: string): Line => ({
    id: `held-${serial}`,
    deeds: [
      {
        key: 'F3',
        label: t('blangko.release'),
        off: !b.canRelease,
        testid: `release-${serial === '' ? 'other' : serial}`,
        run: () => deeds.release(serial),
      },
    ],
  });
  const found = ({ serial }: Blangko['aside'][number]): Line => ({
    id: `found-${serial}`,
    deeds: [
      {
        key: 'F3',
        label: t('blangko.spoil_do'),
        off: !b.canKeep,
        testid: `void-${serial}`,
        run: () => deeds.spoil(serial),
      },
    ],
  });
  const piece = (p: Blangko['toDestroy'][number]): Line => {
    const own: Deed[] = [];
    if (p.chip === 'alive' || p.chip === 'in_doubt')
      own.push({
        key: 'F3',
        label: t('blangko.chip_end'),
        off: !b.canKeep || busy.chip,
        testid: `chip-end-${p.serial}`,
        run: () => deeds.end(p.serial),
      });
    if (p.photoId !== null)
      own.push({
        key: 'F4',
        label: t('blangko.photo_show'),
        off: false,
        testid: `photo-show-${p.serial}`,
        run: () => deeds.look(p.serial),
      });
    else if (!p.oldCard && (b.camera || p.photoNote === ''))
      own.push({
        key: 'F4',
        label: t(b.camera ? 'blangko.photo' : 'card.photo_leave'),
        off: !b.canKeep || busy.photo,
        testid: `photo-${p.serial}`,
        run: () => (b.camera ? deeds.photograph(p.serial) : deeds.leave(p.serial)),
      });
    return { id: `piece-${p.id}`, deeds: own };
  };
  const act = (a: Blangko['acts'][number]): Line => ({
    id: `act-${a.number}`,
    deeds: [
      {
        key: 'F3',
        label: t('blangko.destruction'),
        off: a.photoPaper === null && !b.canDestroy,
        testid: `destruction-${a.number}`,
        run: () => deeds.destruction(a),
      },
      { key: 'F4', label: t('blangko.view'), off: false, testid: `act-${a.number}`, run: () => deeds.view(a) },
    ],
  });
  return [
    ...[...held, ...(unlisted(b) > 0 ? [''] : [])].map(release),
    ...b.aside.map(found),
    ...waiting(b).map(piece),
    ...b.acts.map(act),
  ];
}
